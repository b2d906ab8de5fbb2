"""Open an incident: the first record of an outbreak, or of the suspicion of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suyuan.actions.desk import Desk, deed
from suyuan.protocols import load
from suyuan.terms import Incident, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """What it takes to open an incident; ``protocol`` is the edition in force there."""

    name: str
    protocol: str
    area: str
    visit_log: str = ""
    timezone: str = "Asia/Shanghai"
    emerged_at: datetime | None = None
    detected_at: datetime | None = None
    reason: str = ""


@deed("manage_incident", "incidents")
def open_incident(desk: Desk, command: OpenIncident) -> int:
    """Open an incident under watch and return its id."""
    desk.require("manage_incident", command.area)
    edition = load(command.protocol)
    if command.visit_log:
        desk.visit_logs.open(command.visit_log)
    year = desk.now.year
    incident = desk.room.incidents.add(
        Incident(
            code=f"{year}-{desk.room.number(f'incident {year}'):03d}",
            name=command.name,
            protocol=edition.id,
            area=command.area,
            visit_log=command.visit_log,
            timezone=command.timezone,
            opened_at=desk.now,
            emerged_at=command.emerged_at,
            detected_at=command.detected_at or desk.now,
        )
    )
    desk.record("incident", incident, "state", ("", IncidentState.WATCH), command.reason)
    desk.tell("incident_opened", incident.id, incident.id)
    return incident.id
