"""One shelf for every kind of record: reads rows as terms, writes terms as rows, refuses lost updates."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import connection

from suyuan.actions.desk import Stale
from suyuan.store.mapping import Mapping
from suyuan.store.numbers import next_ids
from suyuan.terms import NothingFound

T = TypeVar("T")
AT_ONCE = 500
"""Values of one ``IN`` list: old SQLite builds take 999 at most."""


class RowShelf(Generic[T]):
    """See ``actions.ports.Shelf``."""

    def __init__(self, mapping: Mapping[T]) -> None:
        self.mapping = mapping

    def get(self, record_id: int, *, version: int | None = None) -> T:
        """Return one record; with ``version``, only if it is still that version."""
        found = self.find(id=record_id)
        if not found:
            raise NothingFound("room.no_such", kind=self.mapping.record.__name__, id=record_id)
        record = found[0]
        if version is not None and record.version != version:  # type: ignore[attr-defined]
            raise _stale(self.mapping, record)
        return record

    def find(self, **equal: Any) -> list[T]:
        """Return the records whose fields equal the values, by id."""
        many = next((name for name, value in equal.items() if isinstance(value, list | tuple)), None)
        if many is not None and len(equal[many]) > AT_ONCE:
            values = list(equal[many])
            parts = [values[i : i + AT_ONCE] for i in range(0, len(values), AT_ONCE)]
            found = [record for part in parts for record in self.find(**{**equal, many: part})]
            return sorted(found, key=lambda record: record.id)  # type: ignore[attr-defined]
        rows = self._where(equal).order_by("id").values_list(*self.mapping.names)
        return [self.mapping.to_term(values) for values in rows.iterator(chunk_size=2000)]

    def count(self, **equal: Any) -> int:
        """Count what ``find`` would return."""
        return int(self._where(equal).count())

    def _where(self, equal: dict[str, Any]) -> Any:
        lookups = {(f"{k}__in" if isinstance(v, list | tuple) else k): v for k, v in equal.items()}
        return self.mapping.row._default_manager.filter(**lookups)

    def add(self, record: T) -> T:
        """Keep a new record and return it with its id."""
        return self.add_all([record])[0]

    def add_all(self, records: Sequence[T]) -> list[T]:
        """Keep many new records at once and return them with their ids."""
        if not records:
            return []
        ids = next_ids(len(records))
        kept = [dataclasses.replace(record, id=i, version=1) for record, i in zip(records, ids, strict=True)]  # type: ignore[type-var]
        columns = ", ".join(connection.ops.quote_name(str(column.column)) for column in self.mapping.columns)
        places = ", ".join(["%s"] * len(self.mapping.columns))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self.mapping.table} ({columns}) VALUES ({places})",  # noqa: S608 - our own names
                [self.mapping.to_row(record) for record in kept],
            )
        return kept

    def save(self, record: T) -> T:
        """Write the next version of a record."""
        return self.save_all([record])[0]

    def save_all(self, records: Sequence[T]) -> list[T]:
        """Write the next versions of many records; all or none."""
        if not records:
            return []
        following = [dataclasses.replace(record, version=record.version + 1) for record in records]  # type: ignore[type-var, attr-defined]
        sets = ", ".join(f"{connection.ops.quote_name(str(column.column))} = %s" for column in self.mapping.columns)
        rows = [
            [*self.mapping.to_row(new), old.id, old.version]  # type: ignore[attr-defined]
            for old, new in zip(records, following, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {self.mapping.table} SET {sets} WHERE id = %s AND version = %s",  # noqa: S608 - our own names
                rows,
            )
            if cursor.rowcount != len(rows):
                raise self._who_was_stale(following)
        return following

    def _who_was_stale(self, written: Sequence[T]) -> Exception:
        """Name the first record that did not come to stand as it was written."""
        now = {record.id: record for record in self.find(id=[record.id for record in written])}  # type: ignore[attr-defined]
        for record in written:
            theirs = now.get(record.id)  # type: ignore[attr-defined]
            if theirs is None:
                return NothingFound("room.no_such", kind=self.mapping.record.__name__, id=record.id)  # type: ignore[attr-defined]
            if theirs != record:
                return _stale(self.mapping, theirs)
        return _stale(self.mapping, written[0])


def _stale(mapping: Mapping[T], theirs: T) -> Stale:
    record = mapping.record.__name__
    return Stale("room.stale", kind=record, id=theirs.id, version=theirs.version, theirs=theirs)  # type: ignore[attr-defined]
