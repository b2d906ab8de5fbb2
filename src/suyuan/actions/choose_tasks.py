"""Choose the tasks of a bulk deed: those ticked, or all that match a filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from suyuan.actions.desk import Desk, NotAllowed
from suyuan.actions.make_tasks import PENDING
from suyuan.actions.task_choice import TaskChoice
from suyuan.terms import BadInput, NothingFound, Task

MOST = 10_000
"""Tasks that one deed changes at most: a few seconds' work."""
SOON = timedelta(hours=1)

Show = Literal["", "late", "soon", "open", "taken", "mine", "group"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Tasks by id, or with ``all_matching`` all pending ones that match the filter and lie in the officer's reach.

    ``show``: ``late``, ``soon`` (late within the hour), ``open``, ``taken``, ``mine``, ``group`` (my group's). With
    ``version`` one task is changed only if it is still that version.
    """

    task_ids: tuple[int, ...] = ()
    all_matching: bool = False
    incident_id: int = 0
    group: str = ""
    district: str = ""
    kind: str = ""
    show: Show = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """What a bulk deed did: tasks changed, and tasks it left as they were."""

    n: int
    n_left: int = 0


def choose_tasks(desk: Desk, command: Chosen, right: str) -> list[Task]:
    """Return the pending tasks that a command means, all inside the officer's reach.

    Raises
    ------
    NotAllowed
        If one lies outside it.
    NothingFound
        If an id names no task.
    BadInput
        If they are too many, or none is pending.
    """
    tasks = _matching(desk, command, right) if command.all_matching else _named(desk, command, right)
    pending = [task for task in tasks if task.state in PENDING]
    if not pending:
        raise BadInput("tasks.none_pending")
    return pending


def _named(desk: Desk, command: Chosen, right: str) -> list[Task]:
    wanted = set(command.task_ids)
    _refuse_too_many(len(wanted))
    if command.version is not None and len(wanted) == 1:
        tasks = [desk.room.tasks.get(next(iter(wanted)), version=command.version)]
    else:
        tasks = desk.room.tasks.find(id=sorted(wanted))
    missing = wanted - {task.id for task in tasks}
    if missing:
        raise NothingFound("room.no_such", kind="Task", id=min(missing))
    for area in {task.area for task in tasks}:
        desk.require(right, area)
    return tasks


def _matching(desk: Desk, command: Chosen, right: str) -> list[Task]:
    areas = desk.officer.areas(right)
    if not areas:
        raise NotAllowed("room.not_allowed", right=right, area="–")
    mine = command.show == "group"
    choice = TaskChoice(
        incident_id=command.incident_id,
        group=desk.officer.group or "-" if mine and not command.group else command.group,
        district=command.district,
        kind=command.kind,
        state=command.show if command.show in ("open", "taken") else "",
        assignee_id=desk.officer.id if command.show == "mine" else 0,
        due_after=desk.now if command.show == "soon" else None,
        due_before={"late": desk.now, "soon": desk.now + SOON}.get(command.show),
        areas=areas,
    )
    tasks = desk.room.pending_tasks(choice, MOST + 1)
    _refuse_too_many(len(tasks))
    return tasks


def _refuse_too_many(n: int) -> None:
    if n > MOST:
        raise BadInput("tasks.too_many", most=MOST)
