"""The made-up city in a great outbreak on which the room is measured; the same sizes give the same city."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from suyuan.cli.bench_room_people import (
    CITY,
    COMMUNITIES,
    DISTRICTS,
    STREETS,
    Register,
    add_areas,
    add_people,
    community,
)
from suyuan.cli.bench_room_rows import indexes_later, write_records
from suyuan.store.numbers import advance, next_ids
from suyuan.store.room import StoreRoom
from suyuan.terms import (
    CaseRecord,
    Classification,
    Contact,
    ContactState,
    Course,
    FollowUp,
    Incident,
    IncidentState,
    Investigation,
    InvestigationState,
    Order,
    OrderKind,
    OrderState,
    Ring,
    Task,
    TaskState,
    Team,
    district_of,
)

MARK = "bench-room.json"
SEED = 20_220_705
INCIDENTS = 5
SHARE = (0.6, 0.2, 0.1, 0.07, 0.03)
"""Of all cases in each incident: the largest has more than half."""
KINDS = ("tell_order", "home_quarantine", "transfer_contact", "test_contact", "visit_followed", "decide_case")
GROUPS = ("community", "community", "transfer", "screening", "community", "investigation")
ESCALATED = 3
EDITION = {
    "edition": {"id": "covid19-9", "en": "Control plan, ninth edition", "zh": "新型冠状病毒肺炎防控方案（第九版）"}
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; orders, follow-ups and investigations follow in proportion."""

    people: int
    cases: int
    contacts: int
    tasks: int


@dataclass(slots=True)
class _City:
    """What the kinds of records share while they are made."""

    sizes: Sizes
    now: datetime
    rng: np.random.Generator
    register: Register
    incidents: list[int]
    drawn: np.ndarray[Any, np.dtype[np.int64]]
    """Places in the register of people in a random order: first the cases, then the contacts."""


def fill(home: Path, people: int, cases: int, contacts: int, tasks: int) -> dict[str, Any]:
    """Fill the room's database unless it holds this city already.

    Returns
    -------
    dict
        Sizes, how long filling took, and ids of the incidents.
    """
    sizes, mark = Sizes(people, cases, contacts, tasks), home / MARK
    if mark.is_file():
        told = json.loads(mark.read_text("utf-8"))
        if told["sizes"] == asdict(sizes):
            return {**told, "reused": True}
    begun, begun_cpu = time.perf_counter(), time.process_time()
    counts = _fill(sizes, np.random.default_rng(SEED))
    told = {
        "sizes": asdict(sizes),
        "counts": counts,
        "filled_s": round(time.perf_counter() - begun, 1),
        "filled_cpu_s": round(time.process_time() - begun_cpu, 1),
    }
    mark.write_text(json.dumps(told) + "\n", "utf-8")
    return {**told, "reused": False}


def _fill(sizes: Sizes, rng: np.random.Generator) -> dict[str, int]:
    from django.db import connection

    now = datetime.now(UTC).replace(microsecond=0)
    counts = {"areas": add_areas()}
    with indexes_later("store_personkeyrow", "store_personrow", "store_detailsrow"):
        register = add_people(sizes.people, now.date(), rng)
    drawn = rng.permutation(sizes.people)[: sizes.cases + sizes.contacts]
    city = _City(sizes, now, rng, register, list(next_ids(INCIDENTS)), drawn)
    room: Any = StoreRoom
    counts["incidents"] = write_records(room.incidents.mapping, _incidents(city))
    counts["teams"] = write_records(room.teams.mapping, _teams())
    cases = list(_cases(city))
    counts["cases"] = write_records(room.cases.mapping, cases)
    for incident in city.incidents:
        advance(f"case {incident}", sum(case.incident_id == incident for case in cases))
    counts["investigations"] = write_records(room.investigations.mapping, _investigations(city, cases))
    contacts = list(_contacts(city, cases))
    counts["contacts"] = write_records(room.contacts.mapping, contacts)
    counts["orders"] = write_records(room.orders.mapping, _orders(city, contacts, cases))
    counts["follow_ups"] = write_records(room.follow_ups.mapping, _follow_ups(city, contacts))
    counts["tasks"] = write_records(room.tasks.mapping, _tasks(city, contacts))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return counts


def _ids(n: int) -> Iterator[int]:
    return iter(next_ids(n))


def _incidents(city: _City) -> Iterator[Incident]:
    for i, incident_id in enumerate(city.incidents):
        opened = city.now - timedelta(days=20 - 3 * i)
        yield Incident(
            id=incident_id, code=f"9901-B{i + 1}", name=f"Benchmark {i + 1}", protocol="covid19-9", area=CITY,
            state=IncidentState.RESPONSE, opened_at=opened, response_at=opened, detected_at=opened,
        )  # fmt: skip


def _teams() -> Iterator[Team]:
    ids = _ids(DISTRICTS)
    for i in range(DISTRICTS):
        area = district_of(community(i * STREETS * COMMUNITIES))
        yield Team(
            id=next(ids), code=f"T{area}", name_en=f"Team {area}", name_zh=f"第{i + 1}队", area=area, capacity=50
        )


def _cases(city: _City) -> Iterator[CaseRecord]:
    n, rng = city.sizes.cases, city.rng
    ids, incident = _ids(n), rng.choice(INCIDENTS, size=n, p=SHARE)
    hours, kind = np.sort(rng.random(n) * 20 * 24)[::-1], rng.random(n)
    numbers = dict.fromkeys(city.incidents, 0)
    for i in range(n):
        place, where = int(city.drawn[i]), city.incidents[incident[i]]
        area, reported = city.register.area[place], city.now - timedelta(hours=float(hours[i]))
        numbers[where] += 1
        suspected = hours[i] < 12 and kind[i] < 0.5
        confirmed = None if suspected else reported + timedelta(hours=3)
        yield CaseRecord(
            id=next(ids), incident_id=where, person_id=int(city.register.ids[place]), number=numbers[where], area=area,
            district=district_of(area),
            classification=Classification.SUSPECTED if suspected else
            Classification.ASYMPTOMATIC if kind[i] < 0.4 else Classification.CONFIRMED,
            course=Course.AT_LARGE if suspected else Course.RECOVERED if hours[i] > 240 else Course.ISOLATED,
            onset_at=None if kind[i] < 0.4 else reported - timedelta(days=1), sampled_at=reported - timedelta(hours=8),
            reported_at=reported, confirmed_at=confirmed, isolated_at=confirmed, found_by="contact_tracing",
        )  # fmt: skip


def _investigations(city: _City, cases: list[CaseRecord]) -> Iterator[Investigation]:
    ids = _ids(len(cases))
    for case in cases:
        old = city.now - case.reported_at > timedelta(days=1)
        yield Investigation(
            id=next(ids), incident_id=case.incident_id, case_id=case.id, person_id=case.person_id, area=case.area,
            district=case.district, state=InvestigationState.REVIEWED if old else InvestigationState.ORDERED,
            ordered_at=case.reported_at, due_at=case.reported_at + timedelta(hours=24),
            submitted_at=case.reported_at + timedelta(hours=20) if old else None,
        )  # fmt: skip


def _contacts(city: _City, cases: list[CaseRecord]) -> Iterator[Contact]:
    n, rng, skipped = city.sizes.contacts, city.rng, city.sizes.cases
    ids, case = _ids(n), rng.integers(0, len(cases), size=n)
    state, ring, p = rng.random(n), rng.random(n) < 0.6, rng.random(n)
    for i in range(n):
        place, infector = int(city.drawn[skipped + i]), cases[case[i]]
        area, met = city.register.area[place], infector.reported_at - timedelta(days=2)
        age = (city.now - infector.reported_at).days
        standing = _standing(float(state[i]), age)
        yield Contact(
            id=next(ids), incident_id=infector.incident_id, person_id=int(city.register.ids[place]), area=area,
            district=district_of(area), ring=Ring.CLOSE if ring[i] else Ring.CONTACT_OF_CONTACT, state=standing,
            infector_case_id=infector.id, first_exposure=met, last_exposure=met, minutes=60.0, p=float(p[i]) ** 3,
            place=f"place-{i % 9000}", place_kind="restaurant", quarantine="facility" if ring[i] else "home",
            release_on=met.date() + timedelta(days=8), created_at=infector.reported_at,
            because={"rule": "restaurant.close", "edition": "covid19-9", "infector": infector.number},
            accepted_at=None if standing is ContactState.PROPOSED else infector.reported_at + timedelta(hours=4),
        )  # fmt: skip


def _standing(chance: float, age_days: int) -> ContactState:
    if age_days < 2 and chance < 0.7:
        return ContactState.PROPOSED
    if chance > 0.95:
        return ContactState.REMOVED
    return ContactState.ENDED if age_days > 8 else ContactState.ACCEPTED


def _orders(city: _City, contacts: list[Contact], cases: list[CaseRecord]) -> Iterator[Order]:
    bound = [each for each in contacts if each.state in (ContactState.ACCEPTED, ContactState.ENDED)]
    ids, chance = _ids(len(bound) + len(cases)), city.rng.random(len(bound))
    for i, contact in enumerate(bound):
        ended = contact.state is ContactState.ENDED
        starts = contact.accepted_at or city.now
        waiting = not ended and chance[i] < 0.05
        yield Order(
            id=next(ids), incident_id=contact.incident_id, person_id=contact.person_id, area=contact.area,
            district=contact.district, cause=f"contact {contact.id}", subject="contact", subject_id=contact.id,
            kind=OrderKind.QUARANTINE_FACILITY if contact.ring is Ring.CLOSE else OrderKind.QUARANTINE_HOME,
            state=OrderState.ENDED if ended else OrderState.PROPOSED if waiting else OrderState.TOLD,
            starts_at=starts, ends_at=starts + timedelta(days=7 if ended else 30), proposed_at=starts,
            signed_at=None if waiting else starts, signed_by=0 if waiting else 1, told_at=None if waiting else starts,
            ended_at=starts + timedelta(days=7) if ended else None, because=_because_of(contact),
        )  # fmt: skip
    for case in cases:
        if case.confirmed_at is not None:
            yield Order(
                id=next(ids), incident_id=case.incident_id, person_id=case.person_id, area=case.area,
                district=case.district, cause=f"case {case.id}", subject="case", subject_id=case.id,
                kind=OrderKind.ISOLATION, state=OrderState.TOLD, starts_at=case.confirmed_at,
                ends_at=case.confirmed_at + timedelta(days=60), proposed_at=case.confirmed_at,
                signed_at=case.confirmed_at, signed_by=1, told_at=case.confirmed_at,
                because={**EDITION, "rule": "case", "days": 10,
                         "evidence": {"case": case.number, "classification": case.classification.value}},
            )  # fmt: skip


def _because_of(contact: Contact) -> dict[str, Any]:
    """Say why, as the deed that proposes orders does."""
    evidence = {
        "case": contact.because["infector"], "first": contact.first_exposure.isoformat(),
        "last": contact.last_exposure.isoformat(), "minutes": 60, "n_meetings": 1, "place_kind": contact.place_kind,
    }  # fmt: skip
    return {**EDITION, "rule": "close" if contact.ring is Ring.CLOSE else "contact_of_contact", "evidence": evidence}


def _follow_ups(city: _City, contacts: list[Contact]) -> Iterator[FollowUp]:
    followed = [each for each in contacts if each.state is ContactState.ACCEPTED]
    ids, hours = _ids(len(followed)), city.rng.random(len(followed)) * 24
    today: date = city.now.date()
    for i, contact in enumerate(followed):
        yield FollowUp(
            id=next(ids), incident_id=contact.incident_id, person_id=contact.person_id, area=contact.area,
            district=contact.district, kind="close_contact", subject_id=contact.id, starts_on=today - timedelta(days=2),
            ends_on=today + timedelta(days=9), last_seen_on=today,
            next_due_at=city.now + timedelta(hours=24 + float(hours[i])),
        )  # fmt: skip


def _tasks(city: _City, contacts: list[Contact]) -> Iterator[Task]:
    n, rng = city.sizes.tasks, city.rng
    ids, kind, hours = _ids(n), rng.integers(0, len(KINDS), size=n), rng.exponential(60.0, size=n)
    pending, ahead = rng.random(n) < 0.3, rng.random(n) < 0.95
    for i in range(n):
        contact = contacts[i % len(contacts)]
        late = bool(pending[i] and not ahead[i])
        due = city.now + timedelta(hours=float(hours[i]) * (1 if pending[i] and not late else -1))
        yield Task(
            id=next(ids), incident_id=contact.incident_id, cause=f"bench {i}", kind=KINDS[kind[i]],
            group=GROUPS[kind[i]], area=contact.area, district=contact.district, due_at=due,
            state=TaskState.OPEN if pending[i] else TaskState.DONE, subject="contact", subject_id=contact.id,
            person_id=contact.person_id, values={"number": contact.id, "order": contact.id, "day": "2022-07-08"},
            level=ESCALATED if late else 0, created_at=due - timedelta(hours=24),
            done_at=None if pending[i] else due,
        )  # fmt: skip
