"""The tables that the compiled routines share, as named tuples of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from suyuan.exposure.segment import I32, I64, U8, U32

ZONE_UNKNOWN = 1
WEAK_SOURCE = 2
ZONED_PLACE = 4
"""Flag of every cell of a place that notes zones for some of its visitors."""

SCOPE_ZONE, SCOPE_PLACE, SCOPE_KNOWN_ZONE = 0, 1, 2
"""Same zone or one not known; anywhere in the place; same zone and both known, where the place notes zones."""

CLOSE_ELIGIBLE = 1
GENERAL_ELIGIBLE = 2
WEAK = 4

RING_CLOSE = 1
RING_GENERAL = 3
RING_COLOCATED = 4

NEVER = 1 << 24
"""More minutes than any stay has: a rule that nobody meets."""

ENTRY = np.dtype(
    [
        ("person", np.uint32),
        ("n_meetings", np.uint32),
        ("minutes_together", np.uint32),
        ("minutes_lingering", np.uint32),
        ("first", np.int32),
        ("last", np.int32),
        ("dose", np.uint64),
    ],
    align=True,
)
"""One contact summed over its meetings: half a cache line, so that adding touches memory once."""


class Cells(NamedTuple):
    """Per cell: its place, zone and kind, flags, and the next cell of the same place (a circle)."""

    place: U32
    zone: U32
    kind: U8
    flags: U8
    sibling: U32


class Rules(NamedTuple):
    """The edition's rules per kind of place, in whole minutes and whole dose units.

    ``close_*`` and ``general_*``: least minutes counted (``NEVER`` where there is no such rule), minutes that count
    after the infector left, and the scope (``SCOPE_ZONE``, ``SCOPE_PLACE``, ``SCOPE_KNOWN_ZONE``). ``*_nano``: hazard
    per minute, together and lingering, in 1e-9 at the height of infectiousness. ``milli``: infectiousness in
    thousandths by day, the first entry for ``first_day`` after onset.
    """

    close_minutes: I32
    close_lingering: I32
    close_scope: U8
    general_minutes: I32
    general_lingering: I32
    general_scope: U8
    together_nano: I64
    lingering_nano: I64
    first_day: int
    milli: I64


class Infectors(NamedTuple):
    """Whose meetings count and when: minutes since 1970, ``[start, end)``; ``onset`` is minute 0 of day 0."""

    person: U32
    start: I32
    end: I32
    onset: I32


class InfectorVisits(NamedTuple):
    """Stays of infectors clipped to their windows; ``infector`` is a row of ``Infectors``."""

    cell: U32
    start: I32
    end: I32
    infector: U32


class Ranges(NamedTuple):
    """Rows of one segment worth reading for one visit: ``[first, last)`` of ``cell``, and what they may become."""

    visit: U32
    cell: U32
    first: U32
    last: U32
    options: U8


class Meetings(NamedTuple):
    """A buffer of meetings found: row of ``Ranges``, person met, start, minutes, ring."""

    task: U32
    person: U32
    start: I32
    together: I32
    lingering: I32
    ring: U8


def empty_meetings(capacity: int) -> Meetings:
    """Return a buffer for ``capacity`` meetings."""
    return Meetings(
        np.empty(capacity, np.uint32),
        np.empty(capacity, np.uint32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.uint8),
    )
