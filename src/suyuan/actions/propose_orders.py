"""Propose orders when contacts are accepted or a case is confirmed. A proposal binds nobody."""

from __future__ import annotations

from collections.abc import Sequence

from suyuan.actions.desk import Desk
from suyuan.actions.hearing import hears
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.actions.order_life import LIVE, move_orders, tell_orders
from suyuan.actions.order_reasons import edition_of, hours_of, isolation_order, load_first_day, quarantine_orders
from suyuan.actions.order_tasks import in_hours
from suyuan.terms import Contact, ContactState, Fact, Incident, Order, OrderState


@hears("contacts_accepted", "contacts_changed")
def propose_quarantine(desk: Desk, fact: Fact) -> None:
    """Propose what the edition asks for contacts accepted or moved by late data, and have them told."""
    incident = desk.room.incidents.get(fact.incident_id)
    contacts = [
        contact
        for contact in desk.room.contacts.find(id=list(fact.values["contact_ids"]))
        if contact.state is ContactState.ACCEPTED
    ]
    _have_them_told(desk, incident, contacts)
    people = {person.id: person for person in desk.room.people.find(id=[each.person_id for each in contacts])}
    cases = {case.id: case.number for case in desk.room.cases.find(id=[c.infector_case_id for c in contacts])}
    wanted = [
        order
        for contact in contacts
        for order in quarantine_orders(
            desk.now, incident, contact, people[contact.person_id], cases.get(contact.infector_case_id, 0), fact.id
        )
    ]
    propose(desk, wanted)


@hears("case_confirmed")
def propose_isolation(desk: Desk, fact: Fact) -> None:
    """Propose the isolation of a confirmed case, and drop what was proposed for the same person as a contact."""
    case = desk.room.cases.get(fact.subject_id)
    if case.classification.value not in ("confirmed", "asymptomatic"):
        return
    propose(desk, [isolation_order(desk.now, desk.room.incidents.get(case.incident_id), case, fact.id)])


def propose(desk: Desk, wanted: Sequence[Order]) -> list[Order]:
    """Keep orders as proposals, those that are there already left alone.

    A proposal that later information moved is withdrawn for the new one. A signed order is never moved: an officer
    is asked to look at it.
    """
    if not wanted:
        return []
    known = {order.cause for order in desk.room.orders.find(cause=[order.cause for order in wanted])}
    new = [order for order in wanted if order.cause not in known]
    subjects = {order.subject for order in new}
    earlier: dict[tuple[str, int], list[Order]] = {}
    for subject in subjects:
        ids = sorted({order.subject_id for order in new if order.subject == subject})
        for order in desk.room.orders.find(subject_id=ids, subject=subject, state=list(LIVE)):
            earlier.setdefault((subject, order.subject_id), []).append(order)
    kept, stale, outdated = [], [], []
    for order in new:
        before = earlier.get((order.subject, order.subject_id), [])
        signed = [each for each in before if each.state is not OrderState.PROPOSED]
        stale += [each for each in before if each.state is OrderState.PROPOSED]
        if signed:
            outdated += [
                o for o in signed if o.subject == "contact" and o.kind is order.kind and o.ends_at != order.ends_at
            ]
        else:
            kept.append(order)
    withdraw(desk, list({order.id: order for order in stale}.values()), "clock.newer_proposal")
    _ask_to_look(desk, outdated)
    made = desk.room.orders.add_all(kept)
    if made:
        tell_orders(desk, "orders_proposed", made)
    return made


def withdraw(desk: Desk, orders: Sequence[Order], reason: str) -> None:
    """Take back proposals that no longer have their ground."""
    if orders:
        tell_orders(desk, "orders_refused", move_orders(desk, orders, OrderState.REFUSED, reason, ended_at=desk.now))


def _ask_to_look(desk: Desk, orders: Sequence[Order]) -> None:
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id, cause=f"review_order {order.id} {order.version}", kind="review_order",
                group="command", area=order.area, due_at=in_hours(desk.now, 24), subject="order", subject_id=order.id,
                person_id=order.person_id, values={"order": order.id},
            )
            for order in {each.id: each for each in orders}.values()
        ],
    )  # fmt: skip


def _have_them_told(desk: Desk, incident: Incident, contacts: Sequence[Contact]) -> None:
    hours = hours_of(edition_of(incident.protocol), "quarantine_contact", "quarantine_contacts")
    group = load_first_day().tasks["determine_contacts"].group
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=incident.id, cause=f"notify_contact {contact.id}", kind="notify_contact", group=group,
                area=contact.area, due_at=in_hours(contact.accepted_at or desk.now, hours), subject="contact",
                subject_id=contact.id, person_id=contact.person_id, values={"contact": contact.id},
            )
            for contact in contacts
        ],
    )  # fmt: skip
