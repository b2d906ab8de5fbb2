"""A problem raised by any page becomes a page that says it, with the status that belongs to it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from suyuan.actions.desk import NotAllowed, Stale
from suyuan.terms import NothingFound, Problem

STATUS: dict[type[Problem], int] = {NotAllowed: 403, NothingFound: 404, Stale: 409}
OTHERWISE = 422


def status_of(problem: Problem) -> int:
    """Return the HTTP status of a problem."""
    return next((status for kind, status in STATUS.items() if isinstance(problem, kind)), OTHERWISE)


class Problems:
    """Middleware that renders them. The API has answers of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say a problem in the reader's language; anything else stays a fault of the program."""
        if not isinstance(exception, Problem) or request.path.startswith("/api/"):
            return None
        sentence = exception.sentence(getattr(request, "lang", "zh"))
        return render(request, "problem.html", {"sentence": sentence, "back": "/"}, status=status_of(exception))
