"""A room in memory for properties of deeds: shelves as dictionaries, no database, no sealing."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any


class MemoryShelf:
    """Records by id; saving asks for the version that stands."""

    def __init__(self, ids: Any) -> None:
        self.ids = ids
        self.records: dict[int, Any] = {}

    def get(self, record_id: int, *, version: int | None = None) -> Any:
        record = self.records[record_id]
        assert version is None or record.version == version
        return record

    def find(self, **equal: Any) -> list[Any]:
        def fits(record: Any) -> bool:
            return all(
                getattr(record, name) in value if isinstance(value, list | tuple) else getattr(record, name) == value
                for name, value in equal.items()
            )

        return [record for _, record in sorted(self.records.items()) if fits(record)]

    def count(self, **equal: Any) -> int:
        return len(self.find(**equal))

    def add(self, record: Any) -> Any:
        return self.add_all([record])[0]

    def add_all(self, records: Any) -> list[Any]:
        kept = [dataclasses.replace(record, id=next(self.ids), version=1) for record in records]
        self.records.update({record.id: record for record in kept})
        return kept

    def save(self, record: Any) -> Any:
        return self.save_all([record])[0]

    def save_all(self, records: Any) -> list[Any]:
        for record in records:
            assert self.records[record.id].version == record.version
        saved = [dataclasses.replace(record, version=record.version + 1) for record in records]
        self.records.update({record.id: record for record in saved})
        return saved


SHELVES = ("incidents", "tasks", "people", "cases", "contacts", "orders", "contests", "follow_ups", "history", "facts")


class MemoryRoom:
    """One room with the shelves that orders need."""

    def __init__(self) -> None:
        ids = itertools.count(1)
        for name in SHELVES:
            setattr(self, name, MemoryShelf(ids))
        self.numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        self.numbers[name] = self.numbers.get(name, 0) + 1
        return self.numbers[name]
