"""Tables that somebody brings: the form, how far one is, its refused rows, a file to fill in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from suyuan import bootstrap
from suyuan.actions.read_refused import read_refused
from suyuan.store.queries.casework_choices import incident_choices
from suyuan.store.queries.uploads import RIGHT, list_uploads, one_upload
from suyuan.terms import BadInput, Officer, Problem, UploadKind, UploadState, say
from suyuan.web.asked import need
from suyuan.web.bringing import Brought, bring, sent_file
from suyuan.web.problems import status_of
from suyuan.web.signed_in import officer

GOING_ON = (UploadState.OPEN, UploadState.WAITING, UploadState.RUNNING)


def uploads(request: HttpRequest) -> HttpResponse:
    """List the tables that were brought, with the form to bring another."""
    who = officer(request)
    need(who, RIGHT)
    return render(request, "uploads/list.html", _list_values(request, who))


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take a file in; what is wrong with it as a whole is said beside the form."""
    who = officer(request)
    need(who, RIGHT)
    try:
        number = bring(who, sent_file(request), _brought(request))
    except Problem as problem:
        values = {**_list_values(request, who), "fault": problem.sentence(request.lang)}  # type: ignore[attr-defined]
        return render(request, "uploads/list.html", values, status=status_of(problem))
    return redirect("upload", number)


def _brought(request: HttpRequest) -> Brought:
    kind, incident = request.POST.get("kind", ""), request.POST.get("incident_id", "") or "0"
    if kind not in set(UploadKind) or not (incident.isascii() and incident.isdigit() and len(incident) < 19):
        raise BadInput("room.bad_field", fault="kind, incident_id")
    key = request.POST.get("key", "") or uuid4().hex
    area = request.POST.get("area", "").strip()
    return Brought(kind=UploadKind(kind), area=area, incident_id=int(incident), key=key)


def _list_values(request: HttpRequest, who: Officer) -> dict[str, Any]:
    page = list_uploads(who, request.GET.get("cursor", ""))
    return {
        "uploads": page.rows,
        "older": f"?{urlencode({'cursor': page.following})}" if page.following else "",
        "kinds": list(UploadKind),
        "incidents": [each for each in incident_choices(who, RIGHT) if each.open],
        "areas": [area for area in who.areas(RIGHT) if area],
        "most": settings.SUYUAN_UPLOAD_MAX // 2**20,
        "given": request.POST,
    }


def upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show one upload: its counts, its refused rows to download; while it goes on, it can be called off."""
    return render(request, "uploads/upload.html", _progress(request, upload_id))


def progress(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Show how far an upload is: a part of its page, asked for again while it goes on."""
    return render(request, "uploads/progress.html", _progress(request, upload_id))


def _progress(request: HttpRequest, upload_id: int) -> dict[str, Any]:
    one = one_upload(officer(request), upload_id)
    return {"upload": one, "going_on": one.state in GOING_ON, "kept": one.n_bad and one.state != UploadState.CLOSED}


def refused(request: HttpRequest, upload_id: int) -> StreamingHttpResponse:
    """Give the refused rows back as a table with the reason of each."""
    lang = request.lang  # type: ignore[attr-defined]
    return refused_answer(officer(request), upload_id, lang)


def refused_answer(who: Officer, upload_id: int, lang: str) -> StreamingHttpResponse:
    """Answer with the refused rows of an upload: the file's columns, number and reason of each row."""
    one, rows = read_refused(bootstrap.office(), who, upload_id)
    there = {column for row in rows for column in row.values}
    columns = [column for column in (*bootstrap.columns_of(one.kind), "row_misfit") if column in there]
    lines = (
        [row.number, say(row.code, lang, **row.details), *(row.values.get(column, "") for column in columns)]
        for row in rows
    )
    return csv_answer(f"refused-{upload_id}.csv", ["row", "reason", *columns], lines)


def csv_answer(name: str, header: list[str], rows: Any) -> StreamingHttpResponse:
    """Answer with a CSV that spreadsheets open rightly, line by line."""
    response = StreamingHttpResponse(bootstrap.csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def template(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """Give a file to fill in: the columns of a kind."""
    need(officer(request), RIGHT)
    if kind not in set(UploadKind):
        raise Http404
    return csv_answer(f"{kind}.csv", list(bootstrap.columns_of(UploadKind(kind))), ())


urlpatterns = [
    path("uploads/", uploads, name="uploads"),
    path("uploads/new/", take, name="upload_take"),
    path("uploads/template/<str:kind>.csv", template, name="upload_template"),
    path("uploads/<int:upload_id>/", upload, name="upload"),
    path("uploads/<int:upload_id>/progress/", progress, name="upload_progress"),
    path("uploads/<int:upload_id>/refused.csv", refused, name="upload_refused"),
]
