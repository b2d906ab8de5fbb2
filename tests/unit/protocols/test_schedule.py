"""Quarantines as dates, against worked examples of the editions."""

from datetime import date, timedelta

import msgspec
import pytest

from suyuan.protocols import load, names
from suyuan.protocols.schedule import QuarantinePlan, explain_quarantine, plan_quarantine
from suyuan.terms import BadUsage, Quarantine

LAST = date(2022, 3, 1)


def steps_of(plan: QuarantinePlan) -> list[tuple[str, str, str]]:
    return [(step.kind.value, step.begins.isoformat()[5:], step.ends.isoformat()[5:]) for step in plan.steps]


def samples_of(plan: QuarantinePlan) -> list[tuple[str, int, str]]:
    return [(test.kind.value, test.day, test.on.isoformat()[5:]) for test in plan.tests]


def test_the_eighth_edition_keeps_a_contact_fourteen_and_seven_days():
    """Last met on 1 March: facility until 15 March with tests on days 1, 4, 7, 14, monitoring until 22 March."""
    plan = plan_quarantine(load("covid19-8").rings.close, LAST, LAST)
    assert steps_of(plan) == [("facility", "03-01", "03-15"), ("monitoring", "03-15", "03-22")]
    assert samples_of(plan) == [
        ("facility", 1, "03-02"),
        ("facility", 4, "03-05"),
        ("facility", 7, "03-08"),
        ("facility", 14, "03-15"),
    ]
    assert plan.release == date(2022, 3, 22)
    assert plan.n_days == 21


def test_the_ninth_edition_counts_seven_and_three_from_the_last_exposure():
    """Brought in two days late: the test of day 1 is missed, and the release does not move."""
    plan = plan_quarantine(load("covid19-9").rings.close, LAST, LAST + timedelta(days=2))
    assert steps_of(plan) == [("facility", "03-03", "03-08"), ("monitoring", "03-08", "03-11")]
    assert [(test.day, test.on) for test in plan.missed_tests] == [(1, date(2022, 3, 2))]
    assert samples_of(plan)[-1] == ("monitoring", 3, "03-11")
    assert plan.release == date(2022, 3, 11)


def test_a_contact_of_contact_of_the_ninth_edition_stays_home_seven_days():
    """Tests on days 1, 4 and 7 at home; released on day 7."""
    plan = plan_quarantine(load("covid19-9").rings.contact_of_contact, LAST, LAST)
    assert steps_of(plan) == [("home", "03-01", "03-08")]
    assert [test.day for test in plan.tests] == [1, 4, 7]
    assert plan.release == date(2022, 3, 8)


def test_the_twenty_measures_shorten_to_five_and_three():
    """Facility until 6 March, home until 9 March with tests on home days 1 and 3; the outer ring is refused."""
    rings = load("covid19-20").rings
    plan = plan_quarantine(rings.close, LAST, LAST)
    assert steps_of(plan) == [("facility", "03-01", "03-06"), ("home", "03-06", "03-09")]
    assert samples_of(plan)[-2:] == [("home", 1, "03-07"), ("home", 3, "03-09")]
    with pytest.raises(BadUsage, match="does not determine"):
        plan_quarantine(rings.contact_of_contact, LAST, LAST)


def test_counted_from_the_start_of_quarantine_a_late_start_moves_everything():
    """The same steps two days later are over two days later, and no test is missed."""
    ring = msgspec.structs.replace(load("covid19-9").rings.close, counted_from="quarantine_start")
    late = LAST + timedelta(days=2)
    plan = plan_quarantine(ring, LAST, late)
    assert plan.day0 == late
    assert steps_of(plan) == [("facility", "03-03", "03-10"), ("monitoring", "03-10", "03-13")]
    assert not plan.missed_tests
    assert plan.release == late + timedelta(days=10)


def test_who_is_found_after_the_first_step_begins_in_the_second():
    """Found on day 8 of 7 + 3: two days of monitoring are left; found on day 10 or later nothing is."""
    ring = load("covid19-9").rings.close
    plan = plan_quarantine(ring, LAST, LAST + timedelta(days=8))
    assert steps_of(plan) == [("monitoring", "03-09", "03-11")]
    over = plan_quarantine(ring, LAST, LAST + timedelta(days=12))
    assert (over.steps, over.n_days, over.tests) == ((), 0, ())
    assert over.release == LAST + timedelta(days=10)


def test_who_was_quarantined_with_the_case_stays_until_the_same_release():
    """A start before the last exposure lengthens the first step and leaves days and release as they are."""
    plan = plan_quarantine(load("covid19-9").rings.close, LAST, LAST - timedelta(days=3))
    assert plan.steps[0].begins == LAST - timedelta(days=3)
    assert plan.release == date(2022, 3, 11)


@pytest.mark.parametrize("name", names())
def test_every_edition_gives_steps_that_follow_each_other(name: str):
    """Steps leave no gap, the last ends on the release, tests lie inside, and the reason is told in both languages."""
    edition = load(name)
    plan = plan_quarantine(edition.rings.close, LAST, LAST)
    dates = [LAST, *(step.ends for step in plan.steps)]
    assert [step.begins for step in plan.steps] == dates[:-1]
    assert dates[-1] == plan.release
    assert all(LAST < test.on <= plan.release for test in plan.tests)
    source = edition.sources[plan.source]
    for lang in ("en", "zh"):
        told = explain_quarantine(plan, edition, lang)
        assert source.title in told
        assert plan.release.isoformat() in told


def test_a_date_falls_into_one_step_or_none():
    """The day of the change belongs to the new step; the release belongs to none."""
    plan = plan_quarantine(load("covid19-9").rings.close, LAST, LAST)
    kinds = [step.kind if (step := plan.step_on(LAST + timedelta(days=day))) else None for day in (0, 6, 7, 9, 10)]
    assert kinds == [Quarantine.FACILITY] * 2 + [Quarantine.MONITORING] * 2 + [None]
