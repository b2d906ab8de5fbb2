"""Bring removed contacts back as proposals, with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.actions.deciding_contacts import Choice, chosen, move_contacts, need_reason
from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, ContactState


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreContacts(Choice):
    """Removed contacts, each by name."""

    reason: str = ""


@deed("decide_contacts", "incidents/{incident_id}/contacts/restore")
def restore_contacts(desk: Desk, command: RestoreContacts) -> int:
    """Make removed contacts proposals again and return how many there were."""
    if command.everything:
        raise BadInput("contacts.restore_by_name")
    reason = need_reason(command.reason)
    contacts = chosen(desk, command, (ContactState.REMOVED,))
    return len(move_contacts(desk, contacts, ContactState.PROPOSED, reason, accepted_at=None))
