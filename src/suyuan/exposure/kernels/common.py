"""Counting who was where in which slot of the day, and how surprising it is to find so many cases there."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from suyuan.exposure.compiled import compiled, inlined
from suyuan.exposure.kernels.prefetch import prefetch
from suyuan.exposure.kernels.shapes import WEAK_SOURCE, Cells, InfectorVisits
from suyuan.exposure.locate import first_at_least, is_dead
from suyuan.exposure.segment import I64, U8, U32, U64, Segment

F64 = npt.NDArray[np.float64]

WHO_BITS, SLOT_BITS = 18, 14
"""A presence is one word: cell << 32 | slot << 18 | who. Room for 262,144 people and 16,384 slots."""

AHEAD = 8


@compiled
def list_presences(visits: InfectorVisits, who: U32, cells: Cells, counted: U8, grid: tuple[int, int]) -> U64:
    """List in which slots of which places people were; a place is named by the first of its cells.

    Parameters
    ----------
    who
        Number to write for each infector that ``visits`` points to.
    counted
        Per kind of place, whether it takes part.
    grid
        Minute at which slot 0 begins, and minutes of a slot.

    Returns
    -------
    array
        Words, unsorted and with repetitions. Places known from location data only are left out.
    """
    origin, minutes = grid
    n_visits = visits.cell.shape[0]
    words = np.empty(max(16, 2 * n_visits), np.uint64)
    n = 0
    for i in range(n_visits):
        if i + AHEAD < n_visits:
            prefetch(cells.kind, visits.cell[i + AHEAD])
            prefetch(cells.flags, visits.cell[i + AHEAD])
            prefetch(cells.sibling, visits.cell[i + AHEAD])
        cell = visits.cell[i]
        if counted[cells.kind[cell]] == 0 or cells.flags[cell] & WEAK_SOURCE:
            continue
        high = np.uint64(first_cell(cells, cell)) << np.uint64(32)
        person = np.uint64(who[visits.infector[i]])
        for slot in range((visits.start[i] - origin) // minutes, (visits.end[i] - 1 - origin) // minutes + 1):
            if n == words.shape[0]:
                words = np.append(words, words)
            words[n] = high | (np.uint64(slot) << np.uint64(WHO_BITS)) | person
            n += 1
    return words[:n]


@inlined
def first_cell(cells: Cells, cell: int) -> int:
    """Return the smallest cell of the same place: its representative."""
    least, other = cell, cells.sibling[cell]
    while other != cell:
        least = min(least, other)
        other = cells.sibling[other]
    return least


@compiled
def visitors_of_slots(segment: Segment, cells: Cells, place: U32, starts: I64, minutes: int) -> U64:
    """List the visitors of places in slots of time, in one segment: row << 32 | person, with repetitions.

    Parameters
    ----------
    place, starts
        Any cell of each place, and the minute at which the slot begins, one row each.
    minutes
        Length of a slot.
    """
    rows, epoch, dead = segment.cell_rows, segment.epoch, segment.dead_cell
    keys, offsets, max_stay = segment.cell_keys, segment.cell_offsets, segment.cell_max_stay
    n_cells = max_stay.shape[0]
    words = np.empty(1024, np.uint64)
    n = 0
    for i in range(place.shape[0]):
        if i + AHEAD < place.shape[0] and keys.shape[0] == 0 and place[i + AHEAD] < n_cells:
            prefetch(offsets, place[i + AHEAD])
            prefetch(max_stay, place[i + AHEAD])
        start, end = starts[i] - epoch, starts[i] - epoch + minutes
        if end <= 0 or start >= 1 << 16:
            continue
        cell = place[i]
        while True:
            at = np.int64(cell)
            if keys.shape[0] > 0:
                at = np.searchsorted(keys, cell)
                if at < n_cells and keys[at] != cell:
                    at = n_cells
            if at < n_cells and cells.flags[cell] & WEAK_SOURCE == 0:
                earliest = max(np.int64(0), start - np.int64(max_stay[at]))
                first, last = np.int64(offsets[at]), np.int64(offsets[at + 1])
                row = first_at_least(rows, first, last, np.uint64(earliest) << np.uint64(48))
                while row < last:
                    word = rows[row]
                    t_in = np.int64(word >> np.uint64(48))
                    if t_in >= end:
                        break
                    t_out = np.int64((word >> np.uint64(32)) & np.uint64(0xFFFF))
                    if t_out > start and t_out > t_in and not is_dead(dead, row):
                        if n == words.shape[0]:
                            words = np.append(words, words)
                        words[n] = (np.uint64(i) << np.uint64(32)) | (word & np.uint64(0xFFFFFFFF))
                        n += 1
                    row += 1
            cell = cells.sibling[cell]
            if cell == place[i]:
                break
    return words[:n]


@compiled
def distinct_words(words: U64) -> U64:
    """Keep the first of equal words, in their order: by hashing, which is several times faster than sorting here."""
    bits = 4
    while (1 << bits) < 2 * words.shape[0]:
        bits += 1
    table, mask, shift = np.zeros(1 << bits, np.uint64), np.int64((1 << bits) - 1), np.uint64(64 - bits)
    kept = np.empty(words.shape[0], np.uint64)
    n = 0
    for i in range(words.shape[0]):
        mark = words[i] + np.uint64(1)  # 0 marks an empty entry
        at = np.int64((mark * np.uint64(0x9E3779B97F4A7C15)) >> shift)
        while table[at] != 0 and table[at] != mark:
            at = (at + 1) & mask
        if table[at] == 0:
            table[at] = mark
            kept[n] = words[i]
            n += 1
    return kept[:n]


@compiled
def log_tails(counts: I64, means: F64) -> F64:
    """Natural logarithm of P(X >= count given X >= 1) for Poisson X; 0 where the count is 1.

    Notes
    -----
    Above the mean the terms of the tail are summed upwards from the first, relative to it, so that a probability
    far below the smallest number of the machine keeps its logarithm.
    """
    answer = np.zeros(counts.shape[0], np.float64)
    for i in range(counts.shape[0]):
        count, mean = counts[i], means[i]
        if count < 2:
            continue
        at_least_one = math.log(-math.expm1(-mean))
        if count > mean:
            total, term, k = 1.0, 1.0, count + 1
            while term > total * 1e-17:
                term *= mean / k
                total += term
                k += 1
            first = count * math.log(mean) - mean - math.lgamma(count + 1.0)
            answer[i] = min(0.0, first + math.log(total) - at_least_one)
        else:
            below, term = 0.0, math.exp(-mean)
            for k in range(1, count):
                term *= mean / k
                below += term
            answer[i] = min(0.0, math.log(max(1e-300, -math.expm1(-mean) - below)) - at_least_one)
    return answer
