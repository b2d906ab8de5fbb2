"""Several reports of one meeting: which of them to keep."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from suyuan.exposure.compiled import compiled
from suyuan.exposure.segment import I32, I64, U32


class Reports(NamedTuple):
    """Meetings sorted by pair and place, the best report of each first; ``group`` numbers pair and place."""

    group: I64
    start: I32
    end: I32
    cell: U32
    own_cell: U32


@compiled
def first_to_cover(reports: Reports) -> npt.NDArray[np.bool_]:
    """Say which reports overlap no better one of their group that came through other cells."""
    group, start, end, cell, own_cell = reports
    keep = np.ones(group.shape[0], np.bool_)
    first = 0
    for i in range(group.shape[0]):
        if group[i] != group[first]:
            first = i
        for k in range(first, i):
            other = cell[k] != cell[i] or own_cell[k] != own_cell[i]
            if keep[k] and other and start[i] < end[k] and start[k] < end[i]:
                keep[i] = False
                break
    return keep
