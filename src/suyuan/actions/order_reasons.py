"""Orders as an edition asks for them, each with the reason it will be judged by.

Notes
-----
One order for each step of a quarantine, not one for the whole. A step is what binds: it has one kind, one place, one
beginning and one end, so it can be contested, shortened or revoked alone, ends by itself on its own date, and counts
its own person-days. A single order with steps inside would need a second life cycle within the first. What belongs
together stays together by ``subject``: the steps of one contact are proposed, shown, signed and told together.

The words of the edition are kept with the order, in both languages: a reason that somebody was bound by must still
read the same when the edition has been replaced.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from suyuan.protocols import Protocol, load, load_plan, load_rights, plan_quarantine
from suyuan.protocols.edition import Bilingual, RingRule
from suyuan.protocols.placement import PlaceFor, load_placement
from suyuan.protocols.schedule import QuarantinePlan, StepSpan
from suyuan.terms import CaseRecord, Contact, Incident, Order, OrderKind, Person, Quarantine, Ring, Vulnerability

KIND_OF = {
    Quarantine.FACILITY: OrderKind.QUARANTINE_FACILITY,
    Quarantine.HOME: OrderKind.QUARANTINE_HOME,
    Quarantine.MONITORING: OrderKind.MONITORING,
}
RULE_OF = {Ring.CLOSE: "close", Ring.CONTACT_OF_CONTACT: "contact_of_contact"}
LONGEST_CLOCK = 24.0


@cache
def edition_of(name: str) -> Protocol:
    """Return an edition, read once."""
    return load(name)


def hours_of(edition: Protocol, clock: str, task: str) -> float:
    """Hours of a clock: the edition's, else those of the plan's task, else a day."""
    if clock in edition.clocks:
        return edition.clocks[clock].hours
    planned = load_first_day().tasks.get(task)
    return float(planned.hours) if planned else LONGEST_CLOCK


@cache
def load_first_day() -> Any:
    """Return the plan of the first day, read once."""
    return load_plan()


@cache
def rights() -> Any:
    """Return contests, terms of orders and retention, read once."""
    return load_rights()


def day_of(instant: datetime, timezone: str) -> date:
    """Civil date of an instant at a place."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def instant_of(day: date, timezone: str, hour: int = 0) -> datetime:
    """Instant of an hour of a civil date at a place, in UTC."""
    return datetime.combine(day, time(hour), ZoneInfo(timezone)).astimezone(UTC)


def release_at(day: date, timezone: str) -> datetime:
    """Instant at which an order ends on its last date."""
    return instant_of(day, timezone, load_placement().release.hour)


def ring_rule(edition: Protocol, ring: Ring) -> RingRule | None:
    """Return the rule of a ring, None where the edition does not quarantine it."""
    name = RULE_OF.get(ring)
    rule = getattr(edition.rings, name) if name else None
    return rule if rule is not None and rule.determined and rule.quarantine else None


def quarantine_orders(
    now: datetime, incident: Incident, contact: Contact, person: Person, case_number: int, mark: int
) -> list[Order]:
    """Return the orders that the edition asks for a contact, one for each step still to be served.

    ``mark`` is the fact they follow from: part of their cause, so hearing it twice proposes once.
    """
    edition = edition_of(incident.protocol)
    rule = ring_rule(edition, contact.ring)
    if rule is None:
        return []
    zone = incident.timezone
    plan = plan_quarantine(rule, day_of(contact.last_exposure, zone), day_of(now, zone))
    place = load_placement().place_for(person.vulnerabilities, person.birth_year, now.year)
    because = _because_of_ring(edition, rule, contact, case_number) | _calendar(plan)
    found: list[Order] = []
    starts = now
    for number, step in enumerate(plan.steps):
        ends = release_at(step.ends, zone)
        if ends <= now:
            continue
        kind, placed = _placed(step, place)
        found.append(
            Order(
                incident_id=incident.id, person_id=contact.person_id, area=contact.area, district=contact.district,
                cause=f"contact {contact.id} {mark} {number} {step.kind.value}", kind=kind, subject="contact",
                subject_id=contact.id, starts_at=starts, ends_at=ends, proposed_at=now,
                because={**because, "step": step.kind.value, **placed, **_tests(plan, step)},
            )
        )  # fmt: skip
        starts = ends
    return found


def isolation_order(now: datetime, incident: Incident, case: CaseRecord, mark: int) -> Order:
    """Return the order that isolates a case: until the edition's least days, or the longest term of one signature."""
    edition = edition_of(incident.protocol)
    release = next((rule for rule in edition.release if rule.who == "case"), None)
    days = release.min_days if release and release.min_days else rights().orders.most_days
    ends = day_of(now, incident.timezone) + timedelta(days=days)
    source = edition.sources.get(release.source) if release and release.source else None
    because = {
        "rule": "case",
        "edition": {"id": edition.id, **_both(edition.name)},
        "source": _source(source),
        "release_rule": _both(release.text) if release else {},
        "least_days": bool(release and release.min_days),
        "days": days,
        "release": ends.isoformat(),
        "evidence": {"case": case.number, "classification": case.classification.value},
    }
    return Order(
        incident_id=incident.id, person_id=case.person_id, area=case.area, district=case.district,
        cause=f"case {case.id} {mark} isolation", kind=OrderKind.ISOLATION, subject="case", subject_id=case.id,
        starts_at=now, ends_at=release_at(ends, incident.timezone), because=because, proposed_at=now,
    )  # fmt: skip


def _because_of_ring(edition: Protocol, rule: RingRule, contact: Contact, case_number: int) -> dict[str, Any]:
    name = RULE_OF[contact.ring]
    release = next((each for each in edition.release if each.who == name), None)
    return {
        "rule": name,
        "edition": {"id": edition.id, **_both(edition.name)},
        "source": _source(edition.sources.get(rule.source)),
        "release_rule": _both(release.text) if release else {},
        "evidence": {
            "case": case_number,
            "first": contact.first_exposure.isoformat(),
            "last": contact.last_exposure.isoformat(),
            "minutes": round(contact.minutes),
            "n_meetings": contact.n_meetings,
            "place_kind": contact.place_kind,
            "by_hand": contact.by_hand,
        },
    }


def _calendar(plan: QuarantinePlan) -> dict[str, Any]:
    return {
        "day0": plan.day0.isoformat(),
        "counted_from": plan.counted_from,
        "steps": [[step.kind.value, step.begins.isoformat(), step.ends.isoformat()] for step in plan.steps],
        "release": plan.release.isoformat(),
        "missed_tests": [test.on.isoformat() for test in plan.missed_tests],
    }


def _tests(plan: QuarantinePlan, step: StepSpan) -> dict[str, Any]:
    return {"tests": [test.on.isoformat() for test in plan.tests if test.kind is step.kind]}


def _placed(step: StepSpan, place: tuple[Vulnerability, PlaceFor] | None) -> tuple[OrderKind, dict[str, Any]]:
    if step.kind is not Quarantine.FACILITY or place is None:
        return KIND_OF[step.kind], {}
    who, rule = place
    told = {"for": who.value, "where": rule.instead_of_facility.value, **_both(rule.because)}
    return KIND_OF[rule.instead_of_facility], {"placement": told}


def _source(source: Any) -> dict[str, str]:
    if source is None:
        return {}
    told = {"title": source.title, "clause": source.clause or source.doi or source.note, "status": source.status}
    return told | {"issuer": source.issuer, "date": source.date}


def _both(text: Bilingual) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
