"""Open an incident: the first record of an outbreak, or of the suspicion of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suyuan.actions.desk import Desk, deed
from suyuan.protocols import load, names
from suyuan.terms import BadInput, Incident, IncidentState

NAME_WIDTH = 120
AREA_WIDTH = 12


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
    _refuse_faulty(desk, command)
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


def _refuse_faulty(desk: Desk, command: OpenIncident) -> None:
    if not command.name.strip() or len(command.name) > NAME_WIDTH:
        raise BadInput("incidents.no_name", most=NAME_WIDTH)
    if command.protocol not in names():
        # an edition is named, never a path: what is typed into a form opens no file
        raise BadInput("incidents.no_edition", name=command.protocol, names=", ".join(names()))
    if not command.area.isdigit() or len(command.area) > AREA_WIDTH:
        raise BadInput("room.no_area_code", area=command.area)
    try:
        ZoneInfo(command.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("incidents.no_timezone", timezone=command.timezone) from None
    if command.detected_at and command.detected_at > desk.now:
        raise BadInput("incidents.date_in_future", name="detected_at", at=command.detected_at.isoformat())
    if command.emerged_at and command.emerged_at > (command.detected_at or desk.now):
        raise BadInput(
            "incidents.dates_disordered",
            earlier="emerged_at",
            earlier_at=command.emerged_at.isoformat(),
            later="detected_at",
            later_at=(command.detected_at or desk.now).isoformat(),
        )
