"""Instants as seconds inside the database, so that durations can be summed there on either kind of database."""

from __future__ import annotations

from typing import Any

from django.db.models import FloatField, Func


class Seconds(Func):
    """Seconds since 1970 of an instant."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Write it for SQLite, where an instant is a text in UTC."""
        return super().as_sql(compiler, connection, template="unixepoch(%(expressions)s)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Write it for PostgreSQL."""
        return super().as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)", **extra)
