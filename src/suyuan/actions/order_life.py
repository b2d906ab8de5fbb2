"""What an order is at an instant, what its signature covers, and how its changes are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from suyuan.actions.desk import Desk
from suyuan.terms import BINDING, BadUsage, HistoryEntry, Order, OrderState

LIVE = (OrderState.PROPOSED, *BINDING)
"""States from which an order can still bind somebody."""
CHUNK = 500
"""Orders named by one fact."""
DAY = timedelta(days=1)


def binds(order: Order, at: datetime) -> bool:
    """Tell whether an order binds its person at an instant: signed by an officer, begun, not over.

    Needs no clock to have run: an order past its end binds nobody, whatever its state still says.
    """
    if order.state not in BINDING or order.signed_at is None or not order.signed_by:
        return False
    return max(order.starts_at, order.signed_at) <= at < order.ends_at


def time_in_force(order: Order, now: datetime) -> timedelta:
    """Time for which an order has bound its person until now: what person-days are summed from.

    From the later of its start and its signature until the earliest of now, its end, and its revocation.
    """
    if order.signed_at is None:
        return timedelta(0)
    ends = min(now, order.ends_at, order.ended_at or order.ends_at)
    return max(timedelta(0), ends - max(order.starts_at, order.signed_at))


def content_digest(orders: Iterable[Order]) -> str:
    """Fingerprint of what orders ask of whom, from when to when, and why: what a signature is bound to."""
    content = [
        [o.id, o.person_id, o.kind, o.starts_at, o.ends_at, o.subject, o.subject_id, o.because]
        for o in sorted(orders, key=lambda order: order.id)
    ]
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


def may_move(orders: Sequence[Order], allowed: Sequence[OrderState]) -> None:
    """Stop unless every order is in one of the states.

    Raises
    ------
    BadUsage
        Naming the first that is not.
    """
    for order in orders:
        if order.state not in allowed:
            raise BadUsage("order.wrong_state", id=order.id, state=order.state.value, allowed=", ".join(allowed))


def require_all(desk: Desk, right: str, orders: Iterable[Order]) -> None:
    """Stop unless the officer has the right in the area of every order."""
    for area in sorted({order.area for order in orders}):
        desk.require(right, area)


def move_orders(desk: Desk, orders: Sequence[Order], state: OrderState, reason: str, **changes: Any) -> list[Order]:
    """Bring orders into another state, each with a line of history that says who, when and why."""
    return change_orders(desk, [(order, {"state": state, **changes}) for order in orders], reason)


def change_orders(desk: Desk, changed: Sequence[tuple[Order, dict[str, Any]]], reason: str) -> list[Order]:
    """Change fields of orders; state, start and end leave a line of history each."""
    lines = [
        entry(desk, order, what, (getattr(order, what), changes[what]), reason)
        for order, changes in changed
        for what in ("state", "starts_at", "ends_at")
        if what in changes and changes[what] != getattr(order, what)
    ]
    saved = desk.room.orders.save_all([replace(order, **changes) for order, changes in changed])
    desk.room.history.add_all(lines)
    return saved


def entry(desk: Desk, order: Order, what: str, change: tuple[Any, Any], reason: str) -> HistoryEntry:
    """Return one line of an order's history."""
    before, after = (each.isoformat() if isinstance(each, datetime) else str(each) for each in change)
    return HistoryEntry(
        subject="order", subject_id=order.id, incident_id=order.incident_id, what=what, before=before, after=after,
        occurred_at=desk.now, recorded_at=desk.now, officer_id=desk.officer.id, reason=reason,
    )  # fmt: skip


def tell_orders(desk: Desk, kind: str, orders: Sequence[Order]) -> None:
    """Tell a fact about orders, in chunks of one incident each, a person's orders side by side."""
    by_incident: dict[int, list[Order]] = {}
    for order in sorted(orders, key=lambda each: (each.subject, each.subject_id, each.id)):
        by_incident.setdefault(order.incident_id, []).append(order)
    for incident_id, some in by_incident.items():
        for start in range(0, len(some), CHUNK):
            ids = [order.id for order in some[start : start + CHUNK]]
            desk.tell(kind, incident_id, incident_id, order_ids=ids)
