"""A person contests an order: the words are kept sealed, the clock of the answer starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.actions.order_life import may_move
from suyuan.actions.order_reasons import rights
from suyuan.terms import BINDING, BadInput, Contest, ContestState, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestOrder:
    """Which order, what the person says, and when they said it (now if empty)."""

    order_id: int
    words: str = field(metadata={"personal": True}, repr=False)
    received_at: datetime | None = None


@deed("receive_contest", "orders/{order_id}/contest")
def contest_order(desk: Desk, command: ContestOrder) -> int:
    """Receive a person's objection to a binding order and return its id. The order stands until it is answered."""
    order = desk.room.orders.get(command.order_id)
    desk.require("receive_contest", order.area)
    return receive(desk, order, command.words, command.received_at or desk.now)


def receive(desk: Desk, order: Order, words: str, received: datetime) -> int:
    """Keep an objection sealed, start the clock of its answer, and return its id.

    Raises
    ------
    BadUsage
        If the order does not bind.
    BadInput
        If nothing is said, or the time cannot be.
    """
    may_move([order], BINDING)
    if not words.strip():
        raise BadInput("contest.no_words")
    if received > desk.now or (order.signed_at and received < order.signed_at):
        raise BadInput("contest.received_when")
    contest = desk.room.contests.add(
        Contest(
            order_id=order.id, area=order.area, words=words, received_at=received,
            due_at=received + timedelta(hours=rights().contest.answer_hours),
        )
    )  # fmt: skip
    desk.record("order", order, "contest", ("", ContestState.OPEN), "")
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id, cause=f"decide_contest {contest.id}", kind="decide_contest",
                group="command", area=order.area, due_at=contest.due_at, subject="contest", subject_id=contest.id,
                person_id=order.person_id, values={"order": order.id, "contest": contest.id},
            )
        ],
    )  # fmt: skip
    desk.tell("contest_received", contest.id, order.incident_id, order_id=order.id)
    return contest.id
