"""Tasks: the list with its filters and bulk deeds, and one task."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils.http import urlencode

from suyuan import bootstrap
from suyuan.actions.choose_tasks import MOST
from suyuan.actions.desk import NotAllowed
from suyuan.actions.response_plan import response_plan
from suyuan.store.queries.areas import districts_of, group_names
from suyuan.store.queries.casework_choices import incident_choices
from suyuan.store.queries.incidents import actions_of
from suyuan.store.queries.task_titles import kind_titles, planned_task
from suyuan.store.queries.tasks import SHOWN, TaskFilter, TaskSheet, doers, list_tasks, task_sheet
from suyuan.terms import Officer, say
from suyuan.web.signed_in import officer

ABOUT = {"case": "see_cases", "contact": "see_contacts", "order": "see_orders", "incident": "see_incidents"}
"""Subjects with a page of their own, and the right it needs."""


def tasks(request: HttpRequest) -> HttpResponse:
    """List tasks by deadline."""
    who, lang = _reader(request)
    wanted = _wanted(request)
    now = bootstrap.office().clock.now()
    page = list_tasks(who, wanted, lang, now, request.GET.get("cursor", ""))
    query = {name: value for name in ("show", "group", "district", "kind") if (value := getattr(wanted, name))}
    query |= {"incident": str(wanted.incident_id)} if wanted.incident_id else {}
    values = {
        "lines": page.rows,
        "older": f"?{urlencode(query | {'cursor': page.following})}" if page.following else "",
        "tabs": _tabs(who, wanted, query, lang),
        "wanted": wanted,
        "most": MOST,
        "may_do": bool(who.areas("do_task")) and wanted.show != "done",
        "may_assign": bool(who.areas("assign_task")),
        "people": doers(wanted.district or next(iter(who.areas("assign_task")), ""))
        if who.areas("assign_task")
        else (),
        **_choices(who, lang),
    }
    return render(request, "tasks/list.html", values)


def _reader(request: HttpRequest) -> tuple[Officer, str]:
    who = officer(request)
    if not who.areas("see_tasks"):
        raise NotAllowed("room.not_allowed", right="see_tasks", area="–")
    return who, request.lang  # type: ignore[attr-defined]


def _wanted(request: HttpRequest) -> TaskFilter:
    asked = request.GET
    number = asked.get("incident", "")
    return TaskFilter(
        show=asked.get("show", "") if asked.get("show", "") in SHOWN else "",
        group=asked.get("group", ""),
        district=asked.get("district", ""),
        kind=asked.get("kind", ""),
        incident_id=int(number) if number.isascii() and number.isdigit() else 0,
    )


def _tabs(who: Officer, wanted: TaskFilter, query: dict[str, str], lang: str) -> list[dict[str, Any]]:
    shown = [show for show in SHOWN if show != "group" or who.group]
    return [
        {
            "url": f"?{urlencode({**query, 'show': show})}",
            "word": say(f"tasks_page.show_{show or 'all'}", lang),
            "active": show == wanted.show,
        }
        for show in shown
    ]


def _choices(who: Officer, lang: str) -> dict[str, Any]:
    return {
        "groups": group_names(lang).items(),
        "districts": districts_of(who, "see_tasks", lang),
        "kinds": kind_titles(lang),
        "incidents": [each for each in incident_choices(who, "see_incidents") if each.open],
    }


def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """Show one task: what to do, by when and why then, what comes before and after, what happened."""
    who, lang = _reader(request)
    sheet = task_sheet(who, task_id, lang)
    area = sheet.task.area
    planned = planned_task(sheet.task.kind, sheet.task.values)
    values = {
        "sheet": sheet,
        "task": sheet.task,
        "instruction": planned.instruction.text(lang) if planned else "",
        "about": _about(who, sheet),
        "groups": group_names(lang).items(),
        "mine": sheet.task.assignee_id == who.id,
        "may_do": who.may("do_task", area) and sheet.task.pending,
        "may_assign": who.may("assign_task", area) and sheet.task.pending,
        "told": _told(sheet, lang),
        "early_action": next((one.word for one in actions_of((), lang) if one.name == sheet.task.early_action), ""),
    }
    return render(request, "tasks/task.html", values)


def _about(who: Officer, sheet: TaskSheet) -> str:
    """Address of what the task is about, where it has a page that the reader may open."""
    name = sheet.task.subject
    if name not in ABOUT or not who.areas(ABOUT[name]):
        return ""
    try:
        return reverse(name, args=[sheet.task.subject_id])
    except NoReverseMatch:
        return ""


def _told(sheet: TaskSheet, lang: str) -> str:
    """Say who has been told that the task is late, by the step its escalation has reached."""
    steps = list(response_plan().escalation.values())
    if not 0 < sheet.task.level <= len(steps):
        return ""
    return "、".join(say(f"task_tell.{who}", lang) for who in steps[sheet.task.level - 1].tell)


urlpatterns = [
    path("tasks/", tasks, name="tasks"),
    path("tasks/<int:task_id>/", task, name="task"),
]
