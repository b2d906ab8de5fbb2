"""The desk: what a deed holds in its hands while it works. And the door that every deed goes through."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints

import msgspec

from suyuan.actions.pauses import Pauses
from suyuan.actions.ports import Clock, OpenRoom, Room, VisitLogs
from suyuan.terms import AuditEntry, BadUsage, Details, Fact, HistoryEntry, Officer, Problem

C = TypeVar("C")
R = TypeVar("R")
P = ParamSpec("P")

CLOCKWORK = Officer(0, "clock", "Suyuan")
"""Who acts when the clock or the outbox does. It holds no right, so it can never sign."""


class NotAllowed(Problem):
    """The officer has no duty that gives this right here."""


class Stale(Problem):
    """Somebody saved the record since it was read; ``details`` hold ``theirs``, the version that stands."""


@dataclass(frozen=True, slots=True)
class Office:
    """The joined house: how deeds get a transaction, the time, and visit logs."""

    open_room: OpenRoom
    clock: Clock
    visit_logs: VisitLogs
    pauses: Pauses = field(default_factory=Pauses)


@dataclass(slots=True)
class Desk:
    """One deed's hands: who acts, when, on what. ``trusted`` is the clock and the outbox acting by rule."""

    officer: Officer
    now: datetime
    room: Room
    visit_logs: VisitLogs
    trusted: bool = False
    entries: list[AuditEntry] = field(default_factory=list)

    def require(self, right: str, area: str) -> None:
        """Stop unless the officer has the right in the area.

        Raises
        ------
        NotAllowed
            If not.
        """
        if not (self.trusted or self.officer.may(right, area)):
            raise NotAllowed("room.not_allowed", right=right, area=area or "–")

    def require_named(self) -> None:
        """Stop unless a named officer acts: what binds a person is never signed by a program.

        Raises
        ------
        NotAllowed
            If the clock or the outbox acts.
        """
        if self.officer.id == CLOCKWORK.id:
            raise NotAllowed("room.needs_a_person")

    def tell(self, kind: str, subject_id: int, incident_id: int = 0, **values: Any) -> Fact:
        """Put a fact into the outbox; receivers hear it after the transaction."""
        return self.room.facts.add(
            Fact(
                kind=kind,
                subject_id=subject_id,
                incident_id=incident_id,
                values=values,
                occurred_at=self.now,
                recorded_at=self.now,
            )
        )

    def record(self, subject: str, record: Any, what: str, change: tuple[Any, Any], reason: str = "") -> None:
        """Keep one change of a record in its history: ``change`` is (before, after)."""
        before, after = ("" if value is None else str(value) for value in change)
        incident = record.id if subject == "incident" else getattr(record, "incident_id", 0)
        entry = HistoryEntry(
            subject=subject,
            subject_id=record.id,
            incident_id=incident,
            what=what,
            before=before,
            after=after,
            occurred_at=self.now,
            recorded_at=self.now,
            officer_id=self.officer.id,
            reason=reason,
        )
        self.room.history.add(entry)

    def read(self, people: Iterable[int], purpose: str, area: str = "") -> None:
        """Note in the audit that personal data of these people was read, and why."""
        ids = tuple(sorted(set(people)))
        entry = AuditEntry(
            at=self.now, officer_id=self.officer.id, deed="read_details", area=area, purpose=purpose, people=ids
        )
        self.entries.append(entry)


@dataclass(frozen=True, slots=True)
class Deed(Generic[C, R]):
    """A deed with what its doors need: its name, the right it asks for, its command, its path in the API."""

    name: str
    right: str
    path: str
    command: type[C]
    function: Callable[[Desk, C], R]
    answer: Any

    def __call__(self, desk: Desk, command: C) -> R:
        """Do it."""
        return self.function(desk, command)


DEEDS: dict[str, Deed[Any, Any]] = {}


def deed(right: str, path: str) -> Callable[[Callable[[Desk, C], R]], Deed[C, R]]:
    """Make a function ``(desk, command) -> answer`` a deed.

    Parameters
    ----------
    right
        The right it asks for; the function itself calls ``desk.require(right, area)`` once it knows the area.
    path
        Path below the API's root, with the command's fields in braces: ``cases/{case_id}/confirm``.
    """

    def register(function: Callable[[Desk, C], R]) -> Deed[C, R]:
        hints = get_type_hints(function)
        made = Deed(function.__name__, right, path, hints["command"], function, hints["return"])
        DEEDS[made.name] = made
        return made

    return register


def perform(office: Office, officer: Officer, what: Deed[C, R], command: C, *, key: str) -> R:
    """Do a deed for an officer in one transaction: state, facts, history, audit and answer together, or nothing.

    Parameters
    ----------
    key
        Made by the caller, new for each intention; the same key again gives the first answer and does nothing.

    Raises
    ------
    NotAllowed, Stale, BadInput, NothingFound
        As the deed says.
    BadUsage
        If the key is empty or stood for another deed or another command.
    """
    if not key:
        raise BadUsage("room.no_key")
    plain = msgspec.json.encode(command)
    print_ = hashlib.sha256(plain).digest()
    with office.open_room() as room:
        earlier = room.earlier_answer(officer.id, key)
        if earlier is not None:
            if earlier[:2] != (what.name, print_):
                raise BadUsage("room.key_taken", deed=earlier[0])
            return msgspec.json.decode(earlier[2], type=what.answer)  # type: ignore[no-any-return]
        desk = Desk(officer, office.clock.now(), room, office.visit_logs)
        answer = what(desk, command)
        room.keep_answer(officer.id, key, (what.name, print_, msgspec.json.encode(answer)), desk.now)
        room.write_audit([*desk.entries, audit_of(what.name, command, desk, answer)])
    return answer


def perform_by_clock(office: Office, name: str, function: Callable[[Desk], R]) -> R:
    """Let the clock or the outbox do something by rule, in one transaction, with its audit entry."""
    with office.open_room() as room:
        desk = Desk(CLOCKWORK, office.clock.now(), room, office.visit_logs, trusted=True)
        answer = function(desk)
        entry = AuditEntry(at=desk.now, officer_id=CLOCKWORK.id, deed=name, detail={"answer": str(answer)[:200]})
        room.write_audit([*desk.entries, entry] if answer else desk.entries)
    return answer


def audit_of(name: str, command: Any, desk: Desk, answer: Any) -> AuditEntry:
    """Describe a deed for the audit; whatever identifies a person stays out."""
    fields = {
        each.name: getattr(command, each.name)
        for each in dataclasses.fields(command)
        if not each.metadata.get("personal") and not isinstance(getattr(command, each.name), Details)
    }
    subject, subject_id = next(
        ((key.removesuffix("_id"), value) for key, value in fields.items() if key.endswith("_id") and value),
        (name.split("_", 1)[-1], answer if isinstance(answer, int) else 0),
    )
    detail = msgspec.to_builtins(fields, str_keys=True)
    return AuditEntry(
        at=desk.now,
        officer_id=desk.officer.id,
        deed=name,
        subject=subject,
        subject_id=int(subject_id),
        purpose=str(fields.get("reason", "")),
        detail=detail,
    )
