"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def room(request: HttpRequest) -> dict[str, Any]:
    """Language, officer, demonstration."""
    return {
        "lang": getattr(request, "lang", "zh"),
        "officer": getattr(request, "officer", None),
        "demonstration": settings.SUYUAN_DEMO,
    }
