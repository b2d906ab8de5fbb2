"""Incidents: the list, one incident, the form to open one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse

from suyuan import bootstrap
from suyuan.actions.desk import NotAllowed
from suyuan.store.queries.areas import areas_to_choose
from suyuan.store.queries.incidents import editions, incident_sheet, list_incidents, response_ends
from suyuan.terms import IncidentState, Officer, say
from suyuan.web.signed_in import officer

BELONGING = (
    ("tasks", "see_tasks"),
    ("cases", "see_cases"),
    ("contacts", "see_contacts"),
    ("orders", "see_orders"),
    ("chain", "see_cases"),
)
"""Lists that an incident leads to, each with the right it needs."""


def _reader(request: HttpRequest, right: str) -> tuple[Officer, str]:
    who = officer(request)
    if not who.areas(right):
        raise NotAllowed("room.not_allowed", right=right, area="–")
    return who, request.lang  # type: ignore[attr-defined]


def incidents(request: HttpRequest) -> HttpResponse:
    """List the incidents of the reader's area."""
    who, lang = _reader(request, "see_incidents")
    over = request.GET.get("over") == "1"
    lines = list_incidents(who, lang, bootstrap.office().clock.now(), over=over)
    tabs = [
        {"url": "?", "word": say("incidents_page.active_shown", lang), "active": not over},
        {"url": "?over=1", "word": say("incidents_page.closed_shown", lang), "active": over},
    ]
    return render(request, "incidents/list.html", {"lines": lines, "tabs": tabs, "may_open": _may_open(who)})


def _may_open(who: Officer) -> bool:
    return bool(who.areas("manage_incident"))


def open_form(request: HttpRequest) -> HttpResponse:
    """Offer the form that opens an incident."""
    who, lang = _reader(request, "manage_incident")
    values = {
        "areas": areas_to_choose(who, "manage_incident", lang),
        "own": next(iter(who.areas("manage_incident")), ""),
        "editions": editions(lang),
        "timezone": settings.SUYUAN_TIMEZONE,
    }
    return render(request, "incidents/open.html", values)


def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show one incident: where it stands, its dates, its plan, its history."""
    who, lang = _reader(request, "see_incidents")
    sheet = incident_sheet(who, incident_id, lang, bootstrap.office().clock.now())
    values: dict[str, Any] = {
        "sheet": sheet,
        "incident": sheet.incident,
        "states": [(state.value, sheet.since.get(state.value)) for state in IncidentState],
        "n": sum(group.n for group in sheet.progress),
        "n_done": sum(group.n_done for group in sheet.progress),
        "ends_at": response_ends(sheet.incident),
        "golden": sheet.incident.state == IncidentState.RESPONSE,
        "may_manage": who.may("manage_incident", sheet.incident.area),
        "links": _links(who, incident_id, lang),
        "board": reverse("board") + f"?incident={incident_id}" if who.areas("see_board") else "",
    }
    return render(request, "incidents/incident.html", values)


def _links(who: Officer, incident_id: int, lang: str) -> list[tuple[str, str]]:
    found = []
    for name, right in BELONGING:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        if who.areas(right):
            found.append((f"{url}?incident={incident_id}", say(f"incident_page.link_{name}", lang)))
    return found


urlpatterns = [
    path("incidents/", incidents, name="incidents"),
    path("incidents/open/", open_form, name="open_incident"),
    path("incidents/<int:incident_id>/", incident, name="incident"),
]
