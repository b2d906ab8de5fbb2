"""Decide what late information changed for contacts on whom an officer had decided before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from suyuan.actions.desk import Desk, deed
from suyuan.actions.keep_contacts import TRACED
from suyuan.actions.recording import record_all, tell_in_parts
from suyuan.actions.tracing_tasks import finish_decided
from suyuan.terms import BadInput, Contact, ContactState, Ring, TracingChange

ACCEPTED, REFUSED = "accepted", "refused"
SHOWN = ("ring", "first_exposure", "last_exposure", "release_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideChanges:
    """Changes to accept or refuse: those named, or all that wait in the incident."""

    incident_id: int
    change_ids: tuple[int, ...] = ()
    everything: bool = False
    accept: bool
    reason: str = ""


@deed("decide_contacts", "incidents/{incident_id}/changes/decide")
def decide_changes(desk: Desk, command: DecideChanges) -> int:
    """Let the contacts follow the tracing, or keep them as decided; return how many changes were decided."""
    desk.require_named()
    changes = _chosen(desk, command)
    if command.accept:
        _follow(desk, command, changes)
    decided = ACCEPTED if command.accept else REFUSED
    record_all(desk, "tracing_change", "decided", [(each, "", decided) for each in changes], command.reason)
    desk.room.tracing_changes.save_all([replace(each, decided=decided) for each in changes])
    finish_decided(desk, command.incident_id)
    return len(changes)


def _chosen(desk: Desk, command: DecideChanges) -> list[TracingChange]:
    if command.everything:
        waiting = desk.room.tracing_changes.find(incident_id=command.incident_id, decided="")
        return [each for each in waiting if desk.officer.may("decide_contacts", each.area)]
    if not command.change_ids:
        raise BadInput("contacts.none_named")
    changes = desk.room.tracing_changes.find(id=list(dict.fromkeys(command.change_ids)))
    for area in {change.area for change in changes}:
        desk.require("decide_contacts", area)
    if any(change.incident_id != command.incident_id for change in changes) or not changes:
        raise BadInput("contacts.other_incident")
    return [change for change in changes if not change.decided]


def _follow(desk: Desk, command: DecideChanges, changes: Sequence[TracingChange]) -> None:
    """Write the traced values into the contacts; who is exposed no more is removed."""
    values = {change.person_id: change.because.get("contact") for change in changes}
    contacts = desk.room.contacts.find(incident_id=command.incident_id, person_id=list(values))
    after = [_after(desk, contact, values[contact.person_id], command.reason) for contact in contacts]
    pairs = list(zip(contacts, after, strict=True))
    record_all(
        desk, "contact", "state", [(a, a.state, b.state) for a, b in pairs if a.state != b.state], command.reason
    )
    for name in SHOWN:
        moved = [(a, getattr(a, name), getattr(b, name)) for a, b in pairs if getattr(a, name) != getattr(b, name)]
        record_all(desk, "contact", name, moved, command.reason)
    desk.room.contacts.save_all(after)
    removed, accepted, changed = ContactState.REMOVED, ContactState.ACCEPTED, "contacts_changed"
    for kind, ids in (
        ("contacts_removed", [b.id for a, b in pairs if b.state is removed and a.state is not removed]),
        ("contacts_accepted", [b.id for a, b in pairs if b.state is accepted and a.state is not accepted]),
        (changed, [b.id for a, b in pairs if b.state is accepted and a.state is accepted]),
    ):
        tell_in_parts(desk, kind, command.incident_id, ids)


def _after(desk: Desk, contact: Contact, values: dict[str, Any] | None, reason: str) -> Contact:
    if values is None:
        return replace(contact, state=ContactState.REMOVED, reason=reason[:500] or "tracing")
    told = {name: _read(name, values[name]) for name in TRACED if name in values}
    return replace(contact, **told, state=ContactState.ACCEPTED, reason="", accepted_at=contact.accepted_at or desk.now)


def _read(name: str, value: Any) -> Any:
    if name == "ring":
        return Ring(value)
    if name in ("first_exposure", "last_exposure"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "release_on" and value else value
