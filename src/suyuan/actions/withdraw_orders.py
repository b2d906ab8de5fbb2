"""What happens to orders when their ground goes: proposals fall, signed orders come before an officer."""

from __future__ import annotations

from collections.abc import Sequence

from suyuan.actions.desk import Desk
from suyuan.actions.hearing import hears
from suyuan.actions.make_tasks import NewTask, cancel_tasks, make_tasks
from suyuan.actions.order_life import LIVE, change_orders, tell_orders
from suyuan.actions.order_tasks import in_hours
from suyuan.actions.propose_orders import withdraw
from suyuan.terms import BINDING, Fact, Order, OrderKind, OrderState

REVOKING_HOURS = 4.0
"""Hours in which an officer decides on an order without ground: every further day is a person-day without a reason."""


@hears("contacts_removed")
def forget_removed_contacts(desk: Desk, fact: Fact) -> None:
    """Take back what was proposed for contacts who were removed; ask for the revocation of what was signed."""
    ids = list(fact.values["contact_ids"])
    _lose_ground(desk, desk.room.orders.find(subject_id=ids, subject="contact", state=list(LIVE)), "contact_removed")
    cancel_tasks(desk, "contact", ids, "clock.contact_removed")


@hears("case_ruled_out")
def forget_ruled_out_case(desk: Desk, fact: Fact) -> None:
    """Do the same for a case that was ruled out: its own isolation, and the quarantine of its contacts."""
    case_id = fact.subject_id
    own = desk.room.orders.find(subject_id=case_id, subject="case", state=list(LIVE))
    contacts = [contact.id for contact in desk.room.contacts.find(infector_case_id=case_id)]
    theirs = desk.room.orders.find(subject_id=contacts, subject="contact", state=list(LIVE)) if contacts else []
    _lose_ground(desk, [*own, *theirs], "case_ruled_out")


@hears("contact_became_case")
def replace_quarantine(desk: Desk, fact: Fact) -> None:
    """Take back proposals of quarantine of a contact who became a case; isolation takes the place of what is signed."""
    ids = [int(fact.values["contact_id"])]
    _lose_ground(desk, desk.room.orders.find(subject_id=ids, subject="contact", state=list(LIVE)), "became_case")


@hears("case_ended")
def end_isolation(desk: Desk, fact: Fact) -> None:
    """End the isolation of a case who recovered or died: nobody stays bound until somebody finds time to sign."""
    orders = desk.room.orders.find(subject_id=fact.subject_id, subject="case", state=list(LIVE))
    withdraw(desk, [order for order in orders if order.state is OrderState.PROPOSED], "clock.case_ended")
    bound = [order for order in orders if order.state in BINDING and order.kind is OrderKind.ISOLATION]
    changed = [(o, {"state": OrderState.ENDED, "ended_at": min(desk.now, o.ends_at)}) for o in bound]
    tell_orders(desk, "orders_ended", change_orders(desk, changed, "clock.case_ended"))


def _lose_ground(desk: Desk, orders: Sequence[Order], why: str) -> None:
    withdraw(desk, [order for order in orders if order.state is OrderState.PROPOSED], f"clock.{why}")
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id, cause=f"revoke_order {order.id} {why}", kind="revoke_order",
                group="command", area=order.area, due_at=in_hours(desk.now, REVOKING_HOURS), subject="order",
                subject_id=order.id, person_id=order.person_id, values={"order": order.id},
            )
            for order in orders
            if order.state in BINDING and order.ends_at > desk.now
        ],
    )  # fmt: skip
