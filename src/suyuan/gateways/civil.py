"""Civil times of a place turned into instants, whole columns at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from suyuan.terms import BadUsage

UNIQUE, ABSENT, TWICE = 0, 1, 2
"""A civil time is one instant, none (clocks sprang over it) or two (clocks went back)."""

DAY = 86_400
FIRST_DAY = int(datetime(1995, 1, 1, tzinfo=UTC).timestamp())
LAST_DAY = int(datetime(2045, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class CivilZone:
    """A time zone as pieces of civil time.

    Parameters
    ----------
    starts
        int64, shape (pieces,): first civil second of each piece, ascending; the first is the smallest int64.
    offsets
        int64, shape (pieces,): seconds to subtract to get the instant; the earlier reading where there are two.
    readings
        uint8, shape (pieces,): ``UNIQUE``, ``ABSENT`` or ``TWICE``.

    Notes
    -----
    The clock changes of 1995 to 2044 are known; other years use the nearest offset (the readers refuse them anyway).
    """

    name: str
    starts: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    readings: npt.NDArray[np.uint8]

    def to_instants(self, civil: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8] | None]:
        """Turn civil seconds (as if UTC) into instants.

        Returns
        -------
        instants
            int64, shape (rows,): seconds since 1970 UTC, meaningful where the reading is unique.
        readings
            uint8, shape (rows,), or None if every row is unique.
        """
        if not len(civil):
            return civil, None
        ends = np.searchsorted(self.starts, [civil.min(), civil.max()], side="right") - 1
        if ends[0] == ends[1] and self.readings[ends[0]] == UNIQUE:  # mostly no clock change lies within a batch
            return civil - self.offsets[ends[0]], None
        piece = np.searchsorted(self.starts, civil, side="right") - 1
        readings = self.readings[piece]
        return civil - self.offsets[piece], readings if readings.any() else None

    def day_starts(self, civil: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Turn civil midnights into the first instant of their day, whatever the clocks did."""
        instants, readings = self.to_instants(civil)
        if readings is None:
            return instants
        piece = np.searchsorted(self.starts, civil, side="right") - 1
        # a day whose midnight is sprung over begins when the clocks jump
        jump = (
            self.starts[np.minimum(piece + 1, len(self.starts) - 1)]
            - self.offsets[np.minimum(piece + 1, len(self.starts) - 1)]
        )
        return np.where(readings == ABSENT, jump, instants)


@cache
def civil_zone(name: str) -> CivilZone:
    """Read a time zone by its IANA name.

    Raises
    ------
    BadUsage
        If there is no such zone.

    Examples
    --------
    >>> berlin = civil_zone("Europe/Berlin")
    >>> berlin.to_instants(np.array([1_648_348_200]))[1].tolist()  # 27 March 2022, 02:30 did not exist
    [1]
    """
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise BadUsage("reading.timezone_unknown", zone=name) from fault
    starts, offsets, readings = [np.iinfo(np.int64).min], [_offset(zone, FIRST_DAY)], [UNIQUE]
    for instant in _changes(zone):
        before, after = _offset(zone, instant - 1), _offset(zone, instant)
        starts += [instant + min(before, after), instant + max(before, after)]
        offsets += [before, after]
        readings += [ABSENT if after > before else TWICE, UNIQUE]
    return CivilZone(name, np.array(starts), np.array(offsets), np.array(readings, np.uint8))


def _changes(zone: ZoneInfo) -> list[int]:
    found = []
    for day in range(FIRST_DAY, LAST_DAY, DAY):
        low, high = day, day + DAY
        if _offset(zone, low) == _offset(zone, high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
        found.append(high)
    return found


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, zone).utcoffset()
    assert offset is not None  # zoneinfo always knows it
    return int(offset.total_seconds())
