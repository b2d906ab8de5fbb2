"""Stop a follow-up before its end, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import cancel_tasks
from suyuan.terms import BadInput, BadUsage, FollowUp, FollowUpState


@dataclass(frozen=True, slots=True, kw_only=True)
class StopFollowUp:
    """Which follow-up, and why."""

    follow_up_id: int
    reason: str
    version: int | None = None


@deed("record_follow_up", "follow-ups/{follow_up_id}/stop")
def stop_follow_up(desk: Desk, command: StopFollowUp) -> str:
    """Stop a follow-up and return its state."""
    follow_up = desk.room.follow_ups.get(command.follow_up_id, version=command.version)
    desk.require("record_follow_up", follow_up.area)
    if not command.reason.strip():
        raise BadInput("follow_up.needs_reason")
    if follow_up.state not in (FollowUpState.ACTIVE, FollowUpState.LOST):
        raise BadUsage("follow_up.over", id=follow_up.id)
    stop(desk, [follow_up], command.reason)
    return FollowUpState.STOPPED.value


def stop(desk: Desk, follow_ups: Sequence[FollowUp], reason: str) -> None:
    """Stop follow-ups and call off their tasks."""
    for each in follow_ups:
        desk.record("follow_up", each, "state", (each.state, FollowUpState.STOPPED), reason)
    desk.room.follow_ups.save_all([replace(each, state=FollowUpState.STOPPED, next_due_at=None) for each in follow_ups])
    cancel_tasks(desk, "follow_up", [each.id for each in follow_ups], reason)
