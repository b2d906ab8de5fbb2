"""The API put together."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.throttling import AuthRateThrottle

from suyuan.actions.all_deeds import all_deeds
from suyuan.terms import NothingFound
from suyuan.web.api.auth import Session, Token
from suyuan.web.api.deeds import add_deeds
from suyuan.web.api.files import add_files
from suyuan.web.api.problems import answer_problems
from suyuan.web.api.reads import add_reads

RATE = "6000/m"
"""Requests of one caller a minute: far above a busy program, far below a runaway one."""


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def nothing(request: HttpRequest, anything: str) -> None:  # noqa: ARG001 - ninja names what the address holds
    """Say that there is no such path, as the API says everything: in JSON.

    Raises
    ------
    NothingFound
        Always.
    """
    raise NothingFound("api.no_path")


def build_api() -> NinjaAPI:
    """Make the API: every deed a POST, every kind of record a GET."""
    api = NinjaAPI(
        title="Suyuan 溯源",
        version="1",
        description=(
            "The same deeds as the pages. Every POST takes an `Idempotency-Key`: the same key again gives the first "
            "answer and does nothing. Records carry an `ETag`; sent back as `If-Match`, a lost update is refused with "
            "both versions. Lists are read by `following`. Sign in with a token: `Authorization: Bearer suyuan_…`."
        ),
        auth=[Token(), Session()],
        throttle=[AuthRateThrottle(RATE)],
        urls_namespace="api",
    )
    router = Router()
    add_deeds(router, all_deeds())
    add_reads(router)
    add_files(router)
    router.add_api_operation("/{path:anything}", METHODS, nothing, auth=None, throttle=[], include_in_schema=False)
    api.add_router("", router)
    answer_problems(api)
    return api
