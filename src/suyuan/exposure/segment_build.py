"""Building a packed segment from visits in any order of arrival.

The dense build is a two-level counting sort: rows are first spread over a few hundred partitions of neighbouring
keys with sequential writes, then each partition, small enough for the cache, is put into its final order. A direct
scatter would miss the cache once per row; this one misses once per cache line.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from suyuan.exposure.compiled import compiled
from suyuan.exposure.segment import (
    ARRAYS,
    I64,
    U16,
    U32,
    U64,
    ArrivalRows,
    Segment,
    SegmentShape,
    create_segment_file,
    make_segment,
    write_durably,
)

PARTITION_ROWS = 1 << 17
MAX_PARTITION_BITS = 16
SHORT = 24


class Ordering(NamedTuple):
    """The arrays of one order to be filled: ``offsets`` has one more entry than there are keys."""

    offsets: U32
    rows: U64
    max_stay: U16


def build_segment(path: Path, rows: ArrivalRows, shape: SegmentShape) -> None:
    """Write a segment file, whole and forced to the disk.

    Parameters
    ----------
    path
        The file to make; an older one of this name is overwritten.
    rows
        The visits in any order. A stay whose end is not after its start is kept and matches nothing.
    shape
        Epoch, numbers of persons and cells, and dense or sparse offsets.
    """
    if shape.dense:
        lengths = _lengths(rows, shape.n_persons, shape.n_cells)
        memory, arrays = create_segment_file(path, shape.epoch, lengths)
        _fill_dense(arrays, rows)
    else:
        found = _sparse_arrays(rows)
        memory, arrays = create_segment_file(path, shape.epoch, {name: len(array) for name, array in found.items()})
        for name, array in found.items():
            arrays[name][:] = array
    write_durably(memory, path)


def segment_in_memory(rows: ArrivalRows, shape: SegmentShape) -> Segment:
    """Build a segment without a file: slices pulled from another store, tests."""
    if not shape.dense:
        return make_segment(shape.epoch, _sparse_arrays(rows))
    lengths = _lengths(rows, shape.n_persons, shape.n_cells)
    arrays: dict[str, np.ndarray] = {name: np.zeros(lengths[name], dtype) for name, dtype in ARRAYS}
    _fill_dense(arrays, rows)
    return make_segment(shape.epoch, arrays)


def _lengths(rows: ArrivalRows, n_persons: int, n_cells: int) -> dict[str, int]:
    n_rows = len(rows.person)
    return {
        "person_keys": 0,
        "person_offsets": n_persons + 1,
        "person_rows": n_rows,
        "cell_keys": 0,
        "cell_offsets": n_cells + 1,
        "cell_rows": n_rows,
        "cell_max_stay": n_cells,
    }


def _fill_dense(arrays: dict[str, np.ndarray], rows: ArrivalRows) -> None:
    n_rows = len(rows.person)
    low_keys = np.empty(n_rows, np.uint16)
    nothing = np.zeros(0, np.uint16)
    by_person = Ordering(arrays["person_offsets"], arrays["person_rows"], nothing)
    by_cell = Ordering(arrays["cell_offsets"], arrays["cell_rows"], arrays["cell_max_stay"])
    _order(rows.person, rows.cell, rows, by_person, low_keys)
    _order(rows.cell, rows.person, rows, by_cell, low_keys)


def _order(keys: U32, others: U32, rows: ArrivalRows, into: Ordering, low_keys: U16) -> None:
    n_keys = len(into.offsets) - 1
    shift = _partition_bits(len(keys), n_keys)
    starts = _partition_starts(keys, shift, (n_keys >> shift) + 2)
    _spread(keys, others, rows, starts.copy(), shift, (into.rows, low_keys))
    _settle(starts, shift, low_keys, into)


def _partition_bits(n_rows: int, n_keys: int) -> int:
    """How many low bits of the key a partition spans, so that it has about ``PARTITION_ROWS`` rows."""
    per_key = max(1.0, n_rows / max(1, n_keys))
    bits = max(0, int(np.log2(max(1.0, PARTITION_ROWS / per_key))))
    while (n_keys >> bits) > 2048:  # more streams than this and the spread itself misses the cache
        bits += 1
    return min(bits, MAX_PARTITION_BITS)


@compiled
def _partition_starts(keys: U32, shift: int, n_partitions: int) -> I64:
    starts = np.zeros(n_partitions + 1, np.int64)
    for i in range(keys.shape[0]):
        starts[(keys[i] >> shift) + 1] += 1
    for part in range(n_partitions):
        starts[part + 1] += starts[part]
    return starts


@compiled
def _spread(keys: U32, others: U32, rows: ArrivalRows, ends: I64, shift: int, into: tuple[U64, U16]) -> None:
    words, low_keys = into
    mask = np.uint32((1 << shift) - 1)
    for i in range(keys.shape[0]):
        key = keys[i]
        part = key >> shift
        at = ends[part]
        ends[part] = at + 1
        words[at] = (np.uint64(rows.t_in[i]) << 48) | (np.uint64(rows.t_out[i]) << 32) | np.uint64(others[i])
        low_keys[at] = np.uint16(key & mask)


@compiled
def _settle(starts: I64, shift: int, low_keys: U16, into: Ordering) -> None:
    n_keys = into.offsets.shape[0] - 1
    largest = 0
    for part in range(starts.shape[0] - 1):
        largest = max(largest, starts[part + 1] - starts[part])
    words = np.empty(largest, np.uint64)
    ends = np.zeros((1 << shift) + 1, np.int64)
    for part in range(starts.shape[0] - 1):
        first, last = starts[part], starts[part + 1]
        key_from = part << shift
        key_to = min(key_from + (1 << shift), n_keys)
        if key_from >= n_keys:
            break
        ends[: key_to - key_from] = 0
        for i in range(first, last):
            ends[low_keys[i]] += 1
        at = first
        for key in range(key_from, key_to):
            count = ends[key - key_from]
            into.offsets[key] = at
            ends[key - key_from] = at
            at += count
        words[: last - first] = into.rows[first:last]
        for i in range(first, last):
            low = low_keys[i]
            into.rows[ends[low]] = words[i - first]
            ends[low] += 1
        for key in range(key_from, key_to):
            _settle_key(into, key, np.int64(into.offsets[key]), ends[key - key_from])
    into.offsets[n_keys] = into.rows.shape[0]


@compiled
def _settle_key(into: Ordering, key: int, first: int, last: int) -> None:
    rows = into.rows
    for i in range(first + 1, last):
        if rows[i] < rows[i - 1]:  # late arrivals: most keys come in order and need no sorting
            _sort_rows(rows, first, last)
            break
    if into.max_stay.shape[0] > 0:
        longest = 0
        for i in range(first, last):
            longest = max(longest, np.int64((rows[i] >> 32) & 0xFFFF) - np.int64(rows[i] >> 48))
        into.max_stay[key] = longest


@compiled
def _sort_rows(rows: U64, first: int, last: int) -> None:
    if last - first > SHORT:
        rows[first:last].sort()
        return
    for i in range(first + 1, last):
        word = rows[i]
        j = i - 1
        while j >= first and rows[j] > word:
            rows[j + 1] = rows[j]
            j -= 1
        rows[j + 1] = word


def _sparse_arrays(rows: ArrivalRows) -> dict[str, np.ndarray]:
    times = (rows.t_in.astype(np.uint64) << np.uint64(48)) | (rows.t_out.astype(np.uint64) << np.uint64(32))
    person_keys, person_offsets, person_rows, _ = _group(rows.person, times | rows.cell)
    cell_keys, cell_offsets, cell_rows, order = _group(rows.cell, times | rows.person)
    stay = np.maximum(rows.t_out.astype(np.int64) - rows.t_in, 0)[order]
    longest: I64 = np.maximum.reduceat(stay, cell_offsets[:-1].astype(np.int64)) if len(stay) else stay
    return {
        "person_keys": person_keys,
        "person_offsets": person_offsets,
        "person_rows": person_rows,
        "cell_keys": cell_keys,
        "cell_offsets": cell_offsets,
        "cell_rows": cell_rows,
        "cell_max_stay": longest.astype(np.uint16),
    }


def _sorted_order(keys: U32, words: U64) -> I64:
    """Order by key, then word: key and times fit into one number, and only ties of both need the rest of the word."""
    packed = (keys.astype(np.uint64) << np.uint64(32)) | (words >> np.uint64(32))
    order, in_order = radix_order(packed)
    if (in_order[1:] == in_order[:-1]).any():
        return np.lexsort((words, keys))
    return order


@compiled
def radix_order(numbers: U64) -> tuple[I64, U64]:
    """Order of numbers, and the numbers in it: eleven bits at a time, six times faster than comparing them."""
    n = numbers.shape[0]
    here, there = numbers.copy(), np.empty(n, np.uint64)
    order, next_order = np.arange(n), np.empty(n, np.int64)
    ends = np.empty(2049, np.int64)
    for shift in range(0, 64, 11):
        ends[:] = 0
        for i in range(n):
            ends[((here[i] >> np.uint64(shift)) & np.uint64(2047)) + np.uint64(1)] += 1
        if ends.max() == n:
            continue  # all alike in these bits
        for digit in range(2048):
            ends[digit + 1] += ends[digit]
        for i in range(n):
            digit = (here[i] >> np.uint64(shift)) & np.uint64(2047)
            at = ends[digit]
            ends[digit] = at + 1
            there[at], next_order[at] = here[i], order[i]
        here, there = there, here
        order, next_order = next_order, order
    return order, here


def _group(keys: U32, words: U64) -> tuple[U32, U32, U64, I64]:
    order = _sorted_order(keys, words)
    sorted_keys = keys[order]
    first = np.flatnonzero(np.diff(sorted_keys, prepend=sorted_keys[:1] ^ np.uint32(1)))
    offsets = np.append(first, len(keys)).astype(np.uint32)
    return sorted_keys[first], offsets, words[order], order
