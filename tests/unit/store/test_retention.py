from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from suyuan.protocols import load_rights
from suyuan.store import models as rows
from suyuan.store.audit import verify_audit
from suyuan.store.queries.closed_logs import closed_logs
from suyuan.store.retention import KINDS, erase, plan_erasure
from suyuan.store.room import open_room
from suyuan.terms import (
    AuditEntry,
    CaseRecord,
    Classification,
    Contact,
    ContactState,
    Details,
    FollowUp,
    FollowUpDay,
    Order,
    OrderKind,
    OrderState,
    Person,
    Ring,
    Tracing,
)

LONG_AGO = datetime(2015, 3, 1, tzinfo=UTC)
CITY = "9901"


@pytest.fixture
def outbreak(incident, clock):
    """An incident with one case and one contact, and everything that hangs on them; returns its ids."""
    at = clock.now()
    with open_room() as room:
        case_person, contact_person = room.people.add_all([Person(code=code, area=CITY) for code in ("P1", "P2")])
        room.people.seal_all({each.id: Details(name="张三") for each in (case_person, contact_person)})
        case = room.cases.add(
            CaseRecord(
                incident_id=incident,
                person_id=case_person.id,
                number=1,
                area=CITY,
                classification=Classification.CONFIRMED,
                reported_at=at,
            )
        )
        contact = room.contacts.add(
            Contact(
                incident_id=incident,
                person_id=contact_person.id,
                area=CITY,
                ring=Ring.CLOSE,
                state=ContactState.ACCEPTED,
                infector_case_id=case.id,
                first_exposure=at,
                last_exposure=at,
                created_at=at,
            )
        )
        room.tracings.add(
            Tracing(incident_id=incident, case_id=case.id, protocol="covid19-9", traced_at=at, answer=b"x")
        )
        follow_up = room.follow_ups.add(
            FollowUp(
                incident_id=incident,
                person_id=contact_person.id,
                area=CITY,
                kind="close_contact",
                starts_on=date(2022, 7, 8),
                ends_on=date(2022, 7, 15),
            )
        )
        room.follow_up_days.add(
            FollowUpDay(follow_up_id=follow_up.id, day=date(2022, 7, 9), reached=True, note="fever", recorded_at=at)
        )
        room.orders.add(
            Order(
                incident_id=incident,
                person_id=contact_person.id,
                area=CITY,
                cause="c1",
                kind=OrderKind.QUARANTINE_HOME,
                state=OrderState.ENDED,
                subject="contact",
                subject_id=contact.id,
                starts_at=at,
                ends_at=at + timedelta(days=7),
                proposed_at=at,
                ended_at=at + timedelta(days=7),
            )
        )
    return incident


def _close(incident: int, at: datetime) -> None:
    rows.IncidentRow.objects.filter(id=incident).update(state="all_clear", closed_at=at)


def _counts(found) -> dict[str, int]:
    return {each.kind: each.n for each in found if each.n}


def test_nothing_of_an_open_incident_is_erased(outbreak, clock):
    """However old it is: as long as the incident is open, its records stay."""
    assert set(_counts(plan_erasure(clock.now() + timedelta(days=20_000)))) <= {"audit", "drafts", "orders"}


def test_each_kind_goes_at_its_own_term(outbreak, clock):
    """Itineraries go first, then follow-up, then contacts with their names, then cases; each only after its days."""
    _close(outbreak, clock.now())
    terms = load_rights().retention
    gone: set[str] = set()
    for kind in ("itineraries", "follow_up", "contacts"):
        at = clock.now() + timedelta(days=terms[kind].days)
        assert kind not in _counts(plan_erasure(at - timedelta(hours=1))), kind
        gone.add(kind)
        assert gone - set(_counts(plan_erasure(at + timedelta(hours=1)))) <= gone - {kind}


def test_a_dry_run_counts_what_the_erasure_then_takes(outbreak, clock):
    """The plan and the deed agree, kind by kind, and a second erasure finds nothing of them left."""
    _close(outbreak, clock.now())
    now = clock.now() + timedelta(days=200)
    planned = _counts(plan_erasure(now))
    assert {"itineraries", "follow_up", "contacts"} <= set(planned)
    done = erase(now)
    for kind in ("itineraries", "follow_up", "contacts"):
        assert _counts(done)[kind] == planned[kind]
        assert kind not in _counts(plan_erasure(now))
    assert bytes(rows.TracingRow.objects.get().answer) == b""
    assert not rows.ContactRow.objects.exists()
    assert not rows.FollowUpDayRow.objects.exists()
    assert rows.OrderRow.objects.exists()
    assert verify_audit().broken_at == 0


def test_names_go_with_the_last_record_of_a_person(outbreak, clock):
    """A contact's name goes with the contact, a case's with the case; who is in another open incident keeps it."""
    _close(outbreak, clock.now())
    people = dict(rows.PersonRow.objects.values_list("code", "id"))
    # the order of the contact ends years later than the contact's own term, but it is of the same closed incident
    erase(clock.now() + timedelta(days=200))
    left = set(rows.DetailsRow.objects.values_list("person_id", flat=True))
    assert left == {people["P1"]}
    assert not rows.PersonKeyRow.objects.filter(person_id=people["P2"]).exists()
    erase(clock.now() + timedelta(days=1200))
    assert not rows.DetailsRow.objects.exists()
    assert rows.PersonRow.objects.count() == 2


def test_a_person_with_something_open_keeps_the_name(outbreak, clock, act, officer):
    """A second, open incident keeps the name of a contact of the first."""
    _close(outbreak, clock.now())
    person = rows.PersonRow.objects.get(code="P2")
    other = act("open_incident", officer("commander"), name="Other", protocol="covid19-9", area=CITY)
    rows.CaseRow.objects.create(
        id=9_000_001, incident_id=other, person=person, number=1, area=CITY, reported_at=clock.now()
    )
    erase(clock.now() + timedelta(days=200))
    assert rows.DetailsRow.objects.filter(person=person).exists()


def test_the_proof_is_the_digest_of_what_went(outbreak, clock):
    """The audit keeps the number and the digest of the sorted ids, which an old list reproduces."""
    _close(outbreak, clock.now())
    answers = sorted(rows.AnswerRow.objects.values_list("pk", flat=True))
    ids = sorted(f"{rows.AnswerRow._meta.db_table}:{i}" for i in answers)
    erase(clock.now() + timedelta(days=40))
    proof = rows.AuditRow.objects.get(deed="erase_drafts").detail
    assert proof["n"] == len(ids)
    assert proof["ids_sha256"] == hashlib.sha256("\n".join(ids).encode()).hexdigest()


def test_the_chain_holds_after_its_beginning_is_cut(db):
    """Old lines of the audit go, the chain holds from the recorded link, and goes on."""
    with open_room() as room:
        room.write_audit([AuditEntry(at=LONG_AGO + timedelta(days=n), officer_id=1, deed=f"d{n}") for n in range(5)])
    now = datetime(2022, 7, 8, tzinfo=UTC)
    with open_room() as room:
        room.write_audit([AuditEntry(at=now, officer_id=1, deed="young")])
    assert _counts(erase(now))["audit"] == 5
    assert list(rows.AuditRow.objects.order_by("id").values_list("deed", flat=True)) == ["young", "erase_audit"]
    found = verify_audit()
    assert (found.broken_at, found.n_entries) == (0, 2)
    with open_room() as room:
        room.write_audit([AuditEntry(at=now, officer_id=1, deed="later")])
    assert verify_audit().n_entries == 3
    assert verify_audit().broken_at == 0


def test_the_last_line_of_the_audit_stays_to_be_continued(db):
    """If every line is old, the newest one stays, so that the chain has an end to go on from."""
    with open_room() as room:
        room.write_audit([AuditEntry(at=LONG_AGO, officer_id=1, deed=f"d{n}") for n in range(3)])
    erase(datetime(2022, 7, 8, tzinfo=UTC))
    assert rows.AuditRow.objects.order_by("id").values_list("deed", flat=True)[0] == "d2"
    assert verify_audit().broken_at == 0


def test_every_kind_that_is_erased_has_a_term(db):
    """Each kind of the job stands in the data with its days."""
    assert set(KINDS) <= set(load_rights().retention)


def test_visit_logs_of_closed_incidents_are_named(outbreak, clock):
    """A log is named once every incident that uses it has been closed longer than the term."""
    rows.IncidentRow.objects.update(visit_log="city")
    later = clock.now() + timedelta(days=60)
    assert closed_logs(later, 30) == {}
    _close(outbreak, clock.now())
    assert list(closed_logs(later, 30)) == ["city"]
