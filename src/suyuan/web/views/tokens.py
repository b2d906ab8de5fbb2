"""Tokens of programs: one's own, made with the rights one chooses, shown once, ended at will."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from suyuan.store.queries.tokens import MOST_DAYS, issue_token, revoke_token, tokens_of
from suyuan.terms import BadInput, NothingFound, Officer, Problem
from suyuan.web.problems import status_of
from suyuan.web.signed_in import officer


def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens, with the form to make another."""
    return _shown(request, officer(request))


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, once."""
    who = officer(request)
    days = request.POST.get("days", "")
    try:
        if not (days.isascii() and days.isdigit() and len(days) < 6):
            raise BadInput("api.token_days", days=days[:12], most=MOST_DAYS)
        name = " ".join(request.POST.get("name", "").split())
        token = issue_token(who, name, tuple(request.POST.getlist("scopes")), int(days))
    except Problem as problem:
        return _shown(request, who, fault=problem)
    return _shown(request, who, token=token)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token of one's own."""
    if not revoke_token(officer(request), token_id):
        raise NothingFound("room.no_such", kind="Token", id=token_id)
    return redirect("tokens")


def _shown(request: HttpRequest, who: Officer, token: str = "", fault: Problem | None = None) -> HttpResponse:
    values = {
        "tokens": tokens_of(who),
        "rights": sorted({right for duty in who.duties for right in duty.rights}),
        "token": token,
        "fault": fault.sentence(request.lang) if fault else "",  # type: ignore[attr-defined]
        "most": MOST_DAYS,
        "given": request.POST,
        "chosen": request.POST.getlist("scopes") if fault else [],
    }
    response = render(request, "tokens/list.html", values, status=status_of(fault) if fault else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("tokens/", tokens, name="tokens"),
    path("tokens/new/", make, name="token_make"),
    path("tokens/<int:token_id>/revoke/", revoke, name="token_revoke"),
]
