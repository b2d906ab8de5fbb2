"""Common exposures: places and hours that cases share more than chance explains.

The question is put to every slot of time in every place that a case visited: are there more cases among its visitors
than among other visits to such places? ``docs/guides/backward.md`` says what the answer can and cannot bear.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from suyuan.exposure.kernels.backward import take_rows
from suyuan.exposure.kernels.common import (
    F64,
    SLOT_BITS,
    WHO_BITS,
    distinct_words,
    list_presences,
    log_tails,
    visitors_of_slots,
)
from suyuan.exposure.kernels.shapes import Cells, Infectors, InfectorVisits
from suyuan.exposure.match import PackedVisits, visits_of_infectors
from suyuan.exposure.segment import I64, U32, U64
from suyuan.terms import PLACE_KINDS, BadUsage, PlaceKind

HOME = PLACE_KINDS.index(PlaceKind.HOME)
DORMITORY = PLACE_KINDS.index(PlaceKind.DORMITORY)
WHO_MASK = np.uint64((1 << WHO_BITS) - 1)
LONGEST = 1 << SLOT_BITS


@dataclass(frozen=True, slots=True)
class CommonSearch:
    """How to look for common exposures.

    Parameters
    ----------
    slot_minutes
        Length of a slot; slots begin at multiples of it after ``origin_minute`` (minutes since 1970).
    leave_out
        Kinds of place, by number, that are not asked about: people who live together share everything.
    n_compared
        Into how many people's visits to look for the background; a log of no more people is read whole.
    compared
        Who is comparable to the cases, by person number, for instance the people of their district; by default
        everybody in the log. Visitors of a slot who are not among them make the test more cautious, never less.
    """

    slot_minutes: int = 120
    origin_minute: int = 0
    leave_out: tuple[int, ...] = (HOME, DORMITORY)
    n_compared: int = 2048
    compared: U32 | None = None


class CommonTable(NamedTuple):
    """Slots shared by at least two households of cases, the most surprising first.

    ``cell`` is a cell of the place; ``[start, end)`` in minutes since 1970; ``n_units`` counts households of cases,
    ``n_visitors`` different visitors, cases included; ``expected`` is the number of units under the null
    hypothesis. ``log_p`` is the natural logarithm of ``p_value``, which may be too small to write down.
    """

    cell: U32
    start: I64
    end: I64
    n_cases: I64
    n_units: I64
    n_visitors: I64
    expected: F64
    log_p: F64
    p_value: F64
    q_value: F64


@dataclass(frozen=True, slots=True)
class CommonExposures:
    """The slots shared by cases, and what they were compared with.

    ``member_row`` and ``member_person`` pair rows of the table with the persons of the cases that were there.
    ``n_tests`` counts the slots visited by any case, all of which the false-discovery rate allows for.
    """

    table: CommonTable
    member_row: I64
    member_person: U32
    n_tests: int
    n_units: int


class _Group(NamedTuple):
    """The cases as people and households, with their windows in slots of the grid."""

    person: U32
    who: U32
    unit_of: U32
    first: I64
    last: I64
    origin: int
    n_slots: int


class _Shared(NamedTuple):
    """Slots that households share: key (cell << 14 | slot), and how many cases, households and visitors."""

    key: U64
    n_cases: I64
    n_units: I64
    n_visitors: I64


def find_common_exposures(log: PackedVisits, cases: Infectors, search: CommonSearch | None = None) -> CommonExposures:
    """Find the places and hours that several cases share more than chance explains.

    Parameters
    ----------
    cases
        The cases, each with its exposure window ``[start, end)``, widened to whole slots.

    Raises
    ------
    BadUsage
        If there are more than 262,144 cases, or the windows span more than 16,384 slots.

    Notes
    -----
    *Unit*: a household of cases, that is cases with the same home (place and zone of kind home with the most
    minutes in the window); it counts once in a slot. Places known from location data only take no part.

    *Null hypothesis* for a slot s with n visitors in a place of kind k: each of the c visits (different slots) that
    a unit u made to places of kind k in its window W fell on one of the person-slots T that everybody comparable spent
    in places of kind k in W, each equally likely. So s has been popular as it was, u went out as often as it did, and
    nothing else ties the units to s. The number of units in s then has the mean ``expected = n * sum_u c / T``; a
    sum of independent events of small probability, its upper tail is bounded by that of a Poisson variable with
    this mean (Hoeffding 1956, doi:10.1214/aoms/1177728178). T is estimated from every m-th person.

    A slot is looked at because at least one unit was there, so the p-value is conditional on that:
    P(X >= x) / P(X >= 1). It is 1 for slots with a single unit. The q-value is that of Benjamini and Hochberg over
    all slots visited by any unit.

    References
    ----------
    Benjamini, Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    search = search or CommonSearch()
    group, visits = _group(log, cases, search)
    grid = group.origin, search.slot_minutes
    counted = np.array([kind not in search.leave_out for kind in range(len(PLACE_KINDS))], np.uint8)
    words = _distinct(list_presences(visits, group.who, log.cells, counted, grid))
    by_unit = _distinct((words & ~WHO_MASK) | group.unit_of[words & WHO_MASK])
    shared, n_tests = _shared(log, words, by_unit, grid)
    expected = shared.n_visitors * _rates(log, group, by_unit, shared, search)
    log_p = log_tails(shared.n_units, expected)
    order = np.lexsort((shared.key, -shared.n_units, log_p))
    table = _table(shared, expected, log_p, grid, n_tests)
    member_row, member = _members(shared.key, order, words)
    return CommonExposures(take_rows(table, order), member_row, group.person[member], n_tests, len(group.first))


def false_discovery_rates(p_values: F64, n_tests: int) -> F64:
    """Return Benjamini and Hochberg's q-value of each p-value, sorted or not.

    Parameters
    ----------
    p_values
        Those below 1; the other ``n_tests - len(p_values)`` tests count as 1.

    Examples
    --------
    >>> false_discovery_rates(np.array([0.01, 0.04, 0.03]), 4).round(4).tolist()
    [0.04, 0.0533, 0.0533]
    """
    order = np.argsort(p_values, kind="stable")
    raised = p_values[order] * n_tests / np.arange(1, len(order) + 1)
    answer = np.empty(len(order))
    answer[order] = np.minimum(1.0, np.minimum.accumulate(raised[::-1])[::-1])
    return answer


def _group(log: PackedVisits, cases: Infectors, search: CommonSearch) -> tuple[_Group, InfectorVisits]:
    person, who = np.unique(cases.person, return_inverse=True)
    minutes, since = search.slot_minutes, search.origin_minute
    first = (cases.start.astype(np.int64) - since) // minutes
    last = -((since - cases.end.astype(np.int64)) // minutes)
    begin, end = (int(first.min()), int(last.max())) if len(person) else (0, 0)
    if len(person) > int(WHO_MASK) + 1:
        raise BadUsage("backward.too_many_cases", n=len(person), most=int(WHO_MASK) + 1)
    if end - begin > LONGEST:
        raise BadUsage("backward.too_many_slots", n=end - begin, most=LONGEST)
    whole = cases._replace(
        start=(first * minutes + since).astype(np.int32), end=(last * minutes + since).astype(np.int32)
    )
    visits = visits_of_infectors(log, whole)
    unit_of = _households(visits, who.astype(np.uint32), log.cells, len(person))
    n_units = int(unit_of.max()) + 1 if len(unit_of) else 0
    window = np.full(n_units, LONGEST, np.int64), np.zeros(n_units, np.int64)
    np.minimum.at(window[0], unit_of[who], first - begin)
    np.maximum.at(window[1], unit_of[who], last - begin)
    n_slots = max(0, end - begin)
    group = _Group(person, who.astype(np.uint32), unit_of, *window, begin * minutes + since, n_slots)
    return group, visits


def _households(visits: InfectorVisits, who: U32, cells: Cells, n_persons: int) -> U32:
    """Give each case the number of its household: one home, one number; those without a home stand alone."""
    at_home = cells.kind[visits.cell] == HOME
    cell, person = visits.cell[at_home], who[visits.infector[at_home]].astype(np.uint64)
    flat, home = np.unique(
        (cells.place[cell].astype(np.uint64) << np.uint64(32)) | cells.zone[cell], return_inverse=True
    )
    pairs, row = np.unique((person << np.uint64(32)) | home.astype(np.uint64), return_inverse=True)
    minutes = np.bincount(row, visits.end[at_home] - visits.start[at_home], minlength=len(pairs))
    home_of = len(flat) + np.arange(n_persons)  # a home of one's own until one is found
    by_minutes = pairs[np.lexsort((~pairs, minutes))]  # the last one written stays: the one with the most minutes
    home_of[(by_minutes >> np.uint64(32)).astype(np.int64)] = by_minutes & np.uint64(0xFFFFFFFF)
    numbers: U32 = np.unique(home_of, return_inverse=True)[1].astype(np.uint32)
    return numbers


def _shared(log: PackedVisits, words: U64, by_unit: U64, grid: tuple[int, int]) -> tuple[_Shared, int]:
    """Slots of at least two units, with their visitors; and how many slots had any."""
    key, n_units = _runs(by_unit)
    n_cases = _runs(words)[1]
    several = n_units > 1
    key, n_units, n_cases, n_tests = key[several], n_units[several], n_cases[several], len(key)
    place, starts = (key >> np.uint64(SLOT_BITS)).astype(np.uint32), _slot(key) * grid[1] + grid[0]
    parts = [visitors_of_slots(segment, log.cells, place, starts, grid[1]) for segment in log.segments]
    visitors = distinct_words(np.concatenate(parts)) if parts else key[:0]
    n_visitors = np.bincount((visitors >> np.uint64(32)).astype(np.int64), minlength=len(key))
    return _Shared(key, n_cases, n_units, n_visitors), n_tests


def _rates(log: PackedVisits, group: _Group, by_unit: U64, shared: _Shared, search: CommonSearch) -> F64:
    """Compute the expected number of units per visitor in each shared slot."""
    cells, n_kinds, n_units = log.cells, len(PLACE_KINDS), len(group.first)
    shape = n_kinds, group.n_slots
    kind = cells.kind[(by_unit >> np.uint64(32)).astype(np.int64)].astype(np.int64)
    made = np.bincount((by_unit & WHO_MASK).astype(np.int64) * n_kinds + kind, minlength=n_units * n_kinds)
    made = made.reshape(n_units, n_kinds)
    shared_kind = cells.kind[(shared.key >> np.uint64(SLOT_BITS)).astype(np.int64)]
    seen = np.zeros(shape)
    np.add.at(seen, (shared_kind, _slot(shared.key)), shared.n_visitors)
    window = group.first, group.last
    # the background holds at least the visitors that were counted and the unit's own visits
    possible = np.maximum(_within(_background(log, group, search), window), _within(seen, window))
    share = made / np.maximum(np.maximum(possible, made), 1)
    steps = np.zeros((group.n_slots + 1, n_kinds))
    np.add.at(steps, group.first, share)
    np.add.at(steps, group.last, -share)
    rates: F64 = np.cumsum(steps, axis=0)[_slot(shared.key), shared_kind]
    return rates


def _background(log: PackedVisits, group: _Group, search: CommonSearch) -> F64:
    """Estimate from a sample how many person-slots comparable people spent in each kind of place, by slot."""
    n_people = log.n_persons if search.compared is None else len(search.compared)
    n = min(n_people, search.n_compared)
    rows = np.arange(n) * n_people // max(n, 1)
    person = rows.astype(np.uint32) if search.compared is None else search.compared[rows]
    start = np.full(n, group.origin, np.int32)
    end = start + np.int32(group.n_slots * search.slot_minutes)
    visits = visits_of_infectors(log, Infectors(person, start, end, start))
    counted = np.array([kind not in search.leave_out for kind in range(len(PLACE_KINDS))], np.uint8)
    grid = group.origin, search.slot_minutes
    words = distinct_words(list_presences(visits, np.arange(n, dtype=np.uint32), log.cells, counted, grid))
    key = words >> np.uint64(WHO_BITS)
    kind = log.cells.kind[(key >> np.uint64(SLOT_BITS)).astype(np.int64)].astype(np.int64)
    size = len(PLACE_KINDS) * group.n_slots
    counts = np.bincount(kind * group.n_slots + _slot(key), minlength=size)
    answer: F64 = counts.reshape(len(PLACE_KINDS), group.n_slots) * np.float64(n_people / max(n, 1))
    return answer


def _within(counts: F64, window: tuple[I64, I64]) -> F64:
    """Sum counts (kind, slot) over the window of each unit: (unit, kind)."""
    total = np.concatenate((np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)), axis=1)
    answer: F64 = (total[:, window[1]] - total[:, window[0]]).T
    return answer


def _table(shared: _Shared, expected: F64, log_p: F64, grid: tuple[int, int], n_tests: int) -> CommonTable:
    start = _slot(shared.key) * grid[1] + grid[0]
    p_value = np.exp(log_p)
    return CommonTable(
        (shared.key >> np.uint64(SLOT_BITS)).astype(np.uint32),
        start,
        start + grid[1],
        shared.n_cases,
        shared.n_units,
        shared.n_visitors,
        expected,
        log_p,
        p_value,
        false_discovery_rates(p_value, n_tests),
    )


def _members(key: U64, order: I64, words: U64) -> tuple[I64, I64]:
    """Ranked row of the table and number of the case, for every case in a shared slot."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    at = np.searchsorted(key, words >> np.uint64(WHO_BITS))
    inside = at < len(key)
    inside[inside] = key[at[inside]] == words[inside] >> np.uint64(WHO_BITS)
    row, who = rank[at[inside]], (words[inside] & WHO_MASK).astype(np.int64)
    by_row = np.lexsort((who, row))
    return row[by_row], who[by_row]


def _slot(key: U64) -> I64:
    return (key & np.uint64(LONGEST - 1)).astype(np.int64)


def _distinct(words: U64) -> U64:
    words.sort()
    return words[np.flatnonzero(np.diff(words, prepend=~words[:1]))]


def _runs(words: U64) -> tuple[U64, I64]:
    """Keys of sorted words and how many words each has."""
    key, counts = np.unique(words >> np.uint64(WHO_BITS), return_counts=True)
    return key, counts.astype(np.int64)
