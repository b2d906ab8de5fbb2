"""Days side by side: what contradicts, what is missing, on which civil day it stands."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from suyuan.actions.time_line import Statement, find_contradictions, time_line

ZONE = "Asia/Shanghai"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-07-{text}").replace(tzinfo=ZoneInfo(ZONE))


def said(start: str, end: str, place: str = "home", kind: str = "home") -> Statement:
    return Statement(at(start), at(end), place, kind, "interview")


def known(start: str, end: str, place: str = "P-1", kind: str = "market", source: str = "check-in") -> Statement:
    return Statement(at(start), at(end), place, kind, source)


@pytest.mark.parametrize(
    ("record", "n"),
    [
        (known("05T18:10", "05T18:40"), 1),
        (known("05T18:10", "05T18:12"), 1),
        (known("05T18:10", "05T18:10", source="payment"), 1),
        (known("05T17:50", "05T18:10"), 0),
        (known("05T20:00", "05T20:30"), 0),
        (known("05T18:10", "05T18:40", place="HOME", kind="other"), 0),
        (known("05T18:10", "05T18:40", kind="home"), 0),
    ],
    ids=[
        "overlap",
        "short record inside",
        "one instant",
        "ten minutes at the edge",
        "touches",
        "same name",
        "same kind",
    ],
)
def test_only_places_that_differ_for_long_enough_contradict(record, n):
    """Ten minutes are people's rounding; another name of the same kind of place is left to the reader."""
    assert len(find_contradictions([said("05T18:00", "05T20:00"), record])) == n


def test_two_records_never_contradict_each_other():
    """Only the interview is asked again: two records that differ are another office's matter."""
    rows = [known("05T18:00", "05T20:00"), known("05T18:00", "05T20:00", place="P-2", kind="clinic", source="payment")]
    assert find_contradictions(rows) == []


def test_a_stay_over_midnight_stands_in_both_days_and_a_gap_is_cut_at_midnight():
    """Every civil day of the span is there, with what touches it; hours nobody tells of are shown in their days."""
    days = time_line([said("05T22:00", "06T07:00")], (at("05T00:00"), at("07T12:00")), ZONE)
    assert [day.day.day for day in days] == [5, 6, 7]
    assert [len(day.statements) for day in days] == [1, 1, 0]
    assert [day.gaps for day in days] == [
        ((at("05T00:00"), at("05T22:00")),),
        ((at("06T07:00"), at("07T00:00")),),
        ((at("07T00:00"), at("07T12:00")),),
    ]


def test_short_silences_are_no_gaps_and_nothing_outside_the_span_counts():
    """Less than four hours without a statement is not asked about; what lies outside the days is left out."""
    rows = [said("05T00:00", "05T09:00"), known("05T12:00", "05T23:00"), said("09T00:00", "09T09:00")]
    (day,) = time_line(rows, (at("05T00:00"), at("05T23:30")), ZONE)
    assert (len(day.statements), day.gaps) == (2, ())
