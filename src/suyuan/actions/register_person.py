"""Register a person, unless the register already knows them for certain; likely doubles go to the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from suyuan.actions.check_details import checked_details
from suyuan.actions.desk import Desk, deed
from suyuan.terms import Alike, BadInput, Band, Details, DuplicateFinding, Person, Vulnerability


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """A new person. ``code`` may be empty: then the room gives one.

    ``anyway`` registers somebody although the register knows a person of the same identity number; the two then wait
    in the queue of duplicates.
    """

    area: str
    details: Details = field(metadata={"personal": True})
    code: str = ""
    sex: str = ""
    birth_year: int | None = None
    occupation: str = ""
    household: str = ""
    vulnerabilities: tuple[Vulnerability, ...] = ()
    language: str = "zh"
    anyway: bool = False


@deed("register_person", "people")
def register_person(desk: Desk, command: RegisterPerson) -> int:
    """Register a person and return the id of the record.

    Raises
    ------
    BadInput
        If the details cannot be right, the code is taken, or the person is known for certain.
    """
    desk.require("register_person", command.area)
    details, known = checked_details(command.details)
    code = command.code or free_codes(desk, 1)[0]
    if desk.room.people.by_codes([code]):
        raise BadInput("people.code_taken", number=code)
    person = Person(
        code=code,
        area=command.area,
        sex=command.sex or known.sex,
        birth_year=details.birth_date.year if details.birth_date else command.birth_year,
        occupation=command.occupation,
        household=command.household,
        vulnerabilities=command.vulnerabilities,
        language=command.language,
        source="page",
        identified=bool(details.name),
    )
    alike = desk.room.people.alike([(person, details)])[0]
    certain = next((each for each in alike if each.band is Band.CERTAIN), None)
    if certain and not command.anyway:
        there = desk.room.people.get(certain.person_id)
        raise BadInput("people.known", number=there.code)
    person = desk.room.people.add(person)
    desk.room.people.seal(person.id, details)
    set_aside(desk, person, alike)
    desk.record("person", person, "registered", ("", person.code))
    return person.id


def free_codes(desk: Desk, n: int) -> list[str]:
    """Give ``n`` numbers for persons that nobody bears, even where somebody brought numbers that look like ours."""
    free: list[str] = []
    while len(free) < n:
        short = n - len(free)
        last = desk.room.number("person", short)
        codes = [f"R{number:08d}" for number in range(last - short + 1, last + 1)]
        taken = desk.room.people.by_codes(codes)
        free += [code for code in codes if code not in taken]
    return free


def set_aside(desk: Desk, person: Person, alike: Sequence[Alike]) -> list[DuplicateFinding]:
    """Put a person and those who may be the same into the queue of duplicates, each pair once."""
    found = []
    for each in alike:
        first, second = sorted((person.id, each.person_id))
        if not desk.room.findings.count(person_id=first, other_id=second):
            found.append(
                DuplicateFinding(
                    person_id=first, other_id=second, area=person.area, p=each.p, band=each.band, reasons=each.reasons
                )
            )
    return desk.room.findings.add_all(found)
