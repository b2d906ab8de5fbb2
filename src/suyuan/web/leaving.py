"""An export as an answer: CSV line by line, or an Excel file made aside and gone when it was sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.http import StreamingHttpResponse
from django.utils import timezone

from suyuan import bootstrap
from suyuan.store.queries.exports import Export, Exported, begin_export
from suyuan.terms import Officer

CSV, EXCEL = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


PIECE = 2**18


def export_answer(who: Officer, export: Export, form: str) -> StreamingHttpResponse:
    """Answer with an export; ``form`` is ``csv`` or ``xlsx``.

    Raises
    ------
    Problem
        As ``begin_export``; BadInput also if it is longer than an Excel sheet.
    """
    table = begin_export(who, export)
    if form == "xlsx":
        answer = StreamingHttpResponse(_workbook(export.kind, table), content_type=EXCEL)
    else:
        answer = StreamingHttpResponse(bootstrap.csv_lines(table.header, table.rows), content_type=CSV)
    name = f"{export.kind}-{timezone.localdate():%Y%m%d}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(name: str, table: Exported) -> Iterator[bytes]:
    """Write the file now, so that what is wrong is still said as a sentence, and hand it out piece by piece."""
    folder = tempfile.TemporaryDirectory(prefix="suyuan-export-")
    path = Path(folder.name) / "export.xlsx"
    try:
        bootstrap.write_sheet(path, name, table.header, table.rows)
    except BaseException:
        folder.cleanup()
        raise

    def pieces() -> Iterator[bytes]:
        with folder, path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    return pieces()
