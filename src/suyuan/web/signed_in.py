"""Who asks: every page but the doors themselves needs a signed-in officer, with a second factor where required."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from suyuan.store.queries.officers import officer_of
from suyuan.terms import Officer

OPEN = ("/accounts/", "/static/", "/language/", "/healthz", "/phone/")
"""Doors that need nobody signed in. The API asks for itself (session or token)."""


class SignedIn:
    """Middleware that sets ``request.officer``, or sends the reader to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request through, or not."""
        user = request.user
        request.officer = officer_of(user) if user.is_authenticated else None  # type: ignore[attr-defined]
        if request.path.startswith(OPEN) or request.path.startswith("/api/"):
            return self.get_response(request)
        if not user.is_authenticated:
            return redirect(f"{_url('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if user.must_change_password:
            return redirect(_url("account_change_password"))
        if settings.SUYUAN_REQUIRE_SECOND_FACTOR and not is_mfa_enabled(user):
            return redirect(_url("mfa_activate_totp"))
        return self.get_response(request)


def officer(request: HttpRequest) -> Officer:
    """Return the officer who asks; pages behind ``SignedIn`` always have one."""
    found: Officer = request.officer  # type: ignore[attr-defined]
    return found


def _url(name: str) -> str:
    from django.urls import reverse

    return reverse(name)
