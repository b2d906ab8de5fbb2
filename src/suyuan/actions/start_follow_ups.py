"""Daily follow-up begins by itself for accepted contacts, discharged cases and people quarantined at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from suyuan.actions.desk import Desk
from suyuan.actions.follow_up_calendar import next_due, rule_of
from suyuan.actions.hearing import hears
from suyuan.actions.order_reasons import RULE_OF, day_of, edition_of, ring_rule
from suyuan.actions.start_follow_up import because_of, begin
from suyuan.actions.stop_follow_up import stop
from suyuan.protocols.follow_up import plan_follow_up
from suyuan.protocols.schedule import plan_quarantine
from suyuan.terms import (
    BINDING,
    Contact,
    ContactState,
    Course,
    Fact,
    FollowUp,
    FollowUpState,
    Incident,
    OrderKind,
    OrderState,
)

KIND_OF = {"close": "close_contact", "contact_of_contact": "contact_of_contact"}


@hears("contacts_accepted", "contacts_changed")
def follow_contacts(desk: Desk, fact: Fact) -> None:
    """Follow accepted contacts until the edition's day of release; late data moves the end, or the ring."""
    incident = desk.room.incidents.get(fact.incident_id)
    ids = list(fact.values["contact_ids"])
    contacts = [each for each in desk.room.contacts.find(id=ids) if each.state is ContactState.ACCEPTED]
    wanted = [each for contact in contacts if (each := _of_contact(desk, incident, contact)) is not None]
    _keep(desk, incident, wanted)
    for kind in KIND_OF.values():
        _stop(desk, kind, [each.subject_id for each in wanted if each.kind != kind], "clock.other_ring")


@hears("case_ended")
def follow_discharged(desk: Desk, fact: Fact) -> None:
    """Follow a case who recovered."""
    case = desk.room.cases.get(fact.subject_id)
    if case.course is not Course.RECOVERED:
        return
    incident = desk.room.incidents.get(case.incident_id)
    rule = rule_of("discharged_case")
    days = plan_follow_up(rule, day_of(case.ended_at or desk.now, incident.timezone))
    if days.ends <= day_of(desk.now, incident.timezone):
        return
    new = FollowUp(
        incident_id=incident.id, person_id=case.person_id, area=case.area, district=case.district,
        kind="discharged_case", subject_id=case.id, starts_on=days.begins, ends_on=days.ends,
        because=because_of("discharged_case", incident) | {"case": case.number},
    )  # fmt: skip
    _keep(desk, incident, [new])


@hears("orders_signed")
def follow_home_quarantined(desk: Desk, fact: Fact) -> None:
    """Follow people whom an order keeps at home and who are not followed as contacts; the order's end is theirs."""
    orders = desk.room.orders.find(id=list(fact.values["order_ids"]), kind=OrderKind.QUARANTINE_HOME)
    orders = [order for order in orders if order.state in BINDING and order.subject != "contact"]
    if not orders:
        return
    incident = desk.room.incidents.get(fact.incident_id)
    zone = incident.timezone
    _keep(
        desk,
        incident,
        [
            FollowUp(
                incident_id=incident.id, person_id=order.person_id, area=order.area, district=order.district,
                kind="home_quarantined", subject_id=order.id, starts_on=day_of(order.starts_at, zone),
                ends_on=max(day_of(order.ends_at, zone), day_of(order.starts_at, zone)),
                because=because_of("home_quarantined", incident) | {"order": order.id},
            )
            for order in orders
        ],
    )  # fmt: skip


@hears("orders_ended")
def end_with_order(desk: Desk, fact: Fact) -> None:
    """End the follow-up of people quarantined at home when their order was taken back."""
    orders = desk.room.orders.find(id=list(fact.values["order_ids"]), state=OrderState.REVOKED)
    _stop(desk, "home_quarantined", [order.id for order in orders], "clock.order_over")


@hears("contacts_removed", "contact_became_case")
def stop_following_contacts(desk: Desk, fact: Fact) -> None:
    """Stop following people who are no longer contacts."""
    ids = list(fact.values.get("contact_ids") or [fact.values["contact_id"]])
    for kind in KIND_OF.values():
        _stop(desk, kind, ids, "clock.no_longer_contact")


def _stop(desk: Desk, kind: str, subject_ids: Sequence[int], reason: str) -> None:
    states = [FollowUpState.ACTIVE, FollowUpState.LOST]
    if subject_ids:
        stop(desk, desk.room.follow_ups.find(subject_id=list(subject_ids), kind=kind, state=states), reason)


def _of_contact(desk: Desk, incident: Incident, contact: Contact) -> FollowUp | None:
    edition = edition_of(incident.protocol)
    rule = ring_rule(edition, contact.ring)
    if rule is None:
        return None
    kind = KIND_OF[RULE_OF[contact.ring]]
    today = day_of(desk.now, incident.timezone)
    quarantine = plan_quarantine(rule, day_of(contact.last_exposure, incident.timezone), today)
    days = plan_follow_up(rule_of(kind), today, quarantine)
    if days.ends <= today:
        return None
    because = because_of(kind, incident) | {"day0": quarantine.day0.isoformat(), "contact": contact.id}
    return FollowUp(
        incident_id=incident.id, person_id=contact.person_id, area=contact.area, district=contact.district, kind=kind,
        subject_id=contact.id, starts_on=today, ends_on=days.ends,
        because={**because, "tests": [day.isoformat() for day in days.tests]},
    )  # fmt: skip


def _keep(desk: Desk, incident: Incident, wanted: Sequence[FollowUp]) -> None:
    """Begin what is new; of what is there, move the end."""
    known = {
        (each.kind, each.subject_id): each
        for each in desk.room.follow_ups.find(
            subject_id=[new.subject_id for new in wanted], kind=sorted({new.kind for new in wanted})
        )
    }
    begin(desk, incident, [new for new in wanted if (new.kind, new.subject_id) not in known])
    moved = [
        _moved(known[new.kind, new.subject_id], new.ends_on, incident.timezone, new.because)
        for new in wanted
        if (new.kind, new.subject_id) in known and known[new.kind, new.subject_id].ends_on != new.ends_on
    ]
    desk.room.follow_ups.save_all(moved)


def _moved(follow_up: FollowUp, ends_on: date, timezone: str, because: dict[str, object]) -> FollowUp:
    state = FollowUpState.LOST if follow_up.state is FollowUpState.LOST else FollowUpState.ACTIVE
    changed = replace(follow_up, ends_on=ends_on, state=state, because=because)
    return replace(changed, next_due_at=next_due(changed, timezone))
