"""7-1-7 and the shares of follow-up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.reporting.timeliness import (
    EARLY_ACTIONS,
    Indicator,
    TimelinessDates,
    cases_found_in_quarantine,
    cases_isolated_in_time,
    cases_known_as_contacts,
    contacts_found_in_time,
    contacts_seen,
    judge_timeliness,
    tell_timeliness,
)
from suyuan.terms import BadInput


def march(day: int) -> date:
    """A day counted from the first of March 2022."""
    return date(2022, 3, 1) + timedelta(days=day - 1)


ALL_DONE = {name: march(9 + number % 3) for number, name in enumerate(EARLY_ACTIONS)}
WHOLE = TimelinessDates(march(1), march(8), march(9), ALL_DONE)


def test_the_limits_themselves_are_in_time():
    """Detection after 7 days, notification after 1 and response after 7 are met; one day more is missed."""
    actions = dict.fromkeys(EARLY_ACTIONS, march(16))
    met = judge_timeliness(TimelinessDates(march(1), march(8), march(9), actions), march(30))
    assert [(step.days, step.verdict) for step in met.steps] == [(7, "met"), (1, "met"), (7, "met")]
    actions["laboratory"] = march(19)
    missed = judge_timeliness(TimelinessDates(march(1), march(9), march(11), actions), march(30))
    assert [(step.days, step.verdict) for step in missed.steps] == [(8, "missed"), (2, "missed"), (8, "missed")]


def test_an_open_step_runs_until_its_due_day_and_is_overdue_after():
    """A step without its date is running up to and on the due day, overdue the day after."""
    dates = TimelinessDates(march(1), march(2), march(3), {"investigation": march(3)})
    on_due, after = judge_timeliness(dates, march(10)).steps[2], judge_timeliness(dates, march(11)).steps[2]
    assert (on_due.verdict, on_due.due) == ("running", march(10))
    assert (after.verdict, after.over_days) == ("overdue", 1)


def test_an_action_that_does_not_apply_is_not_waited_for():
    """The response is complete on the latest day of the actions that apply."""
    actions = {name: day for name, day in ALL_DONE.items() if name != "coordination"}
    waiting = judge_timeliness(TimelinessDates(march(1), march(8), march(9), actions), march(12))
    settled = judge_timeliness(
        TimelinessDates(march(1), march(8), march(9), actions, frozenset({"coordination"})), march(12)
    )
    assert waiting.open_actions == ("coordination",)
    assert waiting.steps[2].verdict == "running"
    assert (settled.steps[2].days, settled.steps[2].verdict) == (2, "met")


def test_what_was_done_before_the_notification_counts_as_day_zero():
    """A response finished before anybody was notified took no days, never a negative number."""
    actions = dict.fromkeys(EARLY_ACTIONS, march(5))
    report = judge_timeliness(TimelinessDates(march(1), march(5), march(6), actions), march(9))
    assert report.steps[2].days == 0


def test_dates_after_the_day_of_judgement_count_as_not_reached():
    """A date entered for tomorrow does not make today's judgement better."""
    report = judge_timeliness(WHOLE, march(8))
    assert [step.verdict for step in report.steps] == ["met", "running", "unknown"]
    assert report.open_actions == EARLY_ACTIONS


def test_the_bottleneck_is_the_largest_multiple_of_its_target():
    """Three days for a notification outweigh twelve for a detection."""
    dates = TimelinessDates(march(1), march(13), march(16))
    bottleneck = judge_timeliness(dates, march(16)).bottleneck
    assert bottleneck is not None
    assert bottleneck.name == "notify"
    assert judge_timeliness(WHOLE, march(20)).bottleneck is None


@pytest.mark.parametrize(
    "dates",
    [
        {"emergence": march(5), "detection": march(4)},
        {"detection": march(5), "notification": march(4)},
        {"emergence": march(5), "notification": march(4)},
        {"emergence": march(5), "actions": {"laboratory": march(4)}},
    ],
)
def test_dates_that_run_backwards_are_refused_with_both_dates_named(dates):
    """The sentence names both days in both languages."""
    with pytest.raises(BadInput) as refused:
        TimelinessDates(**dates)
    for lang in ("en", "zh"):
        assert "2022-03-05" in refused.value.sentence(lang)
        assert "2022-03-04" in refused.value.sentence(lang)


def test_an_eighth_action_is_a_fault_of_the_program():
    """Only the seven actions exist."""
    with pytest.raises(ValueError, match="none of the seven"):
        TimelinessDates(actions={"banquet": march(3)})


def test_a_worked_example_reads_well_in_english():
    """Golden text: notification late, two actions open."""
    actions = {name: ALL_DONE[name] for name in EARLY_ACTIONS if name not in {"laboratory", "communication"}}
    dates = TimelinessDates(march(1), march(4), march(7), actions)
    assert tell_timeliness(judge_timeliness(dates, march(16)), "en") == (
        "Detection: 3 days, target 7 days: met.",
        "Notification: 3 days, target 1 day: missed by 2 days.",
        "Early response: not yet reached; 9 days gone, target 7 days: overdue by 2 days.",
        "The first early response action was completed on 9 Mar, 2 days after notification.",
        (
            "Early response actions not yet completed: cause confirmed by the laboratory; "
            "risk communication and community engagement."
        ),
        "Bottleneck: Notification, 3 days against a target of 1 day.",
    )


def test_a_worked_example_reads_well_in_chinese():
    """Golden text: everything met; and an event of which only the emergence is known."""
    assert tell_timeliness(judge_timeliness(WHOLE, march(20)), "zh") == (
        "发现：用时 7 天，目标 7 天：达标。",
        "报告：用时 1 天，目标 1 天：达标。",
        "早期处置：用时 2 天，目标 7 天：达标。",
        "首项早期处置行动于3月9日完成，距报告 0 天。",
        "7-1-7 三项目标全部达标。",
    )
    told = tell_timeliness(judge_timeliness(TimelinessDates(march(1)), march(3)), "zh")
    assert told[0] == "发现：尚未完成，已过 2 天，目标 7 天；最迟应在3月8日完成。"
    assert told[3] == "尚无记录的日期：发现、报告。"


def test_a_late_response_names_what_came_last():
    """The bottleneck sentence says which action was completed last, or which are open."""
    late = judge_timeliness(
        TimelinessDates(march(1), march(2), march(3), ALL_DONE | {"analysis": march(20)}), march(30)
    )
    assert tell_timeliness(late, "en")[-1] == (
        "Bottleneck: Early response, 17 days against a target of 7 days, "
        "last completed: epidemiological analysis and first risk assessment."
    )
    still = judge_timeliness(TimelinessDates(march(1), march(2), march(3)), march(30))
    assert "still open: investigation begun" in tell_timeliness(still, "en")[-1]


@given(
    st.lists(st.integers(1, 30).map(march), min_size=3, max_size=3).map(sorted),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
    st.dictionaries(st.sampled_from(EARLY_ACTIONS), st.integers(30, 50).map(march)),
    st.frozensets(st.sampled_from(EARLY_ACTIONS)),
    st.integers(1, 60).map(march),
)
def test_every_event_can_be_told(three, known, actions, skipped, as_of):
    """Whatever is known, every sentence is whole in both languages and days are never negative."""
    emergence, detection, notification = (day if kept else None for day, kept in zip(three, known, strict=True))
    report = judge_timeliness(TimelinessDates(emergence, detection, notification, actions, skipped), as_of)
    assert all(step.days is None or step.days >= 0 for step in report.steps)
    for lang in ("en", "zh"):
        told = tell_timeliness(report, lang)
        assert len(told) >= 4
        assert not any(mark in line for line in told for mark in ("None", "{", "}"))


@pytest.mark.parametrize(
    ("make", "english", "chinese"),
    [
        (contacts_found_in_time, "within 24 hours", "24 小时内"),
        (contacts_seen, "seen that day", "当日随访"),
        (cases_known_as_contacts, "known contacts", "接触者名单"),
        (cases_found_in_quarantine, "in quarantine", "隔离"),
        (cases_isolated_in_time, "within 48 hours", "48 小时内"),
    ],
)
def test_every_indicator_says_part_whole_and_share(make, english, chinese):
    """45 of 60 is told as such, with 75 %, in both languages."""
    indicator = make(45, 60)
    assert indicator.share == 0.75
    for lang, words in (("en", english), ("zh", chinese)):
        assert all(part in indicator.sentence(lang) for part in ("45", "60", "75 %", words))


def test_nobody_to_count_is_no_share():
    """With nobody due there is no percentage, and the sentence says so."""
    nobody = contacts_seen(0, 0)
    assert nobody.share is None
    assert nobody.sentence("en").endswith("there was nobody to count.")


@pytest.mark.parametrize("counts", [(3, 2), (-1, 2)])
def test_a_part_beyond_the_whole_is_refused(counts):
    """Impossible counts are a problem, not a percentage above a hundred."""
    with pytest.raises(BadInput, match="cannot be"):
        Indicator("seen_today", *counts)
