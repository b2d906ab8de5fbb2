"""Move an incident along its life: watch, suspected, response, winding down, all clear; and back, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

from suyuan.actions.desk import Desk, deed
from suyuan.terms import BINDING, BadInput, Incident, IncidentState

MOVES: dict[IncidentState, tuple[IncidentState, ...]] = {
    IncidentState.WATCH: (IncidentState.SUSPECTED, IncidentState.RESPONSE, IncidentState.ALL_CLEAR),
    IncidentState.SUSPECTED: (IncidentState.RESPONSE, IncidentState.WATCH, IncidentState.ALL_CLEAR),
    IncidentState.RESPONSE: (IncidentState.WINDING_DOWN, IncidentState.SUSPECTED),
    IncidentState.WINDING_DOWN: (IncidentState.ALL_CLEAR, IncidentState.RESPONSE),
    IncidentState.ALL_CLEAR: (IncidentState.WINDING_DOWN, IncidentState.WATCH),
}
"""Where an incident may go from each state: on, back a step, or straight to all clear where nothing was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeIncident:
    """The new state and why."""

    incident_id: int
    state: IncidentState
    reason: str = ""
    version: int | None = None


@deed("manage_incident", "incidents/{incident_id}/state")
def change_incident(desk: Desk, command: ChangeIncident) -> int:
    """Change the state of an incident and return its id. Entering the response starts the first-24-hours plan."""
    incident = desk.room.incidents.get(command.incident_id, version=command.version)
    desk.require("manage_incident", incident.area)
    desk.require_named()
    if not command.reason.strip():
        raise BadInput("incidents.no_reason")
    if command.state not in MOVES[incident.state]:
        raise BadInput(
            "incidents.no_such_move",
            before=incident.state.value,
            after=command.state.value,
            allowed=", ".join(state.value for state in MOVES[incident.state]),
        )
    if command.state is IncidentState.ALL_CLEAR:
        _refuse_with_orders(desk, incident)
    desk.record("incident", incident, "state", (incident.state.value, command.state.value), command.reason)
    desk.room.incidents.save(_moved(desk, incident, command.state))
    desk.tell(
        "incident_state_changed", incident.id, incident.id, before=incident.state.value, after=command.state.value
    )
    return incident.id


def _moved(desk: Desk, incident: Incident, state: IncidentState) -> Incident:
    """Set the instants of a state; a step back before the response takes the response's beginning back too."""
    response_at = incident.response_at
    if state is IncidentState.RESPONSE and response_at is None:
        response_at = desk.now
    if state in (IncidentState.WATCH, IncidentState.SUSPECTED):
        response_at = None
    closed_at = desk.now if state is IncidentState.ALL_CLEAR else None
    return replace(incident, state=state, response_at=response_at, closed_at=closed_at)


def _refuse_with_orders(desk: Desk, incident: Incident) -> None:
    """Nobody stays bound by an outbreak that is declared over."""
    binding = desk.room.orders.count(incident_id=incident.id, state=list(BINDING))
    if binding:
        raise BadInput("incidents.orders_in_force", n=binding)
