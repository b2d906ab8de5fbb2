"""Asking a packed log who met whom: the few steps around the compiled routines."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from suyuan.exposure.kernels.gather import find_ranges, gather_visits, join_visits
from suyuan.exposure.kernels.scan import BUFFER, clear_slots, scan_ranges, sum_contacts
from suyuan.exposure.kernels.shapes import (
    CLOSE_ELIGIBLE,
    ENTRY,
    GENERAL_ELIGIBLE,
    WEAK,
    Cells,
    Infectors,
    InfectorVisits,
    Meetings,
    Rules,
    empty_meetings,
)
from suyuan.exposure.segment import I32, U8, U32, Segment

ONLY_CLOSE = CLOSE_ELIGIBLE
EVERY_RING = CLOSE_ELIGIBLE | GENERAL_ELIGIBLE | WEAK
LISTING = 1 << 14

Entries = npt.NDArray[np.void]


class PackedVisits(Protocol):
    """What matching needs of a log: its segments, its cells, and how many persons there are."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The immutable pieces, any number of them, one per era and one per delta."""

    @property
    def cells(self) -> Cells:
        """What is known of each cell."""

    @property
    def n_persons(self) -> int:
        """One more than the largest person number."""


class MeetingTable(NamedTuple):
    """Meetings found, one row each; ``infector`` is a row of the ``Infectors`` asked for, times in minutes."""

    infector: U32
    person: U32
    own_cell: U32
    cell: U32
    start: I32
    together: I32
    lingering: I32
    ring: U8


class Scratch:
    """Memory that questions reuse, so that a small question does not pay for a large city."""

    def __init__(self, n_persons: int) -> None:
        self.slots = np.zeros(n_persons, np.int32)  # never touched pages of it cost nothing
        self.entries = np.empty(4 * BUFFER, ENTRY)
        self.buffer = empty_meetings(BUFFER)


_scratches: dict[int, deque[Scratch]] = {}


@contextmanager
def _borrowed(n_persons: int) -> Iterator[Scratch]:
    shelf = _scratches.setdefault(n_persons, deque(maxlen=2))
    try:
        scratch = shelf.pop()  # a deque hands each out once, whatever thread asks
    except IndexError:
        scratch = Scratch(n_persons)
    yield scratch
    # not returned after an error: its slots may be unclean
    shelf.append(scratch)


def sum_close_contacts(log: PackedVisits, infectors: Infectors, rules: Rules, wanted: int = ONLY_CLOSE) -> Entries:
    """Sum the meetings of infectors with everybody they met by the edition's rule, one entry per person met.

    Parameters
    ----------
    infectors
        Whose visits count, and from when to when; a person may stand there more than once.
    wanted
        Which rules count: by default only the close-contact rule.

    Returns
    -------
    structured array
        ``person, n_meetings, minutes_together, minutes_lingering, first, last`` (minutes since 1970) and ``dose``
        (1e-12), in the order in which they were found. Infectors met by other infectors are in it.
    """
    visits = visits_of_infectors(log, infectors)
    with _borrowed(log.n_persons) as scratch:
        n_entries = 0
        for segment in log.segments:
            ranges = find_ranges(segment, log.cells, rules, visits, wanted)
            cursor = np.array([0, 0, n_entries], np.int64)
            found = infectors, visits, ranges
            while cursor[0] < len(ranges.visit):
                if cursor[2] + BUFFER > len(scratch.entries):
                    scratch.entries = _doubled(scratch.entries)
                state = scratch.buffer, cursor, scratch.entries
                sum_contacts(segment, log.cells, rules, found, scratch.slots, state)
            n_entries = int(cursor[2])
        answer = _copied(scratch.entries[:n_entries])
        clear_slots(scratch.slots, answer, n_entries)
    return answer


def list_meetings(log: PackedVisits, infectors: Infectors, rules: Rules, wanted: int = EVERY_RING) -> MeetingTable:
    """List every single meeting of infectors, with the ring that the rules give it: the evidence."""
    visits = visits_of_infectors(log, infectors)
    parts: list[MeetingTable] = []
    buffer = empty_meetings(LISTING)
    for segment in log.segments:
        ranges = find_ranges(segment, log.cells, rules, visits, wanted)
        cursor = np.zeros(2, np.int64)
        while cursor[0] < len(ranges.visit):
            n = scan_ranges(segment, log.cells, rules, (infectors, visits, ranges), cursor, buffer)
            parts.append(_meetings(buffer, n, visits, ranges.visit, ranges.cell))
    if not parts:
        return _meetings(buffer, 0, visits, visits.cell, visits.cell)
    return MeetingTable(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def visits_of_infectors(log: PackedVisits, infectors: Infectors) -> InfectorVisits:
    """Stays of infectors inside their windows, over all segments of the log."""
    found = [gather_visits(segment, infectors) for segment in log.segments]
    if not found:
        nothing = np.empty(0, np.uint32)
        return InfectorVisits(nothing, nothing.view(np.int32), nothing.view(np.int32), nothing)
    visits = found[0]
    for more in found[1:]:
        visits = join_visits(visits, more)
    return visits


def _copied(entries: Entries) -> Entries:
    """Copy as plain words: numpy copies a structured array field by field, for more than the matching costs."""
    return entries.view(np.uint64).copy().view(ENTRY)


def _doubled(entries: Entries) -> Entries:
    more = np.empty(2 * len(entries), ENTRY)
    more[: len(entries)].view(np.uint64)[:] = entries.view(np.uint64)
    return more


def _meetings(buffer: Meetings, n: int, visits: InfectorVisits, visit_of: U32, cell_of: U32) -> MeetingTable:
    task = buffer.task[:n]
    visit = visit_of[task]
    return MeetingTable(
        infector=visits.infector[visit],
        person=buffer.person[:n].copy(),
        own_cell=visits.cell[visit],
        cell=cell_of[task],
        start=buffer.start[:n].copy(),
        together=buffer.together[:n].copy(),
        lingering=buffer.lingering[:n].copy(),
        ring=buffer.ring[:n].copy(),
    )
