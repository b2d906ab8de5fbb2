"""Keep what a tracing proposes, beside what officers have decided and never over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from suyuan.actions.contact_proposals import RINGS, Proposals
from suyuan.actions.desk import Desk
from suyuan.actions.recording import record_all
from suyuan.terms import Contact, ContactState, Person, Tracing, TracingChange

FOLLOWED, SUPERSEDED = "followed", "superseded"
"""``TracingChange.decided`` besides an officer's own: a proposal that nobody had decided simply followed the tracing;
a later tracing says something else of the same person."""
BY_TRACING = "tracing"
"""``Contact.reason`` of a proposal that fell away because the next tracing did not find it any more."""
WEIGHTY = ("ring", "first_exposure", "last_exposure", "quarantine", "release_on")
"""What an officer decided on; a difference in these waits for a new decision."""
TRACED = (*WEIGHTY, "infector_case_id", "minutes", "p", "place", "place_kind", "n_meetings", "because")
DECIDED = (ContactState.ACCEPTED, ContactState.REMOVED, ContactState.ENDED)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many proposals wait that did not before, and how many changes of decided contacts."""

    n_proposed: int
    n_waiting: int


@dataclass(slots=True)
class _Sorted:
    """What is to be written."""

    new: list[Contact]
    changed: list[Contact]
    states: list[tuple[Contact, ContactState, ContactState]]
    waiting: dict[int, Contact | None]
    """By person: what a decided contact would become, None for no contact any more."""


def keep_contacts(desk: Desk, tracing: Tracing, proposals: Proposals, changes: pl.DataFrame | None) -> Kept:
    """Write new proposals, let undecided ones follow, and lay what contradicts a decision before an officer."""
    ids = [person.id for person in proposals.people.values()]
    there = {
        contact.person_id: contact
        for contact in desk.room.contacts.find(incident_id=tracing.incident_id, person_id=ids)
    }
    sorted_ = _Sorted([], [], [], {})
    for person_id, proposal in proposals.contacts.items():
        _sort_in(sorted_, there.get(person_id), proposal)
    for person_id in proposals.gone:
        if contact := there.get(person_id):
            _sort_out(sorted_, contact)
    desk.room.contacts.add_all(sorted_.new)
    desk.room.contacts.save_all(sorted_.changed)
    record_all(desk, "contact", "state", sorted_.states, BY_TRACING)
    _keep_changes(desk, tracing, proposals, changes, sorted_)
    revived = sum(after is ContactState.PROPOSED for _, _, after in sorted_.states)
    return Kept(len(sorted_.new) + revived, len(sorted_.waiting))


def traced_values(proposal: Contact) -> dict[str, Any]:
    """Fields of a contact that tracing decides."""
    return {name: getattr(proposal, name) for name in TRACED}


def _sort_in(into: _Sorted, contact: Contact | None, proposal: Contact) -> None:
    if contact is None:
        into.new.append(proposal)
    elif contact.state is ContactState.PROPOSED:
        if not contact.by_hand or proposal.ring <= contact.ring:
            into.changed.append(replace(contact, **traced_values(proposal)))
    elif contact.state is ContactState.REMOVED and contact.reason == BY_TRACING:
        back = replace(contact, **traced_values(proposal), state=ContactState.PROPOSED, reason="")
        into.changed.append(back)
        into.states.append((contact, contact.state, ContactState.PROPOSED))
    elif contact.state in DECIDED and _differs(contact, proposal):
        into.waiting[contact.person_id] = proposal


def _sort_out(into: _Sorted, contact: Contact) -> None:
    if contact.by_hand:
        return  # an officer's own knowledge does not depend on the log
    if contact.state is ContactState.PROPOSED:
        into.changed.append(replace(contact, state=ContactState.REMOVED, reason=BY_TRACING))
        into.states.append((contact, contact.state, ContactState.REMOVED))
    elif contact.state is ContactState.ACCEPTED:
        into.waiting[contact.person_id] = None


def _differs(contact: Contact, proposal: Contact) -> bool:
    return any(getattr(contact, name) != getattr(proposal, name) for name in WEIGHTY)


def _keep_changes(
    desk: Desk,
    tracing: Tracing,
    proposals: Proposals,
    changes: pl.DataFrame | None,
    sorted_: _Sorted,
) -> None:
    people = {person.id: (code, person) for code, person in proposals.people.items()}
    told = {} if changes is None else {row["person_id"]: row for row in changes.iter_rows(named=True)}
    waiting = desk.room.tracing_changes.find(incident_id=tracing.incident_id, decided="", person_id=list(people))
    desk.room.tracing_changes.save_all([replace(each, decided=SUPERSEDED) for each in waiting])
    rows = [
        _change(tracing, person, told.get(code), sorted_.waiting)
        for code, person in people.values()
        if person.id in sorted_.waiting or (code in told and _worth_telling(told[code], told))
    ]
    desk.room.tracing_changes.add_all(rows)


def _worth_telling(row: Mapping[str, Any], told: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a difference that waits for nobody is kept: not where it only says that there is one more case."""
    for _ in range(len(told)):
        if row["reason"] != "infector_changed" or row["about_id"] not in told:
            break
        row = told[row["about_id"]]
    return row["reason"] not in ("new_case", "became_case")


def _change(
    tracing: Tracing, person: Person, row: Mapping[str, Any] | None, waiting: Mapping[int, Contact | None]
) -> TracingChange:
    proposal = waiting.get(person.id)
    because: dict[str, Any] = {"row": {name: _plain(value) for name, value in row.items()}} if row else {}
    if proposal is not None:
        because["contact"] = {name: _plain(value) for name, value in traced_values(proposal).items()}
    return TracingChange(
        incident_id=tracing.incident_id,
        tracing_id=tracing.id,
        person_id=person.id,
        area=proposal.area if proposal else person.area,
        change=row["change"] if row else ("dates_changed" if proposal else "removed"),
        ring_before=_ring(row, "ring_before"),
        ring_after=_ring(row, "ring_after"),
        because=because,
        decided="" if person.id in waiting else FOLLOWED,
    )


def _ring(row: Mapping[str, Any] | None, name: str) -> int:
    return int(RINGS[row[name]]) if row and row[name] else 0


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
