"""Rows to terms and back: a row's columns bear the names of its record's fields."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from django.db import DEFAULT_DB_ALIAS, connections, models

from suyuan.store.secrets import cipher

T = TypeVar("T")
Writer = Callable[[Any, Any], Any]


class Mapping(Generic[T]):
    """How one kind of record lies in its table.

    Parameters
    ----------
    record
        The frozen dataclass of ``terms``.
    row
        The model; each field of the record is a column of it (``case_id`` the reference ``case``).
    sealed
        Fields that are sealed on the way in and opened on the way out, bound to their row.
    """

    def __init__(self, record: type[T], row: type[models.Model], sealed: tuple[str, ...] = ()) -> None:
        self.record = record
        self.row = row
        self.sealed = sealed
        self.names = [field.name for field in dataclasses.fields(record)]  # type: ignore[arg-type]
        by_attname = {field.attname: field for field in row._meta.concrete_fields}
        self.columns = [by_attname[name] for name in self.names]
        hints = get_type_hints(record)
        self._sealed_as = {name: get_origin(hints[name]) or hints[name] for name in sealed}
        self._by_vendor: dict[str, list[tuple[str, Writer]]] = {}
        self._readers = {name: reader for name in self.names if (reader := _reader(hints[name])) is not None}

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.row._meta.db_table

    def to_term(self, values: tuple[Any, ...]) -> T:
        """Make a record of one row, given its columns in the order of ``names``."""
        fields = dict(zip(self.names, values, strict=True))
        for name, read in self._readers.items():
            if fields[name] is not None:
                fields[name] = read(fields[name])
        for name in self.sealed:
            blob, shape = bytes(fields[name] or b""), self._sealed_as[name]
            fields[name] = cipher().open_json(blob, self._context(fields["id"], name), shape) if blob else shape()
        return self.record(**fields)

    def to_row(self, record: T) -> list[Any]:
        """Column values of a record as the database driver takes them, in the order of ``names``."""
        return [write(getattr(record, name), record) for name, write in self._writers()]

    def _writers(self) -> list[tuple[str, Writer]]:
        connection = connections[DEFAULT_DB_ALIAS]  # not the proxy, which looks the thread's own up at every touch
        if connection.vendor not in self._by_vendor:
            named = zip(self.names, self.columns, strict=True)
            self._by_vendor[connection.vendor] = [(name, self._writer(name, column)) for name, column in named]
        return self._by_vendor[connection.vendor]

    def _writer(self, name: str, column: models.Field[Any, Any]) -> Writer:
        """Return what makes a column's value of a field's: nothing at all where the driver takes it as it is."""
        if name in self.sealed:
            return lambda value, record: self._sealed(name, value, record)
        if isinstance(column, models.CharField | models.FloatField | models.BooleanField):
            return _as_is
        if isinstance(column, models.IntegerField | models.ForeignKey):
            return _as_number
        if isinstance(column, models.DateTimeField) and connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
            return _as_naive_text
        return lambda value, _: column.get_db_prep_save(
            list(value) if isinstance(value, tuple) else value, connections[DEFAULT_DB_ALIAS]
        )

    def _sealed(self, name: str, value: Any, record: Any) -> bytes:
        return cipher().seal_json(value, self._context(record.id, name)) if value else b""

    def _context(self, record_id: int, name: str) -> bytes:
        return f"{self.table}:{record_id}:{name}".encode()


def _as_is(value: Any, _record: Any) -> Any:
    return value


def _as_number(value: Any, _record: Any) -> int | None:
    return None if value is None else int(value)


def _as_naive_text(value: datetime | None, _record: Any) -> str | None:
    """Write an instant as Django writes it on SQLite: UTC, without saying so."""
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    """Return what turns a column's value into the field's type, or None where it is that already."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return (lambda value: tuple(map(inner, value))) if isinstance(inner, type) else tuple
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return bytes if hint is bytes else None
