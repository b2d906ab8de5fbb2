"""Why somebody is a contact, in words: from the numbers and keys that tracing keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from suyuan.protocols import Protocol, load
from suyuan.terms import Problem, say
from suyuan.terms.wording import sentences

RULES = ("close", "general", "location", "contact_of_contact")


def met_in_words(because: Mapping[str, Any], lang: str) -> str:
    """Say the meeting that decided, in one sentence; empty where none is known."""
    meeting = because.get("meeting")
    if not meeting:
        return ""
    values = {
        "number": because.get("infector") or "–",
        "via": because.get("via", ""),
        "place": _place(meeting, lang),
        "start": _moment(meeting["start"]),
        "end": _moment(meeting["end"], since=meeting["start"]),
        "minutes": meeting.get("minutes", 0),
    }
    if because.get("via"):
        return say("contact_because.met_contact", lang, **values)
    if not because.get("infector"):
        return say("contact_because.met_unknown", lang, **values)
    if meeting.get("lingering"):
        return say("contact_because.met_lingering", lang, **{**values, "minutes": _whole(meeting)})
    return say("contact_because.met", lang, **values)


def reasons_in_words(because: Mapping[str, Any], lang: str) -> list[str]:
    """Say everything: the meeting, the rule with its edition, the sources, the reason an officer gave."""
    edition = edition_of(str(because.get("edition", "")))
    name = edition.name.text(lang) if edition else str(because.get("edition", ""))
    told = [
        met_in_words(because, lang),
        say("contact_because.rule", lang, rule=rule_in_words(because, lang), edition=name),
    ]
    keys = dict.fromkeys(because[key] for key in ("rule_source", "ring_source") if because.get(key))
    for key in keys:
        source = edition.sources.get(key) if edition else None
        if source:
            told.append(
                say(
                    "contact_because.source",
                    lang,
                    title=source.title,
                    clause=source.clause or source.doi or source.date,
                )
            )
    if because.get("reason"):
        told.append(say("contact_because.said", lang, reason=because["reason"]))
    return [sentence for sentence in told if sentence]


def rule_in_words(because: Mapping[str, Any], lang: str) -> str:
    """Name the rule that was met."""
    rule = str(because.get("rule", ""))
    kind, _, ring = rule.rpartition(".")
    place = sentences(lang).get(f"place_kind.{kind}", kind)
    if ring in RULES or ring == "by_hand":
        return say(f"contact_rule.{ring}", lang, place=place)
    return say("contact_rule.unknown", lang, rule=rule)


@lru_cache(maxsize=32)
def edition_of(name: str) -> Protocol | None:
    """Load an edition once; None where it is not known any more."""
    try:
        return load(name)
    except Problem:
        return None


def _place(meeting: Mapping[str, Any], lang: str) -> str:
    kind = sentences(lang).get(f"place_kind.{meeting.get('kind')}", "")
    if meeting.get("place"):
        return say("contact_because.at_place", lang, place=meeting["place"], kind=kind or "–")
    return say("contact_because.at_kind", lang, kind=kind) if kind else ""


def _moment(text: str, since: str = "") -> str:
    """Write an instant in the time of the place; of the end of a meeting on the same day only the clock."""
    zone = ZoneInfo(settings.SUYUAN_TIMEZONE)
    there = datetime.fromisoformat(text).astimezone(zone)
    if since and datetime.fromisoformat(since).astimezone(zone).date() == there.date():
        return there.strftime("%H:%M")
    return there.strftime("%m-%d %H:%M")


def _whole(meeting: Mapping[str, Any]) -> int:
    return int(meeting.get("minutes") or 0) + int(meeting.get("lingering") or 0)
