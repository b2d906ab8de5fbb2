"""From the dates of a case to its tracing window (forward) and its exposure window (backward)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.exposure.kernels.shapes import Infectors
from suyuan.protocols import Protocol
from suyuan.terms import BadInput, Case


@dataclass(frozen=True, slots=True)
class Window:
    """An interval in which meetings of a case count, and the midnight that begins its day 0."""

    start: datetime
    end: datetime
    day_zero: datetime


def tracing_window(case: Case, protocol: Protocol, timezone: str) -> Window:
    """Return when meetings of a case count forward: the edition's look-back until isolation.

    Notes
    -----
    Day 0 is the civil day of onset, or of sampling where there is no onset. The window begins at the midnight that
    starts the first day of the look-back and ends at isolation, or, while the case is not isolated, at the end of
    the edition's horizon.

    Raises
    ------
    BadInput
        If the case has neither onset nor sampling date.
    """
    zone = ZoneInfo(timezone)
    rule = protocol.tracing_window
    first = case.onset or case.sampled
    if first is None:
        raise BadInput("window.no_dates", person=case.person.code)
    look_back = rule.days_before_onset if case.onset else rule.days_before_sampling
    day_zero = first.astimezone(zone).date()
    start = midnight(day_zero - timedelta(days=look_back), zone)
    end = case.isolated or midnight(day_zero + timedelta(days=rule.days_after_onset + 1), zone)
    # somebody who fell ill in quarantine was isolated before the window began: it is empty, and rightly so
    return Window(start, max(start, end), midnight(day_zero, zone))


def exposure_window(case: Case, protocol: Protocol, timezone: str) -> Window:
    """Return when a case may have caught the infection: from the incubation period back from its day 0.

    Notes
    -----
    Without an onset the sampling day takes its place, and the window reaches up to the sampling itself.

    Raises
    ------
    BadInput
        If the case has neither onset nor sampling date.
    """
    zone = ZoneInfo(timezone)
    rule = protocol.exposure_window
    first = case.onset or case.sampled
    if first is None:
        raise BadInput("window.no_dates", person=case.person.code)
    day_zero = midnight(first.astimezone(zone).date(), zone)
    latest = timedelta(days=rule.latest_days_before_onset) if case.onset else timedelta(0)
    end = day_zero + timedelta(days=1) - latest
    return Window(day_zero - timedelta(days=rule.earliest_days_before_onset), end, day_zero)


def infectors_of(persons: np.ndarray, windows: Sequence[Window]) -> Infectors:
    """Put persons and their windows into the table that matching reads, in minutes since 1970."""
    return Infectors(
        np.asarray(persons, np.uint32),
        np.array([minute_of(window.start) for window in windows], np.int32),
        np.array([minute_of(window.end) for window in windows], np.int32),
        np.array([minute_of(window.day_zero) for window in windows], np.int32),
    )


def minute_of(instant: datetime) -> int:
    """Whole minutes since 1970 at an instant."""
    return int(instant.timestamp() // 60)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a civil day."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)
