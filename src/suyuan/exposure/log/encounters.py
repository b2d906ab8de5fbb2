"""Encounters: recorded like visits, indexed once over by person, both ways."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from suyuan.exposure.log.arrays import map_arrays, write_arrays
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.texts import I64, U8, U32
from suyuan.terms import BadInput

U16 = npt.NDArray[np.uint16]


class Encounters(NamedTuple):
    """Living encounters by person, each twice: once from either side.

    Rows ``offsets[i]`` to ``offsets[i + 1]`` are those of ``person_keys[i]``, in order of start; times in seconds
    since 1970; ``setting`` counts in ``terms.PLACE_KINDS``, ``source`` in the log's sources.
    """

    person_keys: U32
    offsets: U32
    other: U32
    start: I64
    end: I64
    setting: U8
    source: U16


class Meetings(NamedTuple):
    """Encounters as rows, once each; ``person_a`` is the smaller number."""

    person_a: U32
    person_b: U32
    start: I64
    end: I64
    setting: U8
    source: U16

    def take(self, rows: Any) -> Meetings:
        """Keep some rows."""
        return Meetings(*(column[rows] for column in self))


KINDS: tuple[type, ...] = (np.uint32, np.uint32, np.int64, np.int64, np.uint8, np.uint16)
NOBODY_MET = Encounters(
    person_keys=np.zeros(0, np.uint32),
    offsets=np.zeros(1, np.uint32),
    other=np.zeros(0, np.uint32),
    start=np.zeros(0, np.int64),
    end=np.zeros(0, np.int64),
    setting=np.zeros(0, np.uint8),
    source=np.zeros(0, np.uint16),
)


def meetings_of(index: Encounters) -> Meetings:
    """Write the index out as rows, once each."""
    counts: I64 = np.diff(index.offsets).astype(np.int64)
    person = np.repeat(index.person_keys, counts)
    once = np.flatnonzero(person < index.other)
    rows = Meetings(person, index.other, index.start, index.end, index.setting, index.source)
    return rows.take(once)


def join_meetings(parts: list[Meetings]) -> Meetings:
    """Put rows one behind the other."""
    return Meetings(
        *(np.concatenate([np.zeros(0, kind), *(part[i] for part in parts)]) for i, kind in enumerate(KINDS))
    )


def distinct(rows: Meetings) -> Meetings:
    """Keep one of equal rows."""
    if not len(rows.start):
        return rows
    ordered = rows.take(np.lexsort(rows[::-1]))
    differs = np.zeros(len(ordered.start), bool)
    differs[0] = True
    for column in ordered:
        differs[1:] |= column[1:] != column[:-1]
    return ordered.take(differs)


def without(rows: Meetings, gone: Meetings) -> tuple[Meetings, npt.NDArray[np.bool_]]:
    """Take rows out.

    Returns
    -------
    tuple
        What is left, and shape (gone rows,): whether each was there.
    """
    wanted = {row: i for i, row in enumerate(zip(*(column.tolist() for column in gone), strict=True))}
    present = np.zeros(len(gone.start), bool)
    suspects = np.flatnonzero(np.isin(rows.person_a, gone.person_a) & np.isin(rows.start, gone.start))
    keep = np.ones(len(rows.start), bool)
    for i in suspects:
        at = wanted.get(tuple(int(column[i]) for column in rows))
        if at is not None:
            keep[i] = False
            present[at] = True
    return rows.take(keep), present


def open_encounters(change: Change) -> Encounters:
    """Map the index as it stands in a change."""
    name = change.manifest.encounters
    return Encounters(**map_arrays(change.path / name)) if name else NOBODY_MET


def store_encounters(change: Change, rows: Meetings) -> None:
    """Build and write the index over unique rows."""
    change.manifest.n_encounters = len(rows.start)
    change.manifest.encounters = None
    if not len(rows.start):
        return
    person = np.concatenate([rows.person_a, rows.person_b])
    other = np.concatenate([rows.person_b, rows.person_a])
    start, end, setting, source = (np.concatenate([column, column]) for column in rows[2:])
    order = np.lexsort((source, setting, end, other, start, person))
    keys, first = np.unique(person[order], return_index=True)
    offsets = np.append(first, len(person)).astype(np.uint32)
    columns = (column[order] for column in (other, start, end, setting, source))
    path = change.new_file("encounters")
    write_arrays(path, Encounters(keys, offsets, *columns)._asdict())
    change.manifest.encounters = path.name


def small_source(numbers: U32) -> U16:
    """Narrow source numbers to the 16 bits they have in the index.

    Raises
    ------
    BadInput
        If the log knows more than 65,536 sources.
    """
    if len(numbers) and int(numbers.max()) > 0xFFFF:
        raise BadInput("log.too_many_sources", most=0x10000)
    return numbers.astype(np.uint16)
