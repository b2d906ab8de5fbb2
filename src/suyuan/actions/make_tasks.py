"""Make tasks and call them off: what every deed uses that gives somebody work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from suyuan.actions.desk import Desk
from suyuan.terms import HistoryEntry, Task, TaskState, district_of

PENDING = (TaskState.OPEN, TaskState.TAKEN)
TOLD = ("state", "assignee_id", "group", "due_at", "level")
"""Fields of a task whose changes its history tells."""
REASON_WIDTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be made. ``cause`` is its identity: the same cause again makes nothing.

    ``kind`` is the key of its sentence (``task.<kind>``), filled with ``values``, which never hold a name.
    """

    incident_id: int
    cause: str
    kind: str
    group: str
    area: str
    due_at: datetime
    subject: str
    subject_id: int
    person_id: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    early_action: str = ""


def make_tasks(desk: Desk, news: Iterable[NewTask]) -> list[Task]:
    """Make the tasks whose causes are new and return those made.

    Parameters
    ----------
    desk
        Of the deed that causes them; its rights are not asked for here.
    news
        Any number of them: tens of thousands cost a few statements for each five hundred.
    """
    wanted = {new.cause: new for new in news}
    if not wanted:
        return []
    there = {task.cause for task in desk.room.tasks.find(cause=list(wanted))}
    return desk.room.tasks.add_all([_task(desk, new) for cause, new in wanted.items() if cause not in there])


def _task(desk: Desk, new: NewTask) -> Task:
    return Task(
        incident_id=new.incident_id,
        cause=new.cause,
        kind=new.kind,
        group=new.group,
        area=new.area,
        district=district_of(new.area),
        due_at=new.due_at,
        subject=new.subject,
        subject_id=new.subject_id,
        person_id=new.person_id,
        values=new.values,
        early_action=new.early_action,
        created_at=desk.now,
    )


def cancel_tasks(desk: Desk, subject: str, ids: Sequence[int], reason: str) -> int:
    """Call off what is still to be done about some subjects and return how many tasks that were."""
    if not ids:
        return 0
    pending = desk.room.tasks.find(subject_id=list(ids), subject=subject, state=list(PENDING))
    return len(change_tasks(desk, pending, state=TaskState.CANCELLED, reason=reason))


def change_tasks(desk: Desk, tasks: Iterable[Task], *, reason: str = "", **changes: Any) -> list[Task]:
    """Change the same fields of many tasks and return those that differed.

    A task that is finished or called off is stamped with who and when.
    """
    if changes.get("state") in (TaskState.DONE, TaskState.CANCELLED):
        changes |= {"done_at": desk.now, "done_by": desk.officer.id}
    return save_tasks(desk, [(task, replace(task, **changes)) for task in tasks], reason)


def save_tasks(desk: Desk, changes: Iterable[tuple[Task, Task]], reason: str = "") -> list[Task]:
    """Save changed tasks, with one line of history for each field that differs between (before, after)."""
    different = [(before, after) for before, after in changes if before != after]
    desk.room.history.add_all(
        [
            _entry(desk, after, (name, getattr(before, name), getattr(after, name)), reason)
            for before, after in different
            for name in TOLD
            if getattr(before, name) != getattr(after, name)
        ]
    )
    return desk.room.tasks.save_all([after for _, after in different])


def _entry(desk: Desk, task: Task, change: tuple[str, Any, Any], reason: str) -> HistoryEntry:
    what, before, after = change
    return HistoryEntry(
        subject="task",
        subject_id=task.id,
        incident_id=task.incident_id,
        what=what,
        before=_plain(before),
        after=_plain(after),
        occurred_at=desk.now,
        recorded_at=desk.now,
        officer_id=desk.officer.id,
        reason=reason[:REASON_WIDTH],
    )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
