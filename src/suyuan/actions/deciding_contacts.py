"""Which contacts a decision means: named ones, or all of an incident that match; and keeping the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from suyuan.actions.desk import Desk
from suyuan.actions.recording import record_all
from suyuan.terms import BadInput, Contact, ContactState

RIGHT = "decide_contacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Contacts of one incident: those named, or with ``everything`` all that match the other fields."""

    incident_id: int
    contact_ids: tuple[int, ...] = ()
    everything: bool = False
    ring: int | None = None
    district: str = ""
    infector_case_id: int = 0
    least_p: float | None = None


def chosen(desk: Desk, choice: Choice, states: Sequence[ContactState]) -> list[Contact]:
    """Return the contacts meant that are in one of the states; those the officer may not decide are refused or left.

    Raises
    ------
    BadInput
        If nothing is named and ``everything`` is not said, or a named contact is of another incident.
    NotAllowed
        If a named contact lies outside the officer's reach; a filter simply leaves such contacts out.
    """
    if choice.everything:
        equal: dict[str, Any] = {"incident_id": choice.incident_id, "state": list(states)}
        if choice.ring is not None:
            equal["ring"] = choice.ring
        if choice.district:
            equal["district"] = choice.district
        if choice.infector_case_id:
            equal["infector_case_id"] = choice.infector_case_id
        areas: dict[str, bool] = {}
        return [
            contact
            for contact in desk.room.contacts.find(**equal)
            if contact.p >= (choice.least_p or 0.0) and _may(desk, contact.area, areas)
        ]
    if not choice.contact_ids:
        raise BadInput("contacts.none_named")
    contacts = desk.room.contacts.find(id=list(dict.fromkeys(choice.contact_ids)))
    for area in {contact.area for contact in contacts}:
        desk.require(RIGHT, area)
    if any(contact.incident_id != choice.incident_id for contact in contacts) or not contacts:
        raise BadInput("contacts.other_incident")
    return [contact for contact in contacts if contact.state in states]


def need_reason(reason: str) -> str:
    """Return the reason without blanks around it.

    Raises
    ------
    BadInput
        If there is none.
    """
    if not reason.strip():
        raise BadInput("contacts.needs_reason")
    return reason.strip()[:500]


def move_contacts(
    desk: Desk, contacts: Sequence[Contact], state: ContactState, reason: str = "", **changes: Any
) -> list[int]:
    """Bring contacts into a state, each with its line of history, and return their ids."""
    record_all(desk, "contact", "state", [(contact, contact.state, state) for contact in contacts], reason)
    desk.room.contacts.save_all([replace(contact, state=state, reason=reason, **changes) for contact in contacts])
    return [contact.id for contact in contacts]


def _may(desk: Desk, area: str, known: dict[str, bool]) -> bool:
    if area not in known:
        known[area] = desk.trusted or desk.officer.may(RIGHT, area)
    return known[area]
