"""Escalate late tasks by the plan's rule: the level rises, and who is told is a fact in the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import groupby

from suyuan.actions.desk import Desk, Office, perform_by_clock
from suyuan.actions.make_tasks import change_tasks
from suyuan.actions.response_plan import response_plan
from suyuan.actions.task_choice import TaskChoice
from suyuan.actions.tick import ticks
from suyuan.protocols.plan import Escalation

AT_ONCE = 200
MOST = 20_000
"""Tasks raised by one tick at most, so that other clock functions get their turn."""


@ticks
def escalate_tasks(office: Office) -> int:
    """Raise tasks to the highest step that their lateness has reached, and return how many were raised."""
    raised = 0
    for step in _steps():
        while raised < MOST:
            n = perform_by_clock(office, "escalate_tasks", partial(_raise_some, step))
            raised += n
            if n < AT_ONCE:
                break
    return raised


def _steps() -> Iterator[tuple[int, str, Escalation, int]]:
    """List the steps, each with the level it raises to and a level it raises from, the highest first."""
    rules = list(response_plan().escalation.items())
    for level in range(len(rules), 0, -1):
        for below in range(level):
            yield level, *rules[level - 1], below


def _raise_some(step: tuple[int, str, Escalation, int], desk: Desk) -> int:
    level, key, rule, below = step
    due_before = desk.now - timedelta(minutes=rule.minutes_late)
    tasks = desk.room.pending_tasks(TaskChoice(level=below, due_before=due_before), AT_ONCE)
    raised = change_tasks(desk, tasks, level=level)
    for incident_id, some in groupby(sorted(raised, key=lambda task: task.incident_id), lambda task: task.incident_id):
        ids = [task.id for task in some]
        desk.tell("task_escalated", incident_id, incident_id, level=level, step=key, tell=list(rule.tell), task_ids=ids)
    return len(raised)
