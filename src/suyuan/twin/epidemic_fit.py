"""Find how infectious people must be for r0 and k to come out as published, given how this city meets.

A sample of people is followed as if each were infectious for the whole of its course. The doses everybody else would
receive from them at unit infectiousness give, for any level and any spread of individual infectiousness, the mean
and the dispersion of the number infected. Both are then solved for; nothing is tuned by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import BadInput
from suyuan.twin.city import City, DayVisits, Status
from suyuan.twin.epidemic_settings import EpidemicSettings, HazardTable, hazard_table
from suyuan.twin.epidemic_spread import Shelf, Sources, clear_shelf, pair_doses, rows_of, shelve
from suyuan.twin.natural_history import NaturalHistory

VisitsOn = Callable[[int, NDArray[np.uint8]], DayVisits]
"""Visits that begin on a day, given what each person is free to do (``city.Status``)."""

SAMPLE = 400
QUANTILES = 48
WEEK = ((0, 5.0), (5, 1.0), (6, 1.0))
"""Weekday of the days looked at (Monday, Saturday, Sunday) and how many days of the week each stands for."""

ALIKE = 50.0
"""Above this shape of the gamma people differ so little that it no longer matters."""


class Fit(NamedTuple):
    """What was found."""

    hazard_per_hour: float
    """Hazard of an hour at home with somebody of mean infectiousness on the most infectious day."""
    factor_shape: float
    """Shape of the gamma of individual infectiousness; not k itself, as contacts differ too, and run out."""
    r0: float
    offspring_k: float


class Doses(NamedTuple):
    """Doses at unit infectiousness over a whole course, ordered by source person."""

    dose: NDArray[np.float64]
    first: NDArray[np.int64]
    """Where each source person's doses begin."""
    n_sources: int
    """People followed, those who meet nobody included."""


def fit_transmission(city: City, settings: EpidemicSettings, visits_on: VisitsOn, rng: np.random.Generator) -> Fit:
    """Solve for the level and the spread of infectiousness.

    Parameters
    ----------
    visits_on
        Called for a Monday, a Saturday and a Sunday of the first week.

    Returns
    -------
    Fit
        ``r0`` and ``offspring_k`` are those really reached. k cannot exceed what the differences between people's
        contacts allow; the fit then makes everybody alike and says the k that remains.

    Raises
    ------
    BadInput
        If people of this city meet too few others for r0.

    Notes
    -----
    The infection probability of a contact with summed dose x is 1 - exp(-h g x), with g gamma of mean 1 and shape a;
    its mean over g is 1 - (1 + h x / a)^-a. The variance over people adds the spread of g, of contacts, and chance.
    """
    return fit_doses(follow_sample(city, settings, visits_on, rng), settings.history, rng)


def fit_doses(doses: Doses, history: NaturalHistory, rng: np.random.Generator) -> Fit:
    """Solve for the level and the spread of infectiousness, given doses at level 1.

    Raises
    ------
    BadInput
        If r0 cannot be reached.
    """
    shapes = np.geomspace(history.dispersion_k / 4, ALIKE, 64)
    seed = int(rng.integers(2**31))  # the same draws for every shape, or chance would steer the search
    best: Fit | None = None
    low, high = 0, len(shapes) - 1
    while low <= high:
        middle = (low + high) // 2
        found = _fit_shape(doses, history, float(shapes[middle]), np.random.default_rng(seed))
        if best is None or _miss(found, history) < _miss(best, history):
            best = found
        if found.offspring_k < history.dispersion_k:
            low = middle + 1
        else:
            high = middle - 1
    assert best is not None
    return best


def _miss(fit: Fit, history: NaturalHistory) -> float:
    return abs(float(np.log(fit.offspring_k / history.dispersion_k)))


def follow_sample(city: City, settings: EpidemicSettings, visits_on: VisitsOn, rng: np.random.Generator) -> Doses:
    """Follow a random sample of people through a week and add up the doses others would receive from them."""
    n = min(SAMPLE, city.n_people)
    chosen = np.zeros(city.n_people, np.bool_)
    chosen[rng.choice(city.n_people, n, replace=False)] = True
    free = np.full(city.n_people, int(Status.FREE), np.uint8)
    table = hazard_table(settings)
    shelf = empty_shelf(city)
    infectious_days = float(sum(settings.history.infectiousness))
    keys: list[NDArray[np.int64]] = []
    doses: list[NDArray[np.float64]] = []
    for weekday, share in WEEK:
        day = next(day for day in range(7) if city.weekday(day) == weekday)
        visits = visits_on(day, free)
        sources = unit_sources(city, table, visits, rows_of(visits, chosen))
        shelve(sources, shelf)
        key, dose = pair_doses(visits, sources, shelf)
        clear_shelf(sources, shelf)
        keys.append(key)
        doses.append(dose * (share / 7 * infectious_days))
    pairs, which = np.unique(np.concatenate(keys), return_inverse=True)
    total = np.bincount(which, np.concatenate(doses), minlength=len(pairs))
    _, first = np.unique(pairs >> 32, return_index=True)
    return Doses(total, first, n)


def empty_shelf(city: City) -> Shelf:
    """Make a shelf with no sources."""
    return Shelf(np.zeros(city.n_places, np.int32), np.zeros(city.n_places, np.int32))


def unit_sources(city: City, table: HazardTable, visits: DayVisits, rows: NDArray[np.int64]) -> Sources:
    """Make sources of people whose infectiousness is 1, ordered by place."""
    rows = rows[np.argsort(visits.place[rows], kind="stable")]
    kind = city.places.kind[visits.place[rows]]
    return Sources(
        visits.place[rows],
        visits.zone[rows],
        visits.t_in[rows],
        visits.t_out[rows],
        table.relative[kind] / 60,
        table.other_zone_share[kind],
        table.lingering_minutes[kind],
        table.lingering_share[kind],
        visits.person[rows],
        np.full(len(rows), -1, np.int32),
    )


def _fit_shape(doses: Doses, history: NaturalHistory, shape: float, rng: np.random.Generator) -> Fit:
    binned = bin_doses(doses)
    hazard = _hazard_for(binned, history, shape)
    reached = _mean_offspring(binned, history, hazard, shape)
    variance = _offspring_variance(doses, history, hazard, rng.gamma(shape, 1 / shape, QUANTILES * 64))
    excess = variance - reached
    return Fit(hazard, shape, reached, reached**2 / excess if excess > 0 else float("inf"))


class BinnedDoses(NamedTuple):
    """Doses of nearly equal size put together, weighted per source person; arrays of shape (bin,)."""

    dose: NDArray[np.float64]
    weight: NDArray[np.float64]


def bin_doses(doses: Doses) -> BinnedDoses:
    """Put doses within 1 % of each other into one bin at their mean, which is exact to first order."""
    if len(doses.dose) == 0:
        return BinnedDoses(np.zeros(1), np.zeros(1))
    _, which, count = np.unique(np.rint(np.log(doses.dose) * 100), return_inverse=True, return_counts=True)
    return BinnedDoses(np.bincount(which, doses.dose) / count, count / doses.n_sources)


def _levels(history: NaturalHistory) -> tuple[tuple[float, float], ...]:
    share = history.symptomatic_share
    return ((share, 1.0), (1 - share, history.asymptomatic_infectiousness))


def _mean_offspring(doses: BinnedDoses, history: NaturalHistory, hazard: float, shape: float) -> float:
    total = 0.0
    for share, level in _levels(history):
        p = 1 - (1 + hazard * level * doses.dose / shape) ** -shape
        total += share * float((p * doses.weight).sum())
    return total


def _hazard_for(doses: BinnedDoses, history: NaturalHistory, shape: float) -> float:
    low, high = 1e-9, 1e3
    reachable = _mean_offspring(doses, history, high, shape)
    if reachable < history.r0:
        raise BadInput(
            "epidemic.r0_unreachable", pathogen=history.pathogen, r0=history.r0, reachable=f"{reachable:.1f}"
        )
    for _ in range(40):
        middle = float(np.sqrt(low * high))
        if _mean_offspring(doses, history, middle, shape) < history.r0:
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))


def _offspring_variance(doses: Doses, history: NaturalHistory, hazard: float, draws: NDArray[np.float64]) -> float:
    factors = np.sort(draws).reshape(QUANTILES, -1).mean(axis=1)  # quantile bins keep the mean of the gamma
    first = second = within = 0.0
    for share, level in _levels(history):
        for factor in factors:
            p = -np.expm1(-hazard * level * factor * doses.dose)
            means = np.add.reduceat(p, doses.first) if len(p) else np.zeros(1)
            weight = share / QUANTILES / doses.n_sources
            first += weight * float(means.sum())
            second += weight * float((means**2).sum())
            within += weight * float((p * (1 - p)).sum())
    return within + second - first**2
