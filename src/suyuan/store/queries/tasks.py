"""Tasks as pages read them: lists by deadline, one task with what came before and what waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from suyuan.store.models import HistoryRow, OfficerRow, TaskRow
from suyuan.store.queries.areas import area_names, group_names
from suyuan.store.queries.histories import Change, changes_of
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.store.queries.task_titles import task_title
from suyuan.terms import NothingFound, Officer

PENDING = ["open", "taken"]
SOON = timedelta(hours=1)
SHOWN = ("", "late", "soon", "mine", "group", "open", "taken", "done")


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a task list shows; ``show`` is one of ``SHOWN``."""

    show: str = ""
    group: str = ""
    district: str = ""
    kind: str = ""
    incident_id: int = 0


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task in a list, in the reader's words."""

    id: int
    version: int
    incident_id: int
    kind: str
    title: str
    group: str
    group_name: str
    area: str
    area_name: str
    state: str
    due_at: datetime
    done_at: datetime | None
    subject: str
    subject_id: int
    assignee_id: int
    assignee: str
    level: int
    early_action: str
    values: dict[str, Any] = field(repr=False)

    @property
    def pending(self) -> bool:
        """Whether it is still to be done."""
        return self.state in PENDING


def list_tasks(
    officer: Officer, wanted: TaskFilter, lang: str, now: datetime, cursor: str = "", *, size: int = 50
) -> Page[TaskLine]:
    """Return one page of the tasks in the officer's reach: pending ones by deadline, done ones the latest first."""
    rows = TaskRow.objects.all()
    rows = _own(rows, officer) if wanted.show == "mine" else within(rows, officer, "see_tasks")
    equal = {name: getattr(wanted, name) for name in ("group", "district", "kind", "incident_id")}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    order = ("-done_at", "-id") if wanted.show == "done" else ("due_at", "id")
    found, following = page_of(_shown(rows, officer, wanted.show, now), order, cursor, size)
    return Page(task_lines(found, lang), following)


def _own(rows: QuerySet[TaskRow], officer: Officer) -> QuerySet[TaskRow]:
    """Keep the officer's own tasks; they are few, so the reach is compared without an index of its own."""
    reach = Q(pk__in=[])
    for area in officer.areas("see_tasks"):
        reach |= Q(Exact(Substr("area", 1, len(area)), area)) if area else Q(pk__gt=0)
    return rows.filter(reach, assignee_id=officer.id).exclude(assignee_id=0)


def _shown(rows: QuerySet[TaskRow], officer: Officer, show: str, now: datetime) -> QuerySet[TaskRow]:
    if show == "done":
        return rows.filter(state="done")
    rows = rows.filter(state__in=PENDING)
    if show in ("open", "taken"):
        return rows.filter(state=show)
    if show == "late":
        return rows.filter(due_at__lte=now)
    if show == "soon":
        return rows.filter(due_at__gt=now, due_at__lte=now + SOON)
    return rows.filter(group=officer.group or "-") if show == "group" else rows


def task_lines(rows: Iterable[TaskRow], lang: str) -> list[TaskLine]:
    """Put tasks into the reader's words."""
    rows = list(rows)
    if not rows:
        return []
    areas = area_names((row.area for row in rows), lang)
    officers = officer_names({row.assignee_id for row in rows})
    groups = group_names(lang)
    return [
        TaskLine(
            id=row.id,
            version=row.version,
            incident_id=row.incident_id,
            kind=row.kind,
            title=task_title(row.kind, row.values, lang),
            group=row.group,
            group_name=groups.get(row.group, row.group),
            area=row.area,
            area_name=areas.get(row.area, row.area),
            state=row.state,
            due_at=row.due_at,
            done_at=row.done_at,
            subject=row.subject,
            subject_id=row.subject_id,
            assignee_id=row.assignee_id,
            assignee=officers.get(row.assignee_id, ""),
            level=row.level,
            early_action=row.early_action,
            values=row.values,
        )
        for row in rows
    ]


def officer_names(ids: Iterable[int]) -> dict[int, str]:
    """Return what officers are called, by id."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    found = OfficerRow.objects.filter(id__in=wanted).values_list("id", "display_name", "username")
    return {i: display or username for i, display, username in found}


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """One task with its surroundings: what must be done first, what waits for it, what happened to it."""

    task: TaskLine
    created_at: datetime
    before: tuple[TaskLine, ...]
    waiting: tuple[TaskLine, ...]
    history: tuple[Change, ...]
    people: tuple[tuple[int, str], ...]
    """Officers who could do it: id and name."""


def task_sheet(officer: Officer, task_id: int, lang: str) -> TaskSheet:
    """Return one task.

    Raises
    ------
    NothingFound
        If there is none, or none in the officer's reach.
    """
    row = TaskRow.objects.filter(id=task_id).first()
    if row is None or not officer.may("see_tasks", row.area):
        raise NothingFound("room.no_such", kind="Task", id=task_id)
    around = _same_plan(row)
    before = [other for other in around if other.kind in row.values.get("after", ())]
    waiting = [other for other in around if row.kind in other.values.get("after", ())]
    lines = {line.id: line for line in task_lines([row, *before, *waiting], lang)}
    return TaskSheet(
        task=lines[row.id],
        created_at=row.created_at,
        before=tuple(lines[other.id] for other in before),
        waiting=tuple(lines[other.id] for other in waiting),
        history=changes_of(HistoryRow.objects.filter(subject="task", subject_id=row.id)),
        people=doers(row.area),
    )


def _same_plan(row: TaskRow) -> list[TaskRow]:
    """Tasks of one plan about the same thing, in the task's own area, the areas around it and those inside it."""
    if "plan" not in row.values:
        return []
    together = TaskRow.objects.filter(subject=row.subject, subject_id=row.subject_id).exclude(id=row.id)
    near = [other for other in together if row.area.startswith(other.area) or other.area.startswith(row.area)]
    return [other for other in near if other.values.get("plan") == row.values["plan"]]


def doers(area: str) -> tuple[tuple[int, str], ...]:
    """Return the active officers whose duties allow tasks in an area, by name: at most 200."""
    prefixes = [area[:n] for n in range(len(area) + 1)]
    able = OfficerRow.objects.filter(is_active=True, duties__area__in=prefixes).distinct().order_by("username")
    found = able.prefetch_related("duties__role")[:200]
    return tuple(
        (user.id, user.display_name or user.username)
        for user in found
        if any(duty.area in prefixes and "do_task" in duty.role.rights for duty in user.duties.all())
    )
