"""Record a round: many people reached on one day, all well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from suyuan.actions.desk import Desk, deed
from suyuan.actions.order_reasons import day_of
from suyuan.actions.record_follow_up import keep_days
from suyuan.terms import BadInput, BadUsage, FollowUp, FollowUpDay, FollowUpState, NothingFound


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRound:
    """Whom the round reached without symptoms. ``day`` empty: today."""

    follow_up_ids: tuple[int, ...]
    day: date | None = None


@deed("record_follow_up", "follow-ups/round")
def record_round(desk: Desk, command: RecordRound) -> int:
    """Record that people were reached and have no symptoms; return how many."""
    ids = sorted(set(command.follow_up_ids))
    if not ids:
        raise BadUsage("follow_up.none_named")
    found = desk.room.follow_ups.find(id=ids)
    if len(found) != len(ids):
        raise NothingFound("room.no_such", kind="FollowUp", id=min(set(ids) - {each.id for each in found}))
    for area in sorted({each.area for each in found}):
        desk.require("record_follow_up", area)
    by_incident: dict[int, list[FollowUp]] = {}
    for each in found:
        by_incident.setdefault(each.incident_id, []).append(each)
    for incident_id, some in by_incident.items():
        incident = desk.room.incidents.get(incident_id)
        today = day_of(desk.now, incident.timezone)
        day = command.day or today
        early = [each for each in some if not each.starts_on <= day <= today or each.state is not FollowUpState.ACTIVE]
        if early:
            raise BadInput("follow_up.round_day", id=early[0].id, day=day.isoformat())
        entry: dict[str, Any] = {"day": day, "reached": True, "recorded_at": desk.now, "recorded_by": desk.officer.id}
        keep_days(desk, incident, [(each, FollowUpDay(follow_up_id=each.id, **entry)) for each in some])
    return len(found)
