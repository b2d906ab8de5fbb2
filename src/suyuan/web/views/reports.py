"""Reports of investigations: the preview, the versions, what each changed, Word and PDF."""

from __future__ import annotations

import io
from typing import IO, Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from suyuan.actions.open_report import compare_reports, open_report, preview_report
from suyuan.actions.submit_report import WRITABLE
from suyuan.bootstrap import office
from suyuan.reporting.documents import Document, Paragraph, Table, write_docx, write_pdf
from suyuan.store.queries.investigations import one_investigation, versions_of
from suyuan.terms import NothingFound, ReportState
from suyuan.web.signed_in import officer

FORMS: dict[str, tuple[str, Any]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx),
    "pdf": ("application/pdf", write_pdf),
}


def report(request: HttpRequest, investigation_id: int) -> HttpResponse:
    """Show the report as it would be handed in now, and the versions handed in so far."""
    who = officer(request)
    lang = request.lang  # type: ignore[attr-defined]
    sheet = one_investigation(who, investigation_id)
    document = preview_report(office(), who, investigation_id, lang)
    versions = versions_of(who, investigation_id)
    form_version = _form_version(investigation_id)
    values = {
        "sheet": sheet,
        "order": sheet.order,
        "document": shown(document),
        "versions": versions,
        "next_number": len(versions) + 1,
        "form_version": form_version,
        "can_submit": sheet.order.state in WRITABLE and form_version > 0,
        "forms": list(FORMS),
    }
    return render(request, "investigations/report.html", values)


def _form_version(investigation_id: int) -> int:
    with office().open_room() as room:
        found = room.interviews.find(investigation_id=investigation_id)
    return found[0].version if found else 0


def version(request: HttpRequest, investigation_id: int, number: int) -> HttpResponse:
    """Show one version, what it changed, and, for whoever may, the form to review it."""
    who = officer(request)
    lang = request.lang  # type: ignore[attr-defined]
    sheet = one_investigation(who, investigation_id)
    opened, lines = compare_reports(office(), who, investigation_id, number, lang)
    line = next((each for each in versions_of(who, investigation_id) if each.number == number), None)
    if line is None:
        raise NothingFound("reports.no_such", number=number)
    values = {
        "sheet": sheet,
        "order": sheet.order,
        "version": line,
        "document": shown(opened.document),
        "lines": [each for each in lines if each.kind != "kept"],
        "before": number - 1,
        "waits": line.state is ReportState.SUBMITTED,
        "own": line.written_by == who.id,
        "forms": list(FORMS),
    }
    return render(request, "investigations/version.html", values)


def download(request: HttpRequest, investigation_id: int, number: int, form: str) -> FileResponse:
    """Give a version as Word or PDF; number 0 is the draft of this moment. The reading is in the audit."""
    who = officer(request)
    if form not in FORMS:
        raise Http404(form)
    lang = request.lang  # type: ignore[attr-defined]
    one_investigation(who, investigation_id)
    if number:
        document = open_report(office(), who, investigation_id, number, lang).document
    else:
        document = preview_report(office(), who, investigation_id, lang)
    kind, write = FORMS[form]
    stream: IO[bytes] = io.BytesIO()
    write(document, stream)
    stream.seek(0)
    name = f"report-{investigation_id}-{number or 'draft'}-{lang}.{form}"
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=kind)
    response["Cache-Control"] = "no-store"
    return response


def shown(document: Document) -> dict[str, Any]:
    """Prepare a document for a template, which cannot ask of what kind a block is."""
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "particulars": document.particulars,
        "footer": document.marking.footer,
        "sections": [
            {
                "title": section.title,
                "blocks": [
                    {"text": block.text, "tone": block.tone} if isinstance(block, Paragraph) else _table(block)
                    for block in section.blocks
                ],
            }
            for section in document.sections
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    """Pair each cell with its column, which a telephone shows beside it."""
    return {"table": table, "rows": [list(zip(table.heading, row, strict=True)) for row in table.rows]}


urlpatterns = [
    path("investigations/<int:investigation_id>/report/", report, name="report"),
    path("investigations/<int:investigation_id>/report/<int:number>/", version, name="report_version"),
    path("investigations/<int:investigation_id>/report/<int:number>.<str:form>", download, name="report_download"),
]
