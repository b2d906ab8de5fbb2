"""What late information changed for the contacts of an incident."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from suyuan.store.queries.casework_choices import incident_choice
from suyuan.store.queries.names import names_for
from suyuan.store.queries.tracings import count_waiting, last_traced, list_changes
from suyuan.web.asked import further, need
from suyuan.web.signed_in import officer


def changes(request: HttpRequest, incident_id: int) -> HttpResponse:
    """List what changed since the tracings before; what waits for a decision first."""
    who = officer(request)
    need(who, "see_contacts")
    incident = incident_choice(who, "see_contacts", incident_id)
    shown = "all" if request.GET.get("show") == "all" else "waiting"
    lang = request.lang  # type: ignore[attr-defined]
    page = list_changes(who, incident_id, None if shown == "all" else "", request.GET.get("cursor", ""), lang)
    values = {
        "incident": incident,
        "shown": shown,
        "changes": page.rows,
        "names": names_for(who, [change.person_id for change in page.rows], f"changes of incident {incident_id}"),
        "older": further(request, page.following),
        "traced": last_traced(incident_id),
        "n_waiting": count_waiting(who, incident_id),
    }
    return render(request, "changes/list.html", values)


urlpatterns = [path("incidents/<int:incident_id>/changes/", changes, name="changes")]
