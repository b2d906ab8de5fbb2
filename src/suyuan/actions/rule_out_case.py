"""Rule a case out: it was not this infection. Its contacts, orders and tasks follow, each by its own rule."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.actions.case_course import INFECTED, finish_tasks, keep_case
from suyuan.actions.contact_becomes_case import return_to_contacts
from suyuan.actions.deciding_contacts import move_contacts, need_reason
from suyuan.actions.desk import Desk, deed
from suyuan.actions.recording import tell_in_parts
from suyuan.actions.trace_incident import trace_incident
from suyuan.actions.tracing_tasks import ask_about_hand_contacts, finish_decided
from suyuan.protocols import Protocol, load
from suyuan.terms import BadInput, CaseRecord, Classification, ContactState, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutCase:
    """The decision that somebody is not a case, with the reason (a negative recheck, another cause)."""

    case_id: int
    reason: str = ""
    version: int | None = None


@deed("confirm_case", "cases/{case_id}/rule-out")
def rule_out_case(desk: Desk, command: RuleOutCase) -> int:
    """Rule the case out, trace what remains without it, and return how many decided contacts wait for a new look."""
    case = desk.room.cases.get(command.case_id, version=command.version)
    desk.require("confirm_case", case.area)
    desk.require_named()
    reason = need_reason(command.reason)
    if case.classification is Classification.RULED_OUT:
        raise BadInput("cases.is_ruled_out", number=case.number)
    incident = desk.room.incidents.get(case.incident_id)
    edition = load(incident.protocol)
    was_infected = case.classification in INFECTED
    case = keep_case(desk, case, {"classification": Classification.RULED_OUT}, reason)
    return_to_contacts(desk, case, reason)
    n_waiting = trace_incident(desk, incident, edition, case.id).n_waiting if was_infected else 0
    n_by_hand = _look_again(desk, incident, edition, case)
    finish_tasks(desk, "decide_case", "case", case.id)
    finish_decided(desk, incident.id)
    desk.tell("case_ruled_out", case.id, incident.id)
    return n_waiting + n_by_hand


def _look_again(desk: Desk, incident: Incident, edition: Protocol, case: CaseRecord) -> int:
    """Contacts added by hand are in no log: proposals fall away, accepted ones wait for somebody's new look."""
    mine = [contact for contact in desk.room.contacts.find(infector_case_id=case.id) if contact.by_hand]
    undecided = [contact for contact in mine if contact.state is ContactState.PROPOSED]
    removed = move_contacts(desk, undecided, ContactState.REMOVED, f"case {case.number}")
    tell_in_parts(desk, "contacts_removed", incident.id, removed)
    n_accepted = sum(contact.state is ContactState.ACCEPTED for contact in mine)
    ask_about_hand_contacts(desk, incident, edition, case.id, n_accepted)
    return n_accepted
