"""The fast epidemic engine for what-if questions: people in contact layers, one step a day, testing and tracing.

It shares the natural history with the visit-driven epidemic, but knows no places and no hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import BadInput
from suyuan.twin.agents_day import NEVER_DAY, Agents, Plan, spread_day, take_tests, trace_day
from suyuan.twin.agents_layers import LAYERS, Network, by_layer
from suyuan.twin.epidemic_fit import Doses, Fit, fit_doses
from suyuan.twin.natural_history import MINUTES_PER_DAY, NaturalHistory, draw_courses, draw_factors

LAYER_WEIGHTS = {"household": 1.0, "school": 0.2, "work": 0.2, "community": 0.1}
"""Hazard of a day's contact relative to the household (after Kerr et al. 2021, doi:10.1371/journal.pcbi.1009149,
whose transmission weights are 3, 0.6, 0.6, 0.3)."""

FOLLOWED = 500
DAYS_ILL = 10


@dataclass(frozen=True)
class WhatIf:
    """What is done against the epidemic. Shares are 0 to 1; layers that are not named get 0.

    Attributes
    ----------
    p_test_ill, p_test_well, p_test_quarantined
        Daily chance of a test with symptoms, without, and in quarantine.
    sensitivity
        By whole day, from the day before infectiousness begins.
    result_days, trace_days, quarantine_days
        Sample to result; result to quarantine of contacts; its length.
    trace_share
        Share of contacts found, by layer; empty for no tracing.
    apart
        What remains of contacts in isolation or quarantine, by layer.
    open_share
        What remains of a layer's contacts for everybody (1 for open, 0 for closed).
    """

    p_test_ill: float = 0.2
    p_test_well: float = 0.001
    p_test_quarantined: float = 1.0
    sensitivity: tuple[float, ...] = (0.2, 0.7, 0.9, 0.9, 0.9, 0.8, 0.8, 0.7, 0.7, 0.6)
    result_days: int = 1
    trace_days: int = 1
    quarantine_days: int = 14
    trace_share: Mapping[str, float] = field(default_factory=dict)
    apart: Mapping[str, float] = field(default_factory=lambda: {"household": 0.3})
    open_share: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(LAYERS, 1.0))


class Course(NamedTuple):
    """What happened, by day; arrays of shape (day,)."""

    infections: NDArray[np.int64]
    tests: NDArray[np.int64]
    found: NDArray[np.int64]
    """Positive samples taken."""
    quarantined: NDArray[np.int64]
    """People quarantined who never were before."""


def run_agents(
    network: Network, history: NaturalHistory, what_if: WhatIf, days: int, n_first: int, rng: np.random.Generator
) -> Course:
    """Run an epidemic on contact layers.

    Parameters
    ----------
    n_first
        People infected on day 0, drawn at random.

    Raises
    ------
    BadInput
        If a layer name is not known, a share is outside 0 to 1, or r0 cannot be reached.

    Examples
    --------
    >>> from suyuan.twin.agents_layers import make_network
    >>> from suyuan.twin.natural_history import Spread
    >>> rng = np.random.default_rng(1)
    >>> flu = NaturalHistory("flu", Spread(2.0, 0.5), Spread(0.5, 0.1), (1.0, 0.5), 0.7, 0.5, 1.6, 1.0, "example")
    >>> course = run_agents(make_network(2000, rng), flu, WhatIf(), 30, 5, rng)
    >>> len(course.infections), int(course.infections[0]) >= 5
    (30, True)
    """
    fit = fit_layers(network, history, rng)
    plan = lay_plan(history, what_if, fit.hazard_per_hour)
    agents = _healthy(network.n_people)
    agents.infected_on[rng.choice(network.n_people, min(n_first, network.n_people), replace=False)] = 0
    _write_courses(agents, 0, history, fit.factor_shape, rng)
    traces = bool(plan.trace_share.any())
    rows = np.zeros((days, 4), np.int64)
    rows[0, 0] = n_first
    for day in range(days):
        if traces:
            rows[day, 3] = trace_day(agents, network, plan, day, rng)
        new = spread_day(agents, network, plan, day, rng)
        rows[day, 0] += new
        if new:
            _write_courses(agents, day, history, fit.factor_shape, rng)
        rows[day, 1], rows[day, 2] = take_tests(agents, plan, day, rng)
    return Course(*rows.T)


def lay_plan(history: NaturalHistory, what_if: WhatIf, hazard: float) -> Plan:
    """Check a plan and lay it out as arrays.

    Raises
    ------
    BadInput
        If a layer name is not known or a share is outside 0 to 1.
    """
    chances = ("p_test_ill", "p_test_well", "p_test_quarantined")
    for name in chances:
        if not 0 <= getattr(what_if, name) <= 1:
            raise BadInput("agents.bad_share", value=getattr(what_if, name), name=name)
    weights = np.array([LAYER_WEIGHTS[layer] for layer in LAYERS])
    return Plan(
        np.array(history.infectiousness),
        hazard * weights * by_layer(what_if.open_share, "open_share"),
        by_layer(what_if.apart, "apart"),
        by_layer(what_if.trace_share, "trace_share"),
        np.array([getattr(what_if, name) for name in chances]),
        np.array(what_if.sensitivity),
        np.array([what_if.result_days, what_if.trace_days, what_if.quarantine_days, DAYS_ILL]),
    )


def fit_layers(network: Network, history: NaturalHistory, rng: np.random.Generator) -> Fit:
    """Solve for the hazard of a day's household contact, and the spread of infectiousness, from r0 and k.

    Raises
    ------
    BadInput
        If people of this network have too few contacts for r0.
    """
    n = min(FOLLOWED, network.n_people)
    days = float(sum(history.infectiousness))
    doses: list[NDArray[np.float64]] = []
    first: list[int] = []
    for who in rng.choice(network.n_people, n, replace=False).tolist():
        own = [
            np.full(int(layer.first[who + 1] - layer.first[who]), days * LAYER_WEIGHTS[name])
            for name, layer in zip(LAYERS, network, strict=True)
        ]
        first.append(sum(len(part) for part in doses))
        doses.extend(own)
    return fit_doses(Doses(np.concatenate(doses), np.array(first), n), history, rng)


def _healthy(n: int) -> Agents:
    def never() -> NDArray[np.int16]:
        return np.full(n, NEVER_DAY, np.int16)

    return Agents(never(), never(), never(), never(), np.full(n, -1, np.int16), np.zeros(n, np.float32))


def _write_courses(agents: Agents, day: int, history: NaturalHistory, shape: float, rng: np.random.Generator) -> None:
    who = np.flatnonzero(agents.infected_on == day)
    courses = draw_courses(history, len(who), rng)
    level = np.where(courses.symptomatic, 1.0, history.asymptomatic_infectiousness)
    # whole days; infectious at the earliest on the next one
    agents.infectious_on[who] = day + np.maximum(1, np.rint(courses.latent_minutes / MINUTES_PER_DAY))
    onset = day + np.maximum(1, np.rint(courses.incubation_minutes / MINUTES_PER_DAY))
    agents.onset_on[who] = np.where(courses.symptomatic, onset, NEVER_DAY)
    agents.factor[who] = draw_factors(shape, len(who), rng) * level
