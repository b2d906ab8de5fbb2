from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from orders_world import orders_of, proposed, settle, tasks_of

from suyuan.actions.desk import NotAllowed
from suyuan.actions.tick import tick
from suyuan.store import models as rows
from suyuan.terms import BadInput, BadUsage, OrderState, TaskState

SITE = "990101001001"
WORDS = "I was at my mother's that day"


@pytest.fixture
def signer(officer):
    """The commander who signed."""
    return officer("commander", "990101")


@pytest.fixture
def orders(office, incident, act, signer):
    """Two signed orders of one contact."""
    act("approve_orders", signer, order_ids=tuple(order.id for order in proposed(office, incident)))
    return orders_of(office)


@pytest.fixture
def contest(act, officer, orders):
    """An open contest of the first."""
    return act("contest_order", officer("community_worker", SITE), order_id=orders[0].id, words=WORDS)


def test_a_contest_is_sealed_and_starts_its_clock(contest, office):
    """What the person wrote is nowhere in the open, the answer is due in 24 hours, and somebody has the task."""
    row = rows.ContestRow.objects.get(id=contest)
    assert WORDS.encode() not in bytes(row.words)
    assert WORDS not in str(list(rows.AuditRow.objects.values_list("detail", flat=True)))
    assert WORDS not in str(list(rows.FactRow.objects.values_list("values", flat=True)))
    assert row.due_at - row.received_at == timedelta(hours=24)
    assert tasks_of(office, kind="decide_contest")[0].due_at == row.due_at
    with office.open_room() as room:
        assert room.contests.get(contest).words == WORDS


def test_who_signed_does_not_decide(contest, act, signer):
    """The signer has the right to decide contests, but not this one."""
    with pytest.raises(NotAllowed, match="somebody else"):
        act("decide_contest", signer, contest_id=contest, outcome="uphold", words="no")


def test_who_extended_does_not_decide_either(contest, orders, act, officer):
    """Every signature under an order counts, the shortening one too."""
    other = officer("commander", "990101")
    act("change_order", other, order_id=orders[0].id, ends_at=orders[0].ends_at - timedelta(days=1), reason="tests")
    with pytest.raises(NotAllowed):
        act("decide_contest", other, contest_id=contest, outcome="uphold", words="no")


def test_without_the_right_to_sign_nobody_decides(contest, act, officer):
    """A duty officer receives contests and decides none."""
    with pytest.raises(NotAllowed):
        act("decide_contest", officer("duty_officer", "990101"), contest_id=contest, outcome="uphold", words="no")


def test_while_it_is_open_the_order_stands_and_cannot_be_extended(contest, orders, act, signer, office):
    """A contest takes nothing away and gives nothing more."""
    with pytest.raises(BadUsage, match="contests order"):
        act("change_order", signer, order_id=orders[0].id, ends_at=orders[0].ends_at + timedelta(days=1), reason="x")
    assert orders_of(office)[0].state is OrderState.SIGNED


def test_upheld_the_order_stands_and_the_person_is_told(contest, act, officer, office):
    """The decision closes its task and makes the one of telling the person."""
    judge = officer("commander", "9901")
    with pytest.raises(BadInput):
        act("decide_contest", judge, contest_id=contest, outcome="uphold", words=" ")
    assert act("decide_contest", judge, contest_id=contest, outcome="uphold", words="The receipt shows it") == "upheld"
    assert orders_of(office)[0].state is OrderState.SIGNED
    assert tasks_of(office, kind="decide_contest")[0].state is TaskState.DONE
    assert tasks_of(office, kind="tell_decision")[0].state is TaskState.OPEN
    with pytest.raises(BadUsage):
        act("decide_contest", judge, contest_id=contest, outcome="revoke", words="after all")


@pytest.mark.parametrize(("all_steps", "states"), [(True, ["revoked"] * 2), (False, ["revoked", "signed"])])
def test_granted_the_order_is_taken_back(contest, act, officer, office, all_steps, states):
    """Alone, or with every step of the same quarantine."""
    judge = officer("commander", "9901")
    fields = {"contest_id": contest, "outcome": "revoke", "words": "He was not there", "all_steps": all_steps}
    assert act("decide_contest", judge, **fields) == "granted"
    settle(office)
    assert [order.state.value for order in orders_of(office)] == states


def test_granted_in_part_the_order_is_shortened(contest, orders, act, officer, office):
    """A new end must be given, sooner than the old one."""
    judge, order = officer("commander", "9901"), orders[0]
    fields = {"contest_id": contest, "outcome": "shorten", "words": "Last met a day before"}
    with pytest.raises(BadInput):
        act("decide_contest", judge, **fields)
    with pytest.raises(BadInput):
        act("decide_contest", judge, **fields, ends_at=order.ends_at + timedelta(days=1))
    sooner = order.ends_at - timedelta(days=1)
    assert act("decide_contest", judge, **fields, ends_at=sooner) == "granted"
    assert orders_of(office)[0].ends_at == sooner


def test_a_late_contest_alarms_once(contest, office, clock):
    """Past its time the supervision has a task and the outbox a fact, however often the clock ticks."""
    clock.move(hours=23)
    assert tick(office)["watch_contests"] == 0
    clock.move(hours=2)
    assert [tick(office)["watch_contests"] for _ in range(3)] == [1, 0, 0]
    assert rows.FactRow.objects.filter(kind="contest_late").count() == 1


def test_only_a_binding_order_is_contested_and_only_with_words(office, incident, orders, act, officer):
    """There is nothing to contest in a proposal; an empty objection cannot be answered."""
    worker = officer("community_worker", SITE)
    with pytest.raises(BadInput):
        act("contest_order", worker, order_id=orders[0].id, words=" ")
    with pytest.raises(BadInput):
        act(
            "contest_order", worker, order_id=orders[0].id, words="x", received_at=office.clock.now().replace(year=2030)
        )
    act("revoke_orders", officer("commander"), order_ids=(orders[0].id,), reason="error")
    with pytest.raises(BadUsage):
        act("contest_order", worker, order_id=orders[0].id, words="still")
