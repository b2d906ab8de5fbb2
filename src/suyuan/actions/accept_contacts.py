"""Accept contacts: an officer determines that these people were exposed; orders and follow-up go on from there."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.actions.deciding_contacts import Choice, chosen, move_contacts
from suyuan.actions.desk import Desk, deed
from suyuan.actions.recording import tell_in_parts
from suyuan.actions.tracing_tasks import finish_decided
from suyuan.terms import ContactState


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptContacts(Choice):
    """Proposals to accept; see ``Choice``."""

    reason: str = ""


@deed("decide_contacts", "incidents/{incident_id}/contacts/accept")
def accept_contacts(desk: Desk, command: AcceptContacts) -> int:
    """Accept the proposals meant and return how many there were; what is decided already stays as it is."""
    desk.require_named()
    contacts = chosen(desk, command, (ContactState.PROPOSED,))
    ids = move_contacts(desk, contacts, ContactState.ACCEPTED, command.reason, accepted_at=desk.now)
    tell_in_parts(desk, "contacts_accepted", command.incident_id, ids)
    finish_decided(desk, command.incident_id)
    return len(ids)
