"""Shorten or extend a signed order: with a reason and a new signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import PENDING, change_tasks
from suyuan.actions.order_life import DAY, change_orders, content_digest, entry, may_move, tell_orders
from suyuan.actions.order_reasons import rights
from suyuan.terms import BINDING, BadInput, BadUsage, ContestState, Order, OrderState, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrder:
    """The new end of an order, and why."""

    order_id: int
    ends_at: datetime
    reason: str
    version: int | None = None


@deed("sign_order", "orders/{order_id}/change")
def change_order(desk: Desk, command: ChangeOrder) -> str:
    """Move the end of a binding order and return ``shortened`` or ``extended``.

    Both are signed anew, so the officer who extends answers for the longer term; an order that somebody contests
    cannot be extended while there is no answer. A changed order must be told again.
    """
    order = desk.room.orders.get(command.order_id, version=command.version)
    desk.require_named()
    desk.require("sign_order", order.area)
    may_move([order], BINDING)
    if not command.reason.strip():
        raise BadInput("order.needs_reason")
    if order.ends_at <= desk.now:
        raise BadInput("order.over", id=order.id)
    if command.ends_at == order.ends_at or command.ends_at <= max(desk.now, order.starts_at):
        raise BadInput("order.bad_end")
    longer = command.ends_at > order.ends_at
    if longer:
        _may_extend(desk, order, command.ends_at)
    move_end(desk, order, command.ends_at, command.reason)
    return "extended" if longer else "shortened"


def _may_extend(desk: Desk, order: Order, ends_at: datetime) -> None:
    most = rights().orders.most_days
    if (ends_at - max(desk.now, order.starts_at)).days > most:
        raise BadInput("order.too_long", id=order.id, most=most)
    if desk.room.contests.count(order_id=order.id, state=ContestState.OPEN):
        raise BadUsage("order.contested", id=order.id)


def move_end(desk: Desk, order: Order, ends_at: datetime, reason: str) -> Order:
    """Give an order another end under the acting officer's signature; the first signature's instant stays."""
    desk.require_named()
    change = {"ends_at": ends_at, "signed_by": desk.officer.id, "state": OrderState.SIGNED}
    (saved,) = change_orders(desk, [(order, change)], reason)
    desk.room.history.add(entry(desk, saved, "signature", ("", content_digest([saved])), reason))
    _call_off_what_moved(desk, saved)
    tell_orders(desk, "orders_signed", [saved])
    return saved


def _call_off_what_moved(desk: Desk, order: Order) -> None:
    """Call off tests after the new end, and telling and review that spoke of the old one; the signature makes new."""
    pending = desk.room.tasks.find(subject_id=order.id, subject="order", state=list(PENDING))
    over = [
        task
        for task in pending
        if task.kind in ("tell_order", "review_isolation")
        or (task.kind == "test_contact" and task.due_at > order.ends_at + DAY)
    ]
    change_tasks(desk, over, state=TaskState.CANCELLED, reason="clock.order_changed")
