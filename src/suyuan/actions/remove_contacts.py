"""Remove contacts, with the reason: the record stays, and no later tracing brings them back by itself."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.actions.deciding_contacts import Choice, chosen, move_contacts, need_reason
from suyuan.actions.desk import Desk, deed
from suyuan.actions.recording import tell_in_parts
from suyuan.actions.tracing_tasks import finish_decided
from suyuan.terms import ContactState


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveContacts(Choice):
    """Contacts to remove; with ``everything`` only proposals are meant, never accepted contacts."""

    reason: str = ""


@deed("decide_contacts", "incidents/{incident_id}/contacts/remove")
def remove_contacts(desk: Desk, command: RemoveContacts) -> int:
    """Remove the contacts meant and return how many there were."""
    desk.require_named()
    reason = need_reason(command.reason)
    proposed, accepted = ContactState.PROPOSED, ContactState.ACCEPTED
    contacts = chosen(desk, command, (proposed,) if command.everything else (proposed, accepted))
    ids = move_contacts(desk, contacts, ContactState.REMOVED, reason)
    tell_in_parts(desk, "contacts_removed", command.incident_id, ids)
    finish_decided(desk, command.incident_id)
    return len(ids)
