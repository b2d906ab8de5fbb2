"""A file that somebody brings becomes an upload: one way for the page and for programs."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from suyuan import bootstrap
from suyuan.actions.all_deeds import all_deeds
from suyuan.actions.desk import perform
from suyuan.terms import BadInput, Officer, Problem, UploadKind

ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet"}
PART_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What is said about a file: what its rows are, for which incident and area, and the key of the intention."""

    kind: UploadKind
    area: str
    incident_id: int
    key: str


def sent_file(request: HttpRequest) -> UploadedFile[Any]:
    """Return the file of a form.

    Raises
    ------
    BadInput
        If there is none, or it is too large.
    """
    found = request.FILES.get("file")
    if getattr(request, "too_big", False):  # known once the files are read
        raise BadInput("uploads.too_big", most=settings.SUYUAN_UPLOAD_MAX // 2**20)
    if not isinstance(found, UploadedFile):
        raise BadInput("uploads.no_file")
    return found


def bring(who: Officer, file: UploadedFile[Any], what: Brought) -> int:
    """Keep a file's rows, sealed, and return the id of its upload; the file itself is gone afterwards.

    Raises
    ------
    BadInput
        If the file cannot be read, has none of our columns, or went in before.
    NotAllowed
        If the officer may not import into the area.
    """
    name = str(file.name)
    ending = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="suyuan-upload-") as folder:
        path = Path(folder) / f"table{ending if ending in ENDINGS else '.csv'}"
        digest = hashlib.sha256()
        with path.open("wb") as kept:
            for chunk in file.chunks():
                digest.update(chunk)
                kept.write(chunk)
        try:
            return _keep(who, path, what, digest.hexdigest())
        except Problem as problem:
            if problem.details.get("path") == str(path):
                problem.details["path"] = name
            raise


def _keep(who: Officer, path: Path, what: Brought, digest: str) -> int:
    table = bootstrap.open_table(path, what.kind)
    number: int = _do(
        who, "begin_upload", f"{what.key} begin", kind=what.kind, area=what.area, digest=digest,
        incident_id=what.incident_id, unused=tuple(column[:80] for column in table.unused[:100]),
    )  # fmt: skip
    part = 0
    try:
        for part, rows in enumerate(table.rows(PART_ROWS), 1):
            _do(who, "add_rows", f"{what.key} {part}", upload_id=number, part=part, rows=tuple(rows))
    except Problem:
        _do(who, "cancel_upload", f"{what.key} cancel", upload_id=number)
        raise
    _do(who, "add_rows", f"{what.key} last", upload_id=number, part=part + 1, rows=(), last=True)
    return number


def _do(who: Officer, name: str, key: str, **fields: Any) -> Any:
    deed = all_deeds()[name]
    short = hashlib.sha256(key.encode()).hexdigest()
    return perform(bootstrap.office(), who, deed, deed.command(**fields), key=short)
