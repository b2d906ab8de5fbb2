"""A meeting and the rule that counts it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suyuan.protocols import ContactRule
from suyuan.protocols import Protocol as Edition
from suyuan.reporting.voice import KINDS, Voice
from suyuan.terms import PlaceKind, say

NAMED_ZONES = frozenset({"classroom", "vehicle", "canteen", "restaurant", "ward", "dormitory", "workplace"})


def place_words(row: Mapping[str, Any], voice: Voice) -> str:
    """Say where: the kind, the place's code, and the part of it where known."""
    kind = voice.kind(row.get("place_kind"))
    if not row.get("place_id"):
        return voice.say("place_not_recorded", kind=kind)
    if row.get("zone"):
        return voice.say("place_with_zone", kind=kind, place=row["place_id"], zone=row["zone"])
    return voice.say("place_alone", kind=kind, place=row["place_id"])


def rule_words(rule: str | None, edition: Edition, voice: Voice) -> str:
    """Say what the edition asks of a meeting before it counts, for example *same class, at least 15 min*.

    Parameters
    ----------
    rule
        ``kind.level``, for example ``classroom.close``. Anything else is shown as it is.
    """
    kind, _, level = (rule or "").partition(".")
    found = _contact_rule(edition, kind, level)
    if found is None:
        return voice.rule_name(rule or "") or voice.say("unknown")
    scope = "place" if found.scope == "place" else kind if kind in NAMED_ZONES else "zone"
    values = {
        "scope": say(f"report_scope.{scope}", voice.lang),
        "minutes": voice.count("minutes", found.minutes),
        "lingering": voice.count("minutes", found.lingering_minutes),
    }
    return voice.say("rule_lingering" if found.lingering_minutes else "rule_together", **values)


def _contact_rule(edition: Edition, kind: str, level: str) -> ContactRule | None:
    place = edition.places.get(PlaceKind(kind)) if kind in KINDS else None
    if place is None:
        return None
    return {"close": place.close, "general": place.general}.get(level)


def meeting_words(row: Mapping[str, Any], edition: Edition, voice: Voice) -> str:
    """Say one row of the evidence table: where, when, how long, with whom, by which rule, from which source."""
    lingering = row["minutes_lingering"] or 0
    sentence = voice.say(
        "meeting_lingering" if lingering >= 1 else "meeting",
        place=place_words(row, voice),
        span=voice.span(row["start"], row["end"]),
        minutes=voice.count("minutes", round(row["minutes_together"] or 0)),
        lingering=voice.count("minutes", round(lingering)),
        infector=row["infector_id"],
        rule=rule_words(row["rule"], edition, voice),
    )
    return (
        sentence + voice.say("meeting_source", source=row["source"]) if row["source"] else sentence + voice.say("stop")
    )
