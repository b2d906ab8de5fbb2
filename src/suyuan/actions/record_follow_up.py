"""Record what was learnt about one person on one day of follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from suyuan.actions.desk import Desk, deed
from suyuan.actions.follow_up_calendar import follow_up_plan, next_due, over_on, rule_of
from suyuan.actions.make_tasks import PENDING, NewTask, change_tasks, make_tasks
from suyuan.actions.order_reasons import day_of, edition_of, hours_of
from suyuan.terms import BadInput, BadUsage, FollowUp, FollowUpDay, FollowUpState, Incident, TaskState

EARLIEST_DAYS = 30
"""How far back an entry may lie: further is a wrong date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFollowUp:
    """One day: reached or not, symptoms by key, temperature, test, a note (kept sealed). ``day`` empty: today."""

    follow_up_id: int
    reached: bool
    day: date | None = None
    symptoms: tuple[str, ...] = ()
    temperature_c: float | None = None
    test_result: Literal["", "negative", "positive", "invalid"] = ""
    note: str = field(default="", metadata={"personal": True}, repr=False)


@deed("record_follow_up", "follow-ups/{follow_up_id}/days")
def record_follow_up(desk: Desk, command: RecordFollowUp) -> int:
    """Record one day and return the entry's id. A later entry of the same day stands; the earlier is kept."""
    follow_up = desk.room.follow_ups.get(command.follow_up_id)
    desk.require("record_follow_up", follow_up.area)
    incident = desk.room.incidents.get(follow_up.incident_id)
    day = command.day or day_of(desk.now, incident.timezone)
    _check(desk, command, follow_up, day, incident.timezone)
    new = FollowUpDay(
        follow_up_id=follow_up.id, day=day, reached=command.reached, symptoms=command.symptoms,
        temperature_c=command.temperature_c, test_result=command.test_result, note=command.note,
        recorded_at=desk.now, recorded_by=desk.officer.id,
    )  # fmt: skip
    (kept,) = keep_days(desk, incident, [(follow_up, new)])
    return kept.id


def _check(desk: Desk, command: RecordFollowUp, follow_up: FollowUp, day: date, timezone: str) -> None:
    today = day_of(desk.now, timezone)
    if day > today or day < follow_up.starts_on or day < today - timedelta(days=EARLIEST_DAYS):
        raise BadInput("follow_up.wrong_day", starts=follow_up.starts_on.isoformat(), today=today.isoformat())
    questions = follow_up_plan().questions
    known = questions["symptoms"].choices
    for symptom in command.symptoms:
        if symptom not in known:
            raise BadInput("follow_up.no_symptom", symptom=symptom, known=", ".join(known))
    degrees, question = command.temperature_c, questions["temperature"]
    if degrees is not None and not (question.least or 0) <= degrees <= (question.most or 100):
        raise BadInput("follow_up.temperature", least=question.least, most=question.most)
    if not command.reached and (command.symptoms or degrees is not None or command.test_result):
        raise BadInput("follow_up.not_reached")


def keep_days(desk: Desk, incident: Incident, news: Sequence[tuple[FollowUp, FollowUpDay]]) -> list[FollowUpDay]:
    """Keep entries, move on what is waited for, close visits that are no longer needed, ask for an examination."""
    kept = desk.room.follow_up_days.add_all([day for _, day in news])
    follow_ups = [follow_up for follow_up, _ in news]
    seen = _last_seen(desk, [each.id for each in follow_ups])
    moved = [_moved_on(desk, incident, each, seen.get(each.id)) for each in follow_ups]
    for before, after in zip(follow_ups, moved, strict=True):
        if before.state is not after.state:
            desk.record("follow_up", before, "state", (before.state, after.state), "clock.seen")
    desk.room.follow_ups.save_all(moved)
    reached = [follow_up.id for follow_up, day in news if day.reached]
    visits = desk.room.tasks.find(
        subject_id=reached, subject="follow_up", kind=["visit_followed", "find_followed"], state=list(PENDING)
    )
    change_tasks(desk, visits, state=TaskState.DONE)
    _ask_to_examine(desk, incident, news)
    return kept


def _last_seen(desk: Desk, ids: Sequence[int]) -> dict[int, date]:
    """Last date on which each was reached; of several entries of one day the newest counts."""
    newest: dict[tuple[int, date], bool] = {}
    for entry in desk.room.follow_up_days.find(follow_up_id=list(ids)):
        newest[entry.follow_up_id, entry.day] = entry.reached
    seen: dict[int, date] = {}
    for (follow_up_id, day), reached in newest.items():
        if reached:
            seen[follow_up_id] = max(day, seen.get(follow_up_id, day))
    return seen


def _moved_on(desk: Desk, incident: Incident, follow_up: FollowUp, seen: date | None) -> FollowUp:
    if follow_up.state not in (FollowUpState.ACTIVE, FollowUpState.LOST):
        raise BadUsage("follow_up.over", id=follow_up.id)
    n_missed = follow_up.n_missed if seen == follow_up.last_seen_on else 0
    state = FollowUpState.ACTIVE if seen != follow_up.last_seen_on else follow_up.state
    moved = replace(follow_up, last_seen_on=seen, n_missed=n_missed, state=state)
    today = day_of(desk.now, incident.timezone)
    extends = rule_of(moved.kind).extend_until_seen
    if extends and seen is not None and seen >= moved.ends_on and over_on(moved) <= today:
        ended = {"on": seen.isoformat(), "why": "seen", "last_seen": seen.isoformat()}
        moved = replace(moved, state=FollowUpState.ENDED, because={**moved.because, "ended": ended})
    return replace(moved, next_due_at=next_due(moved, incident.timezone))


def _ask_to_examine(desk: Desk, incident: Incident, news: Sequence[tuple[FollowUp, FollowUpDay]]) -> None:
    """Whoever has symptoms, fever or a positive test is suggested as a suspected case; somebody decides."""
    ill = [(follow_up, day) for follow_up, day in news if alarms(day)]
    if not ill:
        return
    hours = hours_of(edition_of(incident.protocol), "report_case", "report_case")
    made = make_tasks(
        desk,
        [
            NewTask(
                incident_id=incident.id, cause=f"examine {follow_up.id} {day.day}", kind="examine_followed",
                group="investigation", area=follow_up.area, due_at=desk.now + timedelta(hours=hours),
                subject="follow_up", subject_id=follow_up.id, person_id=follow_up.person_id,
                values={"day": day.day.isoformat()},
            )
            for follow_up, day in ill
        ],
    )  # fmt: skip
    for task in made:
        desk.tell("follow_up_alarmed", task.subject_id, incident.id)


def alarms(day: FollowUpDay) -> bool:
    """Tell whether what was recorded of a day asks for an examination."""
    questions = follow_up_plan().questions
    hot = day.temperature_c is not None and questions["temperature"].alarms(day.temperature_c)
    return questions["symptoms"].alarms(day.symptoms) or hot or day.test_result == "positive"
