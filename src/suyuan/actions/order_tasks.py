"""Work that orders make: signing, telling, bringing people where they are to be, testing on the edition's days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from suyuan.actions.desk import Desk
from suyuan.actions.hearing import hears
from suyuan.actions.make_tasks import PENDING, NewTask, cancel_tasks, change_tasks, make_tasks
from suyuan.actions.order_reasons import edition_of, hours_of, instant_of, rights
from suyuan.terms import BINDING, Fact, Incident, Order, OrderKind, OrderState, Task, TaskState

SIGNING_HOURS = 2.0
"""Hours in which proposals are looked at: a quarter of the edition's clock for bringing a contact into quarantine."""
TELLING_HOURS = 4.0
MAKES = {
    OrderKind.QUARANTINE_FACILITY: ("transfer_contact", "transfer", "quarantine_contact", "quarantine_contacts"),
    OrderKind.QUARANTINE_HOME: ("home_quarantine", "community", "quarantine_contact", "quarantine_contacts"),
    OrderKind.ISOLATION: ("move_case", "transfer", "transfer_case", "transfer_case"),
}
"""By kind of order: task, group, clock of the edition, task of the plan that has the hours where it has none."""


def in_hours(start: datetime, hours: float) -> datetime:
    """Return the instant some hours later."""
    return start + timedelta(hours=hours)


@hears("orders_proposed")
def ask_for_signature(desk: Desk, fact: Fact) -> None:
    """Make one task for each incident and district with proposals, unless one is open already."""
    orders = desk.room.orders.find(id=list(fact.values["order_ids"]), state=OrderState.PROPOSED)
    first: dict[str, Order] = {}
    for order in orders:
        first.setdefault(order.district, order)
    for district, order in first.items():
        if not _signing_tasks(desk, order.incident_id, district):
            new = NewTask(
                incident_id=order.incident_id, cause=f"sign_orders {order.incident_id} {district} {order.id}",
                kind="sign_orders", group="command", area=district or order.area,
                due_at=in_hours(desk.now, SIGNING_HOURS), subject="incident", subject_id=order.incident_id,
                values={"district": district},
            )  # fmt: skip
            make_tasks(desk, [new])


@hears("orders_signed", "orders_refused", "orders_ended")
def close_signing(desk: Desk, fact: Fact) -> None:
    """Close a district's signing task when no proposal waits there any more."""
    orders = desk.room.orders.find(id=list(fact.values["order_ids"]))
    for incident_id, district in sorted({(order.incident_id, order.district) for order in orders}):
        open_tasks = _signing_tasks(desk, incident_id, district)
        waiting = {"incident_id": incident_id, "district": district, "state": OrderState.PROPOSED}
        if open_tasks and not desk.room.orders.count(**waiting):
            change_tasks(desk, open_tasks, state=TaskState.DONE)


@hears("orders_signed")
def set_to_work(desk: Desk, fact: Fact) -> None:
    """Make the tasks that signed orders need: tell the person, bring them there, test on the days."""
    orders = desk.room.orders.find(id=list(fact.values["order_ids"]), state=list(BINDING))
    if not orders:
        return
    incident = desk.room.incidents.get(fact.incident_id)
    known = {
        (task.kind, task.subject_id)
        for task in desk.room.tasks.find(
            subject_id=[order.subject_id for order in orders if order.subject == "case"], subject="case"
        )
    }
    make_tasks(
        desk,
        [
            new
            for new in _tasks_of(incident, orders)
            if not (new.kind == "move_case" and ("transfer_case", new.subject_id) in known)
        ],
    )


@hears("orders_refused", "orders_ended")
def call_off(desk: Desk, fact: Fact) -> None:
    """Call off what is still to be done for orders that no longer bind."""
    orders = desk.room.orders.find(id=list(fact.values["order_ids"]))
    cancel_tasks(desk, "order", [order.id for order in orders if order.state not in BINDING], "clock.order_over")


def _signing_tasks(desk: Desk, incident_id: int, district: str) -> list[Task]:
    return desk.room.tasks.find(
        subject_id=incident_id, subject="incident", kind="sign_orders", district=district, state=list(PENDING)
    )


def _tasks_of(incident: Incident, orders: Sequence[Order]) -> Iterable[NewTask]:
    told: set[tuple[str, int]] = set()
    edition = edition_of(incident.protocol)
    for order in orders:
        signed = order.signed_at or order.proposed_at
        if (order.subject, order.subject_id) not in told and order.state is OrderState.SIGNED:
            told.add((order.subject, order.subject_id))
            yield _task(order, "tell_order", "community", in_hours(signed, TELLING_HOURS), until=True)
        if order.kind in MAKES:
            kind, group, clock, planned = MAKES[order.kind]
            due = in_hours(max(signed, order.starts_at), hours_of(edition, clock, planned))
            yield _task(order, kind, group, due)
        for day in order.because.get("tests", ()):
            due = instant_of(date.fromisoformat(day) + timedelta(days=1), incident.timezone)
            if due > signed:
                yield _task(order, "test_contact", "screening", due, day=day)
        if order.kind is OrderKind.ISOLATION:
            warned = in_hours(order.ends_at, -rights().orders.warn_hours_before_end)
            yield _task(order, "review_isolation", "medical", max(warned, signed), until=True)


def _task(order: Order, kind: str, group: str, due: datetime, *, day: str = "", until: bool = False) -> NewTask:
    """Make one task of an order; one that speaks of the order's end is another task when the end moves."""
    mark = f" {int(order.ends_at.timestamp())}" if until else f" {day}"
    of_case = order.subject == "case" and kind == "move_case"
    return NewTask(
        incident_id=order.incident_id, cause=f"{kind} {order.id}{mark}".strip(), kind=kind, group=group,
        area=order.area, due_at=due, subject="case" if of_case else "order",
        subject_id=order.subject_id if of_case else order.id, person_id=order.person_id,
        values={"order": order.id, "day": day},
    )  # fmt: skip
