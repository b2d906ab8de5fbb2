"""The days of a case side by side: what the interview says, what other records say, where they differ, what is missing.

Pure: statements in, days out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from suyuan.reporting.case_report_trail import find_gaps

INTERVIEW = "interview"
AT_LEAST = timedelta(minutes=15)
"""Two statements about different places may overlap by this much: people round the hour, and walk."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that one source says: the person was here from then to then. ``source`` ``interview`` is the form."""

    start: datetime
    end: datetime
    place: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The interview and a record that cannot both be right."""

    said: Statement
    recorded: Statement
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day; statements that touch it, hours without any, and what contradicts."""

    day: date
    statements: tuple[Statement, ...]
    gaps: tuple[tuple[datetime, datetime], ...]
    contradictions: tuple[Contradiction, ...]


def time_line(statements: Iterable[Statement], span: tuple[datetime, datetime], timezone: str) -> tuple[Day, ...]:
    """Lay statements out day by day.

    Parameters
    ----------
    span
        From where to where the days are wanted, for instance the beginning of the exposure window until isolation.
    timezone
        Civil days are those of this zone.
    """
    zone = ZoneInfo(timezone)
    start, end = (each.astimezone(zone) for each in span)
    every = sorted(
        (each for each in statements if each.end >= start and each.start <= end),
        key=lambda each: (each.start, each.end, each.source),
    )
    gaps = find_gaps([(each.start, each.end) for each in every], start, end) if end > start else []
    against = find_contradictions(every)
    days = []
    day = start.date()
    while day <= end.date():
        first = datetime.combine(day, time(), zone)
        last = datetime.combine(day + timedelta(days=1), time(), zone)
        days.append(
            Day(
                day,
                tuple(each for each in every if each.start < last and max(each.end, each.start) >= first),
                tuple((max(a, first), min(b, last)) for a, b in gaps if a < last and b > first),
                tuple(each for each in against if first <= each.start < last),
            )
        )
        day += timedelta(days=1)
    return tuple(days)


def find_contradictions(statements: Sequence[Statement]) -> list[Contradiction]:
    """Find what the interview says and a record contradicts.

    Two statements contradict where they put the person in places of other names and other kinds for longer than a
    quarter of an hour, or for the whole of a shorter record. A place that is named otherwise but of the same kind is
    left to the reader.
    """
    said = [each for each in statements if each.source == INTERVIEW]
    recorded = [each for each in statements if each.source != INTERVIEW]
    found = []
    for one in said:
        for other in recorded:
            start, end = max(one.start, other.start), min(one.end, other.end)
            enough = min(AT_LEAST, other.end - other.start, one.end - one.start)
            if end >= start and end - start >= enough and _elsewhere(one, other) and _inside(one, other):
                found.append(Contradiction(one, other, start, end))
    return sorted(found, key=lambda each: (each.start, each.end))


def _inside(one: Statement, other: Statement) -> bool:
    """Statements that only touch at their ends do not meet."""
    return (one.start < other.end and other.start < one.end) or one.start <= other.start == other.end < one.end


def _elsewhere(one: Statement, other: Statement) -> bool:
    if one.place.strip().casefold() == other.place.strip().casefold():
        return False
    return not (one.kind and one.kind == other.kind)
