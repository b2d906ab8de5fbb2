"""The plan of the first 24 hours as data: working groups, tasks with their clocks, and who is told of a late one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from suyuan.protocols.edition import EDITION_ID, Bilingual, Protocol, Source
from suyuan.protocols.plan_files import Broken, load_as

Hours = Annotated[float, msgspec.Meta(gt=0, le=720)]
Per = Literal["incident", "district", "case"]
Told = Literal["assignee", "group", "command", "higher_command"]
WIDTH: dict[Per, int] = {"incident": 0, "district": 1, "case": 2}
"""How wide a task's scope is; a task may wait for tasks of its own scope or a wider one."""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A working group.

    Parameters
    ----------
    name, duty
        What it is called; what it answers for, in one sentence.
    roles
        Roles whose people work in it; empty where membership alone says so.
    """

    name: Bilingual
    duty: Bilingual
    roles: tuple[str, ...] = ()
    source: str = ""


class EarlyAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the actions whose completion ends the last 7 of 7-1-7."""

    name: Bilingual
    source: str = ""


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody must do.

    Parameters
    ----------
    group
        Owner, a key of the groups.
    title, instruction
        What; how, in one or two sentences.
    per
        Whether it arises once for an incident, for each district in it, or for each case.
    hours
        Deadline, unless the edition has the clock named in ``clock``.
    clock
        Key of the edition's ``clocks``; empty for none.
    only_with_clock
        Whether the task arises only under editions that have the clock (vaccination for measles, say).
    counted_from
        ``start``: of the response, of the district's part in it, or the confirmation of the case;
        ``prerequisites``: when the last task of ``after`` was done.
    after
        Tasks that must be done first; empty for a task that starts at hour 0.
    early_action
        Key of the early action that this task completes; empty for none.
    """

    group: str
    title: Bilingual
    instruction: Bilingual
    per: Per
    hours: Hours
    clock: str = ""
    only_with_clock: bool = False
    counted_from: Literal["start", "prerequisites"] = "start"
    after: tuple[str, ...] = ()
    early_action: str = ""
    source: str = ""


class Escalation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told when a task is late by this much; negative minutes are before the deadline.

    ``group`` is the owner's people in the task's jurisdiction, ``command`` the coordination group of that
    jurisdiction, ``higher_command`` that of the jurisdiction above.
    """

    name: Bilingual
    minutes_late: Annotated[int, msgspec.Meta(ge=-1440, le=10080)]
    tell: tuple[Told, ...]
    source: str = ""


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The 7-1-7 target in days: emergence to detection, to notification, to completed early response."""

    detect_days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    notify_days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    respond_days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    source: str = ""


class ResponsePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A plan of the first hours; tables keep the order of the file."""

    id: Annotated[str, msgspec.Meta(pattern=EDITION_ID)]
    name: Bilingual
    issuer: str
    issued: date
    coordination: str
    targets: Targets
    groups: dict[str, Group]
    early_actions: dict[str, EarlyAction]
    tasks: dict[str, Task]
    escalation: dict[str, Escalation]
    sources: dict[str, Source]

    def applies(self, key: str, protocol: Protocol) -> bool:
        """Whether a task arises under an edition."""
        task = self.tasks[key]
        return not task.only_with_clock or task.clock in protocol.clocks

    def hours_of(self, key: str, protocol: Protocol) -> tuple[float, Source]:
        """Deadline of a task in hours, with where it comes from: the edition's clock if it has one, else the plan."""
        task = self.tasks[key]
        clock = protocol.clocks.get(task.clock) if task.clock else None
        return (clock.hours, protocol.sources[clock.source]) if clock else (task.hours, self.sources[task.source])


class PlannedTask(msgspec.Struct, frozen=True):
    """A task of the plan under one edition.

    Parameters
    ----------
    key, task
        In the plan.
    hours
        Allowed, from the start or from the last prerequisite.
    due_hours
        From the start; where it counts from prerequisites, taken as done at their own deadlines.
    source
        Of the deadline.
    after
        Prerequisites that arise under this edition.
    """

    key: str
    task: Task
    hours: float
    due_hours: float
    source: Source
    after: tuple[str, ...]


def load_plan(name_or_path: str | Path = "first-24-hours") -> ResponsePlan:
    """Load a plan of the first hours by name, or from a TOML file (whole, or an override of another plan).

    Raises
    ------
    BadUsage
        If a bare name is not known.
    BadInput
        If the file cannot be read, or (``FaultyPlan``, with every fault) says something that cannot be used.

    Examples
    --------
    >>> from suyuan.protocols import load
    >>> load_plan().hours_of("investigate_case", load("measles"))[0]
    48.0
    """
    return load_as(ResponsePlan, name_or_path, _broken)


def plan_tasks(plan: ResponsePlan, protocol: Protocol, per: Per) -> tuple[PlannedTask, ...]:
    """List the tasks that arise for one incident, one district or one case, in the order of their deadlines.

    Parameters
    ----------
    plan
        The plan.
    protocol
        The edition whose clocks hold.
    per
        For what.
    """
    due: dict[str, float] = {}
    wanted = [key for key, task in plan.tasks.items() if task.per == per and plan.applies(key, protocol)]
    planned = []
    for key in wanted:
        task = plan.tasks[key]
        hours, source = plan.hours_of(key, protocol)
        after = tuple(other for other in task.after if plan.applies(other, protocol))
        planned.append(PlannedTask(key, task, hours, _due(plan, protocol, key, due), source, after))
    return tuple(sorted(planned, key=lambda one: one.due_hours))


def _due(plan: ResponsePlan, protocol: Protocol, key: str, known: dict[str, float]) -> float:
    if key not in known:
        task = plan.tasks[key]
        after = [other for other in task.after if plan.applies(other, protocol)]
        begins = max((_due(plan, protocol, other, known) for other in after), default=0.0)
        hours, _ = plan.hours_of(key, protocol)
        known[key] = hours + (begins if task.counted_from == "prerequisites" else 0.0)
    return known[key]


def _broken(plan: ResponsePlan) -> Iterator[Broken]:
    yield from _broken_heading(plan)
    for key, task in plan.tasks.items():
        yield from _broken_task(plan, key, task)
    for name in _circle(plan):
        yield Broken("circle", f"[tasks.{name}] after", {})
    done = {task.early_action for task in plan.tasks.values()}
    for name in plan.early_actions:
        if name not in done:
            yield Broken("action_never_done", f"[early_actions.{name}]", {})


def _broken_heading(plan: ResponsePlan) -> Iterator[Broken]:
    if plan.coordination not in plan.groups:
        yield Broken("unknown_group", "coordination", {"value": plan.coordination, "known": ", ".join(plan.groups)})
    late = [rule.minutes_late for rule in plan.escalation.values()]
    if late != sorted(set(late)):
        yield Broken("steps_disordered", "[escalation]", {})


def _broken_task(plan: ResponsePlan, key: str, task: Task) -> Iterator[Broken]:
    where = f"[tasks.{key}]"
    if task.group not in plan.groups:
        yield Broken("unknown_group", f"{where} group", {"value": task.group, "known": ", ".join(plan.groups)})
    if task.early_action and task.early_action not in plan.early_actions:
        yield Broken("unknown_action", f"{where} early_action", {"value": task.early_action})
    if task.only_with_clock and not task.clock:
        yield Broken("no_clock", where, {})
    if task.counted_from == "prerequisites" and not task.after:
        yield Broken("no_prerequisite", where, {})
    for other in task.after:
        if other not in plan.tasks:
            yield Broken("unknown_task", f"{where} after", {"value": other})
        elif WIDTH[plan.tasks[other].per] > WIDTH[task.per]:
            yield Broken("waits_for_narrower", f"{where} after", {"value": other})


def _circle(plan: ResponsePlan) -> list[str]:
    """Tasks that can never begin: what is left when tasks whose prerequisites are settled are taken away."""
    left = {key: {other for other in task.after if other in plan.tasks} for key, task in plan.tasks.items()}
    while free := [key for key, after in left.items() if not after & left.keys()]:
        for key in free:
            del left[key]
    return list(left)
