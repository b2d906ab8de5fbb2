"""From an edition and dates to numbers."""

from __future__ import annotations

import math
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from small_logs import at, case

from suyuan.exposure.kernels.shapes import NEVER
from suyuan.exposure.rules import dose_of_meetings, probability_of, rules_of
from suyuan.exposure.window import exposure_window, infectors_of, tracing_window
from suyuan.protocols import load, names
from suyuan.terms import PLACE_KINDS, Case, PersonId

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize("name", names())
def test_every_edition_becomes_rules_of_every_kind(name):
    """The tables hold one row a kind, in the order of the kinds, with the edition's own minutes."""
    edition = load(name)
    rules = rules_of(edition)
    for number, kind in enumerate(PLACE_KINDS):
        close = edition.places[kind].close
        assert rules.close_minutes[number] == (NEVER if close is None else close.minutes)
        assert rules.close_lingering[number] == (0 if close is None else close.lingering_minutes)
    assert rules.milli.max() == 1000


def test_the_dose_of_a_meeting_is_hazard_times_infectiousness_times_time():
    """One hour together at the peak gives 1 - exp(-hazard per hour)."""
    edition = load("covid19-9")
    rules = rules_of(edition)
    home = PLACE_KINDS.index("home")
    peak = rules.first_day + int(np.argmax(rules.milli))
    dose = dose_of_meetings(
        rules, np.array([home]), np.array([peak * 1440]), np.array([60], np.int32), np.array([0], np.int32)
    )
    expected = 1 - math.exp(-edition.places["home"].hazard_per_hour)
    assert probability_of(dose)[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("side", [-1, 1])
def test_outside_the_infectious_days_the_dose_is_nothing(side):
    """A meeting before the first or after the last infectious day carries no dose."""
    rules = rules_of(load("covid19-9"))
    day = rules.first_day - 1 if side < 0 else rules.first_day + len(rules.milli)
    hour = np.array([60], np.int32)
    assert dose_of_meetings(rules, np.array([0]), np.array([day * 1440 + 720]), hour, hour)[0] == 0


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_the_probability_grows_with_the_dose_and_stays_a_probability(one, other):
    """More dose never lowers the probability, and it never leaves 0 to 1."""
    low, high = probability_of(np.array(sorted((one, other))))
    assert 0 <= low <= high <= 1


def test_the_window_of_an_unisolated_case_ends_with_the_editions_horizon():
    """Whoever is still at large is traced until the edition's last day, that day included."""
    edition = load("covid19-9")
    window = tracing_window(case("C", onset="07-06"), edition, SHANGHAI)
    assert (window.end - window.day_zero).days == edition.tracing_window.days_after_onset + 1


def test_civil_days_survive_the_change_of_the_clocks():
    """Two days before an onset on the morning after the clocks went forward are two midnights, not 48 hours."""
    zone = ZoneInfo("Europe/Berlin")
    onset = datetime(2024, 4, 1, tzinfo=zone)
    window = tracing_window(Case(PersonId("C"), onset, None), load("covid19-9"), "Europe/Berlin")
    assert (window.start.hour, window.start.date().isoformat()) == (0, "2024-03-30")
    assert window.day_zero.timestamp() - window.start.timestamp() == 47 * 3600


def test_the_exposure_window_lies_before_the_onset():
    """Backward, the case may have caught it between the longest and the shortest incubation."""
    edition = load("covid19-9")
    window = exposure_window(case("C", onset="07-20"), edition, SHANGHAI)
    assert window.start < window.end <= at("07-21 00:00")
    days = (window.day_zero - window.start).total_seconds() / 86400
    assert days == pytest.approx(edition.exposure_window.earliest_days_before_onset)


def test_infectors_carry_whole_minutes():
    """Windows reach the kernels as minutes since 1970."""
    window = tracing_window(case("C", onset="07-06", isolated="07-07 10:30"), load("covid19-9"), SHANGHAI)
    infectors = infectors_of(np.array([7]), [window])
    assert infectors.end[0] - infectors.onset[0] == 24 * 60 + 10 * 60 + 30
