"""Change what is known of a person; the blind keys and the queue of duplicates follow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from suyuan.actions.check_details import checked_details
from suyuan.actions.desk import Desk, deed
from suyuan.actions.register_person import set_aside
from suyuan.terms import BadInput, Details, Person, Vulnerability

OPEN_FIELDS = ("area", "sex", "birth_year", "occupation", "household", "vulnerabilities", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePerson:
    """What to change; a field that is None stays as it is. ``details`` replaces all details at once."""

    person_id: int
    reason: str
    area: str | None = None
    sex: str | None = None
    birth_year: int | None = None
    occupation: str | None = None
    household: str | None = None
    vulnerabilities: tuple[Vulnerability, ...] | None = None
    language: str | None = None
    details: Details | None = field(default=None, metadata={"personal": True})
    version: int | None = None


@deed("register_person", "people/{person_id}/change")
def change_person(desk: Desk, command: ChangePerson) -> int:
    """Change a person and return the new version of the record.

    Raises
    ------
    BadInput
        If no reason is given, the details cannot be right, or the record was merged into another.
    """
    person = desk.room.people.get(command.person_id, version=command.version)
    desk.require("register_person", person.area)
    if command.area is not None:
        desk.require("register_person", command.area)
    if not command.reason.strip():
        raise BadInput("people.no_reason")
    if person.merged_into:
        raise BadInput("people.merged_away", number=person.code)
    changed = _with_open_fields(desk, person, command)
    if command.details is not None:
        changed = _with_details(desk, changed, command.details, command.reason)
    return desk.room.people.save(changed).version


def _with_open_fields(desk: Desk, person: Person, command: ChangePerson) -> Person:
    for name in OPEN_FIELDS:
        before, after = getattr(person, name), getattr(command, name)
        if after is None or after == before:
            continue
        desk.record("person", person, name, (_text(before), _text(after)), command.reason)
        person = replace(person, **{name: after})
    return person


def _with_details(desk: Desk, person: Person, wanted: Details, reason: str) -> Person:
    """Seal new details; the history says that they changed, not what they were."""
    details, known = checked_details(wanted)
    born = details.birth_date.year if details.birth_date else person.birth_year
    person = replace(person, identified=bool(details.name), birth_year=born, sex=person.sex or known.sex)
    alike = desk.room.people.alike([(person, details)])[0]
    desk.room.people.seal(person.id, details)
    set_aside(desk, person, alike)
    desk.record("person", person, "details", ("", ""), reason)
    return person


def _text(value: object) -> object:
    return ", ".join(str(each) for each in value) if isinstance(value, tuple) else value
