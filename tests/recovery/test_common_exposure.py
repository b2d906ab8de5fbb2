"""Common exposures must tell a planted cluster from chance, and stay silent where there is only chance."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.exposure.common import CommonSearch, find_common_exposures
from suyuan.exposure.comparable import comparable_persons
from suyuan.exposure.kernels.shapes import ZONE_UNKNOWN, Cells, Infectors
from suyuan.exposure.segment import ArrivalRows, SegmentShape
from suyuan.exposure.segment_build import segment_in_memory
from suyuan.twin import bench_city
from suyuan.twin.bench_city import HOME, SHOP, bench_days, make_bench_city

N_PEOPLE, N_DAYS, RATE = 12_000, 7, 0.05
PER_DISTRICT, N_DISTRICTS, DISTRICT_KM = 10_000, 4, 5.0


class SmallLog:
    """A city of one segment."""

    def __init__(self, city, rows):
        cells = np.arange(len(city.kind), dtype=np.uint32)
        flags = np.full(len(cells), ZONE_UNKNOWN, np.uint8)
        self.cells = Cells(cells, np.zeros(len(cells), np.uint32), city.kind, flags, cells)
        self.n_persons = len(city.home)
        self.segments = (segment_in_memory(rows, SegmentShape(0, self.n_persons, len(cells), dense=True)),)


class LocatedLog(SmallLog):
    """A city whose homes have coordinates; nothing else has."""

    def __init__(self, city, rows, rng):
        super().__init__(city, rows)
        district = np.zeros(len(city.kind), np.int64)
        district[city.home] = np.arange(len(city.home)) // PER_DISTRICT
        corner = np.stack((district % 2, district // 2), axis=1) * DISTRICT_KM
        km = corner + rng.random(corner.shape) * DISTRICT_KM
        self._degrees = np.array([116.3, 39.9]) + km / np.array([85.4, 111.3])
        self._degrees[city.kind != HOME] = np.nan

    def place_coordinates(self, places):
        return self._degrees[places]


@pytest.fixture(scope="module")
def four_districts():
    """Lay out a city of four quarters on the map; one shopping trip in eight leads out of the own one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench_city, "DISTRICT", PER_DISTRICT)
        four = make_bench_city(PER_DISTRICT * N_DISTRICTS, np.random.default_rng(8))
    days = list(bench_days(four, 3, np.random.default_rng(9)))
    return four, ArrivalRows(*(np.concatenate(columns) for columns in zip(*days, strict=True)))


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


def _draw_one_district(rng, city):
    return rng.choice(PER_DISTRICT, 250, replace=False)


def _draw_half_from_one(rng, city):
    return np.unique(np.concatenate((rng.choice(PER_DISTRICT, 125), rng.choice(len(city.home), 125))))


def _draw_households_of_one(rng, city):
    return np.flatnonzero(np.isin(city.home, rng.choice(np.unique(city.home[:PER_DISTRICT]), 100, replace=False)))


def _draw_few(rng, city):
    return rng.choice(PER_DISTRICT, 25, replace=False)


@pytest.mark.parametrize("draw", [_draw_one_district, _draw_half_from_one, _draw_households_of_one, _draw_few])
def test_neighbours_of_the_cases_keep_the_rate_where_the_cases_live_together(draw, four_districts):
    """Cases from one district, all or half of them, are seldom called a cluster when compared with their neighbours."""
    four, rows = four_districts
    log, wrong = LocatedLog(four, rows, np.random.default_rng(1)), 0
    for seed in range(60):
        cases = _cases(draw(np.random.default_rng(seed), four))
        search = CommonSearch(compared=comparable_persons(log, cases))
        wrong += bool((find_common_exposures(log, cases, search).table.q_value <= RATE).any())
    assert wrong <= 6


def test_the_whole_log_would_call_one_district_a_cluster(four_districts):
    """The same cases compared with everybody are wrongly called a cluster: the neighbours are needed."""
    four, rows = four_districts
    wrong = 0
    for seed in range(10):
        cases = _cases(_draw_one_district(np.random.default_rng(seed), four))
        wrong += bool((find_common_exposures(SmallLog(four, rows), cases).table.q_value <= RATE).any())
    assert wrong >= 5


def test_a_cluster_planted_among_neighbours_still_stands_first(four_districts):
    """Ten of 250 cases of one district at one shop in two hours come first, also beside their neighbours."""
    four, rows = four_districts
    for seed in range(10):
        rng = np.random.default_rng(200 + seed)
        persons = _draw_one_district(rng, four).astype(np.uint32)
        shop = int(rng.choice(np.arange(four.first_shop[0] + 20, four.first_shop[0] + 300)))
        t_in = (1440 + 600 + rng.integers(0, 90, 10)).astype(np.uint16)
        planted = ArrivalRows(persons[:10], np.full(10, shop, np.uint32), t_in, t_in + np.uint16(30))
        both = ArrivalRows(*(np.concatenate(columns) for columns in zip(rows, planted, strict=True)))
        log, cases = LocatedLog(four, both, np.random.default_rng(1)), _cases(persons)
        table = find_common_exposures(log, cases, CommonSearch(compared=comparable_persons(log, cases))).table
        assert table.cell[0] == shop
        assert table.q_value[0] < 1e-3


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
