"""A positive result goes through the house (HOUSE.md section 3), whatever the machine and the order of facts do."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from walk_world import Walk, Weather, end_state, facts

from room_logs import there
from suyuan.store import models as rows
from suyuan.store.audit import verify_audit

QUICK_EVERY = 12
"""The quick suite dies at every twelfth writing transaction, the long one at each."""


@pytest.fixture
def walking(office, officer):
    """Walk in a house of its own and return what it leaves behind, and the weather that was."""
    from django.conf import settings

    logs = Path(settings.SUYUAN_HOME) / "logs"
    who = officer("commander", "9901", also=("analyst", "investigator"))

    def go(weather=None, look=end_state, **how):
        weather = weather or Weather()
        with transaction.atomic():
            walk = Walk(office, who, logs, weather)
            walk.run(**how)
            left = look() if look in (end_state, facts) else look(walk)
            assert verify_audit().broken_at == 0
            transaction.set_rollback(True)  # the next walk finds an empty house
        return left

    return go


def test_the_walk_ends_with_every_order_over(walking):
    """Contacts are accepted, orders signed by a named officer and told, and every quarantine is ended by the clock."""

    def look(walk):
        orders = rows.OrderRow.objects.filter(incident_id=walk.incident)
        return {
            "contacts": set(rows.ContactRow.objects.values_list("person__code", "state")),
            "people": set(orders.values_list("person__code", flat=True)),
            "told": orders.filter(told_at=None).count(),
            "signed_by": set(orders.values_list("signed_by", flat=True)) == {walk.officer.id},
            "quarantine": set(orders.filter(subject="contact").values_list("state", flat=True)),
        }

    found = walking(look=look)
    assert {code for code, _ in found["contacts"]} == {"P2", "P3", "P4", "P5"}
    assert {"P1", "P2", "P3", "P5"} <= found["people"]
    assert found["told"] == 0
    assert found["signed_by"]
    assert found["quarantine"] == {"ended"}


def test_every_fact_twice_changes_nothing(walking):
    """Receivers that hear every fact a second time leave the same house, and tell nothing twice."""
    assert walking(Weather(twice=True)) == walking()
    assert walking(Weather(twice=True), look=facts) == walking(look=facts)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_disorder_changes_nothing(walking, seed):
    """Facts delivered in any order leave the same house."""
    assert walking(Weather(shuffled=seed, twice=seed == 3)) == walking()


def test_late_information_ends_where_early_information_does(walking):
    """Whether the fourth pupil is known before the confirmation or after the acceptance, the same people are bound."""

    def look(_walk):
        state = end_state()
        return {name: state[name] for name in ("cases", "contacts", "orders", "follow_ups")}

    assert walking(late="after", look=look) == walking(late="before", look=look)


def test_tracing_again_keeps_the_same_ids(walking):
    """Tracing again keeps contacts and orders by id; a corrected onset stands beside what was said first."""

    def look(walk):
        before = set(rows.ContactRow.objects.values_list("id", "person__code"))
        orders = set(rows.OrderRow.objects.values_list("id", flat=True))
        first = rows.CaseRow.objects.get(id=walk.case).onset_at
        for _ in range(2):
            walk.do("retrace_incident", incident_id=walk.incident)
            walk.settle()
        assert set(rows.ContactRow.objects.values_list("id", "person__code")) == before
        assert set(rows.OrderRow.objects.values_list("id", flat=True)) == orders
        walk.do("correct_case", case_id=walk.case, onset_at=there("07-05 00:00"), reason="remembered better")
        walk.settle()
        kept = rows.HistoryRow.objects.filter(subject="case", subject_id=walk.case, what="onset_at").latest("id")
        same = set(rows.ContactRow.objects.values_list("id", "person__code")) >= before
        return same, datetime.fromisoformat(kept.before) == first

    assert walking(look=look) == (True, True)


def _deaths(walking, after_commit, step, first):
    calm = Weather(after_commit=after_commit)
    expected = walking(calm)
    assert calm.n_writes > 20
    for at in range(first, calm.n_writes + 1, step):
        weather = Weather(dies_at=at, after_commit=after_commit)
        assert walking(weather) == expected, f"died at transaction {at}"
        assert weather.n_writes >= at
    return calm.n_writes


@pytest.mark.parametrize("after_commit", [False, True], ids=["before-commit", "after-commit"])
def test_a_crash_between_steps_changes_nothing(walking, after_commit):
    """The machine dies at a transaction, the officer sends the same key again: the house ends the same."""
    _deaths(walking, after_commit, QUICK_EVERY, 2)


@pytest.mark.slow
@pytest.mark.parametrize("after_commit", [False, True], ids=["before-commit", "after-commit"])
def test_a_crash_between_every_two_steps_changes_nothing(walking, after_commit):
    """As above, at every single transaction of the walk."""
    _deaths(walking, after_commit, 1, 1)
