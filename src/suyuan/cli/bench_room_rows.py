"""Rows by the million into the room's tables: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, transaction

from suyuan.store.mapping import Mapping

AT_ONCE = 20_000


def write_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows and return how many; values are as the driver takes them."""
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({names}) FROM STDIN", rows)
    places = ", ".join(["?"] * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our own names
    with transaction.atomic():
        plain: Any = connection.connection
        return int(plain.executemany(statement, rows).rowcount)


def _copy(statement: str, rows: Iterable[Sequence[Any]]) -> int:
    n = 0
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            n += 1
    return n


def write_records(mapping: Mapping[Any], records: Iterable[Any]) -> int:
    """Write records of a kind, each with the id it bears, in transactions of some thousands."""
    names = tuple(str(column.column) for column in mapping.columns)
    waiting, n = iter(records), 0
    while part := list(islice(waiting, AT_ONCE)):
        n += write_rows(mapping.table, names, (mapping.to_row(record) for record in part))
    return n


@contextmanager
def indexes_later(*tables: str) -> Iterator[None]:
    """Drop the plain indexes of some tables and make them again at the end: sorting once beats sorting row by row."""
    question = (
        "SELECT tablename, indexname, indexdef FROM pg_indexes"
        if connection.vendor == "postgresql"
        else "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        found = [(name, told) for table, name, told in cursor.fetchall() if table in tables and " UNIQUE " not in told]
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _, statement in found:
            cursor.execute(statement)
