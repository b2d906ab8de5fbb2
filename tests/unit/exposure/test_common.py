"""Common exposures on logs small enough to read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from suyuan.exposure.common import HOME, CommonSearch, false_discovery_rates, find_common_exposures
from suyuan.exposure.kernels.shapes import WEAK_SOURCE, ZONE_UNKNOWN, Cells, Infectors
from suyuan.exposure.segment import ArrivalRows, SegmentShape
from suyuan.exposure.segment_build import segment_in_memory
from suyuan.terms import PLACE_KINDS, BadUsage, PlaceKind

SHOP = PLACE_KINDS.index(PlaceKind.SHOP)
DAY = 1440


class Log(NamedTuple):
    segments: tuple
    cells: Cells
    n_persons: int


def log_of(stays, kinds, n_persons, flags=None):
    """Make a log; stays are (person, place, t_in, t_out), each place one cell."""
    dtypes = (np.uint32, np.uint32, np.uint16, np.uint16)
    rows = ArrivalRows(*(np.array(c, t) for c, t in zip(zip(*stays, strict=True), dtypes, strict=True)))
    cell = np.arange(len(kinds), dtype=np.uint32)
    flags = np.full(len(kinds), ZONE_UNKNOWN, np.uint8) if flags is None else np.array(flags, np.uint8)
    cells = Cells(cell, np.zeros(len(kinds), np.uint32), np.array(kinds, np.uint8), flags, cell)
    return Log((segment_in_memory(rows, SegmentShape(0, n_persons, len(kinds), dense=True)),), cells, n_persons)


def cases(*persons, end=DAY):
    n = len(persons)
    return Infectors(
        np.array(persons, np.uint32), np.zeros(n, np.int32), np.full(n, end, np.int32), np.zeros(n, np.int32)
    )


def crowd(n_shops=40, each=25):
    """Everybody goes to one shop, at noon."""
    return [(person, person % n_shops, 720, 750) for person in range(n_shops * each)]


def test_expectation_follows_visits_and_visitors():
    """Two cases that made one visit each expect 2 * visitors / visits of the whole log in a shop."""
    log = log_of(crowd(), [SHOP] * 40, 1000)
    found = find_common_exposures(log, cases(0, 40, 81))
    table = found.table
    assert (table.cell.tolist(), table.start.tolist(), table.end.tolist()) == ([0], [720], [840])
    assert (table.n_cases.tolist(), table.n_units.tolist(), table.n_visitors.tolist()) == ([2], [2], [25])
    assert table.expected[0] == pytest.approx(3 * 25 / 1000)
    assert found.member_person.tolist() == [0, 40]
    assert (found.n_tests, found.n_units) == (2, 3)


def test_a_household_counts_once():
    """Two cases of one home in a shop are no common exposure; with a stranger they are two units."""
    stays = [*crowd(), (0, 40, 0, 600), (40, 40, 0, 600), (80, 41, 0, 600)]
    log = log_of(stays, [SHOP] * 40 + [HOME] * 2, 1000)
    assert len(find_common_exposures(log, cases(0, 40)).table.cell) == 0
    table = find_common_exposures(log, cases(0, 40, 80)).table
    assert (table.n_cases.tolist(), table.n_units.tolist()) == ([3], [2])


def test_homes_take_part_only_when_asked():
    """People who live together share their home by definition: it is left out unless the caller asks."""
    stays = [(person, person % 2, 0, 600) for person in range(40)]
    log = log_of(stays, [PLACE_KINDS.index(PlaceKind.DORMITORY)] * 2, 40)
    assert find_common_exposures(log, cases(0, 2, 4)).n_tests == 0
    assert find_common_exposures(log, cases(0, 2, 4), CommonSearch(leave_out=(HOME,))).n_tests == 5


def test_location_data_takes_no_part():
    """Places known from location data only are no common exposure."""
    log = log_of(crowd(), [SHOP] * 40, 1000, [ZONE_UNKNOWN | WEAK_SOURCE] * 40)
    assert find_common_exposures(log, cases(0, 40)).n_tests == 0


def test_slots_begin_where_they_are_told():
    """The origin moves the borders of the slots, for time zones off the whole hour."""
    log = log_of(crowd(), [SHOP] * 40, 1000)
    table = find_common_exposures(log, cases(0, 40), CommonSearch(origin_minute=30)).table
    assert table.start.tolist() == [630]


def test_many_cases_in_a_quiet_shop_stand_out():
    """Twenty cases that met in one shop rank first; the members are named."""
    stays = [*crowd(), *((person, 7, 900, 930) for person in range(20))]
    found = find_common_exposures(log_of(stays, [SHOP] * 40, 1000), cases(*range(20)))
    assert (found.table.cell[0], found.table.start[0]) == (7, 840)
    assert found.table.q_value[0] < 1e-9
    assert found.member_person[found.member_row == 0].tolist() == list(range(20))


def test_no_cases_share_nothing():
    """Without cases, and for cases the log knows nothing of, the table is empty."""
    log = log_of(crowd(), [SHOP] * 40, 2000)
    assert len(find_common_exposures(log, cases()).table.cell) == 0
    assert find_common_exposures(log, cases(1500, 1501)).n_tests == 0


def test_too_many_cases_or_too_long_a_time_is_said():
    """A question larger than the words can hold is refused with a sentence."""
    log = log_of(crowd(), [SHOP] * 40, 1000)
    with pytest.raises(BadUsage, match="16384"):
        find_common_exposures(log, cases(0, 1, end=1 << 30))
    with pytest.raises(BadUsage, match="262144"):
        find_common_exposures(log, cases(*range(262_145)))


def test_false_discovery_rates_allow_for_tests_not_listed():
    """The rates are Benjamini and Hochberg's, monotone, never above one, over all tests made."""
    rates = false_discovery_rates(np.array([0.2, 0.001, 0.002, 0.9]), 100)
    assert rates.tolist() == pytest.approx([1.0, 0.1, 0.1, 1.0])
    assert false_discovery_rates(np.empty(0), 3).tolist() == []
