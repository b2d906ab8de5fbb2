"""Why an order is asked for, in words: made from what was kept with it, so it reads the same for good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from suyuan.terms import Quarantine, say
from suyuan.terms.wording import sentences

KIND_OF_STEP = {
    Quarantine.FACILITY.value: "quarantine_facility",
    Quarantine.HOME.value: "quarantine_home",
    Quarantine.MONITORING.value: "monitoring",
}


def tell_reasons(because: Mapping[str, Any], lang: str, timezone: str) -> tuple[str, ...]:
    """Return the reason of an order as sentences: the evidence, the rule with its source, the calendar, the place."""
    found = [_evidence(because, lang, timezone), _rule(because, lang), *_calendar(because, lang)]
    if because.get("evidence", {}).get("by_hand"):
        found.insert(1, say("reason.by_hand", lang))
    if because.get("placement"):
        found.append(say("reason.placement", lang, why=because["placement"][lang]))
    if because.get("release_rule"):
        found.append(say("reason.release_rule", lang, rule=because["release_rule"][lang]))
    if because.get("rule") == "case":
        key = "reason.least_days" if because.get("least_days") else "reason.ceiling"
        found.append(say(key, lang, days=because.get("days", 0)))
    return tuple(found)


def tell_evidence(because: Mapping[str, Any], lang: str, timezone: str) -> str:
    """Return the one sentence that says what links this person to the incident."""
    return _evidence(because, lang, timezone)


def _evidence(because: Mapping[str, Any], lang: str, timezone: str) -> str:
    rule, evidence = because.get("rule", "officer"), because.get("evidence", {})
    if rule == "officer":
        return say("reason.officer", lang, words=because.get("words", ""))
    if rule == "case":
        return say(f"reason.case_{evidence['classification']}", lang, case=evidence["case"])
    kind = evidence.get("place_kind")
    place = say("reason.place", lang, place=sentences(lang).get(f"report_kind.{kind}", kind)) if kind else ""
    last = datetime.fromisoformat(evidence["last"]).astimezone(ZoneInfo(timezone))
    return say(
        f"reason.{rule}", lang, case=evidence["case"] or "–", n_meetings=evidence["n_meetings"],
        minutes=evidence["minutes"], last=f"{last:%Y-%m-%d %H:%M}", place=place,
    )  # fmt: skip


def _rule(because: Mapping[str, Any], lang: str) -> str:
    edition, source = because["edition"][lang], because.get("source")
    if not source:
        return say("reason.no_source", lang, edition=edition)
    return say("reason.edition", lang, edition=edition, title=source["title"], clause=source["clause"])


def _calendar(because: Mapping[str, Any], lang: str) -> list[str]:
    if "steps" not in because:
        return []
    words = sentences(lang)
    steps = [
        say("reason.step", lang, kind=words[f"order_kind.{KIND_OF_STEP[kind]}"], begins=begins, ends=ends)
        for kind, begins, ends in because["steps"]
    ]
    found = [
        say(f"reason.{because['counted_from']}", lang, day0=because["day0"]),
        say("reason.steps", lang, steps=say("reason.joint", lang).join(steps), release=because["release"]),
    ]
    held = [what for what in ("tests", "missed_tests") if because.get(what)]
    return found + [say(f"reason.{what}", lang, days=", ".join(because[what])) for what in held]
