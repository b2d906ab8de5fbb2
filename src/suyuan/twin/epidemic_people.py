"""The state of the epidemic: one entry per person, and who may go out on a day."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.twin.city import DayVisits, Status
from suyuan.twin.epidemic_settings import Care, EpidemicSettings
from suyuan.twin.natural_history import MINUTES_PER_DAY, draw_courses, draw_factors

NEVER = np.int32(2**31 - 1)
"""A minute that does not come."""


class Cause(IntEnum):
    """What infected a person."""

    SEED = 0
    PERSON = 1
    OBJECT = 2


class Infected(NamedTuple):
    """People infected at one time step; arrays of shape (infection,)."""

    person: NDArray[np.int32]
    at: NDArray[np.int32]
    cause: NDArray[np.uint8]
    infector: NDArray[np.int32]
    """-1 for none; for an object whoever contaminated it."""
    deposit: NDArray[np.int32]
    """-1 for none."""
    place: NDArray[np.int32]
    zone: NDArray[np.int16]


class PeopleState(NamedTuple):
    """Arrays of shape (person,); minutes since 00:00 of day 0, NEVER where it has not happened."""

    infected_at: NDArray[np.int32]
    infectious_from: NDArray[np.int32]
    onset_at: NDArray[np.int32]
    """When symptoms begin, or would begin."""
    symptomatic: NDArray[np.bool_]
    factor: NDArray[np.float64]
    """Individual infectiousness, that of people without symptoms already lowered."""
    generation: NDArray[np.int32]
    immune: NDArray[np.bool_]
    away_from: NDArray[np.int32]
    away_until: NDArray[np.int32]
    home_from: NDArray[np.int32]
    ward_from: NDArray[np.int32]


def start_people(n: int, immune_share: float, rng: np.random.Generator) -> PeopleState:
    """Everybody healthy and free; a random share immune."""

    def never() -> NDArray[np.int32]:
        return np.full(n, NEVER, np.int32)

    return PeopleState(
        infected_at=never(),
        infectious_from=never(),
        onset_at=never(),
        symptomatic=np.zeros(n, np.bool_),
        factor=np.zeros(n),
        generation=np.full(n, -1, np.int32),
        immune=rng.random(n) < immune_share,
        away_from=never(),
        away_until=never(),
        home_from=never(),
        ward_from=never(),
    )


def infect(
    state: PeopleState, new: Infected, settings: EpidemicSettings, factor_shape: float, rng: np.random.Generator
) -> None:
    """Write the course of new infections, and what the ill will do, into the state."""
    history, who = settings.history, new.person
    courses = draw_courses(history, len(who), rng)
    state.infected_at[who] = new.at
    state.infectious_from[who] = new.at + courses.latent_minutes
    state.onset_at[who] = new.at + courses.incubation_minutes
    state.symptomatic[who] = courses.symptomatic
    level = np.where(courses.symptomatic, 1.0, history.asymptomatic_infectiousness)
    state.factor[who] = draw_factors(factor_shape, len(who), rng) * level
    known = new.infector >= 0
    state.generation[who] = np.where(known, state.generation[new.infector] + 1, 0)
    _plan_care(state, who, settings.care, rng)


def _plan_care(state: PeopleState, who: NDArray[np.int32], care: Care, rng: np.random.Generator) -> None:
    ill = who[state.symptomatic[who]]
    stays = ill[rng.random(len(ill)) < care.stay_home_share]
    state.home_from[stays] = state.onset_at[stays]
    lies = ill[rng.random(len(ill)) < care.ward_share]
    delay = (care.ward_delay.draw(len(lies), rng) * MINUTES_PER_DAY).astype(np.int32)
    state.ward_from[lies] = state.onset_at[lies] + delay


def status_on(state: PeopleState, day: int, care: Care) -> NDArray[np.uint8]:
    """Say what each person is free to do on a day (``city.Status``), known at its start."""
    now = day * MINUTES_PER_DAY
    span = care.days * MINUTES_PER_DAY
    status = np.full(len(state.infected_at), int(Status.FREE), np.uint8)
    # subtract, do not add: NEVER is the largest number of its type
    status[(state.home_from <= now) & (now - span < state.home_from)] = int(Status.AT_HOME)
    status[(state.ward_from <= now) & (now - span < state.ward_from)] = int(Status.IN_WARD)
    status[(state.away_from <= now) & (now < state.away_until)] = int(Status.AWAY)
    return status


def cut_visits(state: PeopleState, visits: DayVisits) -> DayVisits:
    """End the visits of people at the minute they are taken away; later ones do not happen."""
    leaves = state.away_from[visits.person]
    back = state.away_until[visits.person]
    cut = (visits.t_out > leaves) & (visits.t_in < back)
    if not cut.any():
        return visits
    keep = ~cut | (visits.t_in < leaves)
    t_out = np.where(cut, np.minimum(visits.t_out, leaves), visits.t_out)
    return DayVisits(*(column[keep] for column in (*visits[:4], t_out)))


def infectiousness_at(
    state: PeopleState, person: NDArray[np.int32], minute: NDArray[np.int32], curve: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Infectiousness of people at given minutes; ``curve`` is relative, by whole day since infectiousness began."""
    since = minute.astype(np.int64) - state.infectious_from[person]
    day = since // MINUTES_PER_DAY
    inside = (since >= 0) & (day < len(curve))
    return np.where(inside, curve[np.clip(day, 0, len(curve) - 1)], 0.0) * state.factor[person]
