"""Who is exposed to whom in a day's visits: the compiled part of the visit-driven epidemic.

A source is an infectious person's visit or a contaminated object's day. A visit feels every source of its place, by
the minutes together and the minutes in the air left behind. Hazards of one person add up; which source infected is
drawn in proportion, in the same pass (weighted reservoir of one).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.exposure.compiled import compiled
from suyuan.twin.city import DayVisits


class Sources(NamedTuple):
    """Sources of infection, ordered by place and time; arrays of shape (source,)."""

    place: NDArray[np.int32]
    zone: NDArray[np.int16]
    t_in: NDArray[np.int32]
    t_out: NDArray[np.int32]
    rate: NDArray[np.float64]
    """Hazard per minute together."""
    other_zone_share: NDArray[np.float64]
    lingering_minutes: NDArray[np.int32]
    lingering_share: NDArray[np.float64]
    person: NDArray[np.int32]
    """The infectious person; for an object whoever contaminated it, -1 if it came so."""
    deposit: NDArray[np.int32]
    """Which deposit on which object; -1 for a person."""


class Shelf(NamedTuple):
    """Where the sources of each place stand; arrays of shape (place,)."""

    first: NDArray[np.int32]
    count: NDArray[np.int32]


class Exposures(NamedTuple):
    """What has happened to each person today; arrays of shape (person,)."""

    hazard: NDArray[np.float64]
    source: NDArray[np.int32]
    place: NDArray[np.int32]
    zone: NDArray[np.int16]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


def no_exposures(n_people: int) -> Exposures:
    """Nobody has been exposed yet."""
    return Exposures(
        np.zeros(n_people),
        np.full(n_people, -1, np.int32),
        np.full(n_people, -1, np.int32),
        np.full(n_people, -1, np.int16),
        np.zeros(n_people, np.int32),
        np.zeros(n_people, np.int32),
    )


def join_sources(parts: list[Sources]) -> Sources:
    """Put sources together, ordered by place and time."""
    joined = Sources(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    order = np.lexsort((joined.t_in, joined.place))
    return Sources(*(column[order] for column in joined))


def shelve(sources: Sources, shelf: Shelf) -> None:
    """Note where each place's sources stand; ``clear_shelf`` undoes it in time that does not grow with the city."""
    places, first, count = np.unique(sources.place, return_index=True, return_counts=True)
    shelf.first[places] = first
    shelf.count[places] = count


def clear_shelf(sources: Sources, shelf: Shelf) -> None:
    """Empty the shelf again."""
    shelf.count[sources.place] = 0


@compiled
def rows_of(visits: DayVisits, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows of the visits of chosen people; ``chosen`` has shape (person,)."""
    rows = np.empty(len(visits.person), np.int64)
    n = 0
    for row in range(len(visits.person)):
        if chosen[visits.person[row]]:
            rows[n] = row
            n += 1
    return rows[:n].copy()


@compiled
def dose_of(visits: DayVisits, row: int, sources: Sources, s: int) -> tuple[float, int, int]:
    """Dose of one visit from one source of its place, and from when to when; 0 if they never meet."""
    b = sources.t_out[s]
    start = max(sources.t_in[s], visits.t_in[row])
    end = min(b + sources.lingering_minutes[s], visits.t_out[row])
    if end <= start:
        return 0.0, start, start
    rate = sources.rate[s]
    if visits.zone[row] != sources.zone[s] and visits.zone[row] >= 0 and sources.zone[s] >= 0:
        rate *= sources.other_zone_share[s]
    together = max(0, min(b, visits.t_out[row]) - start)
    return rate * (together + sources.lingering_share[s] * (end - start - together)), start, end


@compiled
def expose(
    visits: DayVisits,
    sources: Sources,
    shelf: Shelf,
    open_to: NDArray[np.bool_],
    felt: Exposures,
    rng: np.random.Generator,
) -> None:
    """Add up what every visit feels from the sources of its place; results are added to ``felt``.

    Parameters
    ----------
    open_to
        Who can be infected, shape (person,).
    """
    for row in range(len(visits.person)):
        place = visits.place[row]
        person = visits.person[row]
        if shelf.count[place] == 0 or not open_to[person]:
            continue
        for s in range(shelf.first[place], shelf.first[place] + shelf.count[place]):
            if sources.t_in[s] >= visits.t_out[row]:
                break
            dose, start, end = dose_of(visits, row, sources, s)
            if dose <= 0.0:
                continue
            felt.hazard[person] += dose
            if rng.random() * felt.hazard[person] < dose:
                felt.source[person] = s
                felt.place[person] = place
                felt.zone[person] = visits.zone[row]
                felt.start[person] = start
                felt.end[person] = end


@compiled
def pair_doses(visits: DayVisits, sources: Sources, shelf: Shelf) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Dose of every visit from every source of its place, as (source person << 32 | person, dose) rows."""
    n_pairs = 0
    for row in range(len(visits.person)):
        n_pairs += shelf.count[visits.place[row]]
    pairs = np.empty(n_pairs, np.int64)
    doses = np.empty(n_pairs)
    n = 0
    for row in range(len(visits.person)):
        place = visits.place[row]
        for s in range(shelf.first[place], shelf.first[place] + shelf.count[place]):
            if sources.person[s] == visits.person[row]:
                continue
            dose, _, _ = dose_of(visits, row, sources, s)
            if dose > 0.0:
                pairs[n] = np.int64(sources.person[s]) << 32 | visits.person[row]
                doses[n] = dose
                n += 1
    return pairs[:n].copy(), doses[:n].copy()
