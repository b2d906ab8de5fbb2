"""Common exposures must tell a planted cluster from chance, and stay silent where there is only chance."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.exposure.common import CommonSearch, find_common_exposures
from suyuan.exposure.kernels.shapes import ZONE_UNKNOWN, Cells, Infectors
from suyuan.exposure.segment import ArrivalRows, SegmentShape
from suyuan.exposure.segment_build import segment_in_memory
from suyuan.twin.bench_city import SHOP, bench_days, make_bench_city

N_PEOPLE, N_DAYS, RATE = 12_000, 7, 0.05


class SmallLog:
    """A city of one segment."""

    def __init__(self, city, rows):
        cells = np.arange(len(city.kind), dtype=np.uint32)
        flags = np.full(len(cells), ZONE_UNKNOWN, np.uint8)
        self.cells = Cells(cells, np.zeros(len(cells), np.uint32), city.kind, flags, cells)
        self.n_persons = len(city.home)
        self.segments = (segment_in_memory(rows, SegmentShape(0, self.n_persons, len(cells), dense=True)),)


@pytest.fixture(scope="module")
def city():
    return make_bench_city(N_PEOPLE, np.random.default_rng(5))


@pytest.fixture(scope="module")
def week(city):
    days = list(bench_days(city, N_DAYS, np.random.default_rng(6)))
    return ArrivalRows(*(np.concatenate(columns) for columns in zip(*days, strict=True)))


def _cases(persons, rng=None):
    n = len(persons)
    start = np.zeros(n, np.int32) if rng is None else rng.integers(0, 4 * 1440, n).astype(np.int32)
    end = np.full(n, N_DAYS * 1440, np.int32) if rng is None else start + np.int32(3 * 1440)
    return Infectors(persons.astype(np.uint32), start, end, start)


def _choose_anybody(rng, city):
    return _cases(rng.choice(N_PEOPLE, 300, replace=False))


def _choose_windows(rng, city):
    return _cases(rng.choice(N_PEOPLE, 300, replace=False), rng)


def _choose_households(rng, city):
    members = np.isin(city.home, rng.choice(np.unique(city.home), 100, replace=False))
    return _cases(np.flatnonzero(members))


def _choose_workers(rng, city):
    # people of one trade go out alike: everybody in it works, nobody goes to school
    workers = np.flatnonzero(city.kind[city.day_place] != city.kind[city.day_place].max())
    return _cases(rng.choice(workers, 300, replace=False), rng)


@pytest.mark.parametrize("choose", [_choose_anybody, _choose_windows, _choose_households, _choose_workers])
def test_chance_alone_is_seldom_called_a_cluster(choose, city, week):
    """With cases drawn at random, a false discovery is made in no more answers than the rate allows."""
    log, n_answers = SmallLog(city, week), 60
    wrong = 0
    for seed in range(n_answers):
        table = find_common_exposures(log, choose(np.random.default_rng(seed), city)).table
        wrong += bool((table.q_value <= RATE).any())
    # at 5 %, seven or more of 60 answers would be wrong in about 4 % of such tests, were the rate only just kept
    assert wrong <= 6


def test_cases_of_one_quarter_are_compared_with_that_quarter():
    """Cases drawn from one district share no more than chance explains once they are compared with that district."""
    n_people, district = 164_000, np.arange(82_000, dtype=np.uint32)
    two = make_bench_city(n_people, np.random.default_rng(8))
    days = list(bench_days(two, 3, np.random.default_rng(9)))
    log = SmallLog(two, ArrivalRows(*(np.concatenate(columns) for columns in zip(*days, strict=True))))
    wrong = 0
    for seed in range(20):
        persons = np.random.default_rng(seed).choice(len(district), 500, replace=False)
        table = find_common_exposures(log, _cases(persons), CommonSearch(compared=district)).table
        wrong += bool((table.q_value <= RATE).any())
    assert wrong <= 3


def test_a_planted_cluster_is_ranked_first(city, week):
    """A shop where 150 of 500 cases were within eight hours takes the first places, far below the rate."""
    rng = np.random.default_rng(7)
    persons = rng.choice(N_PEOPLE, 500, replace=False).astype(np.uint32)
    shop = int(np.flatnonzero(city.kind == SHOP)[40])
    t_in = (3 * 1440 + 600 + rng.integers(0, 440, 150)).astype(np.uint16)
    planted = ArrivalRows(
        persons[:150], np.full(150, shop, np.uint32), t_in, t_in + rng.integers(10, 40, 150, np.uint16)
    )
    rows = ArrivalRows(*(np.concatenate(columns) for columns in zip(week, planted, strict=True)))
    found = find_common_exposures(SmallLog(city, rows), _cases(persons))
    table = found.table
    assert table.cell[:3].tolist() == [shop] * 3
    assert (table.start[:3] // 1440).tolist() == [3] * 3
    assert table.q_value[:3].max() < 1e-20
    assert set(found.member_person[found.member_row == 0].tolist()) <= set(persons.tolist())


def test_the_share_of_false_places_stays_below_the_rate(city, week):
    """Beside a planted cluster, other places make up no more of the discoveries than the rate allows."""
    shares = []
    for seed in range(30):
        rng = np.random.default_rng(100 + seed)
        persons = rng.choice(N_PEOPLE, 300, replace=False).astype(np.uint32)
        shop = int(rng.choice(np.flatnonzero(city.kind == SHOP)))
        t_in = (2 * 1440 + 540 + rng.integers(0, 440, 25)).astype(np.uint16)
        planted = ArrivalRows(persons[:25], np.full(25, shop, np.uint32), t_in, t_in + np.uint16(30))
        rows = ArrivalRows(*(np.concatenate(columns) for columns in zip(week, planted, strict=True)))
        table = find_common_exposures(SmallLog(city, rows), _cases(persons)).table
        found = table.cell[table.q_value <= RATE]
        assert shop in found
        shares.append(float(np.mean(found != shop)))
    assert np.mean(shares) <= RATE
