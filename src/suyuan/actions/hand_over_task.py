"""Hand tasks over, call them off, give them more time: each with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from suyuan.actions.choose_tasks import Changed, Chosen, choose_tasks
from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import change_tasks, save_tasks
from suyuan.actions.plan_progress import mind_plan
from suyuan.actions.response_plan import response_plan
from suyuan.terms import BadInput, NothingFound, Task, TaskState

MOST_HOURS = 720.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTasks(Chosen):
    """Who is to do the tasks: an officer, or a group (then nobody in particular)."""

    to_officer_id: int = 0
    to_group: str = ""
    reason: str = ""


@deed("do_task", "tasks/assign")
def assign_tasks(desk: Desk, command: AssignTasks) -> Changed:
    """Hand tasks over. One's own need no right but ``do_task``; other people's and free ones need ``assign_task``."""
    _refuse_empty(command.reason)
    tasks = choose_tasks(desk, command, "do_task")
    for area in {task.area for task in tasks if task.assignee_id != desk.officer.id}:
        desk.require("assign_task", area)
    if command.to_group and command.to_group not in response_plan().groups:
        raise NothingFound("tasks.no_group", group=command.to_group)
    if command.to_officer_id:
        _refuse_powerless(desk, command.to_officer_id, tasks)
        changes = {"state": TaskState.TAKEN, "assignee_id": command.to_officer_id}
    elif command.to_group:
        changes = {"state": TaskState.OPEN, "assignee_id": 0}
    else:
        raise BadInput("tasks.to_nobody")
    if command.to_group:
        changes["group"] = command.to_group
    return Changed(len(change_tasks(desk, tasks, reason=command.reason, **changes)))


def _refuse_powerless(desk: Desk, officer_id: int, tasks: list[Task]) -> None:
    """Refuse to hand tasks to somebody who may not do them."""
    receiver = desk.room.officer(officer_id)
    if receiver is None:
        raise NothingFound("tasks.no_officer", id=officer_id)
    for task in tasks:
        if not receiver.may("do_task", task.area):
            raise BadInput("tasks.receiver_may_not", officer=receiver.username, area=task.area)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffTasks(Chosen):
    """Tasks that need not be done."""

    reason: str = ""


@deed("assign_task", "tasks/call-off")
def call_off_tasks(desk: Desk, command: CallOffTasks) -> Changed:
    """Call tasks off."""
    _refuse_empty(command.reason)
    tasks = choose_tasks(desk, command, "assign_task")
    gone = change_tasks(desk, tasks, state=TaskState.CANCELLED, reason=command.reason)
    mind_plan(desk, gone)
    return Changed(len(gone))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendTasks(Chosen):
    """A later deadline: ``hours`` after the old one (or after now where that has passed), or the instant ``due_at``."""

    hours: float = 0.0
    due_at: datetime | None = None
    reason: str = ""


@deed("assign_task", "tasks/extend")
def extend_tasks(desk: Desk, command: ExtendTasks) -> Changed:
    """Give tasks more time; their escalation begins anew."""
    _refuse_empty(command.reason)
    if (command.due_at is None) == (not command.hours) or not 0 <= command.hours <= MOST_HOURS:
        raise BadInput("tasks.no_time", most=int(MOST_HOURS))
    if command.due_at is not None and command.due_at <= desk.now:
        raise BadInput("tasks.time_gone")
    tasks = choose_tasks(desk, command, "assign_task")
    changes = [(task, _later(desk, command, task)) for task in tasks]
    n = len(save_tasks(desk, changes, command.reason))
    return Changed(n, len(tasks) - n)


def _later(desk: Desk, command: ExtendTasks, task: Task) -> Task:
    """Move a deadline later; one that lies later already stays."""
    due_at = command.due_at or max(task.due_at, desk.now) + timedelta(hours=command.hours)
    return replace(task, due_at=due_at, level=0) if due_at > task.due_at else task


def _refuse_empty(reason: str) -> None:
    if not reason.strip():
        raise BadInput("tasks.no_reason")
