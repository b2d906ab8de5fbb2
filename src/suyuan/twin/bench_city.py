"""A plain synthetic city for timing the matching engine: right numbers of meetings, no story.

Households of 1 to 6, work cells of 3 to 60 (Pareto), school classes of 25, one shop for 30 people chosen by rank,
one vehicle for 200 people, 12 % of shopping outside the own district; about 4.4 visits a person and day and 80 to 120
pairs of people a day of one case, the upper end of published contact numbers. The twin proper is ``twin.city``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from suyuan.exposure.compiled import compiled, inlined
from suyuan.exposure.kernels.shapes import NEVER, ZONE_UNKNOWN, Cells, Infectors, Rules
from suyuan.exposure.segment import U8, U32, ArrivalRows
from suyuan.terms import PLACE_KINDS, PlaceKind

DISTRICT = 82_000
VISITS_PER_PERSON_DAY = 4.364
HOME, WORK, CLASSROOM, SHOP, VEHICLE = (
    PLACE_KINDS.index(kind)
    for kind in (PlaceKind.HOME, PlaceKind.WORKPLACE, PlaceKind.CLASSROOM, PlaceKind.SHOP, PlaceKind.VEHICLE)
)


class BenchCity(NamedTuple):
    """Where each person lives, works and rides, and the kind of each place."""

    home: U32
    day_place: U32
    vehicle: U32
    first_shop: U32
    shop_rank: U32
    kind: U8


class _District(NamedTuple):
    """One district: places numbered from 0, the first shop among them, and the kind of each place."""

    home: U32
    day_place: U32
    vehicle: U32
    first_shop: int
    kind: U8


def make_bench_city(n_people: int, rng: np.random.Generator) -> BenchCity:
    """Lay out homes, work cells, classes, shops and vehicles district by district."""
    n_districts = max(1, round(n_people / DISTRICT))
    bounds = np.linspace(0, n_people, n_districts + 1).astype(np.int64)
    districts = [_make_district(int(n), rng) for n in np.diff(bounds)]
    before = np.cumsum([0] + [len(district.kind) for district in districts[:-1]]).astype(np.uint32)
    n_shops = min(_n_shops(int(n)) for n in np.diff(bounds))
    weights = (np.arange(n_shops) + 10.0) ** -0.8
    return BenchCity(
        home=np.concatenate([district.home + n for district, n in zip(districts, before, strict=True)]),
        day_place=np.concatenate([district.day_place + n for district, n in zip(districts, before, strict=True)]),
        vehicle=np.concatenate([district.vehicle + n for district, n in zip(districts, before, strict=True)]),
        first_shop=before + np.array([district.first_shop for district in districts], np.uint32),
        shop_rank=rng.choice(n_shops, 1 << 20, p=weights / weights.sum()).astype(np.uint32),
        kind=np.concatenate([district.kind for district in districts]),
    )


def _n_shops(n_people: int) -> int:
    return max(2, n_people // 30)


def _make_district(n: int, rng: np.random.Generator) -> _District:
    n_working, n_vehicles = int(n * 0.8), max(1, n // 200)
    homes = _groups(rng.integers(1, 7, n), n)
    work = _groups(np.minimum(60, 3 + 3 * rng.pareto(1.2, n)).astype(np.int64), n_working)
    classes = _groups(np.full(n, 25), n - n_working)
    sizes = [int(group[-1]) + 1 for group in (homes, work, classes)] + [_n_shops(n), n_vehicles]
    first = np.cumsum([0, *sizes])
    day_place = np.empty(n, np.uint32)
    day_place[rng.permutation(n)] = np.concatenate((work + np.uint32(first[1]), classes + np.uint32(first[2])))
    return _District(
        home=homes,
        day_place=day_place,
        vehicle=(first[4] + rng.integers(0, n_vehicles, n)).astype(np.uint32),
        first_shop=int(first[3]),
        kind=np.repeat(np.array([HOME, WORK, CLASSROOM, SHOP, VEHICLE], np.uint8), sizes),
    )


def bench_cells(city: BenchCity) -> Cells:
    """One cell per place, its zone not known."""
    cells = np.arange(len(city.kind), dtype=np.uint32)
    flags = np.full(len(cells), ZONE_UNKNOWN, np.uint8)
    return Cells(cells, np.zeros(len(cells), np.uint32), city.kind, flags, cells)


def bench_rules() -> Rules:
    """Least minutes and lingering minutes by kind of place, the same for every engine; weights assumed."""
    n_kinds = len(PLACE_KINDS)
    minutes, lingering = np.full(n_kinds, NEVER, np.int32), np.zeros(n_kinds, np.int32)
    nano = np.zeros(n_kinds, np.int64)
    for kind, least, after, weight in (
        (HOME, 1, 0, 5),
        (WORK, 15, 0, 2),
        (CLASSROOM, 15, 0, 3),
        (SHOP, 5, 30, 1),
        (VEHICLE, 2, 15, 2),
    ):
        minutes[kind], lingering[kind], nano[kind] = least, after, 1000 * weight
    anywhere = np.ones(n_kinds, np.uint8)
    no_rule, none = np.full(n_kinds, NEVER, np.int32), np.zeros(n_kinds, np.int32)
    milli = np.array([300, 700, 1000, 900, 700, 500, 300, 200, 100], np.int64)
    return Rules(minutes, lingering, anywhere, no_rule, none, anywhere, nano, nano // 2, -2, milli)


def bench_infectors(n_people: int, k: int, rng: np.random.Generator, n_days: int = 14) -> Infectors:
    """Draw ``k`` cases, each infectious for seven of the days (or for half of fewer), onset on the third."""
    person = rng.choice(n_people, k, replace=False).astype(np.uint32)
    length = min(7, max(1, n_days // 2)) * 1440
    start = (rng.integers(0, n_days * 1440 - length + 1, k)).astype(np.int32)
    return Infectors(person, start, start + np.int32(length), start + np.int32(2 * 1440))


def bench_days(city: BenchCity, n_days: int, rng: np.random.Generator) -> Iterator[ArrivalRows]:
    """Yield the visits of each day in the order of people; minutes after day 0."""
    n_people = len(city.home)
    for day in range(n_days):
        room = ArrivalRows(
            *(np.empty(6 * n_people, np.uint32) for _ in range(2)),
            *(np.empty(6 * n_people, np.uint16) for _ in range(2)),
        )
        n = _fill_day(city, day, rng, room)
        order = np.argsort(room.t_in[:n] // 60, kind="stable")  # they arrive hour by hour
        yield ArrivalRows(*(column[:n][order] for column in room))


@compiled
def _fill_day(city: BenchCity, day: int, rng: np.random.Generator, room: ArrivalRows) -> int:
    n, start, weekend = 0, day * 1440, day % 7 >= 5
    n_districts, n_people = city.first_shop.shape[0], city.home.shape[0]
    for person in range(n_people):
        leaves, returns = 420 + _below(90, rng), 1050 + _below(120, rng)
        n = _note(room, n, (person, city.home[person], start, start + leaves))
        n = _note(room, n, (person, city.home[person], start + returns, start + 1440))
        if not weekend:
            n = _note(room, n, (person, city.day_place[person], start + leaves + 30, start + returns - 40))
            for a in (leaves, returns - 35):
                if rng.random() < 0.48:
                    n = _note(room, n, (person, city.vehicle[person], start + a, start + a + 12 + _below(16, rng)))
        if weekend or rng.random() < 0.95:
            district = min(n_districts - 1, person * n_districts // n_people)
            if rng.random() < 0.12:
                district = _below(n_districts, rng)
            shop = city.first_shop[district] + city.shop_rank[_below(city.shop_rank.shape[0], rng)]
            a = start + (600 + _below(400, rng) if weekend else returns - 34 + _below(10, rng))
            n = _note(room, n, (person, shop, a, a + 8 + _below(35, rng)))
    return n


@inlined
def _below(n: int, rng: np.random.Generator) -> int:
    return np.int64(n * rng.random())


@inlined
def _note(room: ArrivalRows, n: int, visit: tuple[int, int, int, int]) -> int:
    room.person[n], room.cell[n], room.t_in[n], room.t_out[n] = visit
    return n + 1


def _groups(sizes: np.ndarray, n: int) -> U32:
    return np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)[:n]
