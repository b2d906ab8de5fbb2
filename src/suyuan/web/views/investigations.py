"""Investigations: the list, one investigation with the days of its case, the teams."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from suyuan.actions.case_days import CaseDays
from suyuan.actions.open_report import read_days
from suyuan.bootstrap import office
from suyuan.store.queries.casework_choices import incident_choices
from suyuan.store.queries.investigations import (
    SHOWN,
    investigators_within,
    list_investigations,
    my_teams,
    one_investigation,
    teams_within,
)
from suyuan.store.queries.names import names_for
from suyuan.terms import NothingFound, Officer, say
from suyuan.terms.wording import sentences
from suyuan.web.asked import further, need
from suyuan.web.signed_in import officer

RIGHT = "see_investigations"
READERS = ("investigate", "review_report")


def investigations(request: HttpRequest) -> HttpResponse:
    """List the investigations of my team, or of all within reach, the earliest deadline first."""
    who = officer(request)
    need(who, RIGHT)
    teams = teams_within(who)
    mine = my_teams(who, teams)
    show = request.GET.get("show") or request.GET.get("state") or ("mine" if mine else "open")
    team_id, incident_id = _number(request, "team"), _number(request, "incident")
    ids = [team.id for team in mine] if show == "mine" else [team_id] if team_id else []
    page = list_investigations(
        who,
        show if show in SHOWN else "open",
        incident_id=incident_id,
        team_ids=ids,
        cursor=request.GET.get("cursor", ""),
    )
    values = {
        "rows": page.rows,
        "names": names_for(who, [row.person_id for row in page.rows], "list of investigations"),
        "older": further(request, page.following),
        "tabs": _tabs(show, bool(mine), request),
        "teams": teams,
        "incidents": incident_choices(who, RIGHT),
        "wanted": {"show": show, "team": team_id, "incident": incident_id},
    }
    return render(request, "investigations/list.html", values)


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _tabs(show: str, has_team: bool, request: HttpRequest) -> list[dict[str, Any]]:  # noqa: FBT001 - a plain fact
    lang = request.lang  # type: ignore[attr-defined]
    names = ["mine", *SHOWN] if has_team else list(SHOWN)
    return [
        {"url": f"?show={name}", "word": say(f"investigations_page.show_{name}", lang), "active": name == show}
        for name in names
    ]


def investigation(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Show one investigation: its clock, why this team, and the days of the case."""
    who = officer(request)
    sheet = one_investigation(who, investigation_id)
    days, _ = read_days(office(), who, investigation_id)
    lang = request.lang  # type: ignore[attr-defined]
    values = {
        "sheet": sheet,
        "order": sheet.order,
        "because": told_because(sheet.order.because, lang),
        "name": names_for(who, [sheet.person.id], f"investigation {investigation_id}").get(sheet.person.id, ""),
        "days": days_told(days, sheet.timezone),
        "windows": windows_told(days, sheet.timezone),
        "teams": [line for line in teams_within(who) if line.team.on_duty and line.team.id != sheet.order.team_id],
        "reads": any(who.may(right, sheet.order.area) for right in READERS),
        "open": sheet.order.state in SHOWN["open"],
    }
    return render(request, "investigations/one.html", values)


def told_because(because: dict[str, Any], lang: str) -> list[str]:
    """Say why a team was chosen, from the figures that were kept."""
    rule = because.get("rule", "")
    if rule in ("", "no_team"):
        return [say("investigation_page.because_none", lang)]
    language = sentences(lang).get(f"spoken.{because.get('language')}", because.get("language", ""))
    values = {"n_free": 0, "n_teams": 0, "team": "", "load": 0, "capacity": 0, "area": ""} | because
    values["language"] = language
    told = [say(f"investigation_page.because_{rule}", lang, **values)]
    if rule == "turn":
        told.append(say(f"investigation_page.because_{'' if because['speaks'] else 'not_'}speaks", lang, **values))
    told.append(say(f"investigation_page.because_{'' if because['covers'] else 'not_'}covers", lang, **values))
    if because.get("overloaded"):
        told.append(say("investigation_page.because_overloaded", lang))
    return told


def days_told(days: CaseDays, timezone: str) -> list[dict[str, Any]]:
    """Prepare the days for a template, in the time of the place, the newest day first."""
    zone = ZoneInfo(timezone)

    def there(moment: datetime) -> datetime:
        return moment.astimezone(zone)

    return [
        {
            "day": day.day,
            "statements": [
                {"start": _clock(there(each.start), day.day), "end": _clock(there(each.end), day.day), "said": each}
                for each in day.statements
            ],
            "gaps": [(_clock(there(a), day.day), _clock(there(b), day.day)) for a, b in day.gaps],
            "contradictions": [
                {"start": _clock(there(each.start), day.day), "end": _clock(there(each.end), day.day), "of": each}
                for each in day.contradictions
            ],
        }
        for day in reversed(days.days)
    ]


def _clock(moment: datetime, day: date) -> str:
    """Write a time as a clock of this day shows it: what began before is 00:00, what ends later is 24:00."""
    if moment.date() < day:
        return "00:00"
    return f"{moment:%H:%M}" if moment.date() == day else "24:00"


def windows_told(days: CaseDays, timezone: str) -> dict[str, str] | None:
    """Write the ends of the two windows; the last day of each is the one that it still holds."""
    if days.windows is None:
        return None
    zone, instant = ZoneInfo(timezone), timedelta(microseconds=1)
    exposure, tracing = days.windows.exposure, days.windows.tracing
    return {
        "exposure_from": f"{exposure.start.astimezone(zone):%Y-%m-%d}",
        "exposure_to": f"{(exposure.end - instant).astimezone(zone):%Y-%m-%d}",
        "tracing_from": f"{tracing.start.astimezone(zone):%Y-%m-%d}",
        "tracing_to": f"{(tracing.end - instant).astimezone(zone):%Y-%m-%d}",
    }


def lanes(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Give the stays to the drawing, those of the interview beside those on record."""
    who = officer(request)
    sheet = one_investigation(who, investigation_id)
    days, _ = read_days(office(), who, investigation_id)
    zone = ZoneInfo(sheet.timezone)
    seen = dict.fromkeys(each for day in days.days for each in day.statements)
    tracing = days.windows.tracing if days.windows else None
    return JsonResponse(
        {
            "days": [day.day.isoformat() for day in days.days],
            "stays": [
                {
                    "place": each.place,
                    "kind": each.kind,
                    "start": each.start.astimezone(zone).isoformat(),
                    "end": each.end.astimezone(zone).isoformat(),
                    "n_contacts": 0,
                    "source": each.source,
                }
                for each in seen
            ],
            "window": [each.astimezone(zone).isoformat() for each in (tracing.start, tracing.end)] if tracing else None,
        }
    )


def teams(request: HttpRequest) -> HttpResponse:
    """List the teams with their load; whoever assigns may form, change and rest them."""
    who = officer(request)
    need(who, RIGHT)
    values = {"teams": teams_within(who), "may_form": bool(who.areas("assign_investigation"))} | _choices(request, who)
    return render(request, "investigations/teams.html", values)


def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Offer the form that changes a team."""
    who = officer(request)
    line = next((each for each in teams_within(who) if each.team.id == team_id), None)
    if line is None or not who.may("assign_investigation", line.team.area):
        raise NothingFound("room.no_such", kind="Team", id=team_id)
    return render(request, "investigations/team.html", {"team": line.team} | _choices(request, who))


def _choices(request: HttpRequest, who: Officer) -> dict[str, Any]:
    if not who.areas("assign_investigation"):
        return {}
    spoken = sentences(request.lang)  # type: ignore[attr-defined]
    languages = [(key.removeprefix("spoken."), word) for key, word in spoken.items() if key.startswith("spoken.")]
    areas = who.areas("assign_investigation")
    return {"languages": languages, "investigators": investigators_within(who), "own_area": areas[0]}


urlpatterns = [
    path("investigations/", investigations, name="investigations"),
    path("investigations/<int:investigation_id>/", investigation, name="investigation"),
    path("investigations/<int:investigation_id>/lanes.json", lanes, name="investigation_lanes"),
    path("teams/", teams, name="teams"),
    path("teams/<int:team_id>/", team, name="team"),
]
