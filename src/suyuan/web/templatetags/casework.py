"""Template filters of casework pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings

from suyuan.web.templatetags.room import local

register = template.Library()


@register.filter
def moment(text: str) -> str:
    """Write an instant that the history keeps as text in the time of the place; any other text stands as it is."""
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return text
    return local(instant) if instant.tzinfo else text


@register.filter
def field_time(instant: datetime | None) -> str:
    """Write an instant as the value of a ``datetime-local`` field, in the time of the place."""
    return _there(instant).strftime("%Y-%m-%dT%H:%M") if instant else ""


@register.filter
def field_day(instant: datetime | None) -> str:
    """Write an instant as the value of a ``date`` field, in the time of the place."""
    return _there(instant).strftime("%Y-%m-%d") if instant else ""


@register.filter
def chance(p: Any) -> str:
    """Write a probability with two digits; below one in a hundred say so."""
    value = float(p or 0.0)
    return "< 0.01" if 0 < value < 0.005 else f"{value:.2f}"


def _there(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(settings.SUYUAN_TIMEZONE))
