"""The chain of transmission of an incident: a page around one drawing, and the drawing's data."""

from __future__ import annotations

import hashlib

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import path

from suyuan.store.queries.areas import districts_of
from suyuan.store.queries.casework_choices import incident_choice, incident_choices
from suyuan.store.queries.chains import ChainFilter, chain_of
from suyuan.terms import Classification
from suyuan.web.asked import asked, need
from suyuan.web.signed_in import officer

DRAWN = (Classification.SUSPECTED, Classification.CONFIRMED, Classification.ASYMPTOMATIC)


def chain(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show the frame of the drawing and its filters."""
    who = officer(request)
    need(who, "see_cases")
    values = {
        "incident": incident_choice(who, "see_cases", incident_id),
        "incidents": incident_choices(who, "see_cases"),
        "districts": districts_of(who, "see_cases", request.lang),  # type: ignore[attr-defined]
        "classifications": DRAWN,
        "asked": {name: request.GET.get(name, "") for name in ("axis", "district", "classification")},
        "query": request.GET.urlencode(),
    }
    return render(request, "chain/chain.html", values)


def data(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Answer with the laid-out forest; the same forest again costs the reader nothing."""
    who = officer(request)
    need(who, "see_cases")
    incident_choice(who, "see_cases", incident_id)
    fields = request.GET.copy()
    fields["incident_id"] = str(incident_id)
    body = msgspec.json.encode(chain_of(who, asked(ChainFilter, fields), request.lang))  # type: ignore[attr-defined]
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(body, content_type="application/json", headers={"ETag": etag})


urlpatterns = [
    path("incidents/<int:incident_id>/chain/", chain, name="chain"),
    path("incidents/<int:incident_id>/chain.json", data, name="chain_data"),
]
