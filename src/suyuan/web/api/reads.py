"""Records as programs read them: lists by cursor, one record with its ETag, its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import Field, create_model

from suyuan.store.queries.records import KINDS, SUBJECTS, Kind, history_of, list_records, one_record
from suyuan.terms import HistoryEntry
from suyuan.web.api.problems import ANSWERS
from suyuan.web.api.schemas import Closed, page_shape, plain_text, record_of, row_number

MOST = 500


def add_reads(router: Router) -> None:
    """Put the reads of every kind on the router."""
    for kind in KINDS.values():
        record = kind.mapping.record
        tags = [kind.name]
        name = kind.name.replace("-", "_")
        add = router.add_api_operation
        add(f"/{kind.name}", ["GET"], _list(kind), response={200: page_shape(record), **ANSWERS}, tags=tags,
            operation_id=f"list_{name}", summary=f"list {kind.name}")  # fmt: skip
        add(f"/{kind.name}/{{int:record_id}}", ["GET"], _one(kind), response={200: record_of(record), **ANSWERS},
            tags=tags, operation_id=f"read_{name}", summary=f"one of {kind.name}")  # fmt: skip
        if kind.name in SUBJECTS:
            add(f"/{kind.name}/{{int:record_id}}/history", ["GET"], _history(kind),
                response={200: list[record_of(HistoryEntry)], **ANSWERS}, tags=tags,
                operation_id=f"history_of_{name}", summary=f"history of one of {kind.name}")  # fmt: skip


def _list(kind: Kind[Any]) -> Callable[..., Any]:
    shape = create_model(
        f"{kind.name}_query",
        __base__=Closed,
        cursor=(Annotated[plain_text, Field(max_length=500)], ""),
        limit=(int, Field(50, ge=1, le=MOST)),
        **filter_fields(kind),
    )

    def read(request: HttpRequest, query: Any) -> Any:
        asked = {name: getattr(query, name) for name in kind.filters if getattr(query, name) is not None}
        found, following = list_records(kind, request.auth, asked, query.cursor, query.limit)  # type: ignore[attr-defined]
        return {"items": [_plain(record) for record in found], "following": following}

    read.__annotations__ = {"request": HttpRequest, "query": shape}
    read.__defaults__ = (Query(...),)
    return read


def filter_fields(kind: Kind[Any]) -> dict[str, Any]:
    """Return the query fields by which a kind's records are chosen."""
    hints = get_type_hints(kind.mapping.record)
    return {
        name: ((row_number | None) if issubclass(hints[name], int) else (plain_text | None), None)
        for name in kind.filters
    }


def _one(kind: Kind[Any]) -> Callable[..., Any]:
    def read(request: HttpRequest, record_id: Path[row_number], response: HttpResponse) -> Any:
        record = one_record(kind, request.auth, record_id)  # type: ignore[attr-defined]
        response.headers["ETag"] = f'"{record.version}"'
        return _plain(record)

    return read


def _history(kind: Kind[Any]) -> Callable[..., Any]:
    def read(request: HttpRequest, record_id: Path[row_number]) -> Any:
        return [_plain(entry) for entry in history_of(kind, request.auth, record_id)]  # type: ignore[attr-defined]

    return read


def _plain(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
