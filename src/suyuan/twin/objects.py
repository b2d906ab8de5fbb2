"""Things that carry infection: imported goods, and surfaces that infectious people touch.

Every contamination is a deposit with its own contaminator and its own decay, so that a person infected by a surface
can be traced through it to the person before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PLACE_KINDS
from suyuan.twin.city import City
from suyuan.twin.epidemic_settings import Objects
from suyuan.twin.epidemic_spread import Sources
from suyuan.twin.natural_history import MINUTES_PER_DAY

SPENT = 0.01
"""A deposit below this share of its first load is forgotten."""


@dataclass
class Deposits:
    """Deposits ever made; lists of equal length."""

    object: list[str] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    zone: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    half_life_minutes: list[float] = field(default_factory=list)
    by: list[int] = field(default_factory=list)
    """Who contaminated it; -1 if it came so."""

    def add(self, code: str, where: tuple[int, int], at: int, load: float, half_life_hours: float, by: int) -> int:
        """Record a deposit and return its number."""
        self.object.append(code)
        self.place.append(where[0])
        self.zone.append(where[1])
        self.at.append(at)
        self.load.append(load)
        self.half_life_minutes.append(half_life_hours * 60)
        self.by.append(by)
        return len(self.object) - 1


def land_goods(city: City, plan: Objects, deposits: Deposits) -> None:
    """Contaminate the city's cold-chain goods on the day they reach the stall."""
    if plan.goods_load <= 0:
        return
    for number in range(len(city.goods.place)):
        where = (int(city.goods.place[number]), int(city.goods.zone[number]))
        at = int(city.goods.first_day[number]) * MINUTES_PER_DAY
        deposits.add(city.object_id(number), where, at, plan.goods_load, plan.goods_half_life_hours, -1)


def touch_surfaces(
    city: City, plan: Objects, sources: Sources, infectiousness: NDArray[np.float64], deposits: Deposits
) -> None:
    """Let infectious visits leave their deposits; ``infectiousness`` has shape (source,)."""
    if not plan.surfaces_in or plan.hazard_per_hour <= 0:
        return
    numbers = np.array([PLACE_KINDS.index(kind) for kind in plan.surfaces_in], np.uint8)
    for row in np.flatnonzero(np.isin(city.places.kind[sources.place], numbers) & (infectiousness > 0)):
        place, zone = int(sources.place[row]), int(sources.zone[row])
        hours = (int(sources.t_out[row]) - int(sources.t_in[row])) / 60
        load = plan.deposit_per_hour * hours * float(infectiousness[row])
        code = f"S{place:07d}-{zone + 1}"
        by = int(sources.person[row])
        deposits.add(code, (place, zone), int(sources.t_in[row]), load, plan.half_life_hours, by)


def object_sources(plan: Objects, deposits: Deposits, day: int, last_day: dict[str, int]) -> Sources:
    """Make sources of the living deposits on a day, at their mean load.

    Parameters
    ----------
    last_day
        Day after which an object is gone (goods sold), by its code.
    """
    start, end = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
    at = np.array(deposits.at, np.float64)
    half_life = np.array(deposits.half_life_minutes)
    here = np.maximum(at, start)
    left = np.exp2(-(here - at) / half_life) if len(at) else at
    lasting = np.array([day <= last_day.get(code, day) for code in deposits.object], np.bool_)
    rows = np.flatnonzero((at < end) & (left > SPENT) & lasting)
    mid = (here[rows] + end) / 2
    load = np.array(deposits.load)[rows] * np.exp2(-(mid - at[rows]) / half_life[rows])
    n = len(rows)
    return Sources(
        np.array(deposits.place, np.int32)[rows],
        np.array(deposits.zone, np.int16)[rows],
        here[rows].astype(np.int32),
        np.full(n, end, np.int32),
        plan.hazard_per_hour / 60 * load,
        np.zeros(n),
        np.zeros(n, np.int32),
        np.zeros(n),
        np.array(deposits.by, np.int32)[rows],
        rows.astype(np.int32),
    )
