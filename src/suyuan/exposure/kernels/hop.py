"""One hop of a transmission chain: who is first exposed when, by whom, given who is infectious when.

Only the earliest exposure of each person matters here, so no pair is ever listed. The stays of infectious people in
a cell are sorted by their start; walking the visitors in order of arrival, the infectious person whose stay ends
last among those who came before answers for all of them, and the first to come later answers for the rest. The
work is one step per row read, however many infectious people there are (a pair-wise join needs up to 76 million
pairs for three generations in a city of 1.6 million; see decisions/0003).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from suyuan.exposure.compiled import compiled, inlined
from suyuan.exposure.kernels.gather import offered_bits, pair_cells, zone_case
from suyuan.exposure.kernels.shapes import (
    CLOSE_ELIGIBLE,
    NEVER,
    WEAK_SOURCE,
    Cells,
    InfectorVisits,
    Rules,
)
from suyuan.exposure.locate import is_dead, key_range
from suyuan.exposure.segment import I32, I64, U8, U32, Segment

UNREACHED, FRONTIER, REACHED = 0, 1, 2
LATE = 2147483647
FEW = 32


class Arrivals(NamedTuple):
    """The state of a chain, per person: dense arrays over all persons of the log.

    ``status``: 0 unreached, 1 infectious in this hop, 2 reached before. ``start``/``end``: when a frontier person
    is infectious. ``first``, ``until``, ``infector``: the earliest exposure found, when the stay that gave it ends,
    and whose it was. Ties: the earliest exposure; of those, the stay that ends last; of those, the smallest person.
    """

    status: U8
    start: I32
    end: I32
    first: I32
    until: I32
    infector: U32


class InfectiousStays(NamedTuple):
    """Stays of infectious people that reach into a cell, sorted by their start."""

    start: I64
    end: I64
    person: U32


@compiled
def sort_by_cell(cells: Cells, bits: U8, visits: InfectorVisits, persons: U32) -> tuple[U32, InfectiousStays]:
    """Spread visits over the cells they reach, sorted by cell and start.

    Parameters
    ----------
    bits
        What the rules offer per kind (``offered_bits`` for close contacts only).
    persons
        The person of each infector that ``visits.infector`` points to.
    """
    visit, cell, _ = pair_cells(cells, bits, visits, CLOSE_ELIGIBLE)
    n = visit.shape[0]
    order = _order_by_cell(cell, cells.kind.shape[0])
    start, end, person = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.uint32)
    sorted_cell = np.empty(n, np.uint32)
    for i in range(n):
        at = visit[order[i]]
        start[i], end[i], person[i] = visits.start[at], visits.end[at], persons[visits.infector[at]]
        sorted_cell[i] = cell[order[i]]
    first = 0
    for i in range(1, n + 1):
        if i == n or sorted_cell[i] != sorted_cell[first]:
            sort_stays(start[first:i], end[first:i], person[first:i])
            first = i
    return sorted_cell, InfectiousStays(start, end, person)


@compiled
def sort_stays(start: I64, end: I64, person: U32) -> None:
    """Sort stays by their start, in place; a few by insertion, many by a real sort."""
    n = start.shape[0]
    if n > FEW:
        order = np.argsort(start, kind="mergesort")
        start[:], end[:], person[:] = start[order], end[order], person[order]
        return
    for i in range(1, n):
        a, b, who = start[i], end[i], person[i]
        k = i
        while k > 0 and start[k - 1] > a:
            start[k], end[k], person[k] = start[k - 1], end[k - 1], person[k - 1]
            k -= 1
        start[k], end[k], person[k] = a, b, who


@compiled
def _order_by_cell(cell: U32, n_cells: int) -> I64:
    n = cell.shape[0]
    if n < n_cells // 64:
        return np.argsort(cell, kind="mergesort")
    ends = np.zeros(n_cells + 1, np.uint32)
    for i in range(n):
        ends[cell[i] + 1] += 1
    for i in range(n_cells):
        ends[i + 1] += ends[i]
    order = np.empty(n, np.int64)
    for i in range(n):
        order[ends[cell[i]]] = i
        ends[cell[i]] += 1
    return order


@compiled
def hop_over_cells(
    segment: Segment, cells: Cells, rules: Rules, found: tuple[U32, InfectiousStays], arrivals: Arrivals
) -> None:
    """Walk the cells that infectious people visited, each once, and note the earliest exposures.

    ``found`` is the cell of each infectious stay, sorted by cell and start, and the stays.
    """
    sorted_cell, stays = found
    kinds, close_minutes, close_lingering = cells.kind, rules.close_minutes, rules.close_lingering
    keys, offsets, max_stay = segment.cell_keys, segment.cell_offsets, segment.cell_max_stay
    n = sorted_cell.shape[0]
    i = 0
    while i < n:
        cell, j = sorted_cell[i], i
        while j < n and sorted_cell[j] == cell:
            j += 1
        first, last = key_range(keys, offsets, cell)
        if last > first:
            at = np.int64(cell)
            if keys.shape[0] > 0:
                at = np.searchsorted(keys, cell)
            kind = kinds[cell]
            window = (first, last, np.int64(max_stay[at]))
            _walk_cell(segment, window, stays, (i, j), (close_minutes[kind], close_lingering[kind]), arrivals)
        i = j


@compiled
def _walk_cell(
    segment: Segment,
    window: tuple[int, int, int],
    stays: InfectiousStays,
    slice_of: tuple[int, int],
    rule: tuple[int, int],
    arrivals: Arrivals,
) -> None:
    first, last, longest = window
    i, j = slice_of
    minutes, lingering = np.int64(rule[0]), np.int64(rule[1])
    rows, epoch, dead = segment.cell_rows, segment.epoch, segment.dead_cell
    starts, ends, persons = stays.start, stays.end, stays.person
    status, firsts, untils, infectors = arrivals.status, arrivals.first, arrivals.until, arrivals.infector
    # skip rows that ended before the first infectious stay could matter
    earliest = starts[i] + minutes - longest - epoch
    low = np.uint64(min(max(earliest, 0), 65535)) << np.uint64(48)
    high = last
    at = first
    while at < high:
        middle = (at + high) >> 1
        if rows[middle] < low:
            at = middle + 1
        else:
            high = middle
    latest = np.int64(-1) << 40
    for k in range(i, j):
        latest = max(latest, ends[k])
    came, present_until, present = i, np.int64(-1) << 40, np.uint32(0)
    while at < last:
        word = rows[at]
        c = epoch + np.int64(word >> np.uint64(48))
        if c + minutes > latest + lingering:
            break
        person = np.uint32(word & np.uint64(0xFFFFFFFF))
        d = epoch + np.int64((word >> np.uint64(32)) & np.uint64(0xFFFF))
        while came < j and starts[came] <= c:
            if ends[came] > present_until or (ends[came] == present_until and persons[came] < present):
                present_until, present = ends[came], persons[came]
            came += 1
        if status[person] == UNREACHED and d > c:
            exposed, until, by = np.int64(LATE), np.int64(0), np.uint32(0)
            if d - c >= minutes and present_until + lingering - c >= minutes:
                exposed, until, by = c, present_until, present
            else:
                k = came
                while k < j and starts[k] + minutes <= d:
                    if ends[k] + lingering - starts[k] >= minutes:
                        if exposed == LATE:
                            exposed, until, by = starts[k], ends[k], persons[k]
                        elif starts[k] > exposed:
                            break
                        elif ends[k] > until or (ends[k] == until and persons[k] < by):
                            until, by = ends[k], persons[k]
                    k += 1
            if exposed < LATE and not is_dead(dead, at):
                before = firsts[person]
                if exposed < before or (
                    exposed == before
                    and (until > untils[person] or (until == untils[person] and by < infectors[person]))
                ):
                    firsts[person], untils[person], infectors[person] = exposed, until, by
        at += 1


@compiled
def sweep_cells(target: Segment, source: Segment, cells: Cells, rules: Rules, which: U32, arrivals: Arrivals) -> None:
    """Walk the given cells of ``target`` once, with the infectious stays that ``source`` holds for them.

    For frontiers so large that looking up each infectious person costs more than reading every row.
    """
    kinds, close_minutes, close_lingering = cells.kind, rules.close_minutes, rules.close_lingering
    siblings, bits = cells.sibling, offered_bits(rules, CLOSE_ELIGIBLE)
    target_keys, target_offsets, target_stay = target.cell_keys, target.cell_offsets, target.cell_max_stay
    source_keys, source_offsets = source.cell_keys, source.cell_offsets
    stays = empty_stays(1024)
    for which_one in range(which.shape[0]):
        cell = which[which_one]
        kind = kinds[cell]
        first, last = key_range(target_keys, target_offsets, cell)
        if first == last or close_minutes[kind] >= NEVER:
            continue
        n, other = 0, cell
        while True:
            if may_be_close(cells, bits, cell, other):
                low, high = key_range(source_keys, source_offsets, other)
                if high > low:
                    n, stays = _infectious_stays(source, low, high, arrivals, stays, n)
            other = siblings[other]
            if other == cell:
                break
        if n > 0:
            sort_stays(stays.start[:n], stays.end[:n], stays.person[:n])
            at = np.int64(cell)
            if target_keys.shape[0] > 0:
                at = np.searchsorted(target_keys, cell)
            window = (first, last, np.int64(target_stay[at]))
            _walk_cell(target, window, stays, (0, n), (close_minutes[kind], close_lingering[kind]), arrivals)


@inlined
def may_be_close(cells: Cells, bits: U8, cell: int, other: int) -> bool:
    """Whether a meeting across two cells of one place may make a close contact."""
    flags = cells.flags[cell] | cells.flags[other]
    same_zone = cell == other or cells.zone[cell] == cells.zone[other]
    offered = bits[3 * cells.kind[cell] + zone_case(flags, same_zone)]
    return flags & WEAK_SOURCE == 0 and offered & CLOSE_ELIGIBLE != 0


@compiled
def empty_stays(capacity: int) -> InfectiousStays:
    """Return room for the infectious stays of a cell."""
    return InfectiousStays(np.empty(capacity, np.int64), np.empty(capacity, np.int64), np.empty(capacity, np.uint32))


@inlined
def _infectious_stays(
    source: Segment, low: int, high: int, arrivals: Arrivals, stays: InfectiousStays, n: int
) -> tuple[int, InfectiousStays]:
    rows, epoch, dead = source.cell_rows, source.epoch, source.dead_cell
    status, starts, ends = arrivals.status, arrivals.start, arrivals.end
    start, end, person = stays.start, stays.end, stays.person
    for at in range(low, high):
        word = rows[at]
        who = np.uint32(word & np.uint64(0xFFFFFFFF))
        if status[who] != FRONTIER:
            continue
        a = max(epoch + np.int64(word >> np.uint64(48)), np.int64(starts[who]))
        b = min(epoch + np.int64((word >> np.uint64(32)) & np.uint64(0xFFFF)), np.int64(ends[who]))
        if b <= a or is_dead(dead, at):
            continue
        if n == start.shape[0]:
            start, end, person = np.append(start, start), np.append(end, end), np.append(person, person)
        start[n], end[n], person[n] = a, b, who
        n += 1
    return n, InfectiousStays(start, end, person)


@compiled
def collect_reached(arrivals: Arrivals, before: int) -> U32:
    """List the persons exposed before a minute, in order of their number; later exposures are forgotten."""
    status, first = arrivals.status, arrivals.first
    n = 0
    for person in range(status.shape[0]):
        n += status[person] == UNREACHED and first[person] < before
    reached = np.empty(n, np.uint32)
    n = 0
    for person in range(status.shape[0]):
        if status[person] == FRONTIER:
            status[person] = REACHED
        elif status[person] == UNREACHED and first[person] < LATE:
            if first[person] < before:
                reached[n] = person
                n += 1
            else:
                first[person] = LATE
    return reached
