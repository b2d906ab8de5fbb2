"""Daily follow-up as data: what is asked, when a missed day alarms, when somebody is lost, how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from suyuan.protocols.edition import EDITION_ID, Bilingual, Source
from suyuan.protocols.plan_files import Broken, load_as
from suyuan.protocols.schedule import QuarantinePlan
from suyuan.terms import BadUsage

Hours = Annotated[int, msgspec.Meta(ge=1, le=720)]
Heard = Literal["heard", "missed", "lost"]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of a day.

    Parameters
    ----------
    text
        As asked.
    form
        Of the answer.
    choices
        By key, for ``choices``; several may be chosen.
    least, most
        Believable numbers, for ``number``.
    alarm
        Whether yes, any choice, or a number from ``alarm_from`` on alarms.
    alarm_from
        For ``number``.
    """

    text: Bilingual
    form: Literal["choices", "number", "yes_no", "text"]
    choices: dict[str, Bilingual] = {}
    least: float | None = None
    most: float | None = None
    alarm: bool = False
    alarm_from: float | None = None
    source: str = ""

    def alarms(self, answer: object) -> bool:
        """Whether an answer (chosen keys, number, true or false) asks for somebody to look at it."""
        if not self.alarm:
            return False
        if isinstance(answer, int | float) and not isinstance(answer, bool) and self.alarm_from is not None:
            return answer >= self.alarm_from
        return bool(answer)


class FollowUpRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of person is followed.

    Parameters
    ----------
    name
        Of the kind.
    asked
        Keys of the questions, in order.
    temperatures_a_day
        How often a temperature is expected each day.
    tests
        ``edition``: the test days of the person's quarantine; ``days``: ``test_days``; ``none``.
    test_days
        Days after day 0.
    missed_alarm_hours, lost_after_hours
        Hours without a word after which a missed day alarms, and after which the person is declared lost.
    ends
        ``edition``: with the person's quarantine; ``days``: ``days`` after day 0.
    extend_until_seen
        Whether follow-up goes on past its end until the person was seen once on or after it.
    most_extra_days
        How long at most.
    end_rule
        The same in words.
    """

    name: Bilingual
    asked: tuple[str, ...]
    temperatures_a_day: Annotated[int, msgspec.Meta(ge=0, le=6)]
    tests: Literal["edition", "days", "none"]
    missed_alarm_hours: Hours
    lost_after_hours: Hours
    ends: Literal["edition", "days"]
    end_rule: Bilingual
    days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None
    test_days: tuple[int, ...] = ()
    extend_until_seen: bool = False
    most_extra_days: Annotated[int, msgspec.Meta(ge=0, le=30)] = 0
    source: str = ""


class FollowUpPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions and kinds of follow-up; both keep the order of the file."""

    id: Annotated[str, msgspec.Meta(pattern=EDITION_ID)]
    name: Bilingual
    issuer: str
    issued: date
    questions: dict[str, Question]
    kinds: dict[str, FollowUpRule]
    sources: dict[str, Source]


@dataclass(frozen=True, slots=True)
class FollowUpDays:
    """A person's follow-up in the calendar: asked on every date from ``begins`` to before ``ends``."""

    begins: date
    ends: date
    tests: tuple[date, ...]


def load_follow_up(name_or_path: str | Path = "follow-up") -> FollowUpPlan:
    """Load the rules of follow-up by name, or from a TOML file (whole, or an override).

    Raises
    ------
    BadUsage
        If a bare name is not known.
    BadInput
        If the file cannot be read, or (``FaultyPlan``, with every fault) says something that cannot be used.
    """
    return load_as(FollowUpPlan, name_or_path, _broken)


def plan_follow_up(rule: FollowUpRule, begins: date, quarantine: QuarantinePlan | None = None) -> FollowUpDays:
    """Write a person's follow-up into the calendar.

    Parameters
    ----------
    rule
        Of the kind of person.
    begins
        Day 0 for rules that end after days (left the area, discharged), else the date it begins.
    quarantine
        The person's quarantine, for rules that end with the edition.

    Raises
    ------
    BadUsage
        If the rule ends with the edition and there is no quarantine.

    Examples
    --------
    >>> rule = load_follow_up().kinds["traveller"]
    >>> days = plan_follow_up(rule, date(2022, 7, 1))
    >>> days.ends.isoformat(), [test.day for test in days.tests]
    ('2022-07-08', [2, 4])
    """
    tests: tuple[date, ...] = ()
    if rule.tests == "days":
        tests = tuple(begins + timedelta(days=day) for day in rule.test_days)
    elif rule.tests == "edition" and quarantine is not None:
        tests = tuple(test.on for test in quarantine.tests)
    if rule.ends == "days":
        return FollowUpDays(begins, begins + timedelta(days=rule.days or 0), tests)
    if quarantine is None:
        raise BadUsage("plan.ring_not_determined")
    return FollowUpDays(begins, max(begins, quarantine.release), tests)


def end_follow_up(rule: FollowUpRule, ends: date, last_seen: date | None, today: date) -> date:
    """Say on which date follow-up ends, given when the person was last seen.

    Returns
    -------
    date
        ``ends``, or while the person has not been seen on or after it and the rule says so, today, at most
        ``most_extra_days`` later.
    """
    if not rule.extend_until_seen or today <= ends:
        return ends
    latest = ends + timedelta(days=rule.most_extra_days)
    return min(today if last_seen is None or last_seen < ends else max(last_seen, ends), latest)


def judge_silence(rule: FollowUpRule, last_heard: datetime, now: datetime) -> Heard:
    """Say whether somebody is heard of, has missed a day, or is lost."""
    hours = (now - last_heard).total_seconds() / 3600
    if hours >= rule.lost_after_hours:
        return "lost"
    return "missed" if hours >= rule.missed_alarm_hours else "heard"


def _broken(plan: FollowUpPlan) -> Iterator[Broken]:
    for key, question in plan.questions.items():
        if question.form == "choices" and not question.choices:
            yield Broken("choices_missing", f"[questions.{key}]", {})
    for key, rule in plan.kinds.items():
        where = f"[kinds.{key}]"
        for asked in rule.asked:
            if asked not in plan.questions:
                yield Broken("unknown_question", f"{where} asked", {"value": asked, "known": ", ".join(plan.questions)})
        if rule.lost_after_hours <= rule.missed_alarm_hours:
            yield Broken("lost_too_early", f"{where} lost_after_hours", {})
        if rule.ends == "days" and rule.days is None:
            yield Broken("days_missing", where, {})
