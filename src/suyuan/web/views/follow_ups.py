"""Daily follow-up: the round, who missed, who is lost, by district; one person's days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode

from suyuan import bootstrap
from suyuan.actions.desk import NotAllowed
from suyuan.actions.follow_up_calendar import follow_up_plan
from suyuan.store.queries.areas import districts_of
from suyuan.store.queries.follow_ups import (
    follow_up_sheet,
    round_lost,
    round_missed,
    round_today,
    rounds_by_district,
)
from suyuan.store.queries.names import names_for
from suyuan.terms import FollowUpState, Officer, say
from suyuan.web.signed_in import officer

ROUNDS = {"today": round_today, "missed": round_missed, "lost": round_lost}
SHOWN = (*ROUNDS, "districts")


def follow_ups(request: HttpRequest) -> HttpResponse:
    """Show the round of today, or one of its other parts."""
    who, now = _reader(request), bootstrap.office().clock.now()
    lang: str = request.lang  # type: ignore[attr-defined]
    show = request.GET.get("show", "today")
    tabs = [
        {"url": f"{reverse('follow_ups')}?show={part}", "word": say(f"follow_ups_page.tab_{part}", lang),
         "active": part == show} for part in SHOWN
    ]  # fmt: skip
    if show not in ROUNDS:
        return render(request, "follow_ups/districts.html", {"tabs": tabs, "lines": rounds_by_district(who, lang)})
    chosen = {"kind": request.GET.get("kind", ""), "district": request.GET.get("district", "")}
    page = ROUNDS[show](who, now, **chosen, cursor=request.GET.get("cursor", ""))
    names = names_for(who, [line.person_id for line in page.rows], "daily follow-up round")
    older = urlencode({"show": show, **chosen, "cursor": page.following}) if page.following else ""
    values: dict[str, Any] = {
        "tabs": tabs, "show": show, "lines": page.rows, "names": names, "older": f"?{older}" if older else "",
        "kinds": list(follow_up_plan().kinds), "districts": districts_of(who, "see_follow_ups", lang), **chosen,
        "none": say(f"follow_ups_page.none_{show}", lang), "back": request.get_full_path(),
    }  # fmt: skip
    return render(request, "follow_ups/round.html", values)


def follow_up(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Show one follow-up with its days, and the form for a day."""
    who, now = _reader(request), bootstrap.office().clock.now()
    lang: str = request.lang  # type: ignore[attr-defined]
    sheet = follow_up_sheet(who, follow_up_id, lang, now)
    one = sheet.follow_up
    names = names_for(who, [one.person_id], f"follow-up {one.id}")
    because = one.because
    texts = {key: because[key][lang] for key in ("name", "end_rule") if key in because}
    choices = follow_up_plan().questions["symptoms"].choices
    values: dict[str, Any] = {
        "sheet": sheet, "one": one, "name": names.get(one.person_id, ""), "rule": texts,
        "symptoms": [(key, text.text(lang)) for key, text in choices.items()],
        "tests": ", ".join(because.get("tests", ())), "going_on": one.state in _GOING_ON, "ended": _ended(one, lang),
        "tasks": [(say(f"task.{kind}", lang, **held), due) for _, kind, held, due in sheet.tasks],
    }  # fmt: skip
    return render(request, "follow_ups/follow_up.html", values)


_GOING_ON = (FollowUpState.ACTIVE, FollowUpState.LOST)


def _ended(one: Any, lang: str) -> str:
    """Say how a follow-up ended or since when its person is lost; nothing while it goes on."""
    ended, lost = one.because.get("ended"), one.because.get("lost")
    if one.state is FollowUpState.ENDED and ended:
        never = say("follow_ups_page.never", lang)
        return say(f"follow_up_page.ended_{ended['why']}", lang, on=ended["on"], last_seen=ended["last_seen"] or never)
    if one.state is FollowUpState.LOST and lost:
        return say("follow_up_page.lost_since", lang, since=lost["since"])
    return ""


def _reader(request: HttpRequest) -> Officer:
    who = officer(request)
    if not who.areas("see_follow_ups"):
        raise NotAllowed("room.not_allowed", right="see_follow_ups", area="–")
    return who


urlpatterns = [
    path("follow-ups/", follow_ups, name="follow_ups"),
    path("follow-ups/<int:follow_up_id>/", follow_up, name="follow_up"),
]
