"""Who is comparable to the cases: people who live where the cases live, each as often as needed to stand for all.

Cases of one quarter share its shops and buses whatever the disease does. Compared with a whole city these places look
like common exposures; compared with their neighbours they do not.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from suyuan.exposure.common import DORMITORY, HOME
from suyuan.exposure.kernels.common import F64
from suyuan.exposure.kernels.shapes import Infectors
from suyuan.exposure.match import PackedVisits, visits_of_infectors
from suyuan.exposure.segment import I64, U32

SAMPLED = 20_000
HALF_WEEK = 84 * 60
CELLS_KM = (np.inf, 64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0)
ENOUGH = 50
"""Sampled residents that a cell must hold to be told from its surroundings: a standard error of 14 %."""
KNOWN_SHARE = 0.5
KM_PER_DEGREE = 111.32
FAR = 1 << 20


class LocatedVisits(PackedVisits, Protocol):
    """A log that also knows where its places are."""

    def place_coordinates(self, places: U32) -> F64:
        """Longitude and latitude of places, shape (places, 2); nan where unknown."""


class _Residents(NamedTuple):
    """People whose home has coordinates, their household, where it is, and what share of those seen they are."""

    person: U32
    household: I64
    degrees: F64
    share: float


class _Level(NamedTuple):
    """One grid: the cell of each case and of each sampled resident (-1: no case lives there), and what cells hold."""

    of_case: I64
    of_resident: I64
    n_cases: I64
    n_residents: I64
    fit: npt.NDArray[np.bool_]


def comparable_persons(log: LocatedVisits, cases: Infectors) -> U32 | None:
    """List the people who live where the cases live, for ``CommonSearch.compared``.

    Parameters
    ----------
    log
        A log; homes are its places of kind home and dormitory, the one with a person's longest stay.
    cases
        The cases and their exposure windows.

    Returns
    -------
    uint32 or None
        Person numbers drawn from a fixed sample; a number stands there as often as people it stands for, so the
        length estimates how many people are comparable. None where fewer than half of the cases, or of the people
        sampled, have a home with coordinates: then only the whole log is left to compare with.

    Notes
    -----
    Households of cases (residents of a dormitory each for themselves) and 20,000 people, evenly spaced over the person
    numbers, are laid on grids of 1, 2, 4 … 64 km and one cell for all. Each household of cases hands one unit of
    weight to the sampled residents of the smallest cell around it that holds at least 50 of them, so the residents are
    spread as the cases are.

    Their total is the number of households of cases divided by their *density* among residents. It is the larger of
    the mean density that a case finds around it (itself left out, which makes it unbiased for cases that fall
    independently), and the largest density of any cell less two standard errors: where the cases crowd in one quarter
    but not all live there, the quarter decides. Too large a density makes the test more cautious.

    Where the cases live is taken as given, shared work or shops are not: people are never chosen by the places whose
    share is asked about. People without a known home are taken to live as the others do.
    """
    affected = _residents(log, cases)
    if affected is None:
        return None
    n = min(log.n_persons, SAMPLED)
    sample = (np.arange(n, dtype=np.int64) * log.n_persons // n).astype(np.uint32)
    middle = int(np.median((cases.start.astype(np.int64) + cases.end) // 2))
    week = np.full(n, middle - HALF_WEEK, np.int32), np.full(n, middle + HALF_WEEK, np.int32)
    residents = _residents(log, Infectors(sample, *week, week[0]))
    if residents is None:
        return None
    one_each = np.unique(affected.household, return_index=True)[1]
    levels = _levels(affected.degrees[one_each], residents.degrees)
    each_stands_for = log.n_persons / n
    n_people = len(one_each) / _density(levels) * each_stands_for / residents.share
    return _repeated(residents.person, _weights(levels), min(n_people, log.n_persons))


def _residents(log: LocatedVisits, people: Infectors) -> _Residents | None:
    """Find where people live by their longest stay at a home; None where that is not known of most of those seen."""
    visits, cells = visits_of_infectors(log, people), log.cells
    at_home = (cells.kind[visits.cell] == HOME) | (cells.kind[visits.cell] == DORMITORY)
    minutes = (visits.end - visits.start)[at_home].astype(np.int64)
    longest = np.full(len(people.person), -1, np.int64)
    np.maximum.at(longest, visits.infector[at_home], (minutes << 32) | visits.cell[at_home])
    seen = np.zeros(len(longest), np.bool_)
    seen[visits.infector] = True
    row = np.flatnonzero(longest >= 0)
    home = longest[row] & 0xFFFFFFFF
    degrees = log.place_coordinates(cells.place[home])
    known = np.isfinite(degrees).all(axis=1)
    row, home = row[known], home[known]
    if not len(row) or len(row) < KNOWN_SHARE * seen.sum():
        return None
    flat = (cells.place[home].astype(np.int64) << 31) | cells.zone[home]
    household = np.where(cells.kind[home] == HOME, flat, -1 - people.person[row].astype(np.int64))
    return _Residents(people.person[row], household, degrees[known], len(row) / float(seen.sum()))


def _levels(cases: F64, residents: F64) -> list[_Level]:
    """Lay both on each grid, the coarsest first."""
    scale = KM_PER_DEGREE * np.array([np.cos(np.radians(np.median(cases[:, 1]))), 1.0])
    return [_level(cases * scale, residents * scale, size) for size in CELLS_KM]


def _level(cases: F64, residents: F64, size_km: float) -> _Level:
    cell, of_case, n_cases = np.unique(_cell_numbers(cases, size_km), return_inverse=True, return_counts=True)
    own = _cell_numbers(residents, size_km)
    at = np.minimum(np.searchsorted(cell, own), len(cell) - 1)
    at[cell[at] != own] = -1
    n_residents = np.bincount(at[at >= 0], minlength=len(cell))
    fit = n_residents >= (ENOUGH if np.isfinite(size_km) else 1)
    return _Level(of_case, at, n_cases, n_residents, fit)


def _cell_numbers(km: F64, size_km: float) -> I64:
    cell = np.floor(km / size_km + 0.0).astype(np.int64) if np.isfinite(size_km) else np.zeros(km.shape, np.int64)
    numbers: I64 = cell[:, 0] * FAR + cell[:, 1]
    return numbers


def _density(levels: list[_Level]) -> float:
    """Cases per sampled resident where the cases live; see the notes of ``comparable_persons``."""
    around = np.zeros(len(levels[0].of_case))
    density = len(around) / float(levels[0].n_residents[0])
    for level in levels:
        residents = np.maximum(level.n_residents, 1)
        others = (level.n_cases - 1) / residents
        around = np.where(level.fit[level.of_case], others[level.of_case], around)
        sure = (level.n_cases - 2 * np.sqrt(level.n_cases)) / residents
        density = max(density, float(around.mean()), float(sure[level.fit].max(initial=0.0)))
    return density


def _weights(levels: list[_Level]) -> F64:
    """Share one unit for each case among the residents of the smallest cell that is fit."""
    weight = np.zeros(len(levels[0].of_resident))
    waiting = np.ones(len(levels[0].of_case), np.bool_)
    for level in reversed(levels):
        taken = waiting & level.fit[level.of_case]
        n_taken = np.bincount(level.of_case[taken], minlength=len(level.fit))
        near = level.of_resident >= 0
        weight[near] += (n_taken / np.maximum(level.n_residents, 1))[level.of_resident[near]]
        waiting &= ~taken
    return weight


def _repeated(person: U32, weight: F64, n_people: float) -> U32:
    """Repeat each person in proportion to the weights, by systematic rounding, ``n_people`` in all."""
    edges = np.rint(np.cumsum(weight) * (max(n_people, 1.0) / weight.sum())).astype(np.int64)
    answer: U32 = np.repeat(person, np.diff(edges, prepend=0))
    return answer
