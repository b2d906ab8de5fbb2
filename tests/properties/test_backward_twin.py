"""Looking back, compiled, against nested loops, bit for bit."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from random_logs import packed_infectors, packed_rules, random_infectors, random_log, random_rules
from slow_backward import slow_candidates, slow_places

from suyuan.exposure.backward import find_candidates, find_places

THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def problems(draw):
    stays, cells, n_persons, log = draw(random_log())
    known = draw(random_infectors(n_persons))
    return stays, cells, draw(random_rules()), draw(random_infectors(n_persons)), known, log


@given(problems())
@THOROUGH
def test_candidates_equal_the_nested_loops(problem):
    """Every meeting that could have infected a case is listed once, with minutes, ring, hazard and dose."""
    stays, cells, rules, cases, known, log = problem
    slow = slow_candidates(stays, cells, rules, cases, known)
    fast = find_candidates(log, packed_infectors(cases), packed_rules(rules), packed_infectors(known), everybody=True)
    rows = list(zip(*(column.tolist() for column in fast.meetings), strict=True))
    assert sorted(rows) == sorted(slow)
    assert [(row[0], row[2] == -1, -row[10], -row[9]) for row in rows] == sorted(
        (row[0], row[2] == -1, -row[10], -row[9]) for row in slow
    )
    others = [len({row[1] for row in slow if row[0] == case and row[2] == -1}) for case in range(len(cases))]
    assert fast.n_others.tolist() == others


@given(problems())
@THOROUGH
def test_others_are_counted_and_not_listed_unless_asked(problem):
    """Without asking for everybody, the list holds the known infectors only and the count stays the same."""
    _, _, rules, cases, known, log = problem
    asked = log, packed_infectors(cases), packed_rules(rules), packed_infectors(known)
    short, long = find_candidates(*asked), find_candidates(*asked, everybody=True)
    listed = [column[long.meetings.known >= 0].tolist() for column in long.meetings]
    assert [column.tolist() for column in short.meetings] == listed
    assert short.n_others.tolist() == long.n_others.tolist()


@given(problems())
@THOROUGH
def test_places_equal_the_nested_loops(problem):
    """Every stay inside a window is listed with the people met there, their hazard and the dose of the known."""
    stays, cells, rules, cases, known, log = problem
    slow = slow_places(stays, cells, rules, cases, known)
    fast = find_places(log, packed_infectors(cases), packed_rules(rules), packed_infectors(known))
    rows = list(zip(*(column.tolist() for column in fast), strict=True))
    assert rows == sorted(slow, key=lambda row: (row[0], -row[7], -row[6], row[2], row[1], row[3]))
