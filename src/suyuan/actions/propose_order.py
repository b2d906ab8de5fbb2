"""Propose an order by hand: for somebody whom no rule of the edition reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suyuan.actions.desk import Desk, deed
from suyuan.actions.order_life import LIVE, tell_orders
from suyuan.actions.order_reasons import edition_of, rights
from suyuan.terms import BadInput, Order, OrderKind, district_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeOrder:
    """What is asked of whom until when, and why. ``starts_at`` empty: from now."""

    incident_id: int
    person_id: int
    kind: OrderKind
    ends_at: datetime
    reason: str
    starts_at: datetime | None = None


@deed("propose_order", "incidents/{incident_id}/orders")
def propose_order(desk: Desk, command: ProposeOrder) -> int:
    """Propose an order for one person and return its id; it binds nobody until an officer signs it."""
    incident = desk.room.incidents.get(command.incident_id)
    person = desk.room.people.get(command.person_id)
    desk.require("propose_order", person.area)
    if not command.reason.strip():
        raise BadInput("order.needs_reason")
    starts = command.starts_at or desk.now
    most = rights().orders.most_days
    if command.ends_at <= max(starts, desk.now) or (command.ends_at - starts).days > most:
        raise BadInput("order.bad_term", most=most)
    edition = edition_of(incident.protocol)
    because = {
        "rule": "officer",
        "edition": {"id": edition.id, "en": edition.name.en, "zh": edition.name.zh},
        "words": command.reason,
        "proposed_by": desk.officer.id,
    }
    same = desk.room.orders.find(person_id=person.id, kind=command.kind, state=list(LIVE))
    if any(order.ends_at > desk.now for order in same):
        raise BadInput("order.already_there", id=same[-1].id)
    made = desk.room.orders.add(
        Order(
            incident_id=incident.id, person_id=person.id, area=person.area, district=district_of(person.area),
            cause=f"by hand {desk.room.number('order by hand')}", kind=command.kind, subject="person",
            subject_id=person.id, starts_at=starts, ends_at=command.ends_at, because=because, proposed_at=desk.now,
        )
    )  # fmt: skip
    tell_orders(desk, "orders_proposed", [made])
    return made.id
