"""Addresses of pages; each room of pages brings its own list."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.urls import URLPattern, URLResolver, include, path

import suyuan.web.views
from suyuan.web import doing, language
from suyuan.web.api.build import build_api
from suyuan.web.views import health


def _pages() -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for module in iter_modules(suyuan.web.views.__path__):
        found += getattr(import_module(f"suyuan.web.views.{module.name}"), "urlpatterns", [])
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", language.choose, name="language"),
    path("healthz", health.healthz, name="healthz"),
    path("accounts/", include("suyuan.web.account_addresses")),
    path("do/<str:name>/", doing.do, name="do"),
    path("api/v1/", build_api().urls),
    *_pages(),
]
