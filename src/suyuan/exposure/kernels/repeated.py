"""Several reports of one meeting: which of them to keep."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from suyuan.exposure.compiled import compiled
from suyuan.exposure.segment import I32, I64, NO_ONE, U32


class Reports(NamedTuple):
    """Meetings sorted by pair, the best report first.

    ``pair`` numbers the pairs; ``place`` is ``NO_ONE`` for an encounter, whose ``cell`` then tells its source.
    """

    pair: I64
    place: U32
    start: I32
    end: I32
    cell: U32
    own_cell: U32


@compiled
def first_to_cover(reports: Reports) -> npt.NDArray[np.bool_]:
    """Say which reports overlap no better one of their pair that tells of the same place through other cells.

    An encounter has no place of its own: it may be the meeting that a better report saw anywhere.
    """
    pair, place, start, end, cell, own_cell = reports
    keep = np.ones(pair.shape[0], np.bool_)
    first = 0
    for i in range(pair.shape[0]):
        if pair[i] != pair[first]:
            first = i
        for k in range(first, i):
            if not keep[k] or start[i] >= end[k] or start[k] >= end[i]:
                continue
            one_place = place[k] == place[i] or place[k] == NO_ONE or place[i] == NO_ONE
            if one_place and (cell[k] != cell[i] or own_cell[k] != own_cell[i]):
                keep[i] = False
                break
    return keep
