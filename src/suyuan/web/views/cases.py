"""Cases: the list, one case, its trail and evidence, the form to report one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from suyuan.store.queries.areas import area_names, districts_of
from suyuan.store.queries.cases import CaseFilter, code_of_person, list_cases, one_case, view_case
from suyuan.store.queries.casework_choices import incident_choices
from suyuan.store.queries.names import names_for
from suyuan.store.queries.tracings import itinerary_of, last_traced, meetings_of, note_reading
from suyuan.terms import Classification, Course, Severity
from suyuan.web.asked import asked, further, need
from suyuan.web.signed_in import officer

FOUND_BY = ("laboratory", "clinic", "contact_tracing", "screening", "other_region")


def cases(request: HttpRequest) -> HttpResponse:
    """List the cases within reach, filtered by what the address asks for."""
    who = officer(request)
    need(who, "see_cases")
    wanted = asked(CaseFilter, request.GET)
    page = list_cases(who, wanted, request.GET.get("cursor", ""))
    lang = request.lang  # type: ignore[attr-defined]
    values = {
        "cases": page.rows,
        "names": names_for(who, [case.person_id for case in page.rows], "list of cases"),
        "areas": area_names([case.area for case in page.rows], lang),
        "wanted": wanted,
        "older": further(request, page.following),
        "incidents": incident_choices(who, "see_cases"),
        "districts": districts_of(who, "see_cases", lang),
        "classifications": list(Classification),
        "courses": list(Course),
    }
    return render(request, "cases/list.html", values)


def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show one case with what hangs on it; what the visit log says comes with ``trail``."""
    who = officer(request)
    lang = request.lang  # type: ignore[attr-defined]
    view = view_case(who, case_id, lang)
    record = view.case
    values = {
        "view": view,
        "case": record,
        "name": names_for(who, [record.person_id], f"case {record.id}").get(record.person_id, ""),
        "area": area_names([record.area], lang).get(record.area, ""),
        "traced": last_traced(record.incident_id),
        "severities": [each for each in Severity if each],
        "infected": record.classification in (Classification.CONFIRMED, Classification.ASYMPTOMATIC),
        "ended": record.course in (Course.RECOVERED, Course.DIED),
    }
    return render(request, "cases/case.html", values)


def trail(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show where a case was and whom it met: a part of its page, noted in the audit as a reading."""
    who = officer(request)
    record = one_case(who, case_id)
    code = code_of_person(record.person_id)
    stays = itinerary_of(record.incident_id, code)
    may_see = who.may("see_contacts", record.area)
    meetings, total = meetings_of(record.incident_id, code) if may_see else ([], 0)
    note_reading(who, record.id, record.person_id, record.area)
    values = {"stays": stays, "meetings": meetings, "total": total, "may_see": may_see}
    return render(request, "cases/trail.html", values)


def report(request: HttpRequest) -> HttpResponse:
    """Offer the form to report a case."""
    who = officer(request)
    need(who, "report_case")
    values = {
        "incidents": [each for each in incident_choices(who, "report_case") if each.open],
        "chosen": request.GET.get("incident_id", ""),
        "person_id": request.GET.get("person_id", ""),
        "severities": [each for each in Severity if each],
        "ways": FOUND_BY,
        "next": "/cases/{answer}/" if who.areas("see_cases") else request.path,
    }
    return render(request, "cases/report.html", values)


urlpatterns = [
    path("cases/", cases, name="cases"),
    path("cases/new/", report, name="case_new"),
    path("cases/<int:case_id>/", case, name="case"),
    path("cases/<int:case_id>/trail/", trail, name="case_trail"),
]
