"""Tell a person what binds them, why, until when, and how to contest it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import PENDING, change_tasks
from suyuan.actions.order_life import may_move, move_orders
from suyuan.terms import BINDING, BadInput, OrderState, TaskState


class ToldHow(StrEnum):
    """How a person was told of an order."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    MESSAGE = "message"
    WITH_CARER = "with_carer"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOrder:
    """Which order, how, when (now if empty). Saying how to contest it is part of telling."""

    order_id: int
    how: ToldHow
    contest_explained: bool
    told_at: datetime | None = None


@deed("tell_order", "orders/{order_id}/tell")
def tell_order(desk: Desk, command: TellOrder) -> int:
    """Note that a person was told of an order and of those signed with it; return how many orders that were."""
    order = desk.room.orders.get(command.order_id)
    desk.require("tell_order", order.area)
    may_move([order], BINDING)
    if not command.contest_explained:
        raise BadInput("order.contest_unexplained")
    told_at = command.told_at or desk.now
    if told_at > desk.now or (order.signed_at and told_at < order.signed_at):
        raise BadInput("order.told_when")
    together = desk.room.orders.find(subject_id=order.subject_id, subject=order.subject, state=OrderState.SIGNED)
    told = move_orders(desk, together, OrderState.TOLD, command.how, told_at=told_at, told_how=command.how.value)
    for each in told:
        desk.tell("order_told", each.id, each.incident_id)
    ids = [each.id for each in told]
    waiting = desk.room.tasks.find(subject_id=ids, subject="order", kind="tell_order", state=list(PENDING))
    change_tasks(desk, waiting, state=TaskState.DONE)
    return len(told)
