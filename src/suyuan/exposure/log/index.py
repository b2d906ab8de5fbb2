"""The packed segments of the log: taking rows in, folding deltas, marking rows dead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from suyuan.exposure.compiled import compiled
from suyuan.exposure.locate import first_at_least, is_dead
from suyuan.exposure.log.arrays import map_arrays, write_arrays
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.manifest import DeadFile, SegmentFile
from suyuan.exposure.log.staging import Staging, join_rows
from suyuan.exposure.log.texts import I64, U32, U64
from suyuan.exposure.segment import (
    ERA_MINUTES,
    NONE_DEAD,
    U16,
    ArrivalRows,
    DeadRows,
    Segment,
    SegmentShape,
    open_segment,
)
from suyuan.exposure.segment_build import build_segment, radix_order

B1 = npt.NDArray[np.bool_]

CHUNK_ROWS = 4_000_000
MOST_DELTAS = 3
PASS = 512
REBUILD_SHARE = 4
"""An era is rebuilt when what comes in is at least a quarter of its base: then a rebuild costs little more."""


def part_of(change: Change, entry: SegmentFile) -> Segment:
    """Map a segment with its dead rows, once for all changes of a writer."""
    files = (entry.file, *(dead.file for dead in entry.dead))
    return change.open_once(files, lambda: open_part(change.path, entry))


def open_part(path: Path, entry: SegmentFile) -> Segment:
    """Map a segment with its dead rows."""
    dead = NONE_DEAD
    if entry.dead:
        parts = [map_arrays(path / file.file) for file in entry.dead]
        dead = DeadRows(*(np.concatenate([part[name] for part in parts]) for name in ("person", "cell")))
    return open_segment(path / entry.file, dead)


def take_in(change: Change, staging: Staging) -> int:
    """Bring staged rows into the index.

    Returns
    -------
    int
        Rows equal to a living visit, or to another of the same change; they are indexed once.
    """
    return sum(_take_in_era(change, staging, era) for era in sorted(staging.counts))


def _take_in_era(change: Change, staging: Staging, era: int) -> int:
    mine = [entry for entry in change.manifest.segments if entry.era == era]
    base_rows = sum(entry.rows for entry in mine if entry.base)
    deltas = [entry.rows for entry in mine if not entry.base]
    n_new = staging.counts[era]
    outgrown = len(deltas) == MOST_DELTAS and n_new + sum(deltas) >= base_rows
    if n_new * REBUILD_SHARE >= base_rows or outgrown:
        n_before = sum(entry.n_living for entry in mine)
        fold_era(change, staging, era)
        n_after = sum(entry.n_living for entry in change.manifest.segments if entry.era == era)
        return n_before + n_new - n_after
    return _add_delta(change, era, staging.rows(era), mine)


def fold_era(change: Change, staging: Staging, era: int) -> None:
    """Make one base segment of all living rows of an era and of what is staged for it."""
    mine = [entry for entry in change.manifest.segments if entry.era == era]
    for entry in mine:
        for rows in living_rows(part_of(change, entry)):
            staging.add_rows(era, rows)
    change.manifest.segments = [entry for entry in change.manifest.segments if entry.era != era]
    if staging.counts.get(era, 0):
        append_segment(change, era, staging.rows(era), base=True)


def _add_delta(change: Change, era: int, rows: ArrivalRows, mine: list[SegmentFile]) -> int:
    n_new = len(rows.person)
    order, _ = radix_order(rows.person.astype(np.uint64))  # neighbours share pages of the base
    rows = ArrivalRows(rows.person[order], rows.cell[order], rows.t_in[order], rows.t_out[order])
    parts = [part_of(change, entry) for entry in mine]
    fresh = np.ones(n_new, bool)
    for part in parts:
        drop_present(part, rows, fresh)
    if not fresh.all():
        rows = ArrivalRows(rows.person[fresh], rows.cell[fresh], rows.t_in[fresh], rows.t_out[fresh])
    folded, total = [rows], len(rows.person)
    deltas = [(entry, part) for entry, part in zip(mine, parts, strict=True) if not entry.base]
    must = len(deltas) >= MOST_DELTAS
    while deltas and must and (deltas[-1][0].rows <= 2 * total or len(deltas) >= MOST_DELTAS):
        entry, part = deltas.pop()
        folded.extend(living_rows(part))
        total += entry.rows
        change.manifest.segments.remove(entry)
    n_before = sum(len(part.person) for part in folded)
    kept = append_segment(change, era, join_rows(folded), base=False)
    return n_new - len(rows.person) + n_before - (kept.n_living if kept else 0)


def append_segment(change: Change, era: int, rows: ArrivalRows, *, base: bool) -> SegmentFile | None:
    """Write a segment; of equal rows all but the last are dead from the start.

    Returns
    -------
    SegmentFile or None
        The manifest's line, already added; None where there were no rows.
    """
    n_rows = len(rows.person)
    if not n_rows:
        return None
    n_persons, n_cells = change.manifest.count("persons"), change.manifest.count("cells")
    dense = base and 2 * n_rows >= n_persons + n_cells
    path = change.new_file("segment")
    build_segment(path, rows, SegmentShape(era * ERA_MINUTES, n_persons, n_cells, dense))
    entry = SegmentFile(path.name, era, n_rows, base, dense)
    segment = open_segment(path)
    twice = repeated_rows(segment.person_offsets, segment.person_rows)
    if twice.size:
        mark_dead(change, entry, DeadRows(twice, repeated_rows(segment.cell_offsets, segment.cell_rows)))
    change.manifest.segments.append(entry)
    change.manifest.segments.sort(key=lambda part: (not part.base, part.era, -part.rows))
    return entry


def mark_dead(change: Change, entry: SegmentFile, dead: DeadRows) -> None:
    """Add superseded rows to a segment's list of dead, folding short lists of them together."""
    person, cell = [dead.person], [dead.cell]
    total = len(dead.person)
    while entry.dead and entry.dead[-1].rows <= 2 * total:
        arrays = map_arrays(change.path / entry.dead[-1].file)
        person.append(arrays["person"])
        cell.append(arrays["cell"])
        total += entry.dead.pop().rows
    path = change.new_file("dead")
    write_arrays(path, {"person": np.sort(np.concatenate(person)), "cell": np.sort(np.concatenate(cell))})
    entry.dead.append(DeadFile(path.name, total))


def living_rows(segment: Segment, *, ended_from: int = 0) -> Iterator[ArrivalRows]:
    """Take the living rows out of a segment, some millions at a time.

    Parameters
    ----------
    ended_from
        Leave out rows that ended before this minute of the segment's epoch.
    """
    for first in range(0, segment.n_rows, CHUNK_ROWS):
        last = min(first + CHUNK_ROWS, segment.n_rows)
        into = (
            np.empty(last - first, np.uint32),
            np.empty(last - first, np.uint32),
            np.empty(last - first, np.uint16),
            np.empty(last - first, np.uint16),
        )
        n = _unpack(segment, first, last, ended_from, into)
        yield ArrivalRows(into[0][:n], into[1][:n], into[2][:n], into[3][:n])


@compiled
def _unpack(segment: Segment, first: int, last: int, ended_from: int, into: tuple[U32, U32, U16, U16]) -> int:
    person, cell, t_in, t_out = into
    offsets = segment.person_offsets
    key = np.searchsorted(offsets, first, side="right") - 1
    sparse = segment.person_keys.shape[0] > 0
    n = 0
    for i in range(first, last):
        while offsets[key + 1] <= i:
            key += 1
        word = segment.person_rows[i]
        ended = np.int64((word >> 32) & 0xFFFF)
        if is_dead(segment.dead_person, i) or ended < ended_from:
            continue
        person[n] = segment.person_keys[key] if sparse else key
        cell[n] = word & 0xFFFFFFFF
        t_in[n] = word >> 48
        t_out[n] = ended
        n += 1
    return n


@compiled
def drop_present(segment: Segment, rows: ArrivalRows, fresh: B1) -> None:
    """Clear ``fresh``, shape (rows,), where the segment holds an equal living visit.

    Parameters
    ----------
    rows
        Sorted by person.

    Notes
    -----
    Some hundred rows at a time, in passes: the accesses to memory of one pass do not wait for each other, and the
    search then finds its rows in the cache.
    """
    firsts, lasts = np.empty(PASS, np.int64), np.empty(PASS, np.int64)
    touched = np.uint64(0)
    key = 0
    for begin in range(0, rows.person.shape[0], PASS):
        n = min(PASS, rows.person.shape[0] - begin)
        for k in range(n):
            key = _advance(segment.person_keys, key, rows.person[begin + k])
            firsts[k], lasts[k] = _range_of(segment, key, rows.person[begin + k])
        for k in range(n):
            if firsts[k] < lasts[k]:
                touched ^= segment.person_rows[firsts[k]] ^ segment.person_rows[lasts[k] - 1]
        for k in range(n):
            if _holds(segment, firsts[k], lasts[k], _word(rows, begin + k)):
                fresh[begin + k] = False
    if touched == 1:  # never taken for what it says: it only keeps the touching pass from being optimised away
        fresh[:0] = False


@compiled
def _advance(keys: U32, at: int, person: int) -> int:
    """Walk on to the last key that is not above a person, in growing strides."""
    stride = 1
    while at + stride < keys.shape[0] and keys[at + stride] <= person:
        at += stride
        stride *= 2
    while stride > 1:
        stride //= 2
        if at + stride < keys.shape[0] and keys[at + stride] <= person:
            at += stride
    return at


@compiled
def _range_of(segment: Segment, key: int, person: int) -> tuple[Any, Any]:
    if segment.person_keys.shape[0] > 0 and segment.person_keys[key] != person:
        return np.int64(0), np.int64(0)
    at = key if segment.person_keys.shape[0] > 0 else np.int64(person)
    if at + 1 >= segment.person_offsets.shape[0]:
        return np.int64(0), np.int64(0)
    return np.int64(segment.person_offsets[at]), np.int64(segment.person_offsets[at + 1])


@compiled
def _word(rows: ArrivalRows, i: int) -> Any:
    return (np.uint64(rows.t_in[i]) << 48) | (np.uint64(rows.t_out[i]) << 32) | np.uint64(rows.cell[i])


@compiled
def _holds(segment: Segment, first: int, last: int, word: Any) -> bool:
    at = first_at_least(segment.person_rows, first, last, word)
    while at < last and segment.person_rows[at] == word:
        if not is_dead(segment.dead_person, at):
            return True
        at += 1
    return False


def repeated_rows(offsets: U32, rows: U64) -> I64:
    """Positions of rows that the next row of the same key repeats."""
    count = _count_repeated(offsets, rows, np.empty(0, np.int64))
    into = np.empty(count, np.int64)
    if count:
        _count_repeated(offsets, rows, into)
    return into


@compiled
def _count_repeated(offsets: U32, rows: U64, into: I64) -> int:
    n = 0
    for key in range(offsets.shape[0] - 1):
        for i in range(np.int64(offsets[key]) + 1, np.int64(offsets[key + 1])):
            if rows[i] == rows[i - 1]:
                if into.shape[0] > 0:
                    into[n] = i - 1
                n += 1
    return n


@compiled
def any_ended(rows: U64, minute: int) -> bool:
    """Whether any row, living or dead, ended before a minute of the epoch."""
    for i in range(rows.shape[0]):  # noqa: SIM110 - the compiler wants the plain loop
        if np.int64((rows[i] >> 32) & 0xFFFF) < minute:
            return True
    return False
