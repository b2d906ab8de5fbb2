from __future__ import annotations

import sys
from pathlib import Path

import pytest

from suyuan.actions.all_deeds import all_deeds
from suyuan.actions.desk import CLOCKWORK, NotAllowed, perform
from suyuan.actions.order_life import binds
from suyuan.store import models as rows
from suyuan.terms import BadInput, OrderKind, OrderState, Ring, TaskState, Vulnerability

sys.path.insert(0, str(Path(__file__).parent))
from orders_world import (
    accept,
    case_in,
    contact_in,
    orders_of,
    person_in,
    proposed,
    settle,
    tasks_of,
    tell,
)  # fmt: skip


def test_an_accepted_contact_is_proposed_the_steps_of_the_edition(office, incident):
    """The ninth edition counts seven days from the last exposure, then three of monitoring; both steps say why."""
    facility, monitoring = proposed(office, incident)
    assert (facility.kind, monitoring.kind) == (OrderKind.QUARANTINE_FACILITY, OrderKind.MONITORING)
    assert facility.state is OrderState.PROPOSED
    # met on 7 July 09:00 in the city: day 7 is the 14th, and orders end at noon of the place
    assert facility.ends_at.isoformat() == "2022-07-14T04:00:00+00:00"
    assert monitoring.starts_at == facility.ends_at
    assert monitoring.ends_at.isoformat() == "2022-07-17T04:00:00+00:00"
    because = facility.because
    assert because["rule"] == "close"
    assert because["edition"]["id"] == "covid19-9"
    assert because["source"]["clause"]
    assert because["evidence"]["minutes"] == 35
    assert because["steps"] == [["facility", "2022-07-08", "2022-07-14"], ["monitoring", "2022-07-14", "2022-07-17"]]
    assert because["tests"] == ["2022-07-08", "2022-07-09", "2022-07-10", "2022-07-12", "2022-07-14"]


def test_a_fact_heard_twice_proposes_once(office, incident):
    """The cause of a proposal holds the fact it follows from, so a second delivery makes nothing."""
    proposed(office, incident)
    rows.DeliveryRow.objects.all().delete()
    settle(office)
    assert len(orders_of(office)) == 2
    assert len(tasks_of(office, kind="sign_orders")) == 1


def test_a_proposal_binds_nobody(office, incident, clock):
    """No proposal binds at any instant, and no clock makes it do so."""
    for order in proposed(office, incident):
        assert not binds(order, clock.now())
        assert not binds(order, order.starts_at)


def test_what_binds_is_never_signed_by_the_clock(office, incident):
    """Signing by a program is refused, whatever it trusts itself to do."""
    ids = tuple(order.id for order in proposed(office, incident))
    deed = all_deeds()["approve_orders"]
    with pytest.raises(NotAllowed):
        perform(office, CLOCKWORK, deed, deed.command(order_ids=ids), key="clock")
    assert {order.state for order in orders_of(office)} == {OrderState.PROPOSED}


@pytest.mark.parametrize(
    ("fields", "kind", "who"),
    [
        ({"vulnerabilities": (Vulnerability.PREGNANT,)}, OrderKind.QUARANTINE_HOME, "pregnant"),
        ({"vulnerabilities": (Vulnerability.DIALYSIS, Vulnerability.MINOR)}, OrderKind.QUARANTINE_HOME, "dialysis"),
        ({"birth_year": 2012}, OrderKind.QUARANTINE_HOME, "minor"),
        ({"vulnerabilities": (Vulnerability.LIVES_ALONE,)}, OrderKind.QUARANTINE_FACILITY, "lives_alone"),
        ({"birth_year": 1980}, OrderKind.QUARANTINE_FACILITY, None),
    ],
)
def test_who_should_not_be_alone_in_a_facility_is_placed_with_the_reason(office, incident, fields, kind, who):
    """Place follows vulnerability by data, the first rule that fits, and the order says which."""
    first = proposed(office, incident, **fields)[0]
    assert first.kind is kind
    assert first.because.get("placement", {}).get("for") == who


def test_a_ring_that_the_edition_does_not_quarantine_gets_no_order(office, incident):
    """General contacts are told that they are contacts, and nothing more."""
    contact = contact_in(office, incident, person_in(office), ring=Ring.GENERAL)
    accept(office, incident, contact)
    assert orders_of(office) == []
    assert [task.kind for task in tasks_of(office, subject="contact")] == ["notify_contact"]


def test_a_term_that_is_over_is_not_proposed(office, incident):
    """Whoever was last exposed long ago has no step left to serve."""
    accept(office, incident, contact_in(office, incident, person_in(office), days_ago=12))
    assert orders_of(office) == []


def test_one_signing_task_for_a_district_however_many_orders(office, incident):
    """Fifty proposals of one district are one task for the officer, two districts are two."""
    proposed(office, incident, 25)
    proposed(office, incident, 1, area="990102001")
    assert sorted(task.district for task in tasks_of(office, kind="sign_orders")) == ["990101", "990102"]


def test_a_confirmed_case_is_proposed_isolation_with_an_end(office, incident):
    """Where the edition names no days, the longest term of one signature is the end: never an order without one."""
    case = case_in(office, incident, person_in(office))
    tell(office, "case_confirmed", case.id, incident)
    (order,) = orders_of(office)
    assert order.kind is OrderKind.ISOLATION
    assert order.ends_at.isoformat() == "2022-07-29T04:00:00+00:00"
    assert order.because["least_days"] is False
    assert order.because["release_rule"]["zh"]


def test_removed_contacts_lose_their_proposals_and_signed_orders_come_before_an_officer(office, incident, act, officer):
    """A proposal without ground falls; what is signed stays until an officer decides, with a task that says so."""
    facility, monitoring = proposed(office, incident)
    act("approve_orders", officer("commander"), order_ids=(facility.id,))
    tell(office, "contacts_removed", incident, incident, contact_ids=[facility.subject_id])
    states = {order.kind: order.state for order in orders_of(office)}
    assert states == {OrderKind.QUARANTINE_FACILITY: OrderState.SIGNED, OrderKind.MONITORING: OrderState.REFUSED}
    assert [task.subject_id for task in tasks_of(office, kind="revoke_order")] == [facility.id]
    reasons = rows.HistoryRow.objects.filter(subject="order", subject_id=monitoring.id).values_list("reason", flat=True)
    assert "clock.contact_removed" in reasons


def test_a_ruled_out_case_takes_its_contacts_orders_with_it(office, incident):
    """The isolation of the case and the quarantine of those who met it have lost their ground together."""
    case = case_in(office, incident, person_in(office, "c"))
    tell(office, "case_confirmed", case.id, incident)
    accept(office, incident, contact_in(office, incident, person_in(office, "k"), infector_case_id=case.id))
    assert len(orders_of(office, state=OrderState.PROPOSED)) == 3
    tell(office, "case_ruled_out", case.id, incident)
    assert {order.state for order in orders_of(office)} == {OrderState.REFUSED}
    assert {task.state for task in tasks_of(office, kind="sign_orders")} == {TaskState.DONE}


def test_a_recovered_case_is_free_at_once(office, incident, act, officer):
    """Isolation ends when the case does: freeing somebody waits for no signature."""
    case = case_in(office, incident, person_in(office))
    tell(office, "case_confirmed", case.id, incident)
    (order,) = orders_of(office)
    act("approve_orders", officer("commander"), order_ids=(order.id,))
    tell(office, "case_ended", case.id, incident, course="recovered")
    (order,) = orders_of(office)
    assert order.state is OrderState.ENDED
    assert not binds(order, office.clock.now())


def test_later_information_replaces_a_proposal_but_not_a_signed_order(office, incident, act, officer):
    """A proposal follows what is known; a signed order is looked at by an officer."""
    facility, _ = proposed(office, incident)
    accept_again = {"contact_ids": [facility.subject_id]}
    tell(office, "contacts_accepted", incident, incident, **accept_again)
    assert [order.state.value for order in orders_of(office)] == ["refused", "refused", "proposed", "proposed"]
    third = orders_of(office)[2]
    act("approve_orders", officer("commander"), order_ids=(third.id, third.id + 1))
    rows.ContactRow.objects.filter(id=facility.subject_id).update(last_exposure=office.clock.now())
    tell(office, "contacts_accepted", incident, incident, **accept_again)
    assert len(orders_of(office)) == 4
    assert {task.subject_id for task in tasks_of(office, kind="review_order")} == {third.id, third.id + 1}


def test_an_order_by_hand_has_a_reason_and_a_term(office, incident, act, officer):
    """Nobody is proposed for anything without a reason, for longer than the rules allow, or twice for the same."""
    person = person_in(office)
    commander = officer("commander")
    far, soon = office.clock.now().replace(month=9), office.clock.now().replace(day=12)
    fields = {"incident_id": incident, "person_id": person.id, "kind": OrderKind.CONTROL}
    with pytest.raises(BadInput, match="21 days"):
        act("propose_order", commander, **fields, ends_at=far, reason="x")
    with pytest.raises(BadInput, match="why"):
        act("propose_order", commander, **fields, ends_at=soon, reason=" ")
    assert act("propose_order", commander, **fields, ends_at=soon, reason="left the site")
    with pytest.raises(BadInput, match="already"):
        act("propose_order", commander, **fields, ends_at=soon, reason="again")
