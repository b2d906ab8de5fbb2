"""A contact who turns out to be infected, and the way back when the case is ruled out."""

from __future__ import annotations

from dataclasses import replace

from suyuan.actions.case_course import keep_case, last_before
from suyuan.actions.desk import Desk
from suyuan.actions.recording import record_all, tell_in_parts
from suyuan.terms import CaseRecord, ContactState


def leave_contacts(desk: Desk, case: CaseRecord) -> CaseRecord:
    """Let the contact of this person become the case, if there is one, and say so to whoever looks after contacts."""
    found = desk.room.contacts.find(incident_id=case.incident_id, person_id=case.person_id)
    if not found or found[0].state is ContactState.BECAME_CASE:
        return case
    contact = found[0]
    record_all(desk, "contact", "state", [(contact, contact.state, ContactState.BECAME_CASE)])
    desk.room.contacts.save(replace(contact, state=ContactState.BECAME_CASE))
    desk.tell("contact_became_case", contact.id, case.incident_id, contact_id=contact.id, case_id=case.id)
    return keep_case(desk, case, {"from_contact_id": contact.id})


def return_to_contacts(desk: Desk, case: CaseRecord, reason: str) -> None:
    """Give the contact of a ruled-out case back the state in which it became a case."""
    found = desk.room.contacts.find(
        incident_id=case.incident_id, person_id=case.person_id, state=ContactState.BECAME_CASE
    )
    for contact in found:
        before = ContactState(
            last_before(desk, "contact", contact.id, "state", ContactState.BECAME_CASE) or ContactState.PROPOSED
        )
        record_all(desk, "contact", "state", [(contact, contact.state, before)], reason)
        desk.room.contacts.save(replace(contact, state=before))
        if before is ContactState.ACCEPTED:
            tell_in_parts(desk, "contacts_accepted", case.incident_id, [contact.id])
