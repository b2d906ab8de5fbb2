"""One day of the fast engine, compiled.

Only infectious people look at their neighbours, so a day costs what is infectious, not what lives. Chance comes from
numpy's generator, passed in.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.exposure.compiled import compiled
from suyuan.twin.agents_layers import Layer, Network

NEVER_DAY = 32767
"""A day that does not come."""


class Agents(NamedTuple):
    """State, shape (person,); days since the start, NEVER_DAY where it has not happened."""

    infected_on: NDArray[np.int16]
    infectious_on: NDArray[np.int16]
    onset_on: NDArray[np.int16]
    """NEVER_DAY without symptoms."""
    found_on: NDArray[np.int16]
    """Day of the positive result; isolated from then on."""
    quarantined_until: NDArray[np.int16]
    """-1 for never."""
    factor: NDArray[np.float32]
    """Individual infectiousness."""


class Plan(NamedTuple):
    """Numbers of a run, laid out for the compiled day."""

    curve: NDArray[np.float64]
    """Relative infectiousness by day since it began."""
    hazard: NDArray[np.float64]
    """Hazard of a day's contact on the most infectious day, by layer."""
    apart: NDArray[np.float64]
    """What remains of a contact when either is isolated or quarantined, by layer."""
    trace_share: NDArray[np.float64]
    """Share of contacts found, by layer."""
    p_test: NDArray[np.float64]
    """Daily chance of a test: with symptoms, without, in quarantine."""
    sensitivity: NDArray[np.float64]
    """By day since the day before infectiousness began."""
    days: NDArray[np.int64]
    """Sample to result; result to quarantine of contacts; length of quarantine; length of symptoms."""


class Visitor(NamedTuple):
    """One infectious person on one day."""

    who: int
    day: int
    hazard: float
    """Hazard of a contact today."""
    apart: float
    """What remains of a contact in isolation or quarantine."""
    is_apart: bool


@compiled
def meet(agents: Agents, layer: Layer, visitor: Visitor, rng: np.random.Generator) -> int:
    """Let one infectious person meet one layer; returns how many are infected."""
    n = 0
    for at in range(layer.first[visitor.who], layer.first[visitor.who + 1]):
        other = layer.other[at]
        if agents.infected_on[other] != NEVER_DAY:
            continue
        felt = visitor.hazard
        if visitor.is_apart or agents.quarantined_until[other] > visitor.day:
            felt *= visitor.apart
        if rng.random() < 1.0 - np.exp(-felt):
            agents.infected_on[other] = visitor.day
            n += 1
    return n


@compiled
def spread_day(agents: Agents, network: Network, plan: Plan, day: int, rng: np.random.Generator) -> int:
    """Let everybody infectious meet their neighbours; returns the number of new infections.

    Notes
    -----
    The newly infected are marked with the day; their course is written afterwards (`draw_courses`).
    """
    n = 0
    for who in range(len(agents.infected_on)):
        since = day - agents.infectious_on[who]
        if since < 0 or since >= len(plan.curve):
            continue
        felt = plan.hazard * (plan.curve[since] * agents.factor[who])
        apart = agents.found_on[who] <= day or agents.quarantined_until[who] > day
        n += meet(agents, network.household, Visitor(who, day, felt[0], plan.apart[0], apart), rng)
        n += meet(agents, network.school, Visitor(who, day, felt[1], plan.apart[1], apart), rng)
        n += meet(agents, network.work, Visitor(who, day, felt[2], plan.apart[2], apart), rng)
        n += meet(agents, network.community, Visitor(who, day, felt[3], plan.apart[3], apart), rng)
    return n


@compiled
def take_tests(agents: Agents, plan: Plan, day: int, rng: np.random.Generator) -> tuple[int, int]:
    """Test people by symptoms, at random, and in quarantine; returns numbers of tests and of positives."""
    n_tests = 0
    n_positive = 0
    for who in range(len(agents.infected_on)):
        if agents.found_on[who] != NEVER_DAY:
            continue
        since_onset = day - agents.onset_on[who]
        group = 1
        if agents.quarantined_until[who] > day:
            group = 2
        elif since_onset >= 0 and since_onset < plan.days[3]:
            group = 0
        if rng.random() >= plan.p_test[group]:
            continue
        n_tests += 1
        since = day - agents.infectious_on[who] + 1
        if since >= 0 and since < len(plan.sensitivity) and rng.random() < plan.sensitivity[since]:
            agents.found_on[who] = day + plan.days[0]
            n_positive += 1
    return n_tests, n_positive


@compiled
def quarantine(agents: Agents, layer: Layer, who: int, share: float, until: int, rng: np.random.Generator) -> int:
    """Quarantine the contacts of one case in one layer; returns how many were not quarantined before."""
    n = 0
    for at in range(layer.first[who], layer.first[who + 1]):
        other = layer.other[at]
        if agents.found_on[other] == NEVER_DAY and rng.random() < share:
            if agents.quarantined_until[other] < 0:
                n += 1
            agents.quarantined_until[other] = until
    return n


@compiled
def trace_day(agents: Agents, network: Network, plan: Plan, day: int, rng: np.random.Generator) -> int:
    """Quarantine the contacts of cases whose result is old enough; returns how many people are new to it."""
    n = 0
    until = day + plan.days[2]
    for who in range(len(agents.infected_on)):
        if agents.found_on[who] != day - plan.days[1]:
            continue
        n += quarantine(agents, network.household, who, plan.trace_share[0], until, rng)
        n += quarantine(agents, network.school, who, plan.trace_share[1], until, rng)
        n += quarantine(agents, network.work, who, plan.trace_share[2], until, rng)
        n += quarantine(agents, network.community, who, plan.trace_share[3], until, rng)
    return n
