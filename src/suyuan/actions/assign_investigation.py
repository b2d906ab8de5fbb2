"""Give an investigation to another team, with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

from suyuan.actions.case_course import finish_tasks
from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import PENDING, save_tasks
from suyuan.actions.order_investigation import OPEN, take_turn
from suyuan.terms import BadInput, Investigation, InvestigationState, TaskState, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignInvestigation:
    """Which team is to do it from now on, and why not the one before."""

    investigation_id: int
    team_id: int
    reason: str
    version: int | None = None


@deed("assign_investigation", "investigations/{investigation_id}/assign")
def assign_investigation(desk: Desk, command: AssignInvestigation) -> int:
    """Give an open investigation to a team and return the team's open investigations, this one included.

    Raises
    ------
    BadInput
        If no reason is given, the investigation is over, or the team has it already or is off duty.
    """
    order = desk.room.investigations.get(command.investigation_id, version=command.version)
    desk.require("assign_investigation", order.area)
    if not command.reason.strip():
        raise BadInput("investigations.no_reason")
    need_open(order)
    team = desk.room.teams.get(command.team_id)
    if team.id == order.team_id:
        raise BadInput("investigations.same_team", team=team.code)
    if not team.on_duty:
        raise BadInput("investigations.off_duty", team=team.code)
    hand_to(desk, order, team, ("by_hand", command.reason.strip()))
    finish_tasks(desk, "assign_investigation", "investigation", order.id)
    return desk.room.investigations.count(team_id=team.id, state=list(OPEN))


def need_open(order: Investigation) -> None:
    """Stop unless somebody still works on the investigation.

    Raises
    ------
    BadInput
        If it is submitted, reviewed or called off.
    """
    if order.state not in OPEN:
        raise BadInput("investigations.not_open", state=order.state.value)


def hand_to(desk: Desk, order: Investigation, team: Team, why: tuple[str, str]) -> Investigation:
    """Move an open order to a team: the order waits to be taken again, and its task names the new team."""
    rule, reason = why
    before = desk.room.teams.find(id=order.team_id) if order.team_id else []
    load = desk.room.investigations.count(team_id=team.id, state=list(OPEN))
    because = {
        "rule": rule,
        "team": team.code,
        "load": load,
        "capacity": team.capacity,
        "overloaded": load >= team.capacity,
        "area": order.area,
        "covers": order.area.startswith(team.area),
    }
    take_turn(desk, team)
    moved = replace(order, team_id=team.id, state=InvestigationState.ORDERED, because=because)
    saved = desk.room.investigations.save(moved)
    desk.record("investigation", saved, "team", (before[0].code if before else "", team.code), reason)
    if order.state is not saved.state:
        desk.record("investigation", saved, "state", (order.state, saved.state), reason)
    tasks = desk.room.tasks.find(subject="investigation", subject_id=order.id, kind="investigate", state=list(PENDING))
    save_tasks(
        desk,
        [
            (
                task,
                replace(task, state=TaskState.OPEN, assignee_id=0, values=dict(task.values) | {"team": team.code}),
            )
            for task in tasks
        ],
        reason,
    )
    return saved
