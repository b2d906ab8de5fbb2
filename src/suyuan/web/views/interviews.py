"""The interview's form: it saves itself, shows what records say beside it, and never drops what somebody typed."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from suyuan.actions.desk import NotAllowed, Stale, perform
from suyuan.actions.interview_form import LISTS, QUESTIONS, InterviewForm, read_stops
from suyuan.actions.open_report import read_days
from suyuan.actions.save_interview import SaveInterview, open_interview, save_interview
from suyuan.bootstrap import office
from suyuan.reporting.case_report import SECTIONS
from suyuan.store.queries.investigations import InvestigationSheet, one_investigation
from suyuan.terms import PLACE_KINDS, Interview, InvestigationState, Problem
from suyuan.web.interview_fields import blank_row, form_sent, rows_of
from suyuan.web.problems import status_of
from suyuan.web.signed_in import officer
from suyuan.web.views.investigations import days_told, windows_told

CONFLICT = 409


def interview(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Offer the form as it was saved last."""
    who = officer(request)
    sheet = one_investigation(who, investigation_id)
    form, saved = open_interview(office(), who, investigation_id, f"interview of investigation {investigation_id}")
    return _form(request, sheet, form, (saved, None))


@require_POST
def draft(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Keep a draft: the answer is its version, or the sentence that says why not."""
    who = officer(request)
    lang = request.lang  # type: ignore[attr-defined]
    try:
        command = _command(request, investigation_id)
        # every save of a draft is an intention of its own
        version = perform(office(), who, save_interview, command, key=uuid.uuid4().hex)
    except Problem as problem:
        return JsonResponse({"message": problem.sentence(lang)}, status=status_of(problem))
    return JsonResponse({"version": version})


@require_POST
def save(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Save by the button; where somebody else saved meanwhile, show both texts and change nothing."""
    who = officer(request)
    command = _command(request, investigation_id)
    try:
        perform(office(), who, save_interview, command, key=uuid.uuid4().hex)
    except Stale:
        sheet = one_investigation(who, investigation_id)
        theirs, saved = open_interview(office(), who, investigation_id, f"compare interview {investigation_id}")
        return _form(request, sheet, command.form, (saved, theirs), status=CONFLICT)
    # a new address for the drafts of the tab: a copy from before this save must not come back over it
    return redirect(f"{reverse('interview', args=[investigation_id])}?{urlencode({'after': command.version or 0})}")


def _command(request: HttpRequest, investigation_id: int) -> SaveInterview:
    version = request.POST.get("version", "")
    return SaveInterview(
        investigation_id=investigation_id,
        form=form_sent(request.POST),
        version=int(version) if version.isascii() and version.isdigit() else None,
    )


def _form(
    request: HttpRequest,
    sheet: InvestigationSheet,
    form: InterviewForm,
    kept: tuple[Interview | None, InterviewForm | None],
    status: int = 200,
) -> HttpResponse:
    saved, theirs = kept
    who = officer(request)
    days, _ = read_days(office(), who, sheet.order.id)
    after = request.GET.get("after", "")
    values = {
        "writes": who.may("investigate", sheet.order.area) and sheet.order.state != InvestigationState.CANCELLED,
        "after": after if after.isascii() and after.isdigit() else "",
        "sheet": sheet,
        "order": sheet.order,
        "version": saved.version if saved else 0,
        "saved": saved,
        "lists": rows_of(form, theirs),
        "form": form,
        "theirs": theirs,
        "questions": [(key, form.answers.get(key, ""), form.details.get(key, "")) for key in QUESTIONS],
        "own": [(key, form.own.get(key, ""), theirs.own.get(key, "") if theirs else "") for key in SECTIONS],
        "days": days_told(days, sheet.timezone),
        "windows": windows_told(days, sheet.timezone),
    } | _words()
    return render(request, "investigations/form.html", values, status=status)


def _words() -> dict[str, Any]:
    return {"place_kinds": [kind.value for kind in PLACE_KINDS], "source_kinds": ["person", "place", "object"]}


def row(request: HttpRequest, investigation_id: int, name: str) -> HttpResponse:
    """Give one more empty row of a list."""
    one_investigation(officer(request), investigation_id)
    if name not in LISTS:
        raise Http404(name)
    return render(request, "investigations/row.html", {"cells": blank_row(name), "n": "+"} | _words())


def beside(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Give the days again, with what has been saved of the interview since."""
    who = officer(request)
    sheet = one_investigation(who, investigation_id)
    days, _ = read_days(office(), who, investigation_id)
    return render(request, "investigations/days.html", {"days": days_told(days, sheet.timezone)})


def visits(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Give the itinerary as a table that an import into a visit log takes: numbers, places and times, no name."""
    who = officer(request)
    sheet = one_investigation(who, investigation_id)
    if not who.may("investigate", sheet.order.area):
        raise NotAllowed("room.not_allowed", right="investigate", area=sheet.order.area)
    form, _ = open_interview(office(), who, investigation_id, f"itinerary of investigation {investigation_id}")
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(("person_id", "place_id", "place_kind", "t_in", "t_out", "source"))
    for start, end, stop in read_stops(form, sheet.timezone, strict=False):
        if stop.place:
            # a text that a spreadsheet would run as a formula loses that power
            place = f"'{stop.place}" if stop.place[0] in "=+-@\t" else stop.place
            table.writerow(
                (sheet.person.code, place, stop.kind or "other", start.isoformat(), end.isoformat(), "interview")
            )
    response = HttpResponse(stream.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="itinerary-{investigation_id}.csv"'
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("investigations/<int:investigation_id>/form/", interview, name="interview"),
    path("investigations/<int:investigation_id>/form/draft/", draft, name="interview_draft"),
    path("investigations/<int:investigation_id>/form/save/", save, name="interview_save"),
    path("investigations/<int:investigation_id>/form/days/", beside, name="interview_days"),
    path("investigations/<int:investigation_id>/form/row/<str:name>/", row, name="interview_row"),
    path("investigations/<int:investigation_id>/visits.csv", visits, name="interview_visits"),
]
