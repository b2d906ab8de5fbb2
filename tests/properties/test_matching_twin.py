"""The compiled matching routines against nested loops, bit for bit."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from random_logs import packed_infectors, packed_rules, random_infectors, random_log, random_rules
from slow_exposure import (
    SlowInfector,
    SlowMeeting,
    slow_foremost,
    slow_generations,
    slow_meetings,
    slow_sums,
)

from suyuan.exposure import generations
from suyuan.exposure.generations import Course, find_foremost, find_generations
from suyuan.exposure.match import list_meetings, sum_close_contacts

THOROUGH = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def problems(draw):
    stays, cells, n_persons, log = draw(random_log())
    return stays, cells, draw(random_rules()), draw(random_infectors(n_persons)), log


@given(problems())
@THOROUGH
def test_sums_equal_the_nested_loops(problem):
    """The sums over close contacts equal those of nested loops, to the last dose unit."""
    stays, cells, rules, infectors, log = problem
    slow = slow_sums(stays, cells, rules, [SlowInfector(*row) for row in infectors])
    entries = sum_close_contacts(log, packed_infectors(infectors), packed_rules(rules))
    assert {int(e["person"]): tuple(int(x) for x in tuple(e)[1:]) for e in entries} == slow


@given(problems())
@THOROUGH
def test_listed_meetings_equal_the_nested_loops(problem):
    """Every meeting, with its ring and minutes, is listed exactly once."""
    stays, cells, rules, infectors, log = problem
    slow = slow_meetings(stays, cells, rules, [SlowInfector(*row) for row in infectors])
    table = list_meetings(log, packed_infectors(infectors), packed_rules(rules))
    rows = zip(*(column.tolist() for column in table), strict=True)
    assert sorted(SlowMeeting(*row) for row in rows) == sorted(slow)


@pytest.mark.parametrize("sweep_share", [-1.0, 2.0], ids=["sweep", "look-up"])
@given(problem=problems(), latent=st.integers(0, 3000), duration=st.integers(1, 9000))
@THOROUGH
def test_generations_equal_the_nested_loops(sweep_share, problem, latent, duration):
    """Generation, first exposure and infector of everybody reached equal nested loops, swept or looked up."""
    stays, cells, rules, infectors, log = problem
    windows = _joined_windows(infectors)
    slow = slow_generations(stays, cells, rules, windows, (latent, duration), 4)
    with _share(sweep_share):
        fast = find_generations(log, packed_infectors(infectors), packed_rules(rules), Course(latent, duration), 4)
    assert _reached(fast) == slow


@pytest.mark.parametrize("sweep_share", [-1.0, 2.0], ids=["sweep", "look-up"])
@given(problem=problems(), latent=st.integers(300, 3000), duration=st.integers(1, 9000))
@settings(THOROUGH, max_examples=150)
def test_foremost_arrival_equals_dijkstra(sweep_share, problem, latent, duration):
    """The earliest arrival over chains of any length equals settling one person after the other in time."""
    stays, cells, rules, infectors, log = problem
    windows = _joined_windows(infectors)
    until = max(end for _, end in windows.values())
    slow = slow_foremost(stays, cells, rules, windows, (latent, duration), until)
    with _share(sweep_share):
        fast = find_foremost(log, packed_infectors(infectors), packed_rules(rules), Course(latent, duration), until)
    assert {person: (first, by) for person, (_, first, by) in _reached(fast).items()} == slow


def _joined_windows(infectors):
    windows = {}
    for person, start, end, _ in infectors:
        before = windows.get(person, (start, end))
        windows[person] = (min(before[0], start), max(before[1], end))
    return windows


def _reached(answer):
    columns = (answer.person, answer.generation, answer.first, answer.infector)
    return {row[0]: row[1:] for row in zip(*(np.asarray(column).tolist() for column in columns), strict=True)}


class _share:
    def __init__(self, value):
        self.value = value

    def __enter__(self):
        self.before = generations.SWEEP_SHARE
        generations.SWEEP_SHARE = self.value

    def __exit__(self, *_):
        generations.SWEEP_SHARE = self.before
