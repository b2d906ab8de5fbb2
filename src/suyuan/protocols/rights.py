"""What people are owed, as data: the clock of a contest, the longest order, the terms of their records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from suyuan.protocols.edition import EDITION_ID, Bilingual, Source
from suyuan.protocols.plan_files import Broken, load_as

Hours = Annotated[int, msgspec.Meta(ge=1, le=720)]


class Contest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hours in which a contest of an order is answered, and how long before that its reviewer is reminded."""

    answer_hours: Hours
    remind_hours_before: Hours
    text: Bilingual
    source: str = ""


class OrderTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The longest term of one signature, and how long before its end the officer is warned."""

    most_days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    warn_hours_before_end: Hours
    text: Bilingual
    source: str = ""


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long one kind of record is kept.

    ``counted_from``: when its incident was closed, when it ended itself (an order), or when it was recorded.
    """

    name: Bilingual
    days: Annotated[int, msgspec.Meta(ge=1, le=36500)]
    counted_from: Literal["incident_closed", "ended", "recorded"]
    source: str = ""

    def erased_on(self, day0: date) -> date:
        """Return the date from which the record may not be there any more."""
        return day0 + timedelta(days=self.days)


class Rights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Contests, terms of orders, retention by kind of record."""

    id: Annotated[str, msgspec.Meta(pattern=EDITION_ID)]
    name: Bilingual
    issuer: str
    issued: date
    contest: Contest
    orders: OrderTerms
    retention: dict[str, Retention]
    sources: dict[str, Source]


def load_rights(name_or_path: str | Path = "rights") -> Rights:
    """Load contests and retention by name, or from a TOML file (whole, or an override).

    Raises
    ------
    BadUsage
        If a bare name is not known.
    BadInput
        If the file cannot be read, or (``FaultyPlan``, with every fault) says something that cannot be used.

    Examples
    --------
    >>> load_rights().retention["itineraries"].erased_on(date(2026, 1, 1)).isoformat()
    '2026-01-31'
    """
    return load_as(Rights, name_or_path, _broken)


def _broken(rights: Rights) -> Iterator[Broken]:
    if rights.contest.remind_hours_before >= rights.contest.answer_hours:
        yield Broken("reminder_after_answer", "[contest] remind_hours_before", {})
