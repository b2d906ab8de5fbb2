"""Who is tested each day, what the tests say, and whom they make a case."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.twin.epidemic_people import NEVER, PeopleState
from suyuan.twin.epidemic_settings import Testing
from suyuan.twin.natural_history import MINUTES_PER_DAY

SENSITIVITY_STARTS_BEFORE = MINUTES_PER_DAY
"""The sensitivity curve begins a day before infectiousness."""

FIRST_SAMPLE, LAST_SAMPLE = 8 * 60, 18 * 60
"""Samples are drawn between 8:00 and 18:00."""


class Reason(IntEnum):
    """Why a person was tested."""

    SYMPTOMS = 0
    OTHER_ILLNESS = 1
    ROUTINE = 2
    SCREENING = 3
    QUARANTINE = 4


class Tests(NamedTuple):
    """Tests of a day, ordered by minute; arrays of shape (test,)."""

    person: NDArray[np.int32]
    sampled_at: NDArray[np.int32]
    reason: NDArray[np.uint8]
    positive: NDArray[np.bool_]


def plan_seeking(
    state: PeopleState, who: NDArray[np.int32], seek_at: NDArray[np.int32], testing: Testing, rng: np.random.Generator
) -> None:
    """Decide when newly infected people will come for a test; written into ``seek_at`` (shape (person,))."""
    ill = who[state.symptomatic[who]]
    ill = ill[rng.random(len(ill)) < testing.seek_share]
    delay = testing.seek_delay.draw(len(ill), rng) * MINUTES_PER_DAY
    seek_at[ill] = state.onset_at[ill] + delay.astype(np.int32)


def p_positive(
    state: PeopleState, person: NDArray[np.int32], minute: NDArray[np.int32], testing: Testing
) -> NDArray[np.float64]:
    """Chance that a sample of each person at each minute is positive."""
    curve = np.array(testing.sensitivity)
    since = minute.astype(np.int64) - state.infectious_from[person] + SENSITIVITY_STARTS_BEFORE
    day = since // MINUTES_PER_DAY
    inside = (state.infected_at[person] <= minute) & (since >= 0) & (day < len(curve))
    return np.where(inside, curve[np.clip(day, 0, len(curve) - 1)], 1 - testing.specificity)


def draw_tests(
    state: PeopleState,
    day: int,
    asked: list[tuple[Reason, NDArray[np.int32]]],
    testing: Testing,
    rng: np.random.Generator,
) -> Tests:
    """Sample people in the day's working hours and read the results.

    Parameters
    ----------
    asked
        People by reason; who is named twice is tested once, for the first reason.
    """
    person = np.concatenate([who for _, who in asked]) if asked else np.zeros(0, np.int32)
    reason = np.repeat([int(why) for why, _ in asked], [len(who) for _, who in asked]).astype(np.uint8)
    person, first = np.unique(person, return_index=True)
    reason = reason[first]
    start = day * MINUTES_PER_DAY
    minute = (start + rng.integers(FIRST_SAMPLE, LAST_SAMPLE, len(person))).astype(np.int32)
    here = ~((state.away_from[person] <= minute) & (minute < state.away_until[person]))
    keep = np.flatnonzero(here | (reason == Reason.QUARANTINE))
    keep = keep[np.argsort(minute[keep], kind="stable")]
    person, reason, minute = person[keep].astype(np.int32), reason[keep], minute[keep]
    return Tests(person, minute, reason, rng.random(len(person)) < p_positive(state, person, minute, testing))


def asked_today(
    seek_at: NDArray[np.int32], day: int, testing: Testing, rng: np.random.Generator
) -> list[tuple[Reason, NDArray[np.int32]]]:
    """List who comes today: the ill, those ill with something else, and those drawn for routine tests."""
    n = len(seek_at)
    end = (day + 1) * MINUTES_PER_DAY
    ill = np.flatnonzero((seek_at >= end - MINUTES_PER_DAY) & (seek_at < end) & (seek_at < NEVER))
    asked = [(Reason.SYMPTOMS, ill.astype(np.int32))]
    for why, share in (
        (Reason.OTHER_ILLNESS, testing.other_fever_per_day),
        (Reason.ROUTINE, testing.routine_share_per_day),
    ):
        if share > 0:
            asked.append((why, rng.choice(n, rng.binomial(n, share), replace=False).astype(np.int32)))
    return asked


def screened_today(
    n: int, day: int, first_detection: int, testing: Testing, rng: np.random.Generator
) -> list[tuple[Reason, NDArray[np.int32]]]:
    """Draw who takes part in a screening round today; rounds begin the day after the first detection."""
    if testing.screening_share <= 0 or first_detection >= NEVER:
        return []
    since = day - first_detection // MINUTES_PER_DAY - 1
    if since < 0 or since % testing.screening_every_days:
        return []
    return [(Reason.SCREENING, np.flatnonzero(rng.random(n) < testing.screening_share).astype(np.int32))]
