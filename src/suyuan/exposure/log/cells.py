"""Cells: what the packed index counts as one spot, a zone of a place as one source of information tells it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from suyuan.exposure.compiled import compiled
from suyuan.exposure.kernels.shapes import WEAK_SOURCE, ZONE_UNKNOWN, ZONED_PLACE, Cells
from suyuan.exposure.log.texts import NO_ONE, U8, U32
from suyuan.terms import LOCATION, PLACE_KINDS, PlaceKind

WEAK_SOURCES = frozenset({LOCATION})
"""Sources that are location data only (telephone signalling, satellite fixes); they prove no close contact."""

UNSAID = np.uint8(PLACE_KINDS.index(PlaceKind.OTHER))
"""The kind of a place of which nothing was said; any other kind may take its place, once."""


class CellTable(NamedTuple):
    """The cells as stored, with what the writer needs of each place: its first cell (or ``NO_ONE``) and its kind."""

    cells: Cells
    first_cell: U32
    place_kind: U8

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """List the arrays for a file."""
        return {**self.cells._asdict(), "first_cell": self.first_cell, "place_kind": self.place_kind}

    @classmethod
    def of(cls, arrays: dict[str, Any]) -> CellTable:
        """Put the arrays of a file together."""
        cells = Cells(*(arrays[name] for name in Cells._fields))
        return cls(cells, arrays["first_cell"], arrays["place_kind"])


EMPTY = CellTable(
    Cells(
        place=np.zeros(0, np.uint32),
        zone=np.zeros(0, np.uint32),
        kind=np.zeros(0, np.uint8),
        flags=np.zeros(0, np.uint8),
        sibling=np.zeros(0, np.uint32),
    ),
    np.zeros(0, np.uint32),
    np.zeros(0, np.uint8),
)


def extend_cells(table: CellTable, keys: U32, place_kind: U8, weak: set[int]) -> CellTable:
    """Add cells and places to a table.

    Parameters
    ----------
    keys
        uint32, shape (new cells, 3): place, zone and source of each.
    place_kind
        uint8, shape (places,): kinds of all places, new ones included.
    weak
        Numbers of the sources that are location data only.

    Returns
    -------
    CellTable
        A new table; the old one stays as it is.
    """
    old = table.cells
    n_old = len(old.place)
    place = np.concatenate([old.place, keys[:, 0]])
    sibling = np.concatenate([old.sibling, np.zeros(len(keys), np.uint32)])
    new = np.where(keys[:, 1] == 0, ZONE_UNKNOWN, 0) | np.where(np.isin(keys[:, 2], list(weak)), WEAK_SOURCE, 0)
    first_cell = np.full(len(place_kind), NO_ONE, np.uint32)
    first_cell[: len(table.first_cell)] = table.first_cell
    _link(place, sibling, first_cell, n_old)
    zone = np.concatenate([old.zone, keys[:, 1]])
    flags = np.concatenate([old.flags, new.astype(np.uint8)])
    zoned = np.zeros(len(place_kind), bool)
    zoned[place[zone != 0]] = True
    flags |= np.where(zoned[place], np.uint8(ZONED_PLACE), np.uint8(0))
    cells = Cells(place, zone, place_kind[place], flags, sibling)
    return CellTable(cells, first_cell, place_kind)


@compiled
def _link(place: U32, sibling: U32, first_cell: U32, start: int) -> None:
    for cell in range(start, place.shape[0]):
        first = first_cell[place[cell]]
        if first == NO_ONE:
            first_cell[place[cell]] = cell
            sibling[cell] = cell
        else:
            sibling[cell] = sibling[first]
            sibling[first] = cell


@compiled
def settle_kinds(place: U32, kind: U8, place_kind: U8, refused: U8) -> tuple[int, int]:
    """Learn the kinds of places row by row; the first kind that was said stands.

    Parameters
    ----------
    place, kind
        Shape (rows,): what each row says.
    place_kind
        uint8, shape (places,): read and written.
    refused
        uint8, shape (rows,): set to 1 where a row contradicts what was said before.

    Returns
    -------
    tuple
        How many rows contradict, and of how many places the kind was learnt.
    """
    n_refused = 0
    n_learnt = 0
    for i in range(place.shape[0]):
        said = kind[i]
        known = place_kind[place[i]]
        if said == UNSAID or said == known:  # noqa: SIM109, PLR1714 - the compiler wants it plain
            continue
        if known == UNSAID:
            place_kind[place[i]] = said
            n_learnt += 1
        else:
            refused[i] = 1
            n_refused += 1
    return n_refused, n_learnt
