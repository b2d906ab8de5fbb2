"""How fast an outbreak was detected, notified and answered (7-1-7), and the shares that follow-up is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from suyuan.reporting.voice import Voice
from suyuan.terms import BadInput, say

TARGET_DAYS = {"detect": 7, "notify": 1, "respond": 7}
EARLY_ACTIONS = (
    "investigation",
    "analysis",
    "laboratory",
    "case_management",
    "countermeasures",
    "communication",
    "coordination",
)
BEGINS = {"detect": "emergence", "notify": "detection", "respond": "notification"}

Verdict = Literal["met", "missed", "running", "overdue", "unknown"]


@dataclass(frozen=True)
class TimelinessDates:
    """The dates of one event, as civil days of the place.

    Parameters
    ----------
    emergence
        Non-endemic disease: first symptoms of the first case; endemic: the counts rose above the agreed baseline.
    detection
        The event was first recorded by anybody in any system.
    notification
        It was first reported to the authority responsible for acting.
    actions
        Day of completion of each early response action (``EARLY_ACTIONS``).
    not_applicable
        Actions judged not to apply; they are not waited for.

    Raises
    ------
    BadInput
        If the dates run backwards or an action precedes the emergence.
    ValueError
        If an action is not one of the seven: a mistake of the program.
    """

    emergence: date | None = None
    detection: date | None = None
    notification: date | None = None
    actions: Mapping[str, date] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = (set(self.actions) | self.not_applicable) - set(EARLY_ACTIONS)
        if unknown:
            raise ValueError(f"{min(unknown)} is none of the seven early response actions.")
        _refuse_disorder(self)


@dataclass(frozen=True)
class Step:
    """One of the three intervals.

    Parameters
    ----------
    name
        ``detect``, ``notify`` or ``respond``.
    days
        Whole days taken, or gone so far if it is not reached; None if its beginning is not known.
    target_days
        The limit, itself still in time.
    verdict
        ``met`` or ``missed`` if reached; ``running`` or ``overdue`` if not; ``unknown`` without a beginning.
    due
        Last day in time.
    """

    name: str
    days: int | None
    target_days: int
    verdict: Verdict
    due: date | None

    @property
    def over_days(self) -> int:
        """Days beyond the target, 0 if within it."""
        return max(0, (self.days or 0) - self.target_days)


@dataclass(frozen=True)
class TimelinessReport:
    """The three steps of one event with what is missing.

    Parameters
    ----------
    dates
        What was judged.
    as_of
        The day up to which open steps are counted.
    steps
        Detect, notify, respond.
    """

    dates: TimelinessDates
    as_of: date
    steps: tuple[Step, Step, Step]

    @property
    def open_actions(self) -> tuple[str, ...]:
        """Applicable actions without a day of completion by ``as_of``."""
        return tuple(
            name
            for name in EARLY_ACTIONS
            if name not in self.dates.not_applicable and _after(self.dates.actions.get(name), self.as_of)
        )

    @property
    def all_met(self) -> bool:
        """Whether all three targets were met."""
        return all(step.verdict == "met" for step in self.steps)

    @property
    def bottleneck(self) -> Step | None:
        """The step that took the largest multiple of its target, among those over it."""
        late = [step for step in self.steps if step.over_days]
        return max(late, key=lambda step: (step.days or 0) / step.target_days, default=None)


def judge_timeliness(dates: TimelinessDates, as_of: date) -> TimelinessReport:
    """Judge the dates of an event against 7-1-7.

    Parameters
    ----------
    dates
        What is known; dates after ``as_of`` count as not reached.
    as_of
        The day of the judgement.

    Returns
    -------
    TimelinessReport
        Days and verdict of each step.

    Notes
    -----
    Detection within 7 days of emergence, notification within 1 day of detection, all early response actions completed
    within 7 days of notification [1]_. The day of early response completion is the latest day of the applicable
    actions; actions completed before notification count as day 0. Days are differences of civil dates: a limit of one
    day is kept until the end of the next day. The seven actions and the rule on actions that do not apply follow the
    7-1-7 Alliance's toolkit, step 2.2.4.

    References
    ----------
    .. [1] Frieden TR et al. (2021), 7-1-7: an organising principle, target, and accountability metric to make the world
       safer from pandemics, Lancet. doi:10.1016/S0140-6736(21)01250-2

    Examples
    --------
    >>> march = lambda day: date(2022, 3, day)
    >>> report = judge_timeliness(TimelinessDates(march(1), march(5), march(7)), march(10))
    >>> [(step.days, step.verdict) for step in report.steps]
    [(4, 'met'), (2, 'missed'), (3, 'running')]
    """
    detect = _step("detect", dates.emergence, dates.detection, as_of)
    notify = _step("notify", dates.detection, dates.notification, as_of)
    respond = _step("respond", dates.notification, _response_completed(dates), as_of)
    return TimelinessReport(dates, as_of, (detect, notify, respond))


def _response_completed(dates: TimelinessDates) -> date | None:
    applicable = [name for name in EARLY_ACTIONS if name not in dates.not_applicable]
    if dates.notification is None or any(name not in dates.actions for name in applicable):
        return None
    return max((dates.notification, *(dates.actions[name] for name in applicable)))


def _step(name: str, begun: date | None, reached: date | None, as_of: date) -> Step:
    target = TARGET_DAYS[name]
    if begun is None or begun > as_of:
        return Step(name, None, target, "unknown", None)
    due = begun + timedelta(days=target)
    if reached is not None and reached <= as_of:
        return Step(name, (reached - begun).days, target, "met" if reached <= due else "missed", due)
    return Step(name, (as_of - begun).days, target, "running" if as_of <= due else "overdue", due)


def _after(day: date | None, as_of: date) -> bool:
    return day is None or day > as_of


def _refuse_disorder(dates: TimelinessDates) -> None:
    known = [(name, day) for name in BEGINS.values() if (day := getattr(dates, name)) is not None]
    for (earlier, earlier_day), (later, later_day) in pairwise(known):
        if later_day < earlier_day:
            raise BadInput(f"timeliness.disorder_{later}_{earlier}", later=later_day, earlier=earlier_day)
    for number, name in enumerate(EARLY_ACTIONS, 1):
        day = dates.actions.get(name)
        if day is not None and dates.emergence is not None and day < dates.emergence:
            raise BadInput("timeliness.disorder_action", number=number, day=day, emergence=dates.emergence)


def tell_timeliness(report: TimelinessReport, lang: str) -> tuple[str, ...]:
    """Say a judgement in sentences: the three steps, what is missing, the actions, the bottleneck.

    Parameters
    ----------
    report
        What to tell.
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> dates = TimelinessDates(date(2022, 3, 1), date(2022, 3, 4))
    >>> tell_timeliness(judge_timeliness(dates, date(2022, 3, 4)), "en")[0]
    'Detection: 3 days, target 7 days: met.'
    """
    teller = _Teller(report, lang)
    lines = [*map(teller.step, report.steps), *teller.missing(), *teller.actions(), teller.bottleneck()]
    return tuple(line for line in lines if line)


class _Teller:
    """Says one judgement in one language."""

    def __init__(self, report: TimelinessReport, lang: str) -> None:
        self.report = report
        self.lang = lang
        self.voice = Voice(lang, "UTC", report.as_of.year)

    def say(self, key: str, **values: object) -> str:
        return say(f"timeliness.{key}", self.lang, **values)

    def days(self, n: int) -> str:
        return self.say("days_one" if n == 1 else "days_many", n=n)

    def names(self, actions: Sequence[str]) -> str:
        return self.say("and").join(say(f"timeliness_action.{name}", self.lang) for name in actions)

    def step(self, step: Step) -> str:
        return self.say(
            step.verdict,
            step=self.say(step.name),
            days=self.days(step.days or 0),
            target=self.days(step.target_days),
            over=self.days(step.over_days),
            due=self.voice.day(step.due),
            before=self.say(BEGINS[step.name]),
        )

    def missing(self) -> list[str]:
        names = [name for name in BEGINS.values() if _after(getattr(self.report.dates, name), self.report.as_of)]
        return [self.say("missing_dates", names=self.voice.series([self.say(name) for name in names]))] if names else []

    def actions(self) -> list[str]:
        report = self.report
        lines = [self._first_action()]
        if report.open_actions:
            lines.append(self.say("missing_actions", names=self.names(report.open_actions)))
        if report.dates.not_applicable:
            ordered = [name for name in EARLY_ACTIONS if name in report.dates.not_applicable]
            lines.append(self.say("not_applicable", names=self.names(ordered)))
        return lines

    def _first_action(self) -> str:
        notified, done = self.report.dates.notification, self._done()
        if not done or _after(notified, self.report.as_of) or notified is None:
            return ""
        day = min(done.values())
        return self.say("first_action", day=self.voice.day(day), days=self.days(max(0, (day - notified).days)))

    def _done(self) -> dict[str, date]:
        report = self.report
        return {
            name: report.dates.actions[name]
            for name in EARLY_ACTIONS
            if name not in report.open_actions and name not in report.dates.not_applicable
        }

    def bottleneck(self) -> str:
        step = self.report.bottleneck
        if step is None:
            return self.say("all_met" if self.report.all_met else "no_bottleneck")
        return self.say(
            "bottleneck",
            step=self.say(step.name),
            days=self.days(step.days or 0),
            target=self.days(step.target_days),
            why=self._why() if step.name == "respond" else "",
        )

    def _why(self) -> str:
        if self.report.open_actions:
            return self.say("bottleneck_open", names=self.names(self.report.open_actions))
        done = self._done()
        last = [name for name, day in done.items() if day == max(done.values())]
        return self.say("bottleneck_done", names=self.names(last)) if last else ""


@dataclass(frozen=True)
class Indicator:
    """A share that follow-up is judged by.

    Parameters
    ----------
    name
        Which one; a key of the table ``timeliness_indicator``.
    numerator, denominator
        The part and the whole.
    hours
        The limit, for those that have one.

    Raises
    ------
    BadInput
        If the part exceeds the whole or one is negative.
    """

    name: str
    numerator: int
    denominator: int
    hours: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise BadInput("timeliness.bad_counts", numerator=self.numerator, denominator=self.denominator)

    @property
    def share(self) -> float | None:
        """The part of the whole; None where there was nobody to count."""
        return self.numerator / self.denominator if self.denominator else None

    def sentence(self, lang: str) -> str:
        """Say it in ``en`` or ``zh``."""
        name = say(f"timeliness_indicator.{self.name}", lang, hours=self.hours)
        if self.share is None:
            return say("timeliness.indicator_none", lang, name=name)
        return say(
            "timeliness.indicator_share",
            lang,
            name=name,
            numerator=f"{self.numerator:,}",
            denominator=f"{self.denominator:,}",
            percent=Voice(lang, "UTC", 0).percent(self.share),
        )


def contacts_found_in_time(n_found: int, n_contacts: int, hours: int = 24) -> Indicator:
    """Share of the contacts listed in a period who were reached within ``hours`` of their case's confirmation."""
    return Indicator("found_in_time", n_found, n_contacts, hours)


def contacts_seen(n_seen: int, n_due: int) -> Indicator:
    """Share of the contacts due for follow-up on a day who were seen or spoken to on that day."""
    return Indicator("seen_today", n_seen, n_due)


def cases_known_as_contacts(n_known: int, n_cases: int) -> Indicator:
    """Share of the new cases of a period who were on a list of contacts before they were found positive."""
    return Indicator("cases_known", n_known, n_cases)


def cases_found_in_quarantine(n_in_quarantine: int, n_cases: int) -> Indicator:
    """Share of the new cases of a period who were in quarantine before they were found positive."""
    return Indicator("cases_in_quarantine", n_in_quarantine, n_cases)


def cases_isolated_in_time(n_isolated: int, n_cases: int, hours: int = 48) -> Indicator:
    """Share of the cases with onset in a period who were isolated within ``hours`` of onset."""
    return Indicator("isolated_in_time", n_isolated, n_cases, hours)
