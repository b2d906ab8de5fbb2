"""What officers begin by hand, where no rule did: an order proposed for somebody, a daily follow-up of somebody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from suyuan import bootstrap
from suyuan.actions.follow_up_calendar import follow_up_plan
from suyuan.actions.order_reasons import rights
from suyuan.store.queries.areas import area_names
from suyuan.store.queries.by_hand import person_for
from suyuan.store.queries.casework_choices import incident_choices
from suyuan.store.queries.names import names_for
from suyuan.terms import NothingFound, Officer, OrderKind
from suyuan.web.asked import need
from suyuan.web.signed_in import officer


def propose(request: HttpRequest) -> HttpResponse:
    """Offer the form that proposes an order for one person."""
    who = officer(request)
    need(who, "propose_order")
    values, status = _asked(request, who, "propose_order")
    values |= {"kinds": list(OrderKind), "most": rights().orders.most_days, "hours": rights().contest.answer_hours}
    return render(request, "orders/propose.html", values, status=status)


def begin(request: HttpRequest) -> HttpResponse:
    """Offer the form that begins a daily follow-up of one person."""
    who = officer(request)
    need(who, "record_follow_up")
    values, status = _asked(request, who, "record_follow_up")
    lang: str = request.lang  # type: ignore[attr-defined]
    kinds = follow_up_plan().kinds.items()
    values["kinds"] = [
        (key, rule.name.text(lang), rule.end_rule.text(lang), rule.ends == "days") for key, rule in kinds
    ]
    return render(request, "follow_ups/begin.html", values, status=status)


def _asked(request: HttpRequest, who: Officer, right: str) -> tuple[dict[str, Any], int]:
    """Return the person that the address asks for, or what to say of a number that nobody has; and the status."""
    lang: str = request.lang  # type: ignore[attr-defined]
    code, number = request.GET.get("code", "").strip(), request.GET.get("person_id", "")
    incidents = [each for each in incident_choices(who, right) if each.open]
    asked: dict[str, Any] = {
        "code": code, "incidents": incidents, "chosen": request.GET.get("incident_id", ""),
        "now": bootstrap.office().clock.now(),
    }  # fmt: skip
    if not code and not number.isdecimal():
        return asked, 200
    try:
        person = person_for(who, right, person_id=int(number) if number.isdecimal() else 0, code=code)
    except NothingFound as nobody:
        return {**asked, "fault": nobody.sentence(lang)}, 404
    name = names_for(who, [person.id], f"begun by hand for person {person.id}").get(person.id, "")
    area = area_names([person.area], lang).get(person.area, "")
    return {**asked, "person": person, "name": name, "area": area}, 200


urlpatterns = [
    path("orders/propose/", propose, name="order_propose"),
    path("follow-ups/new/", begin, name="follow_up_begin"),
]
