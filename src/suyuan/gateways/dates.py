"""Columns of dates or instants in small tables (line lists, corrections), where an empty cell may be right."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from suyuan.gateways import times
from suyuan.gateways.checks import check_time
from suyuan.gateways.faults import Faults
from suyuan.gateways.options import EARLIEST, ReadOptions
from suyuan.gateways.reading import Chunk
from suyuan.gateways.times import TimeColumn, Times


class Instants(NamedTuple):
    """Instants that need not be there.

    Parameters
    ----------
    seconds
        int64, shape (rows,): since 1970 UTC; the first instant of the day where only a date was written.
    given, readable
        Masks, shape (rows,): something is written there; it holds a time that can be used.
    """

    seconds: npt.NDArray[np.int64]
    given: npt.NDArray[np.bool_]
    readable: npt.NDArray[np.bool_]

    def at(self, row: int, zone: ZoneInfo) -> datetime | None:
        """Give the row's instant in a time zone, or None."""
        return datetime.fromtimestamp(int(self.seconds[row]), zone) if self.given[row] else None


def read_optional(
    chunk: Chunk, clock: TimeColumn | None, name: str, faults: Faults, options: ReadOptions, *, dates: bool
) -> Instants:
    """Read a column that may be absent or empty, with the checks of all times.

    Parameters
    ----------
    dates
        Whether a date alone is enough; it then stands for the first instant of that day in the stated time zone.
    """
    if clock is None or name not in chunk.columns:
        nowhere = np.zeros(faults.rows, np.bool_)
        return Instants(np.full(faults.rows, EARLIEST), nowhere, nowhere)
    read = clock.read(chunk.columns[name])
    fault = np.zeros(faults.rows, np.uint8) if read.fault is None else read.fault.copy()
    given = fault != times.MISSING
    fault[fault == times.MISSING] = times.FINE
    if dates:
        fault[fault == times.DATE_ONLY] = times.FINE
    seconds = np.where(given, read.seconds, EARLIEST)
    check_time(faults, Times(seconds, fault), options)
    return Instants(seconds, given, given & (fault == times.FINE))


def is_before(one: datetime | None, other: datetime | None) -> bool:
    """Whether one lies surely before the other; by civil date where one of them is a date without a time of day."""
    if one is None or other is None:
        return False
    if _whole_day(one) or _whole_day(other):
        return one.date() < other.date()
    return one < other


def end_of_day(instant: datetime | None) -> datetime | None:
    """Move a date without a time of day to the midnight that ends it: until then the day's meetings count."""
    if instant is None or not _whole_day(instant):
        return instant
    return instant + timedelta(days=1)  # in civil time: the next midnight, whatever the clocks did


def _whole_day(instant: datetime) -> bool:
    return (instant.hour, instant.minute, instant.second) == (0, 0, 0)
