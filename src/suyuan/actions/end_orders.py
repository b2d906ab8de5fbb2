"""Orders end by themselves on their date; proposals that nobody signed in time fall away."""

from __future__ import annotations

from collections.abc import Callable

from suyuan.actions.desk import Desk, Office, perform_by_clock
from suyuan.actions.order_life import change_orders, tell_orders
from suyuan.actions.tick import ticks
from suyuan.terms import BINDING, Order, OrderState

AT_ONCE = 200


@ticks
def end_orders(office: Office) -> int:
    """Write down that orders are over. They bound nobody any more since their date, written down or not."""
    return _in_batches(office, "end_orders", "order_ends", _end)


@ticks
def drop_proposals(office: Office) -> int:
    """Take back proposals whose own end passed before anybody signed."""
    return _in_batches(office, "drop_proposals", "proposal_over", _drop)


def _in_batches(office: Office, name: str, due: str, deal: Callable[[Desk, list[Order]], None]) -> int:
    n = 0
    while True:
        done = perform_by_clock(office, name, lambda desk: _batch(desk, due, deal))
        n += done
        if done < AT_ONCE:
            return n


def _batch(desk: Desk, due: str, deal: Callable[[Desk, list[Order]], None]) -> int:
    ids = desk.room.due_ids(due, desk.now, AT_ONCE)
    orders = desk.room.orders.find(id=ids) if ids else []
    if orders:
        deal(desk, orders)
    return len(orders)


def _end(desk: Desk, orders: list[Order]) -> None:
    over = [order for order in orders if order.state in BINDING and order.ends_at <= desk.now]
    changed = [(order, {"state": OrderState.ENDED, "ended_at": order.ends_at}) for order in over]
    tell_orders(desk, "orders_ended", change_orders(desk, changed, "clock.term_over"))


def _drop(desk: Desk, orders: list[Order]) -> None:
    over = [order for order in orders if order.state is OrderState.PROPOSED and order.ends_at <= desk.now]
    changed = [(order, {"state": OrderState.REFUSED, "ended_at": desk.now}) for order in over]
    tell_orders(desk, "orders_refused", change_orders(desk, changed, "clock.never_signed"))
