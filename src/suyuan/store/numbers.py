"""Numbers given by the store: ids of records, and rows of numbers without gaps."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from suyuan.store.models import NumberRow

IDS = "id"


def next_ids(n: int) -> Sequence[int]:
    """Reserve ``n`` ids; one row of numbers serves all tables, so an id names one thing in the whole house."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # a sequence is not held until the transaction ends, a row would be: deeds would wait for each other
            cursor.execute("SELECT nextval('suyuan_id') FROM generate_series(1, %s)", [n])
            return [row[0] for row in cursor.fetchall()]
    last = advance(IDS, n)
    return range(last - n + 1, last + 1)


def advance(name: str, n: int = 1) -> int:
    """Move a named row of numbers on by ``n`` and return where it stands."""
    table = NumberRow._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, value) VALUES (%s, %s) "  # noqa: S608 - the table's own name
            f"ON CONFLICT (name) DO UPDATE SET value = {table}.value + excluded.value RETURNING value",
            [name, n],
        )
        return int(cursor.fetchone()[0])
