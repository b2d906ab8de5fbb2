"""PostgreSQL gives ids from a sequence; SQLite from the table of numbers."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def make(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE SEQUENCE IF NOT EXISTS suyuan_id")


def drop(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP SEQUENCE IF EXISTS suyuan_id")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_room")]
    operations = [migrations.RunPython(make, drop)]
