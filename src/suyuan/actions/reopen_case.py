"""Take a ruling-out back: the case is again what it was before."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.actions.case_course import INFECTED, keep_case, last_before
from suyuan.actions.contact_becomes_case import leave_contacts
from suyuan.actions.deciding_contacts import need_reason
from suyuan.actions.desk import Desk, deed
from suyuan.actions.trace_incident import trace_incident
from suyuan.protocols import load
from suyuan.terms import BadInput, Classification


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase:
    """Why the ruling-out does not stand."""

    case_id: int
    reason: str = ""
    version: int | None = None


@deed("confirm_case", "cases/{case_id}/reopen")
def reopen_case(desk: Desk, command: ReopenCase) -> str:
    """Give the case its earlier classification back, trace again if it was infected, and return it."""
    case = desk.room.cases.get(command.case_id, version=command.version)
    desk.require("confirm_case", case.area)
    desk.require_named()
    reason = need_reason(command.reason)
    if case.classification is not Classification.RULED_OUT:
        raise BadInput("cases.not_ruled_out", number=case.number)
    incident = desk.room.incidents.get(case.incident_id)
    before = last_before(desk, "case", case.id, "classification", Classification.RULED_OUT)
    case = keep_case(desk, case, {"classification": Classification(before or Classification.SUSPECTED)}, reason)
    if case.classification in INFECTED:
        case = leave_contacts(desk, case)
        trace_incident(desk, incident, load(incident.protocol), case.id)
        desk.tell("case_confirmed", case.id, incident.id, classification=case.classification.value)
    else:
        desk.tell("case_reported", case.id, incident.id)
    return case.classification.value
