"""A room in memory for properties of deeds: the same port, whole or not at all, without a database."""

from __future__ import annotations

import dataclasses
import itertools
from contextlib import contextmanager

from suyuan.actions.desk import Stale
from suyuan.terms import NothingFound

SHELVES = (
    "incidents", "tasks", "people", "findings", "merges", "cases", "candidates", "contacts", "tracings",
    "tracing_changes", "follow_ups", "follow_up_days", "orders", "contests", "teams", "investigations", "interviews",
    "reports", "history", "facts",
)  # fmt: skip


class MemoryShelf:
    def __init__(self, numbers, records=()):
        self.numbers = numbers
        self.records = dict(records)

    def get(self, record_id, *, version=None):
        if record_id not in self.records:
            raise NothingFound("room.no_such", kind="record", id=record_id)
        record = self.records[record_id]
        if version is not None and record.version != version:
            raise Stale("room.stale", kind="record", id=record_id, version=record.version, theirs=record)
        return record

    def find(self, **equal):
        return [record for _, record in sorted(self.records.items()) if _matches(record, equal)]

    def count(self, **equal):
        return len(self.find(**equal))

    def add(self, record):
        kept = dataclasses.replace(record, id=next(self.numbers), version=1)
        self.records[kept.id] = kept
        return kept

    def add_all(self, records):
        return [self.add(record) for record in records]

    def save(self, record):
        self.get(record.id, version=record.version)
        self.records[record.id] = dataclasses.replace(record, version=record.version + 1)
        return self.records[record.id]

    def save_all(self, records):
        return [self.save(record) for record in records]

    def by_codes(self, codes):
        return {record.code: record for record in self.records.values() if record.code in set(codes)}


def _matches(record, equal):
    for name, wanted in equal.items():
        value = getattr(record, name)
        if value not in wanted if isinstance(wanted, list | tuple) else value != wanted:
            return False
    return True


class MemoryRoom:
    def __init__(self, numbers, before=None):
        self.counters = dict(before.counters) if before else {}
        self.answers = dict(before.answers) if before else {}
        self.audit = list(before.audit) if before else []
        for name in SHELVES:
            setattr(self, name, MemoryShelf(numbers, getattr(before, name).records if before else ()))

    def number(self, name):
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]

    def earlier_answer(self, officer_id, key):
        return self.answers.get((officer_id, key))

    def keep_answer(self, officer_id, key, answer, now):
        self.answers[officer_id, key] = answer

    def write_audit(self, entries):
        self.audit += entries


class MemoryHouse:
    """Opens the room: what a failing deed did is forgotten, as by a transaction."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.room = MemoryRoom(self.numbers)

    @contextmanager
    def open_room(self):
        draft = MemoryRoom(self.numbers, self.room)
        yield draft
        self.room = draft
