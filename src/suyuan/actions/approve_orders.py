"""An officer signs orders. Only here does a proposal begin to bind somebody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from suyuan.actions.desk import Desk, Stale, deed
from suyuan.actions.order_life import content_digest, entry, may_move, require_all, tell_orders
from suyuan.actions.order_reasons import rights
from suyuan.terms import BadInput, BadUsage, NothingFound, Order, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveOrders:
    """The orders to sign. ``digest`` is the fingerprint of what the officer was shown, empty where nothing was."""

    order_ids: tuple[int, ...]
    digest: str = ""
    reason: str = ""


@deed("sign_order", "orders/approve")
def approve_orders(desk: Desk, command: ApproveOrders) -> int:
    """Sign proposed orders, all or none, and return how many.

    The signature covers each order's content by its digest, kept in the order's history beside the officer's name. If
    a digest of what was shown comes along and an order has changed since, nothing is signed.
    """
    orders = orders_named(desk, command.order_ids)
    desk.require_named()
    require_all(desk, "sign_order", orders)
    may_move(orders, (OrderState.PROPOSED,))
    if command.digest and command.digest != content_digest(orders):
        raise Stale("order.not_as_shown", theirs=None)
    most = rights().orders.most_days
    for order in orders:
        if order.ends_at <= desk.now:
            raise BadInput("order.over", id=order.id)
        if (order.ends_at - max(order.starts_at, desk.now)).days > most:
            raise BadInput("order.too_long", id=order.id, most=most)
    sign(desk, orders, command.reason)
    tell_orders(desk, "orders_signed", orders)
    return len(orders)


def orders_named(desk: Desk, ids: tuple[int, ...]) -> list[Order]:
    """Return the orders, each once.

    Raises
    ------
    BadUsage, NothingFound
        If none is named, or one does not exist.
    """
    wanted = sorted(set(ids))
    if not wanted:
        raise BadUsage("order.none_named")
    orders = desk.room.orders.find(id=wanted)
    if len(orders) != len(wanted):
        missing = set(wanted) - {order.id for order in orders}
        raise NothingFound("room.no_such", kind="Order", id=min(missing))
    return orders


def sign(desk: Desk, orders: list[Order], reason: str) -> list[Order]:
    """Put the acting officer's signature under orders: state, instant, officer.

    One line of history holds all of it: who, when, in place of which state, over which content.
    """
    desk.require_named()
    change: dict[str, Any] = {"state": OrderState.SIGNED, "signed_at": desk.now, "signed_by": desk.officer.id}
    lines = [entry(desk, order, "signature", (order.state, content_digest([order])), reason) for order in orders]
    signed = desk.room.orders.save_all([replace(order, **change) for order in orders])
    desk.room.history.add_all(lines)
    return signed
