"""What must hold inside one table beyond the type of each value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from suyuan.protocols.edition import ExposureWindow, Infectiousness, PlaceRule, RingRule, Source

Broken = tuple[str, str, dict[str, Any]]
"""Key of the sentence below ``protocol.``, key in the table, values of the sentence."""


def broken_rules(table: object) -> Iterator[Broken]:
    """Every rule that a well-typed table breaks."""
    rule = RULES.get(type(table))
    return rule(table) if rule else iter(())


def _source(source: Source) -> Iterator[Broken]:
    if source.status != "assumed" and not (source.clause or source.doi):
        yield "no_clause", "clause", {"status": source.status}
    if source.status == "assumed" and not source.note:
        yield "no_reason", "note", {}


def _exposure(window: ExposureWindow) -> Iterator[Broken]:
    if window.earliest_days_before_onset <= window.latest_days_before_onset:
        yield (
            "window_turned",
            "earliest_days_before_onset",
            {"earliest": window.earliest_days_before_onset, "latest": window.latest_days_before_onset},
        )


def _infectiousness(curve: Infectiousness) -> Iterator[Broken]:
    largest = max(curve.relative, default=0.0)
    if abs(largest - 1.0) > 1e-9:
        yield "peak_not_one", "relative", {"largest": largest}


def _place(place: PlaceRule) -> Iterator[Broken]:
    if place.from_attack_rate is not None and place.from_kind is not None:
        yield "two_derivations", "from_kind", {}
    close, general = place.close, place.general
    if close is None or general is None:
        return
    wider = general.scope == "place" and close.scope != "place"
    if not (wider or general.minutes < close.minutes or general.lingering_minutes > close.lingering_minutes):
        yield "general_not_wider", "general", {}


def _ring(ring: RingRule) -> Iterator[Broken]:
    if not ring.determined:
        if ring.quarantine or ring.test_days:
            yield "quarantine_of_nobody", "quarantine", {}
        return
    if not ring.quarantine:
        yield "no_quarantine", "quarantine", {}
    if ring.until_quarantine_days <= ring.latent_days:
        yield (
            "ring_never_counts",
            "until_quarantine_days",
            {"until": ring.until_quarantine_days, "latent": ring.latent_days},
        )
    yield from _tests(ring)


def _tests(ring: RingRule) -> Iterator[Broken]:
    length = {step.kind: step.days for step in ring.quarantine}
    for tests in ring.test_days:
        days = length.get(tests.kind)
        if days is None:
            yield "test_without_step", "test_days", {"kind": tests.kind.value}
            continue
        for day in tests.days:
            if not 1 <= day <= days:
                yield "test_day_outside", "test_days", {"day": day, "kind": tests.kind.value, "days": days}


RULES: dict[type, Callable[[Any], Iterator[Broken]]] = {
    Source: _source,
    ExposureWindow: _exposure,
    Infectiousness: _infectiousness,
    PlaceRule: _place,
    RingRule: _ring,
}
