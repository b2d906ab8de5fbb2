from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from orders_world import orders_of, person_in, proposed, settle, tasks_of

from suyuan.actions.desk import NotAllowed, Stale
from suyuan.actions.order_life import binds, content_digest
from suyuan.actions.tell_order import ToldHow
from suyuan.actions.tick import tick
from suyuan.store import models as rows
from suyuan.terms import BadInput, BadUsage, NothingFound, OrderKind, OrderState, TaskState

SITE = "990101001001"


@pytest.fixture
def signed(office, incident, act, officer):
    """Facility and monitoring orders of one contact, signed by the commander of the district."""
    ids = tuple(order.id for order in proposed(office, incident))
    act("approve_orders", officer("commander", "990101"), order_ids=ids, reason="as proposed")
    settle(office)
    return orders_of(office)


def reasons(order):
    return list(rows.HistoryRow.objects.filter(subject="order", subject_id=order.id).values_list("what", "reason"))


def test_a_signature_is_bound_to_what_was_signed(signed):
    """The history keeps who signed and the fingerprint of exactly this content."""
    for order in signed:
        line = rows.HistoryRow.objects.get(subject="order", subject_id=order.id, what="signature")
        assert line.after == content_digest([order])
        assert line.officer_id == order.signed_by
    assert content_digest(signed[:1]) != content_digest(signed[1:])


def test_signing_makes_the_work_it_needs(signed, office):
    """One telling for the person, a transfer within the edition's clock, a test at the end of each day named."""
    facility, monitoring = signed
    kinds = [task.kind for task in tasks_of(office, subject="order")]
    assert (kinds.count("tell_order"), kinds.count("transfer_contact"), kinds.count("test_contact")) == (1, 1, 6)
    transfer = tasks_of(office, kind="transfer_contact")[0]
    assert transfer.due_at - facility.signed_at == timedelta(hours=8)
    first = tasks_of(office, kind="test_contact")[0]
    assert first.due_at.isoformat() == "2022-07-08T16:00:00+00:00"
    assert tasks_of(office, kind="sign_orders")[0].state is TaskState.DONE
    assert monitoring.kind is OrderKind.MONITORING


def test_another_district_may_not_sign(office, incident, act, officer):
    """All or none: without the right in one area nothing of the batch is signed."""
    here, there = proposed(office, incident), proposed(office, incident, area="990102001")
    ids = tuple(order.id for order in [*here, *there])
    with pytest.raises(NotAllowed):
        act("approve_orders", officer("commander", "990101"), order_ids=ids)
    with pytest.raises(NotAllowed):
        act("approve_orders", officer("duty_officer"), order_ids=ids)
    assert {order.state for order in orders_of(office)} == {OrderState.PROPOSED}


def test_only_what_was_shown_is_signed(office, incident, act, officer):
    """A fingerprint of other content is refused, and so are unknown and empty choices."""
    ids = tuple(order.id for order in proposed(office, incident))
    commander = officer("commander")
    with pytest.raises(Stale):
        act("approve_orders", commander, order_ids=ids, digest="0" * 64)
    with pytest.raises(NothingFound):
        act("approve_orders", commander, order_ids=(*ids, 99999))
    with pytest.raises(BadUsage):
        act("approve_orders", commander, order_ids=())
    assert act("approve_orders", commander, order_ids=ids, digest=content_digest(orders_of(office))) == 2


def test_a_term_that_passed_cannot_be_signed(office, incident, act, officer, clock):
    """A signature never reaches into the past; the clock takes such proposals back."""
    first = proposed(office, incident)[0]
    clock.move(days=7)
    with pytest.raises(BadInput, match="past its own end"):
        act("approve_orders", officer("commander"), order_ids=(first.id,))
    assert tick(office)["drop_proposals"] == 1
    assert orders_of(office)[0].state is OrderState.REFUSED


def test_an_order_ends_on_its_date_with_or_without_a_clock(signed, office, clock):
    """One second before its end it binds, at its end it does not; the tick only writes it down, at its date."""
    facility = signed[0]
    assert binds(facility, facility.ends_at - timedelta(seconds=1))
    assert not binds(facility, facility.ends_at)
    clock.move(days=6.5)
    assert tick(office)["end_orders"] == 1
    ended = orders_of(office)[0]
    assert (ended.state, ended.ended_at) == (OrderState.ENDED, facility.ends_at)
    assert ("state", "clock.term_over") in reasons(ended)
    settle(office)
    late = [task for task in tasks_of(office, subject="order", subject_id=ended.id) if task.state is TaskState.OPEN]
    assert late == []


def test_telling_includes_how_to_contest_and_all_that_was_signed_together(signed, office, act, officer):
    """One talk tells the person of every step; it closes the task, and must have explained the contest."""
    worker = officer("community_worker", SITE)
    fields = {"order_id": signed[0].id, "how": ToldHow.WITH_CARER}
    with pytest.raises(BadInput, match="contested"):
        act("tell_order", worker, **fields, contest_explained=False)
    with pytest.raises(BadInput, match="before the signature"):
        act("tell_order", worker, **fields, contest_explained=True, told_at=signed[0].signed_at - timedelta(hours=1))
    assert act("tell_order", worker, **fields, contest_explained=True) == 2
    assert {order.state for order in orders_of(office)} == {OrderState.TOLD}
    assert tasks_of(office, kind="tell_order")[0].state is TaskState.DONE


def test_refusing_and_revoking_ask_for_a_reason_and_call_off_the_work(office, incident, act, officer):
    """Neither happens without a reason; nobody is sent to fetch a person whose order is gone."""
    first, second = (order.id for order in proposed(office, incident))
    commander = officer("commander")
    with pytest.raises(BadInput):
        act("refuse_orders", commander, order_ids=(second,), reason="")
    assert act("refuse_orders", commander, order_ids=(second,), reason="lives abroad") == 1
    act("approve_orders", commander, order_ids=(first,))
    settle(office)
    with pytest.raises(BadInput):
        act("revoke_orders", commander, order_ids=(first,), reason=" ")
    act("revoke_orders", commander, order_ids=(first,), reason="wrong person")
    settle(office)
    assert [order.state.value for order in orders_of(office)] == ["revoked", "refused"]
    assert {task.state for task in tasks_of(office, subject="order")} == {TaskState.CANCELLED}
    with pytest.raises(BadUsage):
        act("approve_orders", commander, order_ids=(first,))


def test_a_change_has_a_reason_a_signature_and_is_told_again(signed, office, act, officer):
    """Shortening and extending are signed anew; tests after the new end are called off; the person is told again."""
    facility = signed[0]
    act("tell_order", officer("community_worker", SITE), order_id=facility.id, how=ToldHow.TELEPHONE,
        contest_explained=True)  # fmt: skip
    other = officer("commander", "990101")
    sooner = facility.ends_at - timedelta(days=3)
    with pytest.raises(BadInput):
        act("change_order", other, order_id=facility.id, ends_at=sooner, reason="")
    with pytest.raises(BadInput):
        act("change_order", other, order_id=facility.id, ends_at=facility.ends_at, reason="same")
    assert act("change_order", other, order_id=facility.id, ends_at=sooner, reason="negative") == "shortened"
    settle(office)
    changed = orders_of(office)[0]
    assert (changed.state, changed.signed_by, changed.ends_at) == (OrderState.SIGNED, other.id, sooner)
    tests = tasks_of(office, kind="test_contact", subject_id=facility.id)
    assert {task.state for task in tests if task.due_at > sooner + timedelta(days=1)} == {TaskState.CANCELLED}
    telling = tasks_of(office, kind="tell_order")
    assert [task.state for task in telling] == [TaskState.DONE, TaskState.OPEN]
    with pytest.raises(BadInput, match="21 days"):
        act("change_order", other, order_id=facility.id, ends_at=sooner + timedelta(days=30), reason="long")
    with pytest.raises(Stale):
        act("change_order", other, order_id=facility.id, ends_at=sooner, reason="x", version=1)


def test_an_order_over_cannot_be_changed(signed, act, officer, clock):
    """What ended by itself is not brought back; a new order needs a new signature."""
    clock.move(days=7)
    with pytest.raises(BadInput, match="past its own end"):
        act("change_order", officer("commander"), order_id=signed[0].id, reason="more",
            ends_at=signed[0].ends_at + timedelta(days=2))  # fmt: skip


def test_home_orders_by_hand_bring_their_own_follow_up(office, incident, act, officer):
    """Whoever is kept at home without being a contact is followed as long as the order runs, and no longer."""
    person, commander = person_in(office), officer("commander")
    number = act("propose_order", commander, incident_id=incident, person_id=person.id, reason="came from zone A",
                 kind=OrderKind.QUARANTINE_HOME, ends_at=office.clock.now() + timedelta(days=5))  # fmt: skip
    act("approve_orders", commander, order_ids=(number,))
    settle(office)
    row = rows.FollowUpRow.objects.get()
    assert (row.kind, str(row.ends_on)) == ("home_quarantined", "2022-07-13")
    act("revoke_orders", commander, order_ids=(number,), reason="zone lifted")
    settle(office)
    row.refresh_from_db()
    assert row.state == "stopped"
