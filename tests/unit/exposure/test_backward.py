"""Looking back on logs small enough to read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from suyuan.exposure.backward import find_candidates, find_places, infectious_window
from suyuan.exposure.kernels.shapes import NEVER, Cells, Infectors, Rules
from suyuan.exposure.segment import ArrivalRows, SegmentShape
from suyuan.exposure.segment_build import segment_in_memory

N_PERSONS = 6
CASE, KNOWN, OTHER = 0, 1, 2


class Log(NamedTuple):
    segments: tuple
    cells: Cells
    n_persons: int = N_PERSONS


def log_of(*stays):
    """Make a log of one place; stays are (person, t_in, t_out)."""
    columns = zip(*((person, 0, t_in, t_out) for person, t_in, t_out in stays), strict=True)
    dtypes = (np.uint32, np.uint32, np.uint16, np.uint16)
    rows = ArrivalRows(*(np.array(column, dtype) for column, dtype in zip(columns, dtypes, strict=True)))
    one = np.zeros(1, np.uint32)
    cells = Cells(one, one, np.zeros(1, np.uint8), np.ones(1, np.uint8), one)
    return Log((segment_in_memory(rows, SegmentShape(0, N_PERSONS, 1, dense=True)),), cells)


def infectors(*rows):
    columns = zip(*rows, strict=True)
    return Infectors(*(np.array(c, t) for c, t in zip(columns, (np.uint32, np.int32, np.int32, np.int32), strict=True)))


@pytest.fixture
def rules():
    """Ten minutes, thirty of lingering; infectious from the day before onset to the day after."""

    def ints(value):
        return np.array([value], np.int32)

    milli = np.array([500, 1000, 250])
    yes = np.ones(1, np.uint8)
    weights = np.array([100]), np.array([10])
    return Rules(ints(10), ints(30), yes, ints(NEVER), ints(0), yes, *weights, -1, milli)


def test_air_lingers_after_the_candidate_and_not_after_the_case(rules):
    """A case that came twenty minutes after a candidate left met them; a candidate who came after the case did not."""
    window = infectors((CASE, 0, 10_000, 0))
    after = find_candidates(log_of((KNOWN, 0, 100), (CASE, 120, 200)), window, rules, everybody=True)
    assert after.meetings.person.tolist() == [KNOWN]
    assert (after.meetings.together.tolist(), after.meetings.lingering.tolist()) == ([0], [10])
    before = find_candidates(log_of((CASE, 0, 100), (KNOWN, 120, 200)), window, rules, everybody=True)
    assert before.meetings.person.tolist() == []


def test_only_the_exposure_window_counts(rules):
    """Stays of the case outside its exposure window infect nobody."""
    log = log_of((CASE, 0, 100), (OTHER, 0, 100))
    assert find_candidates(log, infectors((CASE, 95, 9000, 0)), rules).n_others.tolist() == [0]
    assert find_candidates(log, infectors((CASE, 90, 9000, 0)), rules).n_others.tolist() == [1]


def test_known_infectors_come_first_by_the_day_after_their_onset(rules):
    """A known case near its onset stands before one long after, and both before everybody else."""
    day = 1440
    log = log_of(*((person, 0, 60) for person in (CASE, 1, 2, 3)))
    known = infectors((3, 0, day, 0), (1, 0, day, -day))
    found = find_candidates(log, infectors((CASE, 0, day, 0)), rules, known, everybody=True)
    assert found.meetings.person.tolist() == [3, 1, 2]
    assert found.meetings.known.tolist() == [0, 1, -1]
    assert found.meetings.dose.tolist() == [1000 * 6000, 250 * 6000, 0]
    assert found.meetings.hazard.tolist() == [6000] * 3
    assert found.n_others.tolist() == [1]


def test_a_known_infector_counts_while_infectious_only(rules):
    """A known case that was not yet infectious, or isolated already, is no candidate and no other person either."""
    log = log_of((CASE, 0, 60), (KNOWN, 0, 60))
    for window in ((500, 900), (0, 0)):
        found = find_candidates(log, infectors((CASE, 0, 900, 0)), rules, infectors((KNOWN, *window, 0)))
        assert (len(found.meetings.person), found.n_others.tolist()) == (0, [0])


def test_places_are_ranked_by_known_infectors_then_by_everybody(rules):
    """The stay shared with a known infector comes first, then the fuller one, then the empty one."""
    log = log_of((CASE, 0, 60), (CASE, 100, 160), (CASE, 400, 460), (2, 0, 60), (3, 0, 60), (KNOWN, 100, 160))
    places = find_places(log, infectors((CASE, 0, 900, 0)), rules, infectors((KNOWN, 0, 900, 0)))
    assert places.start.tolist() == [100, 0, 400]
    assert places.n_known.tolist() == [1, 0, 0]
    # those who left at 60 linger for 30 minutes: not into the stay that begins at 100
    assert places.n_people.tolist() == [1, 2, 0]
    assert places.end.tolist() == [160, 60, 460]


def test_infectious_windows_follow_the_profile_and_end_with_isolation(rules):
    """The window spans the days of the profile around onset and is cut by isolation."""
    start, end = infectious_window(np.array([10_000, 10_000]), np.array([10_500, 99_999]), rules)
    assert start.tolist() == [8560, 8560]
    assert end.tolist() == [10_500, 8560 + 3 * 1440]


def test_nobody_is_found_in_an_empty_log(rules):
    """A log without segments gives empty tables, one count per case."""
    empty = Log((), log_of((0, 0, 1)).cells)
    cases = infectors((CASE, 0, 900, 0))
    assert find_candidates(empty, cases, rules).n_others.tolist() == [0]
    assert len(find_places(empty, cases, rules).cell) == 0
