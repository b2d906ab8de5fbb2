"""What the end of a task means for the plan: followers get their deadline, completed early actions end 7-1-7."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from suyuan.actions.desk import Desk
from suyuan.actions.make_tasks import PENDING, save_tasks
from suyuan.actions.response_plan import response_plan
from suyuan.terms import Task, TaskState


def mind_plan(desk: Desk, ended: Sequence[Task]) -> None:
    """Look at what the end of tasks (done or called off) means for the response plan."""
    planned = [task for task in ended if "plan" in task.values]
    if not planned:
        return
    _set_deadlines(desk, planned)
    for incident_id in sorted({task.incident_id for task in planned if task.early_action}):
        _set_responded(desk, incident_id)


def _set_deadlines(desk: Desk, ended: Sequence[Task]) -> None:
    """Give tasks that count from their prerequisites the deadline that is theirs once the last of these has ended."""
    changes: list[tuple[Task, Task]] = []
    for subject in sorted({task.subject for task in ended}):
        ids = sorted({task.subject_id for task in ended if task.subject == subject})
        together = desk.room.tasks.find(subject_id=ids, subject=subject)
        by_subject: dict[int, list[Task]] = {}
        for task in together:
            by_subject.setdefault(task.subject_id, []).append(task)
        for scope in by_subject.values():
            changes += _freed(desk, scope, {task.kind for task in ended})
    save_tasks(desk, changes)


def _freed(desk: Desk, scope: Iterable[Task], ended: set[str]) -> Iterable[tuple[Task, Task]]:
    """Tasks of one scope whose last prerequisite has just ended, before and after."""
    scope = list(scope)
    pending = [task for task in scope if task.state in PENDING]
    for task in pending:
        after = set(task.values.get("after", ()))
        # a district's task waits for tasks of its own district and of the whole incident
        waiting = {other.kind for other in pending if task.area.startswith(other.area)}
        if task.values.get("from") == "prerequisites" and after & ended and not after & waiting:
            yield task, replace(task, due_at=desk.now + timedelta(hours=float(task.values["hours"])), level=0)


def _set_responded(desk: Desk, incident_id: int) -> None:
    """Note when all early actions are done; an action whose tasks were all called off does not apply."""
    incident = desk.room.incidents.get(incident_id)
    if incident.responded_at is not None:
        return
    tasks = desk.room.tasks.find(subject="incident", subject_id=incident_id)
    completed, not_applicable = early_actions(tasks)
    if not completed or response_plan().early_actions.keys() - completed.keys() - not_applicable:
        return
    last = max(completed.values())
    desk.record("incident", incident, "responded_at", (None, last.isoformat()))
    desk.room.incidents.save(replace(incident, responded_at=last))
    desk.tell("incident_responded", incident_id, incident_id)


def early_actions(tasks: Iterable[Task]) -> tuple[dict[str, datetime], frozenset[str]]:
    """Tell when early actions of the plan were completed, and which ones were called off and so do not apply.

    An action with a pending task, or without any task, is in neither.
    """
    found: dict[str, list[Task]] = {}
    for task in tasks:
        if task.early_action:
            found.setdefault(task.early_action, []).append(task)
    ended = {name: some for name, some in found.items() if all(task.state not in PENDING for task in some)}
    done = {name: [task.done_at for task in some if task.state is TaskState.DONE] for name, some in ended.items()}
    completed = {name: max(filter(None, times)) for name, times in done.items() if times}
    return completed, frozenset(ended) - frozenset(completed)
