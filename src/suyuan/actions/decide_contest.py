"""A contest is decided by an officer who may sign orders and has not signed this one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from suyuan.actions.change_order import move_end
from suyuan.actions.desk import Desk, NotAllowed, deed
from suyuan.actions.make_tasks import PENDING, NewTask, change_tasks, make_tasks
from suyuan.actions.revoke_orders import revoke
from suyuan.terms import BINDING, BadInput, BadUsage, Contest, ContestState, Order, TaskState

TELLING_HOURS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideContest:
    """The decision and its reasons.

    ``uphold``: the order stands. ``revoke``: it is taken back; with ``all_steps`` so are the other orders of the same
    quarantine. ``shorten``: it ends at ``ends_at``.
    """

    contest_id: int
    outcome: Literal["uphold", "revoke", "shorten"]
    words: str = field(metadata={"personal": True}, repr=False)
    ends_at: datetime | None = None
    all_steps: bool = False
    version: int | None = None


@deed("decide_contest", "contests/{contest_id}/decide")
def decide_contest(desk: Desk, command: DecideContest) -> str:
    """Decide a contest and return its state, ``upheld`` or ``granted``. The person is told by a task with a clock."""
    contest = desk.room.contests.get(command.contest_id, version=command.version)
    order = desk.room.orders.get(contest.order_id)
    desk.require_named()
    desk.require("decide_contest", contest.area)
    desk.require("sign_order", contest.area)
    if desk.officer.id in signers(desk, order):
        raise NotAllowed("contest.signer_decides")
    if contest.state is not ContestState.OPEN:
        raise BadUsage("contest.decided_already", id=contest.id)
    if not command.words.strip():
        raise BadInput("contest.no_reasons")
    state = ContestState.UPHELD if command.outcome == "uphold" else ContestState.GRANTED
    decided = replace(
        contest, state=state, decided_at=desk.now, decided_by=desk.officer.id, decision=command.words
    )  # fmt: skip
    desk.room.contests.save(decided)
    desk.record("order", order, "contest", (ContestState.OPEN, state), f"contest.{command.outcome}")
    if order.state in BINDING and order.ends_at > desk.now:
        _carry_out(desk, order, command)
    _have_it_told(desk, order, decided)
    desk.tell("contest_decided", contest.id, order.incident_id, order_id=order.id, state=state.value)
    return state.value


def signers(desk: Desk, order: Order) -> set[int]:
    """Everybody who ever signed an order, its extensions and shortenings included."""
    lines = desk.room.history.find(subject="order", subject_id=order.id, what="signature")
    return {line.officer_id for line in lines} | ({order.signed_by} - {0})


def _carry_out(desk: Desk, order: Order, command: DecideContest) -> None:
    if command.outcome == "revoke":
        orders = [order]
        if command.all_steps:
            orders = desk.room.orders.find(subject_id=order.subject_id, subject=order.subject, state=list(BINDING))
        revoke(desk, orders, "contest.revoke")
    elif command.outcome == "shorten":
        if command.ends_at is None or not max(desk.now, order.starts_at) < command.ends_at < order.ends_at:
            raise BadInput("contest.no_end")
        move_end(desk, order, command.ends_at, "contest.shorten")


def _have_it_told(desk: Desk, order: Order, contest: Contest) -> None:
    waiting = desk.room.tasks.find(subject_id=contest.id, subject="contest", state=list(PENDING))
    change_tasks(desk, waiting, state=TaskState.DONE)
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id, cause=f"tell_decision {contest.id}", kind="tell_decision",
                group="community", area=order.area, due_at=desk.now + timedelta(hours=TELLING_HOURS),
                subject="contest", subject_id=contest.id, person_id=order.person_id,
                values={"order": order.id, "contest": contest.id},
            )
        ],
    )  # fmt: skip
