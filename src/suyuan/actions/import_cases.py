"""Cases and contacts of a table enter an incident; who stands there already is left as it is and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from suyuan.actions.desk import Desk
from suyuan.actions.import_fields import Row
from suyuan.actions.import_people import Intake
from suyuan.terms import (
    BadInput,
    CaseRecord,
    Classification,
    Contact,
    ContactState,
    Course,
    HistoryEntry,
    IncomingRow,
    Person,
    PlaceKind,
    Problem,
    Ring,
    Severity,
    Upload,
    district_of,
)

RINGS = {
    "close": Ring.CLOSE, "1": Ring.CLOSE, "密接": Ring.CLOSE, "密切接触者": Ring.CLOSE,
    "contact_of_contact": Ring.CONTACT_OF_CONTACT, "2": Ring.CONTACT_OF_CONTACT, "次密接": Ring.CONTACT_OF_CONTACT,
    "general": Ring.GENERAL, "3": Ring.GENERAL, "一般接触者": Ring.GENERAL,
    "colocated": Ring.COLOCATED, "4": Ring.COLOCATED, "时空伴随者": Ring.COLOCATED,
}  # fmt: skip
ENDED = (Course.RECOVERED, Course.DIED)


def take_in_cases(desk: Desk, upload: Upload, rows: Sequence[tuple[IncomingRow, Row]], intake: Intake) -> None:
    """Make cases of the rows whose persons are settled; refuse those whose person is a case already."""
    there = _taken(desk.room.cases.find(incident_id=upload.incident_id, person_id=_ids(intake)))
    fresh: list[CaseRecord] = []
    for incoming, row in rows:
        person = intake.who.get(incoming.number)
        if person is None:
            continue
        try:
            if person.id in there:
                raise BadInput("uploads.case_known", number=person.code)
            fresh.append(_case(desk, upload, row, person))
            there.add(person.id)
        except Problem as problem:
            intake.refuse(incoming, problem)
    cases = desk.room.cases.add_all(fresh)
    desk.room.history.add_all([_began(desk, "case", each, each.classification) for each in cases])
    for case in cases:
        if case.course not in ENDED and case.classification is not Classification.RULED_OUT:
            desk.tell("case_reported", case.id, case.incident_id, imported=True)


def _case(desk: Desk, upload: Upload, row: Row, person: Person) -> CaseRecord:
    area = person.area or upload.area
    generation = row.number("generation", 0, 1000)
    case = CaseRecord(
        incident_id=upload.incident_id,
        person_id=person.id,
        number=0,
        area=area,
        district=district_of(area),
        classification=row.word("classification", Classification, Classification.SUSPECTED),
        course=row.word("course", Course, Course.AT_LARGE),
        severity=row.word("severity", Severity, Severity.UNKNOWN),
        onset_at=_past(desk, row, "date_onset"),
        sampled_at=_past(desk, row, "date_sampling"),
        reported_at=_past(desk, row, "date_reporting") or desk.now,
        confirmed_at=_past(desk, row, "date_confirmation"),
        isolated_at=_past(desk, row, "date_isolation"),
        ended_at=_past(desk, row, "date_outcome"),
        generation=int(generation) if generation is not None else None,
        found_by=row.text("found_by")[:32] or "import",
    )
    if case.course in ENDED and case.ended_at is None:
        raise BadInput("uploads.no_outcome_date")
    # the number is taken last: a refused row leaves no gap in the count of cases
    return replace(case, number=desk.room.number(f"case {upload.incident_id}"))


def take_in_contacts(desk: Desk, upload: Upload, rows: Sequence[tuple[IncomingRow, Row]], intake: Intake) -> None:
    """Propose contacts of the rows whose persons are settled; an officer accepts them as any other."""
    there = _taken(desk.room.contacts.find(incident_id=upload.incident_id, person_id=_ids(intake)))
    infectors = _infectors(desk, upload, rows)
    fresh: list[Contact] = []
    for incoming, row in rows:
        person = intake.who.get(incoming.number)
        if person is None:
            continue
        try:
            if person.id in there:
                raise BadInput("uploads.contact_known", number=person.code)
            fresh.append(_contact(desk, upload, row, person, infectors))
            there.add(person.id)
        except Problem as problem:
            intake.refuse(incoming, problem)
    contacts = desk.room.contacts.add_all(fresh)
    desk.room.history.add_all([_began(desk, "contact", each, each.state) for each in contacts])
    if contacts:
        desk.tell("contacts_proposed", upload.incident_id, upload.incident_id, tracing_id=0, n=len(contacts))


def _contact(desk: Desk, upload: Upload, row: Row, person: Person, infectors: dict[str, int]) -> Contact:
    first = _past(desk, row, "first_exposure") or _past(desk, row, "last_exposure")
    if first is None:
        raise BadInput("uploads.no_exposure")
    last = _past(desk, row, "last_exposure") or first
    if last < first:
        raise BadInput("contacts.times_swapped")
    ring = RINGS.get(row.text("ring").lower() or "close")
    if ring is None:
        raise BadInput("uploads.no_word", column="ring", words="close, contact_of_contact, general, colocated")
    code = row.text("infector_code")
    if code and code not in infectors:
        raise BadInput("uploads.no_infector", number=code[:64])
    area, kind = person.area or upload.area, row.word("place_kind", PlaceKind, PlaceKind.OTHER)
    return Contact(
        incident_id=upload.incident_id,
        person_id=person.id,
        area=area,
        district=district_of(area),
        ring=ring,
        infector_case_id=infectors.get(code, 0),
        first_exposure=first,
        last_exposure=last,
        minutes=row.number("minutes", 0, 1e6) or 0.0,
        place=row.text("place")[:64],
        place_kind=kind.value if row.text("place_kind") else "",
        because={"rule": "imported", "upload": upload.id, "reason": row.text("reason")},
        by_hand=True,
        created_at=desk.now,
    )


def _infectors(desk: Desk, upload: Upload, rows: Sequence[tuple[IncomingRow, Row]]) -> dict[str, int]:
    """Case ids by the person code that rows name as infector."""
    codes = sorted({code for incoming, _ in rows if (code := incoming.values.get("infector_code"))})
    people = desk.room.people.by_codes(codes) if codes else {}
    ids = [person.id for person in people.values()]
    cases = {case.person_id: case.id for case in desk.room.cases.find(incident_id=upload.incident_id, person_id=ids)}
    return {code: cases[person.id] for code, person in people.items() if person.id in cases}


def _past(desk: Desk, row: Row, column: str) -> datetime | None:
    instant = row.instant(column)
    if instant is not None and instant > desk.now:
        raise BadInput("uploads.in_future", column=column)
    return instant


def _ids(intake: Intake) -> list[int]:
    return sorted({person.id for person in intake.who.values()})


def _taken(records: Sequence[Any]) -> set[int]:
    return {record.person_id for record in records if getattr(record, "state", None) is not ContactState.REMOVED}


def _began(desk: Desk, subject: str, record: Any, state: str) -> HistoryEntry:
    return HistoryEntry(
        subject=subject,
        subject_id=record.id,
        incident_id=record.incident_id,
        what="classification" if subject == "case" else "state",
        after=str(state),
        occurred_at=desk.now,
        recorded_at=desk.now,
        officer_id=desk.officer.id,
        reason="import",
    )
