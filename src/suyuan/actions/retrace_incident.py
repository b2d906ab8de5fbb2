"""Trace an incident again: on an officer's wish, or because late data arrived."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.actions.desk import Desk, deed
from suyuan.actions.hearing import hears
from suyuan.actions.trace_incident import Traced, trace_incident
from suyuan.protocols import load
from suyuan.terms import Fact, Incident, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class RetraceIncident:
    """The incident to trace again."""

    incident_id: int


@deed("trace", "incidents/{incident_id}/retrace")
def retrace_incident(desk: Desk, command: RetraceIncident) -> Traced:
    """Trace the incident against its log as it is now."""
    incident = desk.room.incidents.get(command.incident_id)
    desk.require("trace", incident.area)
    return trace_incident(desk, incident, load(incident.protocol))


@hears("visit_log_changed", "case_dates_changed")
def retrace_on_late_data(desk: Desk, fact: Fact) -> None:
    """Trace again after late visits or corrected dates; a tracing of the same data is not repeated.

    ``visit_log_changed`` names the log (``visit_log``), or its incident; every open incident that uses it is traced.
    """
    for incident in _concerned(desk, fact):
        trace_incident(desk, incident, load(incident.protocol), fact.subject_id if not _is_log(fact) else 0)


def _concerned(desk: Desk, fact: Fact) -> list[Incident]:
    name = fact.values.get("visit_log", "")
    if _is_log(fact) and name:
        found = desk.room.incidents.find(visit_log=name)
    else:
        found = desk.room.incidents.find(id=fact.incident_id)
    return [incident for incident in found if incident.state is not IncidentState.ALL_CLEAR]


def _is_log(fact: Fact) -> bool:
    return fact.kind == "visit_log_changed"
