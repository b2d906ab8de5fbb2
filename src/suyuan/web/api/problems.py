"""Problems as answers: a status, a code that stays, a sentence in the caller's language."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from suyuan.actions.desk import NotAllowed, Stale
from suyuan.terms import BadInput, BadUsage, NothingFound, Problem, say
from suyuan.web.api.schemas import ProblemOut, StaleOut

STATUS = {NotAllowed: 403, NothingFound: 404, Stale: 412, BadUsage: 400}
ANSWERS: dict[int, Any] = {
    400: ProblemOut,
    401: ProblemOut,
    403: ProblemOut,
    404: ProblemOut,
    412: StaleOut,
    422: ProblemOut,
    429: ProblemOut,
}


def answer_problems(api: NinjaAPI) -> None:
    """Teach the API to answer with sentences."""
    api.exception_handler(Problem)(lambda request, fault: _answer(api, request, fault))
    # a text longer, or a number larger, than a column of PostgreSQL holds: the transaction is undone already
    api.exception_handler(DataError)(lambda request, _: _refuse(api, request, "api.no_room", 422))
    api.exception_handler(ValidationError)(lambda request, fault: _answer(api, request, _misfit(fault)))
    api.exception_handler(AuthenticationError)(lambda request, _: _refuse(api, request, "api.no_sign_in", 401))
    api.exception_handler(Throttled)(lambda request, fault: _slow(api, request, fault))
    api.exception_handler(HttpError)(lambda request, fault: _refuse(api, request, "api.http", fault.status_code))


def _answer(api: NinjaAPI, request: HttpRequest, fault: Problem) -> HttpResponse:
    lang = getattr(request, "lang", "en")
    content: dict[str, Any] = {"code": fault.code, "sentence": fault.sentence(lang)}
    if isinstance(fault, Stale):
        theirs = fault.details.get("theirs")
        content["theirs"] = _plain(theirs)
        content["yours"] = getattr(request, "sent", {})
    return api.create_response(request, content, status=STATUS.get(type(fault), 422))


def _misfit(fault: ValidationError) -> BadInput:
    """Name the first field that does not fit; what was sent there is not repeated."""
    first = fault.errors[0]
    where = ".".join(str(part) for part in first["loc"])
    return BadInput("api.misfit", where=where, fault=first["msg"], n=len(fault.errors))


def _refuse(api: NinjaAPI, request: HttpRequest, key: str, status: int) -> HttpResponse:
    content = {"code": key, "sentence": say(key, getattr(request, "lang", "en"), status=status)}
    return api.create_response(request, content, status=status)


def _slow(api: NinjaAPI, request: HttpRequest, fault: Throttled) -> HttpResponse:
    response = _refuse(api, request, "api.too_many", 429)
    if fault.wait:
        response.headers["Retry-After"] = str(int(fault.wait) + 1)
    return response


def _plain(record: Any) -> dict[str, Any]:
    """Show a record without what is sealed."""
    if record is None:
        return {}
    shown = {n: getattr(record, n) for n, f in record.__dataclass_fields__.items() if f.repr}
    return dict(msgspec.to_builtins(shown))
