"""Template tags: sentences in the reader's language, times of the place, keys of intentions, rights."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from suyuan.terms import say as in_language
from suyuan.terms.wording import sentences

register = template.Library()


def _lang(context: dict[str, Any]) -> str:
    """Return the reader's language, also inside a part that was included with ``only``."""
    return str(context.get("lang") or ("en" if (get_language() or "").startswith("en") else "zh"))


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], key: str, **values: Any) -> str:
    """Say a sentence in the reader's language: ``{% say "page.board" n=3 %}``."""
    return in_language(key, _lang(context), **values)


@register.simple_tag
def say_in(key: str, lang: str) -> str:
    """Say a sentence in a language of the template's choice, for pages that speak both."""
    return in_language(key, lang)


@register.simple_tag(takes_context=True)
def word(context: dict[str, Any], table: str, value: Any) -> str:
    """Say one word of a closed list, ``{% word "course" case.course %}``; a value without a word stands as it is."""
    return sentences(_lang(context)).get(f"{table}.{value}", str(value))


@register.simple_tag(takes_context=True)
def named(context: dict[str, Any], thing: Any) -> str:
    """Name a thing with ``name_en`` and ``name_zh`` in the reader's language."""
    return str(getattr(thing, f"name_{_lang(context)}", thing))


@register.simple_tag
def new_key() -> str:
    """Make the key of one intention; the form sends it, so a second click does nothing twice."""
    return uuid.uuid4().hex


@register.filter
def local(instant: datetime | None, form: str = "minute") -> str:
    """Write an instant in the time of the place: ``minute``, ``day``, ``clock``."""
    if instant is None:
        return "–"
    there = instant.astimezone(ZoneInfo(settings.SUYUAN_TIMEZONE))
    return there.strftime({"minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d", "clock": "%H:%M"}[form])


@register.filter
def civil(day: date | None) -> str:
    """Write a civil date."""
    return day.isoformat() if day else "–"


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], right: str, area: str = "") -> bool:
    """Tell whether the reader has a right in an area: ``{% may "sign_order" order.area as can_sign %}``."""
    officer = context.get("officer")
    return bool(officer and officer.may(right, area))


@register.simple_tag
def clock(due: datetime | None) -> SafeString:
    """Write a deadline that counts down in the browser and stays readable without it."""
    if due is None:
        return format_html("–")
    return format_html('<time data-due="{}" datetime="{}">{}</time>', due.isoformat(), due.isoformat(), local(due))


@register.filter
def of(values: dict[Any, Any], key: Any) -> Any:
    """Look a value up: ``{{ names|of:person.id }}``; nothing where there is none."""
    return values.get(key, "")


@register.filter
def holds(officer: Any, right: str) -> bool:
    """Tell whether the reader has a right anywhere: ``{% if officer|holds:"merge_people" %}``."""
    return bool(officer and officer.areas(right))
