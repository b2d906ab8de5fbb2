"""The narrow interface behind which any store of visits can stand, and the packed log seen through it.

Two reads are enough for every question: the visits of some persons, and the visits at some cells. The rules, scores
and dates stay in the compiled routines, whatever stands behind (``pull`` brings the slices to them), so a new store
is about forty lines and one run of ``tests/properties/test_visit_log_conformance.py``. See decisions/0004.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from suyuan.exposure.kernels.gather import gather_visits
from suyuan.exposure.kernels.shapes import Cells, Infectors, Rules
from suyuan.exposure.match import Entries, PackedVisits
from suyuan.exposure.segment import I32, U32, Segment

ALWAYS = (0, 2**31 - 1)


class Visits(NamedTuple):
    """Visits as columns of one length, in any order; times in whole minutes since 1970, the end not contained."""

    person: U32
    cell: U32
    t_in: I32
    t_out: I32


class VisitLog(Protocol):
    """Any store of visits. Equal visits are stored once; superseded ones are never shown."""

    @property
    def cells(self) -> Cells:
        """What is known of each cell, indexed by its number."""

    @property
    def n_persons(self) -> int:
        """One more than the largest person number."""

    def visits_of(self, persons: U32, window: tuple[int, int]) -> Visits:
        """Read the visits of persons that touch a window.

        Parameters
        ----------
        persons
            Numbers, each once; unknown ones have no visits.
        window
            From and to, minutes since 1970: visits with ``t_in < to`` and ``t_out > from``.
        """

    def visits_at(self, cells: U32, from_: I32, to: I32) -> Visits:
        """Read the visits at cells, each with its own window.

        Parameters
        ----------
        cells
            Numbers, each once.
        from_, to
            Shape (cells,), minutes since 1970: visits with ``t_in < to`` and ``t_out > from_``.
        """


class Exposed(NamedTuple):
    """The earliest exposure of each person in one hop: minute since 1970, and whose stay gave it."""

    person: U32
    first: I32
    infector: U32


@runtime_checkable
class PushesHops(Protocol):
    """A store that can follow a whole generation by itself, for frontiers too large to pull."""

    def hop_pushdown(self, frontier: Infectors, rules: Rules) -> Exposed:
        """Find who is exposed to a frontier by the close-contact rule, those of the frontier left out.

        Parameters
        ----------
        frontier
            Persons, each once, and when they are infectious.

        Returns
        -------
        Exposed
            The earliest exposure of each person. Ties: the infectious stay that ends last (after clipping), then
            the smallest infector.
        """


class Digest(NamedTuple):
    """Six whole numbers that two engines with one answer share: cheap to compare at a hundred million visits."""

    persons: int
    sum_of_persons: int
    meetings: int
    minutes: int
    dose: int
    first: int


def digest_of(entries: Entries) -> Digest:
    """Sum up an answer of ``sum_close_contacts``; the order of its entries does not matter."""
    return Digest(
        persons=len(entries),
        sum_of_persons=int(entries["person"].sum(dtype=np.int64)),
        meetings=int(entries["n_meetings"].sum(dtype=np.int64)),
        minutes=int(entries["minutes_together"].sum(dtype=np.int64) + entries["minutes_lingering"].sum(dtype=np.int64)),
        dose=int(entries["dose"].sum(dtype=np.uint64)),
        first=int(entries["first"].sum(dtype=np.int64)),
    )


class PackedSlices:
    """The packed log seen through the narrow interface.

    Parameters
    ----------
    log
        A packed log, or anything with segments.

    Notes
    -----
    Matching asks a packed log directly; this view is for the conformance suite and for readers of plain visits.
    """

    def __init__(self, log: PackedVisits) -> None:
        self._log = log

    @property
    def cells(self) -> Cells:
        """What is known of each cell."""
        return self._log.cells

    @property
    def n_persons(self) -> int:
        """One more than the largest person number."""
        return self._log.n_persons

    def visits_of(self, persons: U32, window: tuple[int, int]) -> Visits:
        """Read the visits of persons that touch a window."""
        from_, to = (np.full(len(persons), edge, np.int32) for edge in window)
        parts = [_rows_of(segment, persons, (from_, to)) for segment in self._log.segments]
        other, key, t_in, t_out = (np.concatenate(columns) for columns in zip(_NOTHING, *parts, strict=True))
        return Visits(key, other, t_in, t_out)

    def visits_at(self, cells: U32, from_: I32, to: I32) -> Visits:
        """Read the visits at cells, each with its own window."""
        parts = [_rows_of(_by_cell(segment), cells, (from_, to)) for segment in self._log.segments]
        return Visits(*(np.concatenate(columns) for columns in zip(_NOTHING, *parts, strict=True)))


_NOTHING = (np.empty(0, np.uint32), np.empty(0, np.uint32), np.empty(0, np.int32), np.empty(0, np.int32))


def _rows_of(segment: Segment, keys: U32, window: tuple[I32, I32]) -> tuple[U32, U32, I32, I32]:
    """Rows of keys in the order by person that touch the windows: the other number, the key, in, out."""
    always = [np.full(len(keys), edge, np.int32) for edge in ALWAYS]
    rows = gather_visits(segment, Infectors(keys, always[0], always[1], always[0]))
    touching = (rows.start < window[1][rows.infector]) & (rows.end > window[0][rows.infector])
    return rows.cell[touching], keys[rows.infector[touching]], rows.start[touching], rows.end[touching]


def _by_cell(segment: Segment) -> Segment:
    """Let cells play persons: both orders have one shape."""
    return segment._replace(
        person_keys=segment.cell_keys,
        person_offsets=segment.cell_offsets,
        person_rows=segment.cell_rows,
        dead_person=segment.dead_cell,
    )
