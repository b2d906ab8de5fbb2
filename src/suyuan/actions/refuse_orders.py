"""An officer refuses proposed orders, with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.actions.approve_orders import orders_named
from suyuan.actions.desk import Desk, deed
from suyuan.actions.order_life import may_move, move_orders, require_all, tell_orders
from suyuan.terms import BadInput, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseOrders:
    """The proposals that are refused, and why."""

    order_ids: tuple[int, ...]
    reason: str


@deed("sign_order", "orders/refuse")
def refuse_orders(desk: Desk, command: RefuseOrders) -> int:
    """Refuse proposed orders, all or none, and return how many."""
    orders = orders_named(desk, command.order_ids)
    require_all(desk, "sign_order", orders)
    may_move(orders, (OrderState.PROPOSED,))
    if not command.reason.strip():
        raise BadInput("order.needs_reason")
    refused = move_orders(desk, orders, OrderState.REFUSED, command.reason, ended_at=desk.now)
    tell_orders(desk, "orders_refused", refused)
    return len(refused)
