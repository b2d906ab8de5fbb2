"""Contests without an answer at their time: the supervision is alarmed, once for each."""

from __future__ import annotations

from suyuan.actions.desk import Desk, Office, perform_by_clock
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.actions.tick import ticks

AT_ONCE = 1000


@ticks
def watch_contests(office: Office) -> int:
    """Alarm on contests whose answer is late and return how many are newly so."""
    return perform_by_clock(office, "watch_contests", _alarm)


def _alarm(desk: Desk) -> int:
    late = desk.room.contests.find(id=desk.room.due_ids("contest_late", desk.now, AT_ONCE))
    orders = {order.id: order for order in desk.room.orders.find(id=[contest.order_id for contest in late])}
    made = make_tasks(
        desk,
        [
            NewTask(
                incident_id=orders[contest.order_id].incident_id, cause=f"late_contest {contest.id}",
                kind="late_contest", group="supervision", area=contest.area, due_at=desk.now, subject="contest",
                subject_id=contest.id, values={"order": contest.order_id, "contest": contest.id},
            )
            for contest in late
        ],
    )  # fmt: skip
    for task in made:
        desk.tell("contest_late", task.subject_id, task.incident_id)
    return len(made)
