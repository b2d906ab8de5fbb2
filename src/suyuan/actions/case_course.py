"""What every deed about a case shares: its fields that matter, kept with their history, and who the case is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from suyuan.actions.desk import Desk
from suyuan.actions.make_tasks import PENDING, change_tasks
from suyuan.terms import (
    BadInput,
    CaseRecord,
    Classification,
    Course,
    HistoryEntry,
    Incident,
    Person,
    PersonId,
    TaskState,
)

TRACKED = (
    "classification",
    "course",
    "severity",
    "onset_at",
    "sampled_at",
    "confirmed_at",
    "isolated_at",
    "ended_at",
    "generation",
    "from_contact_id",
)
"""Fields whose every change stands in the history: from them alone the present state can be told again."""

INFECTED = (Classification.CONFIRMED, Classification.ASYMPTOMATIC)
"""Cases whose contacts are traced."""

ENDED = (Course.RECOVERED, Course.DIED)


def begin_history(desk: Desk, case: CaseRecord, reason: str) -> None:
    """Record how a new case stands."""
    for name, text in plain_fields(case).items():
        desk.record("case", case, name, ("", text), reason)


def keep_case(desk: Desk, before: CaseRecord, changes: Mapping[str, Any], reason: str = "") -> CaseRecord:
    """Save changes of a case, each with its line of history; nothing is saved where nothing differs."""
    after = replace(before, **{name: _utc(value) for name, value in changes.items()})
    if after == before:
        return before
    for name in TRACKED:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            desk.record("case", after, name, (_plain(name, was), _plain(name, now)), reason)
    return desk.room.cases.save(after)


def replay_case(entries: list[HistoryEntry]) -> dict[str, str]:
    """Tell the tracked fields of a case from its history alone, as plain texts; a field never set is absent."""
    fields: dict[str, str] = {}
    for entry in sorted(entries, key=lambda entry: entry.id):
        fields[entry.what] = entry.after
    return {name: text for name, text in fields.items() if name in TRACKED and text}


def plain_fields(case: CaseRecord) -> dict[str, str]:
    """Write the tracked fields as the history writes them; empty ones are absent."""
    return {name: text for name in TRACKED if (text := _plain(name, getattr(case, name)))}


def last_before(desk: Desk, subject: str, record_id: int, what: str, after: str) -> str | None:
    """Say what a field was before it last became ``after``; None if it never did."""
    entries = desk.room.history.find(subject=subject, subject_id=record_id, what=what, after=after)
    return entries[-1].before if entries else None


def person_of(desk: Desk, person_id: int, code: str, area: str, source: str) -> Person:
    """Find the person a command means, by record or by number; make a bare record for a number nobody knows.

    Raises
    ------
    BadInput
        If the command names nobody, or the number is not one.
    NothingFound
        If there is no such record.
    """
    if person_id:
        person = desk.room.people.get(person_id)
        while person.merged_into:
            person = desk.room.people.get(person.merged_into)
        return person
    if not code:
        raise BadInput("cases.no_person")
    PersonId(code)  # refuses names, telephone numbers and identity numbers without repeating them
    known = desk.room.people.by_codes([code]).get(code)
    return known or desk.room.people.add(Person(code=code, area=area, source=source))


def day_there(instant: datetime | None, incident: Incident) -> date | None:
    """Civil date of an instant in the place of the incident."""
    return instant.astimezone(ZoneInfo(incident.timezone)).date() if instant else None


def need_past(desk: Desk, **instants: datetime | None) -> None:
    """Stop if an instant lies in the future.

    Raises
    ------
    BadInput
        With the name of the field.
    """
    for name, instant in instants.items():
        if instant is not None and instant > desk.now:
            raise BadInput("cases.in_future", field=name)


def finish_tasks(desk: Desk, kind: str, subject: str, subject_id: int) -> None:
    """Finish the pending tasks of one kind about one subject: what they asked for is done."""
    pending = desk.room.tasks.find(subject=subject, subject_id=subject_id, kind=kind, state=list(PENDING))
    change_tasks(desk, pending, state=TaskState.DONE)


def _utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _plain(name: str, value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return "" if value is None or (name == "from_contact_id" and not value) else str(value)
