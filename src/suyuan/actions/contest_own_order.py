"""A person contests an order about themselves, without going through anybody who works here."""

from __future__ import annotations

from dataclasses import dataclass, field

from suyuan.actions.contest_order import receive
from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadUsage, ContestState, NothingFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestOwnOrder:
    """Which order, and what the person says."""

    order_id: int
    words: str = field(metadata={"personal": True}, repr=False)


@deed("own_person", "me/orders/{order_id}/contest")
def contest_own_order(desk: Desk, command: ContestOwnOrder) -> int:
    """Receive the objection of the very person whom a binding order concerns and return its id.

    Needs no duty: who signed in must be the person of the order. Anybody else's order looks as if it did not exist. The
    order stands until the objection is answered; a second one about the same order waits for that answer.
    """
    orders = desk.room.orders.find(id=command.order_id, person_id=desk.officer.person_id)
    if not orders or not desk.officer.person_id:
        raise NothingFound("room.no_such", kind="Order", id=command.order_id)
    (order,) = orders
    waiting = desk.room.contests.find(order_id=order.id, state=ContestState.OPEN)
    if waiting:
        raise BadUsage("own.contested_already", id=waiting[0].id)
    return receive(desk, order, command.words, desk.now)
