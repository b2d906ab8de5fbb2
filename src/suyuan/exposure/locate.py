"""Where a given visit stands in a segment: what corrections and duplicate checks need."""

from __future__ import annotations

import numpy as np

from suyuan.exposure.compiled import compiled, inlined
from suyuan.exposure.segment import I64, U8, U32, U64, ArrivalRows, Segment

ABSENT = -1


def locate_rows(segment: Segment, rows: ArrivalRows) -> tuple[I64, I64]:
    """Find the living row equal to each given one.

    Returns
    -------
    tuple of arrays
        Positions in ``person_rows`` and in ``cell_rows``, -1 where the segment holds no equal, living row.
    """
    found = np.empty(len(rows.person), np.int64), np.empty(len(rows.person), np.int64)
    _locate(segment, rows, found)
    return found


@compiled
def _locate(segment: Segment, rows: ArrivalRows, found: tuple[I64, I64]) -> None:
    for i in range(rows.person.shape[0]):
        times = (np.uint64(rows.t_in[i]) << 48) | (np.uint64(rows.t_out[i]) << 32)
        first, last = key_range(segment.person_keys, segment.person_offsets, rows.person[i])
        word = times | np.uint64(rows.cell[i])
        found[0][i] = _living(segment.person_rows, segment.dead_person, first, last, word)
        first, last = key_range(segment.cell_keys, segment.cell_offsets, rows.cell[i])
        word = times | np.uint64(rows.person[i])
        found[1][i] = _living(segment.cell_rows, segment.dead_cell, first, last, word)


@inlined
def key_range(keys: U32, offsets: U32, key: int) -> tuple[int, int]:
    """First and one-past-last row of a key; an empty range where the segment does not know it."""
    at = np.int64(key)
    if keys.shape[0] > 0 or offsets.shape[0] == 1:
        at = np.searchsorted(keys, key)
        if at >= keys.shape[0] or keys[at] != key:
            return 0, 0
    elif at + 1 >= offsets.shape[0]:
        return 0, 0
    return np.int64(offsets[at]), np.int64(offsets[at + 1])


@inlined
def first_at_least(rows: U64, first: int, last: int, word: int) -> int:
    """Position of the first row in ``[first, last)`` that is not below ``word``."""
    while first < last:
        middle = (first + last) >> 1
        if rows[middle] < word:
            first = middle + 1
        else:
            last = middle
    return first


@inlined
def is_dead(dead: U8, position: int) -> bool:
    """Whether the row at a position was superseded."""
    return dead.shape[0] > 0 and (dead[position >> 3] >> (position & 7)) & 1 == 1


@compiled
def _living(rows: U64, dead: U8, first: int, last: int, word: int) -> int:
    at = first_at_least(rows, first, last, word)
    while at < last and rows[at] == word:
        if not is_dead(dead, at):
            return at
        at += 1
    return ABSENT
