"""Common exposures, counted by compiled routines, against nested loops."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from random_logs import packed_infectors, random_infectors, random_log
from slow_common import slow_common, slow_log_tail

from suyuan.exposure.common import HOME, CommonSearch, find_common_exposures
from suyuan.exposure.kernels.common import distinct_words, log_tails

THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def problems(draw):
    stays, cells, n_persons, log = draw(random_log())
    cases = draw(random_infectors(n_persons)) + draw(random_infectors(n_persons))
    return stays, cells, cases, draw(st.sampled_from([30, 120, 1440])), log


@given(problems(), st.sampled_from([(), (HOME,), (HOME, 1)]))
@THOROUGH
def test_counts_and_expectations_equal_the_nested_loops(problem, leave_out):
    """Shared slots, their cases, households and visitors are exact, and the expectation agrees to rounding."""
    stays, cells, cases, slot, log = problem
    slow, n_slots = slow_common(stays, cells, cases, slot, leave_out, HOME)
    found = find_common_exposures(log, packed_infectors(cases), CommonSearch(slot, leave_out=leave_out))
    table = found.table
    assert found.n_tests == n_slots
    fast = {}
    for row, (cell, start, *_) in enumerate(zip(*table, strict=True)):
        persons = set(found.member_person[found.member_row == row].tolist())
        assert len(persons) == table.n_cases[row]
        counts = persons, int(table.n_units[row]), int(table.n_visitors[row])
        fast[cells[cell].place, int(start) // slot] = counts
        assert table.expected[row] == pytest.approx(slow[cells[cell].place, int(start) // slot][3])
    assert fast == {key: entry[:3] for key, entry in slow.items()}


@given(st.integers(2, 40), st.floats(1e-4, 30))
@THOROUGH
def test_tails_equal_their_definition(count, mean):
    """The tail given at least one unit equals the sum of its Poisson terms."""
    fast = log_tails(np.array([count]), np.array([mean]))[0]
    assert fast == pytest.approx(slow_log_tail(count, mean), rel=1e-6, abs=1e-8)


@given(st.lists(st.integers(0, 2**64 - 2) | st.integers(0, 9), max_size=200))
@THOROUGH
def test_distinct_words_keep_the_first_of_each(words):
    """Hashing keeps every different word once, in the order of first appearance."""
    assert distinct_words(np.array(words, np.uint64)).tolist() == list(dict.fromkeys(words))
