"""The clock over follow-ups: missed days alarm, silent people count as lost, follow-up ends by its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from suyuan.actions.desk import Desk, Office, perform_by_clock
from suyuan.actions.follow_up_calendar import expected_day, first_silent_day, lost_at, next_due, over_on
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.actions.order_reasons import instant_of
from suyuan.actions.tick import ticks
from suyuan.terms import FollowUp, FollowUpState

AT_ONCE = 200
VISIT_HOURS = 12
"""Hours in which somebody goes and looks after a missed day."""


@ticks
def watch_follow_ups(office: Office) -> int:
    """Look at every follow-up whose time has come and return how many that were."""
    n = 0
    while True:
        done = perform_by_clock(office, "watch_follow_ups", _batch)
        n += done
        if done < AT_ONCE:
            return n


def _batch(desk: Desk) -> int:
    ids = desk.room.due_ids("follow_up_due", desk.now, AT_ONCE)
    found = desk.room.follow_ups.find(id=ids) if ids else []
    zones = {i.id: i.timezone for i in desk.room.incidents.find(id=sorted({each.incident_id for each in found}))}
    news: list[NewTask] = []
    after = [_look(desk, each, zones[each.incident_id], news) for each in found]
    desk.room.follow_ups.save_all(after)
    make_tasks(desk, news)
    return len(found)


def _look(desk: Desk, follow_up: FollowUp, zone: str, news: list[NewTask]) -> FollowUp:
    """Do all that time has brought about for one follow-up, one step after the other."""
    due = next_due(follow_up, zone)
    while due is not None and due <= desk.now:
        if due >= instant_of(over_on(follow_up), zone):
            follow_up = _end(desk, follow_up)
        elif due >= lost_at(follow_up, zone):
            follow_up = _lose(desk, follow_up, news)
        else:
            follow_up = _miss(desk, follow_up, news)
        due = next_due(follow_up, zone)
    return replace(follow_up, next_due_at=due)


def _miss(desk: Desk, follow_up: FollowUp, news: list[NewTask]) -> FollowUp:
    day = expected_day(follow_up)
    desk.tell("follow_up_missed", follow_up.id, follow_up.incident_id, day=day.isoformat())
    news.append(_task(desk, follow_up, "visit_followed", "community", first_silent_day(follow_up)))
    return replace(follow_up, n_missed=follow_up.n_missed + 1)


def _lose(desk: Desk, follow_up: FollowUp, news: list[NewTask]) -> FollowUp:
    silent = first_silent_day(follow_up)
    desk.tell("follow_up_lost", follow_up.id, follow_up.incident_id, since=silent.isoformat())
    desk.record("follow_up", follow_up, "state", (follow_up.state, FollowUpState.LOST), "clock.silent")
    news.append(_task(desk, follow_up, "find_followed", "investigation", silent))
    lost = {"since": silent.isoformat()}
    return replace(follow_up, state=FollowUpState.LOST, because={**follow_up.because, "lost": lost})


def _end(desk: Desk, follow_up: FollowUp) -> FollowUp:
    over, seen = over_on(follow_up), follow_up.last_seen_on
    unseen = over > follow_up.ends_on
    ended = {
        "on": over.isoformat(),
        "why": "never_seen_after" if unseen else "rule",
        "last_seen": seen.isoformat() if seen else "",
    }
    desk.record("follow_up", follow_up, "state", (follow_up.state, FollowUpState.ENDED), "clock.follow_up_over")
    desk.tell("follow_up_ended", follow_up.id, follow_up.incident_id)
    return replace(follow_up, state=FollowUpState.ENDED, because={**follow_up.because, "ended": ended})


def _task(desk: Desk, follow_up: FollowUp, kind: str, group: str, since: date) -> NewTask:
    return NewTask(
        incident_id=follow_up.incident_id, cause=f"{kind} {follow_up.id} {since}", kind=kind, group=group,
        area=follow_up.area, due_at=desk.now + timedelta(hours=VISIT_HOURS), subject="follow_up",
        subject_id=follow_up.id, person_id=follow_up.person_id, values={"since": since.isoformat()},
    )  # fmt: skip
