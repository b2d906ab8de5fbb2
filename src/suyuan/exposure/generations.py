"""Generations of a chain through the visit log: who can have been reached, when, and by whom, hop after hop.

Two definitions of "when", both respecting time:

- *layered* (``find_generations``): generation g + 1 are those first met by generation g; the time is the earliest
  exposure at the smallest generation. Reports use this one, because a generation is what a rule speaks of.
- *foremost* (``find_foremost``): the earliest possible exposure over chains of any length, as a fire would spread;
  a person reached early through many steps may have a high generation and an early time. Use it to ask how far the
  pathogen can have come by a date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from suyuan.exposure.kernels.gather import offered_bits
from suyuan.exposure.kernels.hop import (
    FRONTIER,
    LATE,
    REACHED,
    Arrivals,
    collect_reached,
    hop_over_cells,
    sort_by_cell,
    sweep_cells,
)
from suyuan.exposure.kernels.shapes import CLOSE_ELIGIBLE, Infectors, Rules
from suyuan.exposure.match import PackedVisits, visits_of_infectors
from suyuan.exposure.segment import I32, U32, Segment
from suyuan.terms import BadUsage

SWEEP_SHARE = 0.25
"""Share of all persons from which on a hop reads every row in order instead of looking up each infectious person."""


@dataclass(frozen=True, slots=True)
class Course:
    """How long it takes from exposure to being infectious, and how long that lasts, in minutes."""

    latent_minutes: int
    infectious_minutes: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Persons reached, one row each, by generation and number.

    ``first`` is the start of the exposure in minutes since 1970; ``infector`` the person number whose stay gave it
    (ties: the stay that ends last, then the smallest number). Generation 0 are the cases themselves: not listed.
    """

    person: U32
    generation: I32
    first: I32
    infector: U32


def find_generations(log: PackedVisits, cases: Infectors, rules: Rules, course: Course, n_generations: int) -> Reached:
    """Follow the close contacts of cases generation by generation (layered definition).

    Parameters
    ----------
    cases
        The cases with their infectious windows; a person may have several rows, the windows are joined.
    course
        Applied to everybody reached: infectious from exposure + latent, for so long.
    n_generations
        At most so many hops; fewer if nobody new is reached.
    """
    arrivals = _nobody_reached(log.n_persons)
    start, end = _cases_into(arrivals, cases)
    frontier = Infectors(np.unique(cases.person), start, end, start)
    layers: list[Reached] = []
    for generation in range(1, n_generations + 1):
        _hop(log, frontier, rules, arrivals)
        reached = collect_reached(arrivals, LATE)
        if len(reached) == 0:
            break
        first = arrivals.first[reached]
        layers.append(Reached(reached, np.full(len(reached), generation, np.int32), first, arrivals.infector[reached]))
        if generation < n_generations:
            frontier = _next_frontier(arrivals, reached, course)
    return _joined(layers)


def find_foremost(log: PackedVisits, cases: Infectors, rules: Rules, course: Course, until: int) -> Reached:
    """Find the earliest possible exposure of everybody over chains of any length, up to a minute since 1970.

    Notes
    -----
    Time goes forward in steps of the latent period: nobody exposed in a step is infectious within it, so all who
    are infectious in a step are settled before it begins, and one hop per step is exact.

    Raises
    ------
    BadUsage
        If the latent period is zero: then no step is short enough.
    """
    if course.latent_minutes <= 0:
        raise BadUsage("generations.no_latent")
    arrivals = _nobody_reached(log.n_persons)
    person = np.unique(cases.person)
    start, end = _cases_into(arrivals, cases)
    chain = Infectors(person, start, end, start)
    generation_of = np.zeros(log.n_persons, np.int32)
    layers: list[Reached] = []
    for step in range(int(start.min(initial=until)), until, course.latent_minutes):
        step_end = min(step + course.latent_minutes, until)
        active = (chain.start < step_end) & (chain.end > step)
        # whole stays, so that their minutes count in full; exposures after the step are left to a later one
        frontier = Infectors(chain.person[active], chain.start[active], chain.end[active], chain.onset[active])
        arrivals.status[chain.person] = REACHED
        _mark(arrivals, frontier)
        _hop(log, frontier, rules, arrivals)
        reached = collect_reached(arrivals, step_end)
        if len(reached) == 0:
            continue
        infector = arrivals.infector[reached]
        generation_of[reached] = generation_of[infector] + 1
        layers.append(Reached(reached, generation_of[reached], arrivals.first[reached], infector))
        more = _next_frontier(arrivals, reached, course)
        chain = join_infectors(chain, more)
    return _joined(layers)


def _hop(log: PackedVisits, frontier: Infectors, rules: Rules, arrivals: Arrivals) -> None:
    if len(frontier.person) > SWEEP_SHARE * log.n_persons:
        _sweep(log, rules, arrivals)
        return
    visits = visits_of_infectors(log, frontier)
    bits = offered_bits(rules, CLOSE_ELIGIBLE)
    found = sort_by_cell(log.cells, bits, visits, frontier.person)
    for segment in log.segments:
        hop_over_cells(segment, log.cells, rules, found, arrivals)


def _sweep(log: PackedVisits, rules: Rules, arrivals: Arrivals) -> None:
    for target in log.segments:
        for source in log.segments:
            sweep_cells(target, source, log.cells, rules, _cells_of(target), arrivals)


def _cells_of(target: Segment) -> U32:
    if len(target.cell_keys):
        return target.cell_keys
    return np.arange(len(target.cell_max_stay), dtype=np.uint32)


def _nobody_reached(n_persons: int) -> Arrivals:
    start, end, until = (np.zeros(n_persons, np.int32) for _ in range(3))
    first = np.full(n_persons, LATE, np.int32)
    return Arrivals(np.zeros(n_persons, np.uint8), start, end, first, until, np.zeros(n_persons, np.uint32))


def _cases_into(arrivals: Arrivals, cases: Infectors) -> tuple[I32, I32]:
    """Join the windows of each case and mark the cases as the first frontier."""
    person, row = np.unique(cases.person, return_inverse=True)
    start, end = np.full(len(person), LATE, np.int32), np.zeros(len(person), np.int32)
    np.minimum.at(start, row, cases.start)
    np.maximum.at(end, row, cases.end)
    _mark(arrivals, Infectors(person, start, end, start))
    return start, end


def _mark(arrivals: Arrivals, frontier: Infectors) -> None:
    arrivals.status[frontier.person] = FRONTIER
    arrivals.start[frontier.person] = frontier.start
    arrivals.end[frontier.person] = frontier.end


def _next_frontier(arrivals: Arrivals, reached: U32, course: Course) -> Infectors:
    start = arrivals.first[reached] + np.int32(course.latent_minutes)
    frontier = Infectors(reached, start, start + np.int32(course.infectious_minutes), start)
    _mark(arrivals, frontier)
    return frontier


def join_infectors(one: Infectors, other: Infectors) -> Infectors:
    """Put two tables of infectors into one."""
    return Infectors(
        np.concatenate((one.person, other.person)),
        np.concatenate((one.start, other.start)),
        np.concatenate((one.end, other.end)),
        np.concatenate((one.onset, other.onset)),
    )


def _joined(layers: list[Reached]) -> Reached:
    nothing = np.empty(0, np.uint32)
    if not layers:
        return Reached(nothing, nothing.view(np.int32), nothing.view(np.int32), nothing)
    return Reached(
        np.concatenate([layer.person for layer in layers]),
        np.concatenate([layer.generation for layer in layers]),
        np.concatenate([layer.first for layer in layers]),
        np.concatenate([layer.infector for layer in layers]),
    )
