"""A plain synthetic city for timing the matching engine: right numbers of meetings, no story.

Households of 1 to 6, work cells of 3 to 60 (Pareto), school classes of 25, one shop for 30 people chosen by rank,
one vehicle for 200 people, 12 % of shopping outside the own district; about 4.4 visits a person and day and 80 to 120
pairs of people a day of one case, the upper end of published contact numbers. The twin proper is ``twin.city``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from suyuan.exposure.compiled import compiled
from suyuan.exposure.segment import U8, U16, U32, ArrivalRows
from suyuan.terms import PLACE_KINDS, PlaceKind

DISTRICT = 82_000
VISITS_PER_PERSON_DAY = 4.37
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


def make_bench_city(n_people: int, rng: np.random.Generator) -> BenchCity:
    """Lay out homes, work cells, classes, shops and vehicles district by district."""
    n_districts = max(1, round(n_people / DISTRICT))
    bounds = np.linspace(0, n_people, n_districts + 1).astype(np.int64)
    home, day_place = np.empty(n_people, np.uint32), np.empty(n_people, np.uint32)
    vehicle, kinds, first_shop, n_shops = np.empty(n_people, np.uint32), [], [], 0
    n_places = 0
    for first, last in zip(bounds[:-1], bounds[1:], strict=True):
        n = int(last - first)
        n_shops, n_vehicles = max(2, n // 30), max(1, n // 200)
        groups = [
            _groups(rng.integers(1, 7, n), n),
            _groups(np.minimum(60, 3 + 3 * rng.pareto(1.2, n)).astype(np.int64), int(n * 0.8)),
            _groups(np.full(n, 25), n - int(n * 0.8)),
        ]
        order = rng.permutation(n)
        home[first:last] = n_places + groups[0]
        n_places += int(groups[0][-1]) + 1
        kinds.append(np.full(int(groups[0][-1]) + 1, HOME, np.uint8))
        for group, part, kind in (
            (groups[1], order[: int(n * 0.8)], WORK),
            (groups[2], order[int(n * 0.8) :], CLASSROOM),
        ):
            day_place[first + part] = n_places + group
            n_places += int(group[-1]) + 1
            kinds.append(np.full(int(group[-1]) + 1, kind, np.uint8))
        first_shop.append(n_places)
        n_places += n_shops
        vehicle[first:last] = n_places + rng.integers(0, n_vehicles, n)
        n_places += n_vehicles
        kinds += [np.full(n_shops, SHOP, np.uint8), np.full(n_vehicles, VEHICLE, np.uint8)]
    weights = (np.arange(n_shops) + 10.0) ** -0.7
    rank = rng.choice(n_shops, 1 << 20, p=weights / weights.sum()).astype(np.uint32)
    return BenchCity(home, day_place, vehicle, np.array(first_shop, np.uint32), rank, np.concatenate(kinds))


def bench_days(city: BenchCity, n_days: int, seed: int) -> Iterator[ArrivalRows]:
    """Yield the visits of each day in the order of people; minutes after day 0."""
    n_people = len(city.home)
    for day in range(n_days):
        room = np.empty(6 * n_people, np.uint32), np.empty(6 * n_people, np.uint32)
        times = np.empty(6 * n_people, np.uint16), np.empty(6 * n_people, np.uint16)
        n = _fill_day(city, day, seed, room, times)
        order = np.argsort(times[0][:n] // 60, kind="stable")
        yield ArrivalRows(room[0][:n][order], room[1][:n][order], times[0][:n][order], times[1][:n][order])


@compiled
def _fill_day(city: BenchCity, day: int, seed: int, room: tuple[U32, U32], times: tuple[U16, U16]) -> int:
    np.random.seed(seed * 1000 + day)
    n, start = 0, day * 1440
    weekend = day % 7 >= 5
    n_districts, n_people = city.first_shop.shape[0], city.home.shape[0]
    for person in range(n_people):
        leaves = 420 + np.random.randint(0, 90)
        returns = 1050 + np.random.randint(0, 120)
        district = min(n_districts - 1, person * n_districts // n_people)
        for visit in range(6):
            place, a, b = city.home[person], 0, leaves
            if visit == 0:
                a, b = 0, leaves
            elif visit == 1:
                a, b = returns, 1440
            elif visit == 2:
                if weekend:
                    continue
                place, a, b = city.day_place[person], leaves + 30, returns - 40
            elif visit == 3 or visit == 4:
                if weekend or np.random.random() > 0.45:
                    continue
                place = city.vehicle[person]
                a = leaves if visit == 3 else returns - 35
                b = a + 12 + np.random.randint(0, 16)
            else:
                if np.random.random() > 0.9 and not weekend:
                    continue
                where = np.random.randint(0, n_districts) if np.random.random() < 0.12 else district
                place = city.first_shop[where] + city.shop_rank[np.random.randint(0, city.shop_rank.shape[0])]
                a = 600 + np.random.randint(0, 400) if weekend else returns - 34 + np.random.randint(0, 10)
                b = a + 8 + np.random.randint(0, 35)
            room[0][n], room[1][n] = person, place
            times[0][n], times[1][n] = start + a, start + b
            n += 1
    return n


def _groups(sizes: np.ndarray, n: int) -> U32:
    return np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)[:n]
