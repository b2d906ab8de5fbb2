"""Take tasks and finish them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.actions.choose_tasks import Changed, Chosen, choose_tasks
from suyuan.actions.desk import Desk, deed
from suyuan.actions.make_tasks import change_tasks
from suyuan.actions.plan_progress import mind_plan
from suyuan.terms import BadInput, Task, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTasks(Chosen):
    """Tasks that the officer takes on."""


@deed("do_task", "tasks/take")
def take_tasks(desk: Desk, command: TakeTasks) -> Changed:
    """Take tasks on: they are mine from now on. Tasks that somebody else has are left alone."""
    tasks = choose_tasks(desk, command, "do_task")
    free = [task for task in tasks if task.assignee_id in (0, desk.officer.id)]
    if not free:
        raise BadInput("tasks.all_taken")
    taken = change_tasks(desk, free, state=TaskState.TAKEN, assignee_id=desk.officer.id)
    return Changed(len(taken), len(tasks) - len(free))


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishTasks(Chosen):
    """Tasks that are done; ``reason`` is what was found, in a sentence without names."""

    reason: str = ""


@deed("do_task", "tasks/finish")
def finish_tasks(desk: Desk, command: FinishTasks) -> Changed:
    """Report tasks as done. Those that nobody had taken count as the officer's own."""
    return finish(desk, choose_tasks(desk, command, "do_task"), command.reason)


def finish(desk: Desk, tasks: Sequence[Task], reason: str = "") -> Changed:
    """Finish pending tasks: what waited for them gets its deadline, and the plan's early actions are looked at."""
    nobodys = [task for task in tasks if not task.assignee_id]
    owned = [task for task in tasks if task.assignee_id]
    done = change_tasks(desk, nobodys, state=TaskState.DONE, assignee_id=desk.officer.id, reason=reason)
    done += change_tasks(desk, owned, state=TaskState.DONE, reason=reason)
    mind_plan(desk, done)
    return Changed(len(done))
