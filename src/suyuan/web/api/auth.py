"""Who calls: a program with a token, or a page with its session."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from suyuan.store.queries.tokens import officer_of_token
from suyuan.terms import Officer


class Token(HttpBearer):
    """``Authorization: Bearer suyuan_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Officer | None:
        """Return the officer the token acts as."""
        officer = officer_of_token(token, timezone.now())
        request.officer = officer  # type: ignore[attr-defined]
        return officer


class Session(APIKeyCookie):
    """The session of a signed-in page; writes need its CSRF token, and the second factor where it is required."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:  # noqa: ARG002 - ninja's signature
        """Return the officer of the session."""
        user: Any = request.user
        if not user.is_authenticated or user.must_change_password:
            return None
        if settings.SUYUAN_REQUIRE_SECOND_FACTOR and not is_mfa_enabled(user):
            return None
        return request.officer  # type: ignore[attr-defined]
