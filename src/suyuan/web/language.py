"""Chinese or English: what the reader chose, else what the account says, else what the browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "lang"
DJANGO_NAMES = {"zh": "zh-hans", "en": "en"}


class Language:
    """Middleware that sets ``request.lang`` and Django's own language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Choose the language of one request."""
        lang = request.COOKIES.get(COOKIE, "")
        if lang not in DJANGO_NAMES:
            asked = request.headers.get("Accept-Language", "")
            lang = "en" if asked.lower().startswith("en") else "zh"
        request.lang = lang  # type: ignore[attr-defined]
        with translation.override(DJANGO_NAMES[lang]):
            response = self.get_response(request)
        response.headers["Content-Language"] = "zh-CN" if lang == "zh" else "en"
        return response


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember a language in the browser and go back."""
    lang, where = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(where, allowed_hosts=None):
        where = "/"
    response = redirect(where)
    if lang in DJANGO_NAMES:
        response.set_cookie(COOKIE, lang, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
    return response
