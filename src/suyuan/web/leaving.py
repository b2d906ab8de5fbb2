"""An export as an answer: CSV line by line, or an Excel file made aside and gone when it was sent."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from suyuan import bootstrap
from suyuan.store.queries.exports import Export, begin_export
from suyuan.terms import Officer

CSV, EXCEL = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_answer(who: Officer, export: Export, form: str) -> HttpResponseBase:
    """Answer with an export; ``form`` is ``csv`` or ``xlsx``.

    Raises
    ------
    Problem
        As ``begin_export``; BadInput also if it is longer than an Excel sheet.
    """
    table = begin_export(who, export)
    name = f"{export.kind}-{timezone.localdate():%Y%m%d}"
    answer: FileResponse | StreamingHttpResponse
    if form == "xlsx":
        with tempfile.NamedTemporaryFile(prefix="suyuan-export-", suffix=".xlsx") as file:
            bootstrap.write_sheet(Path(file.name), export.kind, table.header, table.rows)
            # opened once more: the name goes away here, what was written stays until the answer is sent
            written = Path(file.name).open("rb")  # noqa: SIM115 - the answer closes it
        answer = FileResponse(written, content_type=EXCEL)
    else:
        answer = StreamingHttpResponse(bootstrap.csv_lines(table.header, table.rows), content_type=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer
