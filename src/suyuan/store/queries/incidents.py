"""Incidents as pages read them: the list, one incident with its dates, its plan's progress and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from suyuan.actions.change_incident import MOVES
from suyuan.actions.plan_progress import early_actions
from suyuan.actions.response_plan import response_plan
from suyuan.protocols import load, names
from suyuan.reporting.timeliness import TimelinessDates, judge_timeliness, tell_timeliness
from suyuan.store.mapping import Mapping
from suyuan.store.models import CaseRow, HistoryRow, IncidentRow, TaskRow
from suyuan.store.queries.areas import area_names, group_names
from suyuan.store.queries.histories import Change, changes_of
from suyuan.store.queries.reach import inside, within
from suyuan.terms import BadInput, Incident, IncidentState, NothingFound, Officer, Task

INCIDENTS, TASKS = Mapping(Incident, IncidentRow), Mapping(Task, TaskRow)
ACTION_NAMES = {"care": "case_management", "measures": "countermeasures"}
"""The plan's early actions whose names in the 7-1-7 report differ."""


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident in a list; counts are those of the reader's reach."""

    incident: Incident
    area_name: str
    n_cases: int
    n_late: int


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """How far one working group is with the plan."""

    group: str
    name: str
    n: int
    n_done: int
    n_late: int
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One of the seven early actions: when it was done, or that it does not apply, or neither."""

    name: str
    word: str
    done_at: datetime | None
    applies: bool


@dataclass(frozen=True, slots=True)
class IncidentSheet:
    """One incident with what its page shows."""

    incident: Incident
    area_name: str
    moves: tuple[IncidentState, ...]
    history: tuple[Change, ...]
    since: dict[str, datetime]
    """When each state was entered last."""
    progress: tuple[GroupProgress, ...]
    actions: tuple[ActionLine, ...]
    timeliness: tuple[str, ...]


def overlapping(officer: Officer, right: str) -> Q:
    """Condition for incidents that touch the officer's reach: inside it, or around it.

    A district's officers work in the city's incident; they change it only with a right in its whole area.
    """
    reach = Q(pk__in=[])
    for area in officer.areas(right):
        reach |= inside(area, districts=False) | Q(area__in=[area[:n] for n in range(len(area) + 1)])
    return reach


def may_see(officer: Officer, area: str, right: str = "see_incidents") -> bool:
    """Tell whether an incident of this area touches the officer's reach."""
    return any(area.startswith(held) or held.startswith(area) for held in officer.areas(right))


def list_incidents(officer: Officer, lang: str, now: datetime, *, over: bool = False) -> list[IncidentLine]:
    """Return the incidents that touch the officer's reach, the newest first: active ones, or those that are over."""
    rows = IncidentRow.objects.filter(overlapping(officer, "see_incidents"))
    closed = Q(state=IncidentState.ALL_CLEAR)
    rows = rows.filter(closed if over else ~closed).order_by("-opened_at", "-id")[:200]
    found = [INCIDENTS.to_term(values) for values in rows.values_list(*INCIDENTS.names)]
    known = area_names((each.area for each in found), lang)
    ids = [each.id for each in found]
    cases = _counted(CaseRow.objects.exclude(classification="ruled_out"), officer, "see_cases", ids)
    late_rows = TaskRow.objects.filter(state__in=["open", "taken"], due_at__lte=now)
    late = _counted(late_rows, officer, "see_tasks", ids)
    return [
        IncidentLine(each, known.get(each.area, each.area), cases.get(each.id, 0), late.get(each.id, 0))
        for each in found
    ]


def _counted(rows: Any, officer: Officer, right: str, ids: list[int]) -> dict[int, int]:
    """Count rows in the officer's reach by incident."""
    if not ids:
        return {}
    found = within(rows.filter(incident_id__in=ids), officer, right)
    return dict(found.values_list("incident_id").annotate(n=Count("*")).order_by())


def one_incident(officer: Officer, incident_id: int, right: str = "see_incidents") -> Incident:
    """Return an incident that touches the officer's reach.

    Raises
    ------
    NothingFound
        If there is none.
    """
    row = IncidentRow.objects.filter(id=incident_id).values_list(*INCIDENTS.names).first()
    incident = INCIDENTS.to_term(row) if row else None
    if incident is None or not may_see(officer, incident.area, right):
        raise NothingFound("room.no_such", kind="Incident", id=incident_id)
    return incident


def incident_sheet(officer: Officer, incident_id: int, lang: str, now: datetime) -> IncidentSheet:
    """Return what the page of one incident shows.

    Raises
    ------
    NothingFound
        If there is none in the officer's reach.
    """
    incident = one_incident(officer, incident_id)
    history = changes_of(HistoryRow.objects.filter(subject="incident", subject_id=incident.id))
    tasks = plan_tasks_of([incident.id], officer)
    return IncidentSheet(
        incident=incident,
        area_name=area_names([incident.area], lang).get(incident.area, incident.area),
        moves=MOVES[incident.state],
        history=history,
        since={change.after: change.at for change in reversed(history) if change.what == "state"},
        progress=progress_of(tasks, lang, now),
        actions=actions_of(tasks, lang) if tasks else (),
        timeliness=_timeliness(incident, tasks, lang, now),
    )


def plan_tasks_of(incident_ids: list[int], officer: Officer, right: str = "see_incidents") -> list[Task]:
    """Return the plan's tasks of incidents that lie in the officer's reach or around it."""
    rows = TaskRow.objects.filter(subject="incident", subject_id__in=incident_ids).order_by("id")
    tasks = [TASKS.to_term(values) for values in rows.values_list(*TASKS.names)]
    return [task for task in tasks if "plan" in task.values and may_see(officer, task.area, right)]


def progress_of(tasks: list[Task], lang: str, now: datetime) -> tuple[GroupProgress, ...]:
    """Count the plan's tasks by working group, in the order of the groups; those called off do not count."""
    by_group: dict[str, list[Task]] = {}
    for task in tasks:
        if task.state != "cancelled":
            by_group.setdefault(task.group, []).append(task)
    known = group_names(lang)
    order = [*(code for code in known if code in by_group), *sorted(by_group.keys() - known.keys())]
    return tuple(_progress(code, known.get(code, code), by_group[code], now) for code in order)


def _progress(code: str, name: str, tasks: list[Task], now: datetime) -> GroupProgress:
    pending = [task.due_at for task in tasks if task.state != "done"]
    n_late = sum(due_at <= now for due_at in pending)
    return GroupProgress(code, name, len(tasks), len(tasks) - len(pending), n_late, min(pending, default=None))


def actions_of(tasks: Sequence[Task], lang: str) -> tuple[ActionLine, ...]:
    """Tell about each of the early actions."""
    completed, not_applicable = early_actions(tasks)
    return tuple(
        ActionLine(name, action.name.text(lang), completed.get(name), name not in not_applicable)
        for name, action in response_plan().early_actions.items()
    )


def _timeliness(incident: Incident, tasks: list[Task], lang: str, now: datetime) -> tuple[str, ...]:
    """Say how 7-1-7 stands, in civil days of the place."""
    there = ZoneInfo(incident.timezone)
    completed, not_applicable = early_actions(tasks)

    def day(at: datetime | None) -> Any:
        return at and at.astimezone(there).date()

    try:
        dates = TimelinessDates(
            emergence=day(incident.emerged_at),
            detection=day(incident.detected_at),
            notification=day(incident.notified_at),
            actions={ACTION_NAMES.get(name, name): day(at) for name, at in completed.items()},
            not_applicable=frozenset(ACTION_NAMES.get(name, name) for name in not_applicable),
        )
        return tell_timeliness(judge_timeliness(dates, day(now)), lang)
    except BadInput as fault:
        return (fault.sentence(lang),)


@cache
def editions(lang: str) -> tuple[tuple[str, str], ...]:
    """Return the editions that an incident can be under: name and title."""
    return tuple((name, load(name).name.text(lang)) for name in names())


def response_ends(incident: Incident) -> datetime | None:
    """Return when the golden 24 hours of a response end."""
    return incident.response_at + timedelta(hours=24) if incident.response_at else None
