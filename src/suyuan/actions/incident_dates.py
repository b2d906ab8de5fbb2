"""Set the dates of 7-1-7 that people must say: emergence, detection, notification."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, Incident

SAID = ("emerged_at", "detected_at", "notified_at")
"""In the order in which they must lie. The fourth, ``responded_at``, follows from the early actions' tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateIncident:
    """New instants (those left out stay) and why."""

    incident_id: int
    emerged_at: datetime | None = None
    detected_at: datetime | None = None
    notified_at: datetime | None = None
    reason: str = ""
    version: int | None = None


@deed("manage_incident", "incidents/{incident_id}/dates")
def date_incident(desk: Desk, command: DateIncident) -> int:
    """Set dates of 7-1-7 and return the incident's id."""
    incident = desk.room.incidents.get(command.incident_id, version=command.version)
    desk.require("manage_incident", incident.area)
    if not command.reason.strip():
        raise BadInput("incidents.no_reason")
    said = {name: getattr(command, name) for name in SAID if getattr(command, name) is not None}
    changes = {name: at for name, at in said.items() if at != getattr(incident, name)}
    if not changes:
        return incident.id
    dated = replace(incident, **changes)
    _refuse_disorder(desk, dated)
    for name, at in changes.items():
        before = getattr(incident, name)
        desk.record("incident", incident, name, (before and before.isoformat(), at.isoformat()), command.reason)
    desk.room.incidents.save(dated)
    return incident.id


def _refuse_disorder(desk: Desk, incident: Incident) -> None:
    known = [(name, getattr(incident, name)) for name in SAID if getattr(incident, name) is not None]
    for name, at in known:
        if at > desk.now:
            raise BadInput("incidents.date_in_future", name=name, at=at.isoformat())
    for (earlier, earlier_at), (later, later_at) in pairwise(known):
        if later_at < earlier_at:
            raise BadInput(
                "incidents.dates_disordered",
                earlier=earlier,
                earlier_at=earlier_at.isoformat(),
                later=later,
                later_at=later_at.isoformat(),
            )
