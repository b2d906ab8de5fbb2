"""Contacts: the queue, one contact, the form to add one by hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from suyuan.store.queries.areas import area_names, districts_of
from suyuan.store.queries.cases import one_case
from suyuan.store.queries.casework_choices import incident_choices
from suyuan.store.queries.contacts import ContactFilter, list_contacts, view_contact
from suyuan.store.queries.names import names_for
from suyuan.store.queries.tracings import count_waiting
from suyuan.terms import ContactState, PlaceKind, Ring
from suyuan.web.asked import asked, further, need
from suyuan.web.signed_in import officer

DECISIONS = {"proposed": ("accept", "remove"), "accepted": ("remove",), "removed": ("restore",)}
"""What can be decided about ticked contacts, by the state listed."""


def contacts(request: HttpRequest) -> HttpResponse:
    """List the contacts of one state within reach, nearest ring and likeliest first."""
    who = officer(request)
    need(who, "see_contacts")
    lang = request.lang  # type: ignore[attr-defined]
    wanted = asked(ContactFilter, request.GET)
    page = list_contacts(who, wanted, request.GET.get("cursor", ""), lang)
    values = {
        "contacts": page.rows,
        "names": names_for(who, [contact.person_id for contact in page.rows], "queue of contacts"),
        "areas": area_names([contact.area for contact in page.rows], lang),
        "wanted": wanted,
        "older": further(request, page.following),
        "incidents": incident_choices(who, "see_contacts"),
        "districts": districts_of(who, "see_contacts", lang),
        "rings": [int(ring) for ring in Ring],
        "states": list(ContactState),
        "decisions": DECISIONS.get(wanted.state, ()) if who.areas("decide_contacts") and wanted.incident_id else (),
        "n_waiting": count_waiting(who, wanted.incident_id) if wanted.incident_id else 0,
    }
    return render(request, "contacts/list.html", values)


def contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Show one contact: why it is one, what follows from it, what was decided."""
    who = officer(request)
    lang = request.lang  # type: ignore[attr-defined]
    view = view_contact(who, contact_id, lang)
    person = view.contact.person_id
    values = {
        "view": view,
        "contact": view.contact,
        "name": names_for(who, [person], f"contact {contact_id}").get(person, ""),
        "area": area_names([view.contact.area], lang).get(view.contact.area, ""),
        "decisions": DECISIONS.get(view.contact.state.value, ()),
    }
    return render(request, "contacts/contact.html", values)


def add(request: HttpRequest) -> HttpResponse:
    """Offer the form to add a contact by hand."""
    who = officer(request)
    need(who, "add_contact")
    case_id = request.GET.get("case_id", "")
    values = {
        "incidents": [each for each in incident_choices(who, "add_contact") if each.open],
        "chosen": request.GET.get("incident_id", ""),
        "infector": one_case(who, int(case_id)) if case_id.isdigit() else None,
        "person_id": request.GET.get("person_id", ""),
        "rings": [int(ring) for ring in Ring],
        "kinds": list(PlaceKind),
        "next": "/contacts/{answer}/" if who.areas("see_contacts") else request.path,
    }
    return render(request, "contacts/add.html", values)


urlpatterns = [
    path("contacts/", contacts, name="contacts"),
    path("contacts/new/", add, name="contact_new"),
    path("contacts/<int:contact_id>/", contact, name="contact"),
]
