"""Tracing back: who could have infected each case inside its exposure window, and where.

The rules of the edition are read the other way round: the candidate is the infector and the case the one exposed.
So a case that came up to the lingering minutes after a candidate had left still met them. How far to trust the
answer is in ``docs/guides/backward.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from suyuan.exposure.kernels.backward import (
    UNKNOWN,
    Sources,
    empty_sources,
    reaching_back,
    scan_sources,
    stack_rows,
    take_rows,
)
from suyuan.exposure.kernels.common import distinct_words
from suyuan.exposure.kernels.gather import find_ranges
from suyuan.exposure.kernels.shapes import Cells, Infectors, InfectorVisits, Ranges, Rules
from suyuan.exposure.match import EVERY_RING, LISTING, ONLY_CLOSE, PackedVisits, visits_of_infectors
from suyuan.exposure.rules import dose_of_meetings
from suyuan.exposure.segment import I32, I64, U8, U32, U64

NOBODY = Infectors(np.empty(0, np.uint32), *(np.empty(0, np.int32) for _ in range(3)))


class CandidateTable(NamedTuple):
    """Meetings that could have infected a case, one row each.

    ``case`` is a row of the cases asked for, ``known`` a row of the known infectors or -1. Times in minutes since
    1970; the counted interval is ``[start, start + together + lingering)``. ``hazard`` is in 1e-9 and holds for an
    infector at the height of infectiousness; ``dose`` (1e-12) weighs it by the known infector's day after onset and
    is 0 for everybody else.
    """

    case: U32
    person: U32
    known: I32
    own_cell: U32
    cell: U32
    start: I32
    together: I32
    lingering: I32
    ring: U8
    hazard: U64
    dose: U64


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who could have infected each case.

    ``meetings`` come by case; within a case known infectors first, then by dose, hazard and time. ``n_others`` is,
    per case, how many people not known as infectors met it by the rules, listed or not.
    """

    meetings: CandidateTable
    n_others: I64


class PlaceTable(NamedTuple):
    """Stays of the cases inside their exposure windows, one row each: where and when infection was possible.

    ``n_people`` and ``n_known`` count different people met there by the rules; ``hazard`` (1e-9) sums over all of
    them and is proportional to the chance of infection if everybody met were equally likely to be infectious;
    ``dose`` (1e-12) sums over the known infectors. By case, then largest dose, largest hazard, earliest.
    """

    case: U32
    cell: U32
    start: I32
    end: I32
    n_people: I64
    n_known: I64
    hazard: U64
    dose: U64


class _Found(NamedTuple):
    """Meetings of all segments, with the stay of the case that each belongs to."""

    visit: U32
    cell: U32
    sources: Sources


def infectious_window(onset: I64, isolated: I64, rules: Rules) -> tuple[I32, I32]:
    """From when to when known cases could infect: the profile's days around onset, ended by isolation.

    Parameters
    ----------
    onset
        Minute 0 of the day of onset (or of sampling, for somebody without symptoms), minutes since 1970.
    isolated
        Minute of isolation; a very late one for somebody not isolated.
    """
    start = onset + 1440 * rules.first_day
    end = np.minimum(start + 1440 * len(rules.milli), isolated)
    return start.astype(np.int32), end.astype(np.int32)


def find_candidates(
    log: PackedVisits,
    cases: Infectors,
    rules: Rules,
    known: Infectors | None = None,
    *,
    everybody: bool = False,
    wanted: int = EVERY_RING,
) -> Candidates:
    """Find who could have infected each case, known infectors first.

    Parameters
    ----------
    cases
        The cases, each with its exposure window ``[start, end)``; their ``onset`` is not used.
    known
        People known to be infected, with the time in which they can infect (``infectious_window``) and their onset.
        A case may stand here too; it is never its own candidate.
    everybody
        List those not known as infectors too; otherwise they are only counted.
    wanted
        Which rules count, as in ``list_meetings``.
    """
    known = NOBODY if known is None else known
    visits = visits_of_infectors(log, cases)
    found = _find(log, (cases, visits), rules, known, wanted)
    case = visits.infector[found.visit]
    other = found.sources.known == UNKNOWN
    pairs = distinct_words((case[other].astype(np.uint64) << np.uint64(32)) | found.sources.person[other])
    n_others = np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(cases.person))
    if not everybody:
        found = _Found(found.visit[~other], found.cell[~other], take_rows(found.sources, ~other))
    return Candidates(_ranked(found, visits, _weights(found, log.cells, rules, known)), n_others)


def find_places(
    log: PackedVisits, cases: Infectors, rules: Rules, known: Infectors | None = None, *, wanted: int = ONLY_CLOSE
) -> PlaceTable:
    """Find where and when each case could have been infected: its stays in the window and whom it met there.

    Parameters
    ----------
    cases, known, wanted
        As in ``find_candidates``; by default only meetings by the close-contact rule count.
    """
    known = NOBODY if known is None else known
    visits = visits_of_infectors(log, cases)
    found = _find(log, (cases, visits), rules, known, wanted)
    hazard, dose = _weights(found, log.cells, rules, known)
    n = len(visits.cell)
    totals = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    np.add.at(totals[0], found.visit, hazard)
    np.add.at(totals[1], found.visit, dose)
    met_known = found.sources.known != UNKNOWN
    people, infectors = _n_people(found, n, slice(None)), _n_people(found, n, met_known)
    order = np.lexsort((visits.end, visits.cell, visits.start, ~totals[0], ~totals[1], visits.infector))
    table = PlaceTable(visits.infector, visits.cell, visits.start, visits.end, people, infectors, *totals)
    return take_rows(table, order)


def _find(
    log: PackedVisits, asked: tuple[Infectors, InfectorVisits], rules: Rules, known: Infectors, wanted: int
) -> _Found:
    cases, visits = asked
    order = np.argsort(known.person, kind="stable")
    by_person = take_rows(known, order)
    buffer = empty_sources(LISTING + len(known.person))
    back = reaching_back(rules)
    parts: list[_Found] = []
    for segment in log.segments:
        ranges = find_ranges(segment, log.cells, back, visits, wanted)
        cursor = np.zeros(2, np.int64)
        while cursor[0] < len(ranges.visit):
            n = scan_sources(segment, log.cells, rules, (cases, visits, ranges), by_person, cursor, buffer)
            parts.append(_part(buffer, n, ranges, order))
    if not parts:
        return _Found(visits.infector[:0], visits.cell[:0], take_rows(buffer, slice(0)))
    sources = stack_rows([part.sources for part in parts])
    visit, cell = np.concatenate([part.visit for part in parts]), np.concatenate([part.cell for part in parts])
    return _Found(visit, cell, sources)


def _part(buffer: Sources, n: int, ranges: Ranges, order: I64) -> _Found:
    task = buffer.task[:n]
    sources = take_rows(buffer, np.arange(n))  # a copy: the buffer is used again
    infectors = sources.known != UNKNOWN
    sources.known[infectors] = order[sources.known[infectors]]
    return _Found(ranges.visit[task], ranges.cell[task], sources)


def _weights(found: _Found, cells: Cells, rules: Rules, known: Infectors) -> tuple[U64, U64]:
    """Hazard at the height of infectiousness, and dose by the known infector's day."""
    sources, kind = found.sources, cells.kind[found.cell]
    hazard = rules.together_nano[kind] * sources.together + rules.lingering_nano[kind] * sources.lingering
    infectors = sources.known != UNKNOWN
    dose = np.zeros(len(hazard), np.int64)
    since = sources.start[infectors].astype(np.int64) - known.onset[sources.known[infectors]]
    minutes = sources.together[infectors], sources.lingering[infectors]
    dose[infectors] = dose_of_meetings(rules, kind[infectors], since, *minutes)
    return hazard.astype(np.uint64), dose.astype(np.uint64)


def _ranked(found: _Found, visits: InfectorVisits, weights: tuple[U64, U64]) -> CandidateTable:
    sources, (hazard, dose) = found.sources, weights
    table = CandidateTable(
        visits.infector[found.visit],
        sources.person,
        sources.known,
        visits.cell[found.visit],
        found.cell,
        sources.start,
        sources.together,
        sources.lingering,
        sources.ring,
        hazard,
        dose,
    )
    # bitwise not turns the order of unsigned numbers round
    keys = (table.cell, table.own_cell, table.known, table.person, table.start, ~hazard, ~dose)
    order = np.lexsort((*keys, table.known == UNKNOWN, table.case))
    return take_rows(table, order)


def _n_people(found: _Found, n_visits: int, which: slice | np.ndarray) -> I64:
    words = (found.visit[which].astype(np.uint64) << np.uint64(32)) | found.sources.person[which]
    return np.bincount((distinct_words(words) >> np.uint64(32)).astype(np.int64), minlength=n_visits)
