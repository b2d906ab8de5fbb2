"""Persons: search, one person, register and change, reveal, the queue of duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from suyuan.actions.desk import NotAllowed
from suyuan.actions.reveal_details import reveal_details
from suyuan.bootstrap import office
from suyuan.store.queries.areas import area_names
from suyuan.store.queries.names import names_for
from suyuan.store.queries.people import (
    duplicates,
    find_people,
    newest_people,
    one_pair,
    one_person,
    records_of,
    trail_of,
)
from suyuan.terms import Details, IdentityKind, Officer, Person, Vulnerability
from suyuan.web.signed_in import officer


def _need(who: Officer, right: str) -> None:
    if not who.areas(right):
        raise NotAllowed("room.not_allowed", right=right, area="–")


def people(request: HttpRequest) -> HttpResponse:
    """Search the register; without a question, the newest records."""
    who = officer(request)
    _need(who, "see_people")
    typed = request.GET.get("q", "").strip()
    page = newest_people(who, request.GET.get("cursor", "")) if not typed else None
    found = list(page.rows) if page else find_people(who, typed)
    older = f"?{urlencode({'cursor': page.following})}" if page and page.following else ""
    names = names_for(who, [person.id for person in found], "register of persons")
    return _listed(request, found, {"names": names, "typed": typed, "older": older})


def _listed(request: HttpRequest, found: Sequence[Person], values: dict[str, object]) -> HttpResponse:
    areas = area_names([one.area for one in found], request.lang)  # type: ignore[attr-defined]
    return render(request, "people/list.html", {"people": found, "areas": areas, **values})


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Search by what identifies somebody: posted, so that it stays out of addresses and logs."""
    who = officer(request)
    _need(who, "see_people")
    typed = request.POST.get("q", "").strip()
    found = find_people(who, typed)
    names = names_for(who, [person.id for person in found], "search in the register")
    return _listed(request, found, {"names": names, "typed": typed, "older": ""})


def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one person and where the person turns up."""
    who = officer(request)
    one = one_person(who, person_id)
    trail = trail_of(who, one)
    ids = [one.id, *(each.id for each in trail.household)]
    names = names_for(who, ids, f"record of person {one.id}")
    area = area_names([one.area], request.lang).get(one.area, "")  # type: ignore[attr-defined]
    values = {"person": one, "trail": trail, "names": names, "name": names.get(one.id, ""), "area": area}
    return render(request, "people/person.html", values)


@require_POST
def reveal(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show the sealed details to who has the right and says what for."""
    who = officer(request)
    details = reveal_details(office(), who, person_id, request.POST.get("purpose", ""))
    one = one_person(who, person_id) if who.areas("see_people") else None
    return render(request, "people/details.html", {"details": details, "person": one, "person_id": person_id})


def register(request: HttpRequest) -> HttpResponse:
    """Offer the form for a new person."""
    who = officer(request)
    _need(who, "register_person")
    return render(request, "people/register.html", _form({"details": Details(), "areas": who.areas("register_person")}))


@require_POST
def change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Offer the form to change a person; it shows the sealed details, so it asks what for."""
    who = officer(request)
    one = one_person(who, person_id)
    details = reveal_details(office(), who, person_id, request.POST.get("purpose", ""))
    return render(request, "people/change.html", _form({"details": details, "person": one}))


def _form(values: dict[str, Any]) -> dict[str, Any]:
    return {"kinds": list(IdentityKind), "vulnerabilities": list(Vulnerability), "sexes": ["female", "male"], **values}


def queue(request: HttpRequest) -> HttpResponse:
    """List pairs that may be one person."""
    who = officer(request)
    _need(who, "merge_people")
    page = duplicates(who, request.GET.get("cursor", ""))
    ids = [each.id for pair in page.rows for each in (pair.person, pair.other)]
    older = f"?{urlencode({'cursor': page.following})}" if page.following else ""
    values = {"pairs": page.rows, "names": names_for(who, ids, "queue of duplicates"), "older": older}
    return render(request, "people/duplicates.html", values)


def pair(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Show two records side by side, with what speaks for and against their being one."""
    who = officer(request)
    found = one_pair(who, finding_id)
    ids = [found.person.id, found.other.id]
    purpose = f"are {ids[0]} and {ids[1]} one person"
    both = [
        {"person": one, "details": reveal_details(office(), who, one.id, purpose), "records": records_of(ids)[one.id]}
        for one in (found.person, found.other)
        if who.may("reveal_details", one.area)
    ]
    return render(request, "people/pair.html", {"pair": found, "both": both})


urlpatterns = [
    path("people/", people, name="people"),
    path("people/search/", search, name="people_search"),
    path("people/new/", register, name="person_new"),
    path("people/<int:person_id>/", person, name="person"),
    path("people/<int:person_id>/reveal/", reveal, name="person_reveal"),
    path("people/<int:person_id>/change/", change, name="person_change"),
    path("duplicates/", queue, name="duplicates"),
    path("duplicates/<int:finding_id>/", pair, name="duplicate"),
]
