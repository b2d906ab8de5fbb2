"""Report a case: somebody may be infected; from a laboratory, a clinic, tracing, or by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from suyuan.actions.case_course import begin_history, need_past, person_of
from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.protocols import load
from suyuan.terms import (
    BadInput,
    CaseRecord,
    ContactState,
    Incident,
    IncidentState,
    Severity,
    district_of,
)

VERIFY = "verify_report"
HOURS = 2.0
"""Where the edition sets no clock for verifying a report."""
EXPOSED = (ContactState.PROPOSED, ContactState.ACCEPTED, ContactState.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCase:
    """A suspected case. The person by record or by number; a number nobody knows makes a bare record.

    ``area`` is where the case is looked after; left out, it is where the person lives, else the incident's.
    """

    incident_id: int
    person_id: int = 0
    person_code: str = ""
    area: str = ""
    onset_at: datetime | None = None
    sampled_at: datetime | None = None
    severity: Severity = Severity.UNKNOWN
    found_by: str = ""
    reason: str = ""


@deed("report_case", "cases")
def report_case(desk: Desk, command: ReportCase) -> int:
    """Keep a suspected case with the next number of its incident and return its id."""
    incident = desk.room.incidents.get(command.incident_id)
    if incident.state is IncidentState.ALL_CLEAR:
        raise BadInput("cases.incident_closed", incident=incident.code)
    if command.area and not command.area.isdigit():
        raise BadInput("room.no_area_code", area=command.area)
    need_past(desk, onset_at=command.onset_at, sampled_at=command.sampled_at)
    person = person_of(
        desk, command.person_id, command.person_code, command.area or incident.area, command.found_by or "case_report"
    )
    area = command.area or person.area or incident.area
    desk.require("report_case", area)
    known = desk.room.cases.find(incident_id=incident.id, person_id=person.id)
    if known:
        raise BadInput("cases.known", number=known[0].number, classification=known[0].classification.value)
    contact = desk.room.contacts.find(incident_id=incident.id, person_id=person.id, state=list(EXPOSED))
    case = desk.room.cases.add(
        CaseRecord(
            incident_id=incident.id,
            person_id=person.id,
            number=desk.room.number(f"case {incident.id}"),
            area=area,
            district=district_of(area),
            severity=command.severity,
            onset_at=command.onset_at,
            sampled_at=command.sampled_at,
            reported_at=desk.now,
            from_contact_id=contact[0].id if contact else 0,
            found_by=command.found_by,
        )
    )
    begin_history(desk, case, command.reason)
    _ask_for_decision(desk, case, incident)
    desk.tell("case_reported", case.id, incident.id)
    return case.id


def _ask_for_decision(desk: Desk, case: CaseRecord, incident: Incident) -> None:
    clock = load(incident.protocol).clocks.get(VERIFY)
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=incident.id,
                cause=f"decide_case {case.id}",
                kind="decide_case",
                group="investigation",
                area=case.area,
                due_at=desk.now + timedelta(hours=clock.hours if clock else HOURS),
                subject="case",
                subject_id=case.id,
                person_id=case.person_id,
                values={"number": case.number},
            )
        ],
    )
