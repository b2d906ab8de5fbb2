"""Lists to take away: the form, and the file."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from suyuan.actions.desk import NotAllowed
from suyuan.store.queries.areas import districts_of
from suyuan.store.queries.casework_choices import incident_choices
from suyuan.store.queries.exports import EXPORTS, RIGHT, SEALED_RIGHT, Export, may_export
from suyuan.store.queries.records import KINDS
from suyuan.terms import BadInput, ContactState, FollowUpState, Officer, OrderState
from suyuan.web.leaving import export_answer
from suyuan.web.signed_in import officer

STATES: dict[str, list[StrEnum]] = {
    "contacts": list(ContactState),
    "orders": list(OrderState),
    "follow-ups": list(FollowUpState),
}
FORMS = ("csv", "xlsx")


def exports(request: HttpRequest) -> HttpResponse:
    """Offer the lists that the reader may take away."""
    who = officer(request)
    kinds = _kinds(who)
    values = {
        "kinds": kinds,
        "incidents": incident_choices(who, RIGHT),
        "districts": districts_of(who, RIGHT, request.lang),  # type: ignore[attr-defined]
        "states": sorted({state.value for kind in kinds for state in STATES.get(kind, [])}),
        "may_reveal": bool(who.areas(SEALED_RIGHT)),
    }
    return render(request, "exports/list.html", values)


def _kinds(who: Officer) -> list[str]:
    found = [kind for kind in EXPORTS if may_export(who, kind)]
    if not found:
        raise NotAllowed("room.not_allowed", right=RIGHT, area="–")
    return found


@require_POST
def take_away(request: HttpRequest) -> HttpResponseBase:
    """Answer with the file that the form asks for; posted, because it leaves a line in the audit."""
    who = officer(request)
    _kinds(who)
    asked = request.POST
    kind, form = asked.get("kind", ""), asked.get("form", "csv")
    known = KINDS[kind].filters if kind in EXPORTS else ()
    filters: dict[str, Any] = {name: asked[name] for name in ("state", "district") if asked.get(name) and name in known}
    incident = asked.get("incident_id", "")
    if incident and "incident_id" in known:
        filters["incident_id"] = _number(incident)
    if form not in FORMS:
        raise BadInput("room.bad_field", fault="form")
    personal = asked.get("personal") == "1"
    export = Export(kind=kind, filters=filters, personal=personal, purpose=asked.get("purpose", "")[:500])
    return export_answer(who, export, form)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadInput("room.bad_field", fault="incident_id")
    return int(text)


urlpatterns = [
    path("exports/", exports, name="exports"),
    path("exports/file/", take_away, name="export_file"),
]
