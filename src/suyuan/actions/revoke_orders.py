"""An officer takes back signed orders: from now on they bind nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.actions.approve_orders import orders_named
from suyuan.actions.desk import Desk, deed
from suyuan.actions.order_life import may_move, move_orders, require_all, tell_orders
from suyuan.terms import BINDING, BadInput, Order, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeOrders:
    """The orders to take back, and why."""

    order_ids: tuple[int, ...]
    reason: str


@deed("sign_order", "orders/revoke")
def revoke_orders(desk: Desk, command: RevokeOrders) -> int:
    """Revoke signed orders, all or none, and return how many."""
    orders = orders_named(desk, command.order_ids)
    desk.require_named()
    require_all(desk, "sign_order", orders)
    may_move(orders, BINDING)
    if not command.reason.strip():
        raise BadInput("order.needs_reason")
    return len(revoke(desk, orders, command.reason))


def revoke(desk: Desk, orders: Sequence[Order], reason: str) -> list[Order]:
    """Bring binding orders to their end now."""
    revoked = move_orders(desk, orders, OrderState.REVOKED, reason, ended_at=desk.now)
    tell_orders(desk, "orders_ended", revoked)
    return revoked
