"""How a report speaks: dates, counts, kinds and rings in one language and one time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from suyuan.terms import PLACE_KINDS, say

RINGS = ("close", "contact_of_contact", "general", "colocated")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KINDS = frozenset(kind.value for kind in PLACE_KINDS)
QUARANTINE_STEP = re.compile(r"\b(facility|home|monitoring) (\d+(?:\.\d+)?) d\b")


@dataclass(frozen=True)
class Voice:
    """One language and one time zone.

    Parameters
    ----------
    lang
        ``en`` or ``zh``.
    timezone
        Name of the log's time zone; instants are told in it.
    year
        Dates of this year are told without the year.
    """

    lang: str
    timezone: str
    year: int

    def say(self, key: str, **values: object) -> str:
        """Return the sentence ``key`` of the table ``report``."""
        return say(f"report.{key}", self.lang, **values)

    def count(self, noun: str, number: float) -> str:
        """Say how many, with the noun in its right form.

        Examples
        --------
        >>> Voice("en", "UTC", 2022).count("close", 1), Voice("en", "UTC", 2022).count("close", 1200)
        ('1 close contact', '1,200 close contacts')
        """
        form = "one" if number == 1 else "many"
        return say(
            f"report_count.{noun}_{form}", self.lang, n=f"{number:,.0f}" if number == int(number) else f"{number:g}"
        )

    def kind(self, kind: str | None) -> str:
        """Name a kind of place; unknown words are shown as they are."""
        if not kind:
            return say("report_kind.unknown", self.lang)
        return say(f"report_kind.{kind}", self.lang) if kind in KINDS else kind

    def ring(self, ring: str) -> str:
        """Name a ring."""
        return say(f"report_ring.{ring}", self.lang) if ring in RINGS else ring

    def rule_name(self, rule: str) -> str:
        """Name a rule such as ``classroom.close``; unknown words are shown as they are."""
        kind, _, level = rule.partition(".")
        if kind in KINDS and level in RINGS:
            return say(f"report_rule.{level}", self.lang, kind=self.kind(kind))
        return rule

    def heading(self, column: str) -> str:
        """Name a table column."""
        return say(f"report_column.{column}", self.lang)

    def local(self, instant: datetime) -> datetime:
        """Turn an instant into the clock of the place; a naive one is taken to be local already."""
        zone = ZoneInfo(self.timezone)
        return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)

    def day(self, moment: date | None) -> str:
        """Say a civil day.

        Examples
        --------
        >>> Voice("en", "UTC", 2022).day(date(2022, 3, 2)), Voice("zh", "UTC", 2022).day(date(2021, 3, 2))
        ('2 Mar', '2021年3月2日')
        """
        if moment is None:
            return say("report.unknown", self.lang)
        if isinstance(moment, datetime):
            moment = self.local(moment)
        if self.lang == "zh":
            return ("" if moment.year == self.year else f"{moment.year}年") + f"{moment.month}月{moment.day}日"
        return f"{moment.day} {MONTHS[moment.month - 1]}" + ("" if moment.year == self.year else f" {moment.year}")

    def moment(self, instant: datetime | None) -> str:
        """Say a day and a time."""
        if instant is None:
            return say("report.unknown", self.lang)
        return f"{self.day(instant)} {self.local(instant):%H:%M}"

    def span(self, start: datetime, end: datetime) -> str:
        """Say an interval, the day once if both ends share it."""
        same_day = self.local(start).date() == self.local(end).date()
        return (
            f"{self.moment(start)}–{self.local(end):%H:%M}"
            if same_day
            else f"{self.moment(start)} – {self.moment(end)}"
        )

    def percent(self, share: float | None) -> str:
        """Say a probability with as many digits as help to decide.

        Examples
        --------
        >>> [Voice("en", "UTC", 2022).percent(p) for p in (0.4567, 0.0123, 0.00004, 0.0)]
        ['46 %', '1.2 %', '< 0.1 %', '0 %']
        """
        if share is None:
            return say("report.unknown", self.lang)
        if 0 < share < 0.001:
            return "< 0.1 %"
        return f"{share:.0%}".replace("%", " %") if share >= 0.1 or share == 0 else f"{share:.1%}".replace("%", " %")

    def quarantine(self, text: str | None) -> str:
        """Say a quarantine such as ``facility 7 d + home 3 d`` in words."""
        if not text:
            return say("report.no_quarantine", self.lang)
        return QUARANTINE_STEP.sub(lambda step: self.step(step[1], float(step[2])), text)

    def step(self, kind: str, days: float) -> str:
        """Say one step of quarantine."""
        return say(f"report_step.{kind}", self.lang, days=self.count("days", days))

    def series(self, parts: list[str]) -> str:
        """Join words into a list as the language does."""
        if len(parts) < 2:
            return "".join(parts)
        if self.lang == "zh":
            return "、".join(parts)
        return f"{', '.join(parts[:-1])} and {parts[-1]}"


def civil_day(moment: date | datetime | None, timezone: str) -> date | None:
    """Return the civil day in a time zone of a date or an instant."""
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(timezone))).date()
    return moment
