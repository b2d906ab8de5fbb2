"""The audit, for those whose duty it is: who did what, who read whose data and why."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode

from suyuan.store.queries.audit import Question, audit_lines
from suyuan.terms import BadInput
from suyuan.web.signed_in import officer

NAMES = ("officer", "deed", "subject", "subject_id", "day", "person", "reads")


def audit(request: HttpRequest) -> HttpResponse:
    """Search the audit, the newest lines first."""
    asked = {name: request.GET.get(name, "").strip() for name in NAMES}
    page = audit_lines(officer(request), question_of(asked), request.GET.get("cursor", ""))
    following = {**{name: value for name, value in asked.items() if value}, "cursor": page.following}
    older = f"?{urlencode(following)}" if page.following else ""
    return render(request, "audit/list.html", {"lines": page.rows, "older": older, "asked": asked})


def question_of(asked: dict[str, str]) -> Question:
    """Read what was asked.

    Raises
    ------
    BadInput
        ``room.bad_field`` for a number or a day that is none.
    """
    try:
        day = date.fromisoformat(asked["day"]) if asked["day"] else None
        subject_id = int(asked["subject_id"] or 0)
    except ValueError:
        raise BadInput("audit.bad_question") from None
    return Question(
        username=asked["officer"],
        deed=asked["deed"],
        subject=asked["subject"],
        subject_id=subject_id,
        day=day,
        person_code=asked["person"],
        reads_only=asked["reads"] == "1",
    )


urlpatterns = [path("audit/", audit, name="audit")]
