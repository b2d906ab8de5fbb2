"""Persons of a table find their record or get one; who may be somebody known waits in the queue of duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from suyuan.actions.check_details import checked_details
from suyuan.actions.desk import Desk
from suyuan.actions.import_fields import Row, person_fields
from suyuan.actions.register_person import free_codes
from suyuan.terms import (
    Alike,
    BadInput,
    Band,
    Details,
    DuplicateFinding,
    IncomingRow,
    Person,
    PersonId,
    Problem,
    RefusedRow,
    Upload,
)

MISFIT = "row_misfit"
MOST_FINDINGS = 5
"""Pairs of one newcomer that enter the queue."""


@dataclass(slots=True)
class Intake:
    """What became of some rows: who each good one is by its number, which of them are fresh, which were refused."""

    who: dict[int, Person] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    n_doubtful: int = 0
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def n_new(self) -> int:
        """Good rows whose person was not on record."""
        return len(self.fresh & self.who.keys())

    @property
    def n_known(self) -> int:
        """Good rows whose person was on record, or in an earlier row."""
        return len(self.who) - self.n_new

    def refuse(self, row: IncomingRow, problem: Problem) -> None:
        """Set a row aside with its reason."""
        details = {name: str(value) for name, value in problem.details.items()}
        self.refused.append(RefusedRow(number=row.number, code=problem.code, details=details, values=row.values))
        self.who.pop(row.number, None)


@dataclass(slots=True)
class _Newcomer:
    row: IncomingRow
    person: Person
    details: Details


def take_in_people(desk: Desk, upload: Upload, rows: Sequence[tuple[IncomingRow, Row]]) -> Intake:
    """Say who each row is: somebody known by number or for certain, or somebody new, who is registered here.

    Notes
    -----
    Unattended: nothing on record is changed. A row that is likely, but not certainly, somebody known is registered,
    and the pair waits in the queue of duplicates.
    """
    intake = Intake()
    again: dict[int, int] = {}
    newcomers = _read(desk, upload, rows, (intake, again))
    found = desk.room.people.alike([(each.person, each.details) for each in newcomers])
    fresh: list[tuple[_Newcomer, list[Alike]]] = []
    for newcomer, alike in zip(newcomers, found, strict=True):
        certain = next((each for each in alike if each.band is Band.CERTAIN), None)
        if certain is None:
            fresh.append((newcomer, alike))
        elif certain.person_id > 0:
            intake.who[newcomer.row.number] = desk.room.people.get(certain.person_id)
        else:
            again[newcomer.row.number] = newcomers[-certain.person_id - 1].row.number
    _register(desk, newcomers, fresh, intake)
    for number, earlier in sorted(again.items()):
        intake.who[number] = intake.who[earlier]
    return intake


def _read(
    desk: Desk, upload: Upload, rows: Sequence[tuple[IncomingRow, Row]], settled: tuple[Intake, dict[int, int]]
) -> list[_Newcomer]:
    """Read the rows. Who is on record by number, or stands in an earlier row, is settled; what cannot be is refused."""
    intake, again = settled
    codes = [code for incoming, _ in rows if (code := incoming.values.get("person_code"))]
    known = desk.room.people.by_codes(codes) if codes else {}
    newcomers: list[_Newcomer] = []
    earlier: dict[str, int] = {}
    for incoming, row in rows:
        try:
            newcomer = _newcomer(upload, incoming, row)
        except Problem as problem:
            intake.refuse(incoming, problem)
            continue
        code = newcomer.person.code
        if code in known:
            intake.who[incoming.number] = known[code]
        elif code in earlier:
            again[incoming.number] = earlier[code]
        else:
            newcomers.append(newcomer)
            earlier |= {code: incoming.number} if code else {}
    return newcomers


def _newcomer(upload: Upload, incoming: IncomingRow, row: Row) -> _Newcomer:
    if MISFIT in incoming.values:
        raise BadInput("uploads.misfit")
    person, details = person_fields(row, upload.area)
    if not (person.code or details.name or details.identity_number):
        raise BadInput("uploads.nobody")
    if person.code:
        PersonId(person.code)
    if not (person.area.isdigit() and len(person.area) <= 12):
        raise BadInput("room.no_area_code", area=person.area[:12])
    if not person.area.startswith(upload.area):
        raise BadInput("uploads.other_area", area=person.area, upload=upload.area)
    details, known = checked_details(details)
    born = details.birth_date.year if details.birth_date else person.birth_year
    return _Newcomer(incoming, replace(person, sex=person.sex or known.sex, birth_year=born), details)


def _register(
    desk: Desk, newcomers: Sequence[_Newcomer], fresh: Sequence[tuple[_Newcomer, list[Alike]]], intake: Intake
) -> None:
    """Give the new ones their records, and put those who may be somebody known into the queue of duplicates."""
    if not fresh:
        return
    codes = iter(free_codes(desk, sum(not new.person.code for new, _ in fresh)))
    people = desk.room.people.enrol(
        [(replace(new.person, code=new.person.code or next(codes)), new.details) for new, _ in fresh]
    )
    intake.fresh |= {new.row.number for new, _ in fresh}
    intake.who |= {new.row.number: person for person, (new, _) in zip(people, fresh, strict=True)}
    findings = {}
    for person, (_, alike) in zip(people, fresh, strict=True):
        intake.n_doubtful += bool(alike)
        for each in alike[:MOST_FINDINGS]:
            other = each.person_id if each.person_id > 0 else _id_of(newcomers[-each.person_id - 1], intake)
            first, second = sorted((person.id, other))
            if first not in (0, second):
                findings[first, second] = DuplicateFinding(
                    person_id=first, other_id=second, area=person.area, p=each.p, band=each.band, reasons=each.reasons
                )
    desk.room.findings.add_all(list(findings.values()))


def _id_of(newcomer: _Newcomer, intake: Intake) -> int:
    person = intake.who.get(newcomer.row.number)
    return person.id if person else 0
