"""What an investigator writes down about a case, as typed: a half-filled row is kept as it is until it is handed in.

Every cell is text, because a draft must take whatever stands in the form; ``read_rows`` reads it when it is needed.
Nothing here prints itself: the rows hold names and telephones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from suyuan.terms import BadInput, say

MOST_ROWS = 300
MOST_CHARACTERS = 200_000
"""Of a whole form: a long interview has about 10,000."""
QUESTIONS = ("travel", "arrivals", "ill_people", "health_care", "crowds", "animals", "cold_chain")
"""Keys of the questions about exposure, ``exposure_question.<key>`` in the texts."""
LISTS = ("symptoms", "care", "doses", "stops", "companions", "household", "sources", "measures", "next_steps")


class BadRow(BadInput):
    """A row of the form that cannot be read: the sentence names its list in the reader's language."""

    def sentence(self, lang: str = "en") -> str:
        """Say it in ``en`` or ``zh``."""
        name = say(f"interview_list.{self.details['list']}", lang)
        return say(self.code, lang, **{**self.details, "list": name})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SymptomRow:
    """What the case felt on one day."""

    day: str = ""
    symptoms: str = ""
    temperature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CareRow:
    """A visit to a doctor or pharmacy."""

    at: str = ""
    place: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DoseRow:
    """A vaccination."""

    day: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StopRow:
    """A stay: from, to, where, what kind of place, with whom, with what protection."""

    start: str = ""
    end: str = ""
    place: str = ""
    kind: str = ""
    whom: str = ""
    protection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CompanionRow:
    """Somebody who was near the case: by number, or by name and telephone until the person has a number."""

    code: str = ""
    name: str = ""
    telephone: str = ""
    ring: str = ""
    first: str = ""
    last: str = ""
    place: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HouseholdRow:
    """Somebody the case lives with."""

    code: str = ""
    name: str = ""
    relation: str = ""
    age: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SourceRow:
    """What may have infected the case, and why."""

    what: str = ""
    kind: str = ""
    reasons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MeasureRow:
    """Something that was done."""

    at: str = ""
    what: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NextRow:
    """Something that is to be done."""

    what: str = ""
    by: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class InterviewForm:
    """The whole form. ``none`` names the lists of which the case was asked and had nothing to tell."""

    symptoms: tuple[SymptomRow, ...] = ()
    care: tuple[CareRow, ...] = ()
    doses: tuple[DoseRow, ...] = ()
    stops: tuple[StopRow, ...] = ()
    companions: tuple[CompanionRow, ...] = ()
    household: tuple[HouseholdRow, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    next_steps: tuple[NextRow, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    questions: str = ""
    own: dict[str, str] = field(default_factory=dict)
    none: tuple[str, ...] = ()


def form_of(sealed: Mapping[str, Any]) -> InterviewForm:
    """Open a form as it lies sealed; fields of later releases are left out."""
    return msgspec.convert(dict(sealed), InterviewForm, strict=False)


def plain(form: InterviewForm) -> dict[str, Any]:
    """Write a form as plain values for sealing."""
    return msgspec.to_builtins(form)  # type: ignore[no-any-return]


def tidied(form: InterviewForm) -> InterviewForm:
    """Drop rows in which nothing stands, and refuse a form that is too large to be one.

    Raises
    ------
    BadInput
        If it has too many rows or characters.
    """
    kept = {name: tuple(row for row in getattr(form, name) if any(dataclasses.astuple(row))) for name in LISTS}
    if max(map(len, kept.values())) > MOST_ROWS or len(msgspec.json.encode(form)) > MOST_CHARACTERS:
        raise BadInput("interview.too_large", rows=MOST_ROWS)
    return dataclasses.replace(form, **kept)  # type: ignore[arg-type]


def read_day(text: str, where: str, row: int) -> date:
    """Read a civil date.

    Raises
    ------
    BadRow
        With the list and the row.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadRow("interview.no_date", list=where, row=row) from None


def read_instant(text: str, zone: str, where: str, row: int) -> datetime:
    """Read a local date and time of the place.

    Raises
    ------
    BadRow
        With the list and the row.
    """
    try:
        there = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadRow("interview.no_time", list=where, row=row) from None
    return there if there.tzinfo else there.replace(tzinfo=ZoneInfo(zone))


def read_span(row: tuple[str, str], zone: str, where: str, number: int) -> tuple[datetime, datetime]:
    """Read from and to; an end that is left out is the beginning.

    Raises
    ------
    BadRow
        If one cannot be read or they are the wrong way round.
    """
    start = read_instant(row[0], zone, where, number)
    end = read_instant(row[1], zone, where, number) if row[1].strip() else start
    if end < start:
        raise BadRow("interview.swapped", list=where, row=number)
    return start, end


def read_stops(form: InterviewForm, zone: str, *, strict: bool) -> list[tuple[datetime, datetime, StopRow]]:
    """Read the stays of the interview by time.

    Parameters
    ----------
    strict
        Whether a row that cannot be read stops; a draft's is left out.
    """
    found = []
    for number, row in enumerate(form.stops, 1):
        try:
            found.append((*read_span((row.start, row.end), zone, "stops", number), row))
        except BadInput:
            if strict:
                raise
    return sorted(found, key=lambda each: (each[0], each[1]))
