"""What the deeds need from the outside: shelves of records, sealed details, the outbox, visit logs, the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

from suyuan.actions.task_choice import TaskChoice
from suyuan.exposure.log.packed import PackedLog
from suyuan.terms import (
    Alike,
    AuditEntry,
    CaseRecord,
    Contact,
    Contest,
    Details,
    DuplicateFinding,
    Fact,
    FollowUp,
    FollowUpDay,
    HistoryEntry,
    Incident,
    InfectorCandidate,
    Interview,
    Investigation,
    Merge,
    Officer,
    Order,
    Person,
    ReportVersion,
    Task,
    Team,
    Tracing,
    TracingChange,
    Upload,
    UploadPart,
)

T = TypeVar("T")


class Shelf(Protocol[T]):
    """Records of one kind. Records are immutable; saving one writes its next version."""

    def get(self, record_id: int, *, version: int | None = None) -> T:
        """Return one record.

        Raises
        ------
        NothingFound
            If there is none.
        Stale
            If ``version`` is given and the record has moved on.
        """
        ...

    def find(self, **equal: Any) -> list[T]:
        """Return the records whose fields equal the values, by id; a list or tuple stands for any of its values."""
        ...

    def count(self, **equal: Any) -> int:
        """Count what ``find`` would return."""
        ...

    def add(self, record: T) -> T:
        """Keep a new record and return it with its id."""
        ...

    def add_all(self, records: Sequence[T]) -> list[T]:
        """Keep many new records at once and return them with their ids."""
        ...

    def save(self, record: T) -> T:
        """Write the next version of a record.

        Raises
        ------
        Stale
            If somebody saved it since it was read.
        """
        ...

    def save_all(self, records: Sequence[T]) -> list[T]:
        """Write the next versions of many records; all or none."""
        ...


class People(Shelf[Person], Protocol):
    """Persons with their sealed details."""

    def details(self, person_ids: Iterable[int]) -> dict[int, Details]:
        """Open the sealed details of some persons. The deed notes the reading in the audit (``Desk.read``)."""
        ...

    def seal(self, person_id: int, details: Details) -> None:
        """Keep the details of a person, sealed, with their blind keys."""
        ...

    def seal_all(self, details: dict[int, Details]) -> None:
        """Keep the details of many persons."""
        ...

    def enrol(self, newcomers: Sequence[tuple[Person, Details]]) -> list[Person]:
        """Keep new persons together with their details, and return them with their ids."""
        ...

    def by_codes(self, codes: Sequence[str]) -> dict[str, Person]:
        """Find persons by their number; those merged away lead to the record that took them in."""
        ...

    def alike(self, wanted: Sequence[tuple[Person, Details]]) -> list[list[Alike]]:
        """For each newcomer, who may be the same person, the likeliest first.

        An earlier newcomer of the same call is named by its negative place: -1 the first, -2 the second.
        """
        ...

    def move(self, gone_id: int, kept_id: int) -> dict[str, list[int]]:
        """Point every record of one person to another and say which rows moved, by kind."""
        ...

    def move_back(self, kept_id: int, gone_id: int, moved: dict[str, list[int]]) -> None:
        """Undo ``move``."""
        ...


class Room(Protocol):
    """Everything one transaction can reach."""

    incidents: Shelf[Incident]
    tasks: Shelf[Task]
    people: People
    findings: Shelf[DuplicateFinding]
    merges: Shelf[Merge]
    cases: Shelf[CaseRecord]
    candidates: Shelf[InfectorCandidate]
    contacts: Shelf[Contact]
    tracings: Shelf[Tracing]
    tracing_changes: Shelf[TracingChange]
    follow_ups: Shelf[FollowUp]
    follow_up_days: Shelf[FollowUpDay]
    orders: Shelf[Order]
    contests: Shelf[Contest]
    teams: Shelf[Team]
    investigations: Shelf[Investigation]
    interviews: Shelf[Interview]
    reports: Shelf[ReportVersion]
    uploads: Shelf[Upload]
    upload_parts: Shelf[UploadPart]
    history: Shelf[HistoryEntry]
    facts: Shelf[Fact]

    def number(self, name: str, n: int = 1) -> int:
        """Take the next ``n`` numbers of a named row of numbers, from 1, without gaps, and return the last of them."""
        ...

    def due_ids(self, kind: str, now: datetime, limit: int) -> list[int]:
        """Ids of records the clock must look at: ``order_ends``, ``task_late``, ``follow_up_due`` and so on."""
        ...

    def pending_tasks(self, choice: TaskChoice, limit: int) -> list[Task]:
        """Tasks that somebody must still do and that the choice takes, the earliest deadline first."""
        ...

    def officer(self, officer_id: int) -> Officer | None:
        """Return an officer with today's duties, if there is such an active account."""
        ...

    def areas_inside(self, area: str, level: int) -> list[str]:
        """Codes of the known areas of one level (3 district, 4 street, 5 community) inside an area, in order."""
        ...

    def earlier_answer(self, officer_id: int, key: str) -> tuple[str, bytes, bytes] | None:
        """Deed, fingerprint of the command, and answer first given to this key; None if it is new."""
        ...

    def keep_answer(self, officer_id: int, key: str, answer: tuple[str, bytes, bytes], now: datetime) -> None:
        """Keep an answer so that the same key gets it again."""
        ...

    def write_audit(self, entries: Sequence[AuditEntry]) -> None:
        """Append to the hash-chained audit. Called once, last in a transaction."""
        ...

    def undelivered(self, receiver: str, kinds: Sequence[str], limit: int, skip: Sequence[int] = ()) -> list[Fact]:
        """Facts of these kinds that the receiver has not had, oldest first, without those to ``skip``."""
        ...

    def settle(self, receiver: str, kinds: Sequence[str], now: datetime) -> int:
        """Move the receiver's mark on if all it can hear before is heard; return 1 if it moved, 0 if not."""
        ...

    def delivered(self, fact_id: int, receiver: str) -> bool:
        """Tell whether the receiver had the fact."""
        ...

    def mark_delivered(self, fact_id: int, receiver: str, now: datetime) -> None:
        """Remember, in this transaction, that the receiver had the fact."""
        ...


class VisitLogs(Protocol):
    """The visit logs that incidents name."""

    def open(self, name: str) -> PackedLog:
        """Open a snapshot of a log.

        Raises
        ------
        BadInput
            If there is none of that name.
        """
        ...

    def digest(self, name: str) -> str:
        """Short text that differs when the log differs."""
        ...

    def news(self, name: str) -> str:
        """State of a log that is not the one noted last; empty if it is, or if there is no such log."""
        ...

    def note(self, name: str, state: str) -> None:
        """Remember a state as dealt with."""
        ...


class Clock(Protocol):
    """What time it is."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        ...


class OpenRoom(Protocol):
    """How a deed gets its transaction."""

    def __call__(self) -> AbstractContextManager[Room]:
        """Begin; commit at the end of the block, roll back on an error."""
        ...
