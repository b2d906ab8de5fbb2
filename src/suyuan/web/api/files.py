"""Files in and out: a table brought, how far it is, its refused rows, whole lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase
from ninja import File, Form, Header, Path, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, create_model

from suyuan.store.queries.exports import EXPORTS, Export
from suyuan.store.queries.records import KINDS
from suyuan.store.queries.uploads import list_uploads, one_upload
from suyuan.terms import Upload, UploadKind
from suyuan.web.api.problems import ANSWERS
from suyuan.web.api.reads import filter_fields
from suyuan.web.api.schemas import Closed, DoneOut, page_shape, plain_text, record_of, row_number
from suyuan.web.bringing import Brought, bring, sent_file
from suyuan.web.leaving import export_answer
from suyuan.web.views.uploads import refused_answer

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE: dict[str, Any] = {"type": "string", "format": "binary"}


class UploadForm(Closed):
    """What is said about a file."""

    kind: UploadKind
    area: Annotated[str, Field(pattern=r"^[0-9]{1,12}$")]
    incident_id: row_number = 0


class UploadQuery(Closed):
    """A page of the list of uploads."""

    cursor: Annotated[plain_text, Field(max_length=500)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


def add_files(router: Router) -> None:
    """Put files on the router."""
    add = router.add_api_operation
    tags = ["uploads"]
    add("/uploads/file", ["POST"], upload_file, response={200: DoneOut, **ANSWERS}, tags=tags,
        operation_id="upload_file", summary="bring a table as one file (CSV, Excel, Parquet)")  # fmt: skip
    add("/uploads", ["GET"], uploads, response={200: page_shape(Upload), **ANSWERS}, tags=tags,
        operation_id="list_uploads", summary="list uploads, the newest first")  # fmt: skip
    add("/uploads/{int:upload_id}", ["GET"], upload, response={200: record_of(Upload), **ANSWERS}, tags=tags,
        operation_id="read_upload", summary="how far an upload is")  # fmt: skip
    add("/uploads/{int:upload_id}/refused", ["GET"], refused, response=ANSWERS, tags=tags,
        operation_id="refused_of_upload", summary="refused rows of an upload with their reasons, as CSV",
        openapi_extra=_file("text/csv"))  # fmt: skip
    for kind in EXPORTS:
        add(f"/exports/{kind}", ["GET"], _export(kind), response=ANSWERS, tags=["exports"],
            operation_id=f"export_{kind.replace('-', '_')}", summary=f"export {kind} as CSV or Excel",
            openapi_extra=_file("text/csv", EXCEL))  # fmt: skip


def _file(*types: str) -> dict[str, Any]:
    content = {each: {"schema": TABLE} for each in types}
    return {"responses": {200: {"description": "A file.", "content": content}}}


def upload_file(
    request: HttpRequest,
    what: Form[UploadForm],
    file: File[UploadedFile],  # noqa: ARG001 - documents the field; read below, where its size is judged
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=80)],
) -> Any:
    """Take in a file; ask for the upload to see how far it is."""
    brought = Brought(kind=what.kind, area=what.area, incident_id=what.incident_id, key=idempotency_key or uuid4().hex)
    number = bring(request.auth, sent_file(request), brought)  # type: ignore[attr-defined]
    return {"deed": "upload_file", "answer": number}


def uploads(request: HttpRequest, query: Query[UploadQuery]) -> Any:
    """List the uploads within reach."""
    page = list_uploads(request.auth, query.cursor, query.limit)  # type: ignore[attr-defined]
    return {"items": [_plain(each) for each in page.rows], "following": page.following}


def upload(request: HttpRequest, upload_id: Path[row_number]) -> Any:
    """Return one upload."""
    return _plain(one_upload(request.auth, upload_id))  # type: ignore[attr-defined]


def refused(request: HttpRequest, upload_id: Path[row_number]) -> HttpResponseBase:
    """Return the refused rows; the reading is in the audit. They are erased after 7 days."""
    return refused_answer(request.auth, upload_id, getattr(request, "lang", "en"))  # type: ignore[attr-defined]


def _export(kind: str) -> Callable[..., Any]:
    name = f"{kind.replace('-', '_')}_export"
    own = filter_fields(KINDS[kind])
    shape = create_model(
        name,
        __base__=Closed,
        form=(Annotated[str, Field(pattern="^(csv|xlsx)$")], "csv"),
        personal=(bool, False),
        purpose=(Annotated[plain_text, Field(max_length=500)], ""),
        **own,
    )

    def export(request: HttpRequest, query: Any) -> HttpResponseBase:
        filters = {name: getattr(query, name) for name in own if getattr(query, name) is not None}
        asked = Export(kind=kind, filters=filters, personal=query.personal, purpose=query.purpose)
        return export_answer(request.auth, asked, query.form)  # type: ignore[attr-defined]

    export.__name__ = name
    export.__doc__ = "Everything within reach. ``personal`` needs reveal_details and a purpose; it is recorded."
    export.__annotations__ = {"request": HttpRequest, "query": shape}
    export.__defaults__ = (Query(...),)
    return export


def _plain(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
