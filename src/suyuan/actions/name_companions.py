"""Companions from an interview become persons with a number, and contacts proposed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from suyuan.actions.add_contact import AddContact, add_contact
from suyuan.actions.check_details import checked_details
from suyuan.actions.desk import Desk
from suyuan.actions.interview_form import BadRow, CompanionRow, InterviewForm, read_span
from suyuan.actions.register_person import RegisterPerson, register_person
from suyuan.terms import (
    BadInput,
    Band,
    Classification,
    Details,
    Incident,
    Investigation,
    Person,
    PersonId,
    Ring,
    say,
)

RINGS = {"close": Ring.CLOSE, "general": Ring.GENERAL}


class Named(NamedTuple):
    """The form with a number for every companion, and the contacts that are new."""

    form: InterviewForm
    contact_ids: tuple[int, ...]


def name_companions(desk: Desk, order: Investigation, incident: Incident, form: InterviewForm) -> Named:
    """Give every companion a number and propose those who are not contacts of the incident yet.

    Raises
    ------
    BadInput
        If a companion has neither number nor name, a time is missing or cannot be right.
    NotAllowed
        If the officer may not register persons or add contacts there.
    """
    rows, contact_ids = [], []
    for number, row in enumerate(form.companions, 1):
        span = read_span((row.first, row.last), incident.timezone, "companions", number)
        if span[1] > desk.now:
            raise BadRow("interview.in_future", list="companions", row=number)
        person = _person(desk, order, row, number)
        rows.append(replace(row, code=person.code))
        if not _known(desk, incident, person):
            contact_ids.append(_propose(desk, order, row, (person, span)))
    return Named(replace(form, companions=tuple(rows)), tuple(contact_ids))


def _propose(desk: Desk, order: Investigation, row: CompanionRow, who: tuple[Person, tuple[datetime, datetime]]) -> int:
    person, (first, last) = who
    minutes = max(0.0, (last - first).total_seconds() / 60)
    command = AddContact(
        incident_id=order.incident_id,
        ring=RINGS.get(row.ring, Ring.CLOSE),
        first_exposure=first,
        last_exposure=last,
        person_id=person.id,
        area=person.area or order.area,
        infector_case_id=order.case_id,
        place=row.place,
        minutes=min(minutes, 1440.0),
        # the interview is sealed: its words stay there, the contact tells where they are
        reason=" · ".join(say("investigation_report.told_in", lang, id=order.id) for lang in ("zh", "en")),
    )
    return add_contact(desk, command)


def _person(desk: Desk, order: Investigation, row: CompanionRow, number: int) -> Person:
    """Find the companion by number, by certain likeness of the details, or register them."""
    if row.code.strip():
        code = row.code.strip()
        PersonId(code)
        known = desk.room.people.by_codes([code]).get(code)
        if known is None:
            raise BadInput("interview.no_such_person", row=number)
        return known
    if not row.name.strip():
        raise BadInput("interview.no_companion", row=number)
    telephones = (row.telephone.strip(),) if row.telephone.strip() else ()
    details, _ = checked_details(Details(name=row.name.strip(), telephones=telephones))
    alike = desk.room.people.alike([(Person(code="?", area=order.area), details)])[0]
    certain = [each.person_id for each in alike if each.band is Band.CERTAIN]
    known_as = certain or _named_before(desk, order, details, [each.person_id for each in alike])
    if known_as:
        return desk.room.people.get(known_as[0])
    made = register_person(desk, RegisterPerson(area=order.area, details=details))
    return desk.room.people.get(made)


def _named_before(desk: Desk, order: Investigation, details: Details, alike: list[int]) -> list[int]:
    """Whom this very case named before, by name and telephone: a row that lost its number is no new person."""
    if not alike or not details.telephones:
        return []
    mine = desk.room.contacts.find(person_id=alike, incident_id=order.incident_id, infector_case_id=order.case_id)
    known = desk.room.people.details([each.person_id for each in mine if each.by_hand])
    return [i for i, each in known.items() if each.name == details.name and details.telephones[0] in each.telephones]


def _known(desk: Desk, incident: Incident, person: Person) -> bool:
    """Whether the person is a contact or a case of the incident already: then nothing new is proposed."""
    if desk.room.contacts.count(incident_id=incident.id, person_id=person.id):
        return True
    cases = desk.room.cases.find(incident_id=incident.id, person_id=person.id)
    return any(case.classification is not Classification.RULED_OUT for case in cases)
