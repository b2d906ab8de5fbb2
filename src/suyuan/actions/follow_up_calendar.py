"""Which day of a follow-up is waited for, when its silence alarms, when somebody is lost, when it ends.

Notes
-----
Days are civil dates of the place. A day is expected from the follow-up's first date to the date before its end; where
the rule says so, also from the end on until the person was seen, ``most_extra_days`` at most. The hours of the rule
count from the beginning of a day nobody heard from: of the expected day for a missed day, of the first silent day for
a lost person. So a round that is done at 09:00 on one day and at 17:00 on the next alarms nobody.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from suyuan.actions.order_reasons import instant_of
from suyuan.protocols.follow_up import FollowUpPlan, FollowUpRule, load_follow_up
from suyuan.terms import BadInput, FollowUp, FollowUpState

ONE = timedelta(days=1)


@cache
def follow_up_plan() -> FollowUpPlan:
    """Return the questions and kinds of follow-up, read once."""
    return load_follow_up()


def rule_of(kind: str) -> FollowUpRule:
    """Return the rule of a kind.

    Raises
    ------
    BadInput
        If there is none.
    """
    kinds = follow_up_plan().kinds
    if kind not in kinds:
        raise BadInput("follow_up.no_kind", kind=kind, kinds=", ".join(kinds))
    return kinds[kind]


def first_silent_day(follow_up: FollowUp) -> date:
    """Return the first date after the last one on which the person was reached."""
    seen = follow_up.last_seen_on
    return follow_up.starts_on if seen is None else max(follow_up.starts_on, seen + ONE)


def expected_day(follow_up: FollowUp) -> date:
    """Return the date that is waited for: the first silent one that has not alarmed yet."""
    return first_silent_day(follow_up) + timedelta(days=follow_up.n_missed)


def over_on(follow_up: FollowUp) -> date:
    """Return the date on which the follow-up ends if nobody is reached any more."""
    rule = rule_of(follow_up.kind)
    if not rule.extend_until_seen:
        return follow_up.ends_on
    seen = follow_up.last_seen_on
    if seen is not None and seen >= follow_up.ends_on:
        return seen
    return follow_up.ends_on + timedelta(days=rule.most_extra_days)


def lost_at(follow_up: FollowUp, timezone: str) -> datetime:
    """Instant at which a silent person counts as lost."""
    return instant_of(first_silent_day(follow_up), timezone) + timedelta(hours=rule_of(follow_up.kind).lost_after_hours)


def next_due(follow_up: FollowUp, timezone: str) -> datetime | None:
    """Instant at which the clock has to look at a follow-up again; None when it is not active."""
    if follow_up.state is not FollowUpState.ACTIVE:
        return None
    hours = rule_of(follow_up.kind).missed_alarm_hours
    alarm = instant_of(expected_day(follow_up), timezone) + timedelta(hours=hours)
    return min(alarm, lost_at(follow_up, timezone), instant_of(over_on(follow_up), timezone))
