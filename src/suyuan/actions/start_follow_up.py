"""Begin the daily follow-up of somebody by hand: a traveller, or whoever no receiver reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from suyuan.actions.desk import Desk, deed
from suyuan.actions.follow_up_calendar import next_due, rule_of
from suyuan.actions.order_reasons import day_of
from suyuan.protocols.follow_up import plan_follow_up
from suyuan.terms import BadInput, FollowUp, FollowUpState, Incident, district_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFollowUp:
    """Whom, as what kind, from which date (today if empty), until when where the rule does not say it, and why."""

    incident_id: int
    person_id: int
    kind: str
    reason: str
    starts_on: date | None = None
    ends_on: date | None = None


@deed("record_follow_up", "incidents/{incident_id}/follow-ups")
def start_follow_up(desk: Desk, command: StartFollowUp) -> int:
    """Begin a follow-up and return its id."""
    incident = desk.room.incidents.get(command.incident_id)
    person = desk.room.people.get(command.person_id)
    desk.require("record_follow_up", person.area)
    rule = rule_of(command.kind)
    if not command.reason.strip():
        raise BadInput("follow_up.needs_reason")
    starts = command.starts_on or day_of(desk.now, incident.timezone)
    if command.ends_on is None and rule.ends == "edition":
        raise BadInput("follow_up.needs_end", kind=command.kind)
    planned = plan_follow_up(rule, starts) if rule.ends == "days" else None
    ends = command.ends_on or (planned.ends if planned else starts)
    if ends <= starts:
        raise BadInput("follow_up.ends_before", starts=starts.isoformat())
    if desk.room.follow_ups.count(
        incident_id=incident.id, person_id=person.id, kind=command.kind, state=FollowUpState.ACTIVE
    ):
        raise BadInput("follow_up.there_already")
    tests = [day.isoformat() for day in planned.tests] if planned else []
    new = FollowUp(
        incident_id=incident.id, person_id=person.id, area=person.area, district=district_of(person.area),
        kind=command.kind, subject_id=desk.room.number("follow-up by hand"), starts_on=starts, ends_on=ends,
        because={**because_of(command.kind, incident), "words": command.reason, "tests": tests},
    )  # fmt: skip
    (made,) = begin(desk, incident, [new])
    desk.record("follow_up", made, "state", ("", made.state), command.reason)
    return made.id


def because_of(kind: str, incident: Incident) -> dict[str, Any]:
    """Return why somebody is followed and how it ends, as the rule says it in both languages."""
    rule = rule_of(kind)
    return {
        "edition": incident.protocol,
        "name": {"en": rule.name.en, "zh": rule.name.zh},
        "end_rule": {"en": rule.end_rule.en, "zh": rule.end_rule.zh},
    }


def begin(desk: Desk, incident: Incident, follow_ups: Sequence[FollowUp]) -> list[FollowUp]:
    """Keep new follow-ups with the instant at which the clock looks at them first."""
    return desk.room.follow_ups.add_all(
        [replace(each, next_due_at=next_due(each, incident.timezone)) for each in follow_ups]
    )
