"""One packed piece of the visit log: every visit twice, by person and by place, one 64-bit word each.

A word is ``t_in << 48 | t_out << 32 | other``: minutes after the segment's epoch, and the cell (in the order by
person) or the person (in the order by cell). Words of one person or cell are sorted, so that a search for a time
is a binary search over whole words. ``docs/decisions/0003-packed-segments.md`` gives the reasons and the figures.
"""

from __future__ import annotations

import json
import mmap
import os
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from suyuan.terms import BadInput

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
A = TypeVar("A", bound=np.ndarray[Any, Any])

MAGIC = b"SUYSEG01"
ALIGN = 64
ERA_DAYS = 28
ERA_MINUTES = ERA_DAYS * 1440
MINUTES = 1 << 16
NO_ONE = 0xFFFFFFFF


class Segment(NamedTuple):
    """The arrays of one segment, read-only; see the module for the word.

    ``person_keys`` and ``cell_keys`` are sorted numbers of those present (sparse) or empty (dense: offsets are
    indexed by the number itself). ``cell_max_stay`` is the longest stay of a cell in minutes. ``cell_present`` has a
    bit for each cell of a sparse segment, so that a small delta costs a question little. The ``dead`` bitsets mark
    superseded rows by position; empty when nothing was superseded.
    """

    epoch: int
    person_keys: U32
    person_offsets: U32
    person_rows: U64
    cell_keys: U32
    cell_offsets: U32
    cell_rows: U64
    cell_max_stay: U16
    cell_present: U8
    dead_person: U8
    dead_cell: U8

    @property
    def n_rows(self) -> int:
        """Rows of the segment, superseded ones included."""
        return int(self.person_rows.shape[0])


class ArrivalRows(NamedTuple):
    """Visits in the order in which they arrived; times in minutes after the epoch."""

    person: U32
    cell: U32
    t_in: U16
    t_out: U16


class SegmentShape(NamedTuple):
    """What a segment is built for: its epoch in minutes since 1970, and whether its offsets are dense."""

    epoch: int
    n_persons: int
    n_cells: int
    dense: bool


class DeadRows(NamedTuple):
    """Positions of superseded rows in the two orders."""

    person: I64
    cell: I64


NONE_DEAD = DeadRows(np.empty(0, np.int64), np.empty(0, np.int64))

ARRAYS: tuple[tuple[str, type], ...] = (
    ("person_keys", np.uint32),
    ("person_offsets", np.uint32),
    ("cell_keys", np.uint32),
    ("cell_offsets", np.uint32),
    ("cell_max_stay", np.uint16),
    ("person_rows", np.uint64),
    ("cell_rows", np.uint64),
)


def create_segment_file(path: Path, epoch: int, lengths: dict[str, int]) -> tuple[mmap.mmap, dict[str, Any]]:
    """Make the file in its full size and return its writable map and arrays.

    Parameters
    ----------
    lengths
        Number of elements of each array of ``ARRAYS``.
    """
    places: dict[str, list[object]] = {}
    offset = 4096
    for name, dtype in ARRAYS:
        places[name] = [np.dtype(dtype).str, offset, lengths[name]]
        offset += -(-lengths[name] * np.dtype(dtype).itemsize // ALIGN) * ALIGN
    header = MAGIC + json.dumps({"epoch": epoch, "arrays": places}).encode() + b"\n"
    if len(header) > 4096:
        raise ValueError("The header of a segment outgrew its page.")
    with path.open("w+b") as file:
        file.truncate(max(offset, 4096 + ALIGN))
        file.write(header)
        file.flush()
        memory = mmap.mmap(file.fileno(), 0)
    return memory, _views(memory, places)


def open_segment(path: Path, dead: DeadRows = NONE_DEAD) -> Segment:
    """Map a segment file; nothing is read before it is asked for.

    Raises
    ------
    BadInput
        If the file is absent or not a whole segment.
    """
    try:
        with path.open("rb") as file:
            memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as fault:
        raise BadInput("segment.unreadable", path=path.name, fault=fault) from fault
    if hasattr(memory, "madvise"):
        memory.madvise(mmap.MADV_RANDOM)
    if memory[: len(MAGIC)] != MAGIC:
        raise BadInput("segment.foreign", path=path.name)
    header = json.loads(memory[len(MAGIC) : 4096].split(b"\n", 1)[0])
    try:
        arrays = _views(memory, header["arrays"])
    except ValueError as fault:
        raise BadInput("segment.truncated", path=path.name) from fault
    return make_segment(header["epoch"], arrays, dead)


def make_segment(epoch: int, arrays: dict[str, Any], dead: DeadRows = NONE_DEAD) -> Segment:
    """Put arrays together as a read-only segment (one compiled type for mapped and in-memory segments)."""
    n_rows = arrays["person_rows"].shape[0]
    frozen = {name: _read_only(array) for name, array in arrays.items()}
    return Segment(
        epoch=epoch,
        cell_present=_read_only(_present(arrays["cell_keys"])),
        dead_person=_bitset(dead.person, n_rows),
        dead_cell=_bitset(dead.cell, n_rows),
        **frozen,
    )


def _present(keys: U32) -> U8:
    if not len(keys):
        return np.zeros(0, np.uint8)
    there = np.zeros(int(keys[-1]) + 1, np.bool_)
    there[keys] = True
    return np.packbits(there, bitorder="little")


def write_durably(memory: mmap.mmap, path: Path) -> None:
    """Force a mapped file to the disk and close the map."""
    memory.flush()
    # the arrays over the map may still be alive; the map itself goes with the last of them
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _views(memory: mmap.mmap, places: dict[str, list[Any]]) -> dict[str, Any]:
    return {
        name: np.frombuffer(memory, dtype=np.dtype(dtype), count=count, offset=offset)
        for name, (dtype, offset, count) in places.items()
    }


def _bitset(positions: I64, n_rows: int) -> U8:
    if positions.size == 0:
        return _read_only(np.zeros(0, np.uint8))
    bits: U8 = np.zeros(n_rows // 8 + 1, np.uint8)  # untouched pages of it are never backed by memory
    np.bitwise_or.at(bits, positions >> 3, (1 << (positions & 7)).astype(np.uint8))
    return _read_only(bits)


def _read_only(array: A) -> A:
    view = array.view()
    view.flags.writeable = False
    return view
