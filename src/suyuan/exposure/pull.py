"""Bringing the slices that a question needs from any store to the compiled routines.

A hop reads about 1.6 rows for each meeting it finds, so a store elsewhere is asked for those rows only; they are
packed into small segments in memory and the same routines answer. Frontiers too large for that are pushed down to
stores that can follow them (``PushesHops``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from suyuan.exposure.generations import Course, Reached, find_generations
from suyuan.exposure.kernels.gather import gather_visits, offered_bits, pair_cells, reaches
from suyuan.exposure.kernels.shapes import Cells, Infectors, Rules
from suyuan.exposure.match import EVERY_RING, ONLY_CLOSE
from suyuan.exposure.segment import ERA_MINUTES, I32, MINUTES, U32, ArrivalRows, Segment, SegmentShape
from suyuan.exposure.segment_build import segment_in_memory
from suyuan.exposure.visit_log import Exposed, PushesHops, VisitLog, Visits
from suyuan.terms import BadInput

PUSH_FROM = 1_000
"""Infectious persons from which on a hop is pushed down to a store that can do it (DuckDB, 10 million visits: 0.7
against 1.2 CPU seconds for 1,000, 1.8 against 3.1 for 5,000)."""


class PulledLog(NamedTuple):
    """Slices of a store, packed: answers the questions they were pulled for as the whole store would."""

    segments: tuple[Segment, ...]
    cells: Cells
    n_persons: int


class CellWindows(NamedTuple):
    """The cells to read, each once, and from when to when."""

    cell: U32
    from_: I32
    to: I32


def pull(log: VisitLog, infectors: Infectors, rules: Rules, wanted: int = EVERY_RING) -> PulledLog:
    """Read what the meetings of infectors need, and pack it.

    Parameters
    ----------
    infectors
        Those about whom the pulled log will be asked, with the same windows.
    wanted
        Which rules will count; ``ONLY_CLOSE`` reads less.

    Returns
    -------
    PulledLog
        For ``sum_close_contacts`` and ``list_meetings`` with these infectors, rules and rings.
    """
    if len(infectors.person) == 0:
        return PulledLog((), log.cells, log.n_persons)
    window = int(infectors.start.min()), int(infectors.end.max())
    own = _by_era(log.visits_of(np.unique(infectors.person), window))
    shape = SegmentShape(0, log.n_persons, len(log.cells.kind), dense=False)
    people = {era: segment_in_memory(rows, shape._replace(epoch=era * ERA_MINUTES)) for era, rows in own.items()}
    parts = [_windows(segment, log.cells, infectors, rules, wanted) for segment in people.values()]
    asked = _joined(parts)
    met = _by_era(log.visits_at(*asked)) if len(asked.cell) else {}
    segments = []
    for era in sorted(own.keys() | met.keys()):
        epoch = era * ERA_MINUTES
        nobody = segment_in_memory(_NO_ROWS, shape._replace(epoch=epoch))
        at_cells = segment_in_memory(met[era], shape._replace(epoch=epoch)) if era in met else nobody
        segments.append(_two_orders(people.get(era, nobody), at_cells))
    return PulledLog(tuple(segments), log.cells, log.n_persons)


def pull_generations(log: VisitLog, cases: Infectors, rules: Rules, course: Course, n_generations: int) -> Reached:
    """Follow generations through any store; the answer of ``find_generations``, hop by hop.

    Parameters
    ----------
    cases, course, n_generations
        As in ``find_generations``.
    """
    frontier = _joined_windows(cases)
    layers: list[Reached] = []
    seen = frontier.person
    for generation in range(1, n_generations + 1):
        exposed = _hop(log, frontier, rules)
        fresh = np.flatnonzero(~np.isin(exposed.person, seen))
        if len(fresh) == 0:
            break
        fresh = fresh[np.argsort(exposed.person[fresh])]
        person, first = exposed.person[fresh], exposed.first[fresh]
        layers.append(Reached(person, np.full(len(person), generation, np.int32), first, exposed.infector[fresh]))
        seen = np.concatenate((seen, person))
        start = first + np.int32(course.latent_minutes)
        frontier = Infectors(person, start, start + np.int32(course.infectious_minutes), start)
    nothing = np.empty(0, np.uint32)
    return Reached(
        np.concatenate([nothing, *(layer.person for layer in layers)]),
        np.concatenate([nothing.view(np.int32), *(layer.generation for layer in layers)]),
        np.concatenate([nothing.view(np.int32), *(layer.first for layer in layers)]),
        np.concatenate([nothing, *(layer.infector for layer in layers)]),
    )


def _hop(log: VisitLog, frontier: Infectors, rules: Rules) -> Exposed:
    if len(frontier.person) >= PUSH_FROM and isinstance(log, PushesHops):
        return log.hop_pushdown(frontier, rules)
    # one generation of the frontier alone does not know who was reached before: the caller leaves those out
    pulled = pull(log, frontier, rules, ONLY_CLOSE)
    reached = find_generations(pulled, frontier, rules, Course(0, 0), 1)
    return Exposed(reached.person, reached.first, reached.infector)


def _joined_windows(cases: Infectors) -> Infectors:
    person, row = np.unique(cases.person, return_inverse=True)
    start, end = np.full(len(person), 2**31 - 1, np.int32), np.full(len(person), -(2**31), np.int32)
    np.minimum.at(start, row, cases.start)
    np.maximum.at(end, row, cases.end)
    return Infectors(person, start, end, start)


def _windows(segment: Segment, cells: Cells, infectors: Infectors, rules: Rules, wanted: int) -> CellWindows:
    """For every cell that a rule looks into, when somebody's stay there could make a meeting."""
    visits = gather_visits(segment, infectors)
    at, cell, options = pair_cells(cells, offered_bits(rules, wanted), visits, wanted)
    minutes, lingering = reaches(rules)
    rule = 4 * cells.kind[cell].astype(np.int64) + (options & 3)
    latest = visits.end[at] + lingering[rule] - minutes[rule]
    return _joined([CellWindows(cell, visits.start[at], latest + np.int32(1))])


def _joined(parts: list[CellWindows]) -> CellWindows:
    """Ask for each cell once, over all its windows; windows that no stay can meet are left out."""
    nothing = CellWindows(np.empty(0, np.uint32), np.empty(0, np.int32), np.empty(0, np.int32))
    cell, from_, to = (np.concatenate(columns) for columns in zip(nothing, *parts, strict=True))
    real = to > from_
    cell, row = np.unique(cell[real], return_inverse=True)
    first, last = np.full(len(cell), 2**31 - 1, np.int32), np.full(len(cell), -(2**31), np.int32)
    np.minimum.at(first, row, from_[real])
    np.maximum.at(last, row, to[real])
    return CellWindows(cell, first, last)


def _by_era(visits: Visits) -> dict[int, ArrivalRows]:
    era = visits.t_in // ERA_MINUTES
    epoch = era * np.int32(ERA_MINUTES)
    after = visits.t_in - epoch, visits.t_out - epoch
    if len(era) and int(after[1].max()) >= MINUTES:
        raise BadInput("segment.too_long_stay")
    columns = visits.person, visits.cell, after[0].astype(np.uint16), np.maximum(after[1], 0).astype(np.uint16)
    return {int(each): ArrivalRows(*(column[era == each] for column in columns)) for each in np.unique(era)}


def _two_orders(people: Segment, at_cells: Segment) -> Segment:
    """Take the order by person from one slice and the order by cell from another: no row need be in both."""
    return people._replace(
        cell_keys=at_cells.cell_keys,
        cell_present=at_cells.cell_present,
        cell_offsets=at_cells.cell_offsets,
        cell_rows=at_cells.cell_rows,
        cell_max_stay=at_cells.cell_max_stay,
    )


_NO_ROWS = ArrivalRows(np.empty(0, np.uint32), np.empty(0, np.uint32), np.empty(0, np.uint16), np.empty(0, np.uint16))
