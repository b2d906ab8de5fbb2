"""Add a contact by hand: somebody told of a meeting that no record shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from suyuan.actions.case_course import day_there, need_past, person_of
from suyuan.actions.contact_proposals import first_step, sources_of
from suyuan.actions.deciding_contacts import need_reason
from suyuan.actions.desk import Desk, deed
from suyuan.protocols import Protocol, load, plan_quarantine
from suyuan.terms import (
    BadInput,
    CaseRecord,
    Classification,
    Contact,
    Incident,
    PlaceKind,
    Ring,
    district_of,
)

BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddContact:
    """An exposure that somebody knows of: who, how near, when, where, and how it is known (``reason``)."""

    incident_id: int
    ring: Ring
    first_exposure: datetime
    last_exposure: datetime | None = None
    person_id: int = 0
    person_code: str = ""
    area: str = ""
    infector_case_id: int = 0
    place: str = ""
    place_kind: PlaceKind | None = None
    minutes: float = 0.0
    reason: str = ""


@deed("add_contact", "contacts")
def add_contact(desk: Desk, command: AddContact) -> int:
    """Propose a contact by hand and return its id; an officer with the right accepts it as any other."""
    incident = desk.room.incidents.get(command.incident_id)
    edition = load(incident.protocol)
    reason = need_reason(command.reason)
    last = command.last_exposure or command.first_exposure
    need_past(desk, first_exposure=command.first_exposure, last_exposure=last)
    if last < command.first_exposure:
        raise BadInput("contacts.times_swapped")
    person = person_of(desk, command.person_id, command.person_code, command.area or incident.area, BY_HAND)
    area = command.area or person.area or incident.area
    desk.require("add_contact", area)
    _need_unknown(desk, incident, person.id)
    infector = _infector(desk, command)
    kind = command.place_kind.value if command.place_kind else ""
    contact = desk.room.contacts.add(
        Contact(
            incident_id=incident.id,
            person_id=person.id,
            area=area,
            district=district_of(area),
            ring=command.ring,
            infector_case_id=command.infector_case_id,
            first_exposure=command.first_exposure,
            last_exposure=last,
            minutes=command.minutes,
            place=command.place[:64],
            place_kind=kind,
            because=_because(command, edition, infector, reason),
            by_hand=True,
            created_at=desk.now,
            **_quarantine(desk, incident, edition, (command.ring, last)),
        )
    )
    desk.record("contact", contact, "state", ("", contact.state), reason)
    desk.tell("contacts_proposed", incident.id, incident.id, tracing_id=0, n=1)
    return contact.id


def _need_unknown(desk: Desk, incident: Incident, person_id: int) -> None:
    for contact in desk.room.contacts.find(incident_id=incident.id, person_id=person_id):
        raise BadInput("contacts.known", id=contact.id, state=contact.state.value)
    infected = desk.room.cases.find(incident_id=incident.id, person_id=person_id)
    if infected and infected[0].classification is not Classification.RULED_OUT:
        raise BadInput("contacts.is_case", number=infected[0].number)


def _infector(desk: Desk, command: AddContact) -> CaseRecord | None:
    if not command.infector_case_id:
        return None
    infector = desk.room.cases.get(command.infector_case_id)
    if infector.incident_id != command.incident_id:
        raise BadInput("contacts.other_incident")
    return infector


def _because(command: AddContact, edition: Protocol, infector: CaseRecord | None, reason: str) -> dict[str, Any]:
    last = command.last_exposure or command.first_exposure
    return {
        "rule": BY_HAND,
        "edition": edition.id,
        **sources_of(edition, command.ring, ""),
        "infector": infector.number if infector else 0,
        "reason": reason,
        "meeting": {
            "place": command.place,
            "kind": command.place_kind.value if command.place_kind else "",
            "zone": "",
            "start": command.first_exposure.isoformat(),
            "end": last.isoformat(),
            "minutes": round(command.minutes),
            "lingering": 0,
            "p": 0.0,
            "source": BY_HAND,
        },
    }


def _quarantine(desk: Desk, incident: Incident, edition: Protocol, exposure: tuple[Ring, datetime]) -> dict[str, Any]:
    """Say what the edition asks of the ring, as tracing says it of others."""
    ring, last = exposure
    rule = {Ring.CLOSE: edition.rings.close, Ring.CONTACT_OF_CONTACT: edition.rings.contact_of_contact}.get(ring)
    day0, today = day_there(last, incident), day_there(desk.now, incident)
    if rule is None or not rule.determined or not rule.quarantine or day0 is None or today is None:
        return {}
    return {"quarantine": first_step(edition, ring), "release_on": plan_quarantine(rule, day0, today).release}
