"""Take an investigation for one's team, and note how the case was reached: by telephone, on site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from suyuan.actions.assign_investigation import hand_to, need_open
from suyuan.actions.case_course import finish_tasks, need_past
from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import PENDING, change_tasks
from suyuan.terms import BadInput, Investigation, InvestigationState, TaskState, Team

FIELDS = {"telephone": "by_telephone_at", "on_site": "on_site_at"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInvestigation:
    """An investigation that the officer's team begins."""

    investigation_id: int
    version: int | None = None


@deed("investigate", "investigations/{investigation_id}/take")
def take_investigation(desk: Desk, command: TakeInvestigation) -> int:
    """Take the investigation on and return its team; another team's member takes it over, which its history tells.

    Raises
    ------
    BadInput
        If it is taken or over, or if the officer belongs to no team while this one has members.
    """
    order = desk.room.investigations.get(command.investigation_id, version=command.version)
    desk.require("investigate", order.area)
    need_open(order)
    if order.state is InvestigationState.TAKEN:
        raise BadInput("investigations.taken_already")
    order = _for_own_team(desk, order)
    taken = desk.room.investigations.save(replace(order, state=InvestigationState.TAKEN))
    desk.record("investigation", taken, "state", (order.state, taken.state))
    tasks = desk.room.tasks.find(subject="investigation", subject_id=order.id, kind="investigate", state=list(PENDING))
    change_tasks(desk, tasks, state=TaskState.TAKEN, assignee_id=desk.officer.id)
    finish_tasks(desk, "assign_investigation", "investigation", order.id)
    return taken.team_id


def teams_of(desk: Desk, officer_id: int) -> list[Team]:
    """Teams on duty of which an officer is a member."""
    return [team for team in desk.room.teams.find(on_duty=True) if officer_id in team.members]


def _for_own_team(desk: Desk, order: Investigation) -> Investigation:
    mine = teams_of(desk, desk.officer.id)
    given = desk.room.teams.find(id=order.team_id) if order.team_id else []
    if given and (not given[0].members or desk.officer.id in given[0].members):
        return order
    if not mine and not given:
        return order  # a place without teams: whoever takes it does it
    if not mine:
        raise BadInput("investigations.in_no_team")
    return hand_to(desk, order, mine[0], ("took_over", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInterview:
    """The case was spoken with by telephone, or visited; ``at`` left out is now."""

    investigation_id: int
    how: Literal["telephone", "on_site"]
    at: datetime | None = None
    version: int | None = None


@deed("investigate", "investigations/{investigation_id}/note")
def note_interview(desk: Desk, command: NoteInterview) -> int:
    """Note when the case was spoken with and return the new version of the record.

    Raises
    ------
    BadInput
        If the time lies in the future or the investigation is over.
    """
    order = desk.room.investigations.get(command.investigation_id, version=command.version)
    desk.require("investigate", order.area)
    need_open(order)
    need_past(desk, at=command.at)
    name = FIELDS[command.how]
    at = command.at or desk.now
    before = getattr(order, name)
    changes: dict[str, Any] = {name: at}
    changed = desk.room.investigations.save(replace(order, **changes))
    desk.record("investigation", changed, name, (before and before.isoformat(), at.isoformat()))
    return changed.version
