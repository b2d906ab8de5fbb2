"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from suyuan.web.nav import nav_items


def room(request: HttpRequest) -> dict[str, Any]:
    """Language, officer, menu, demonstration."""
    return {
        "lang": getattr(request, "lang", "zh"),
        "officer": getattr(request, "officer", None),
        "demonstration": settings.SUYUAN_DEMO,
        "require_second_factor": settings.SUYUAN_REQUIRE_SECOND_FACTOR,
        "nav_items": nav_items(request, getattr(request, "officer", None), getattr(request, "lang", "zh")),
    }
