"""Who gets in where: asked of every path of the API as the router knows them, so that a new one is asked by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from suyuan.actions.all_deeds import all_deeds
from suyuan.store import models as rows
from suyuan.store.queries.officers import officer_of
from suyuan.store.queries.records import KINDS, SUBJECTS
from suyuan.store.queries.tokens import issue_token
from suyuan.store.room import StoreRoom
from suyuan.terms import Details

HOST = {"host": "localhost"}
AT = datetime(2022, 7, 5, tzinfo=UTC)


def paths():
    """Every operation: its method and its address with ids that no record has."""
    found = []
    for path, operations in the_schema()["paths"].items():
        address = path.replace("/api/v1/", "")
        for part in [part for part in address.split("/") if part.startswith("{")]:
            address = address.replace(part, "999999999")
        found += [(method.upper(), address, operation["operationId"]) for method, operation in operations.items()]
    return sorted(found)


def the_schema():
    return Client().get("/api/v1/openapi.json", headers=HOST).json()


@pytest.fixture
def door(office, account):
    """A program of an officer with every role in an area: ``door("990101")`` asks an operation."""

    def make(area, scopes=None):
        user = account("commander", area, also=tuple(rows.RoleRow.objects.values_list("name", flat=True)))
        who = officer_of(user)
        rights = tuple(sorted({right for duty in who.duties for right in duty.rights}))
        token = issue_token(who, "door", scopes or rights, 1)
        client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})

        def ask(method, address, body=None, key="k"):
            if method == "GET":
                return client.get(f"/api/v1/{address}")
            plain = json.dumps(body or {})
            given = {"Idempotency-Key": key}
            return client.generic(method, f"/api/v1/{address}", plain, content_type="application/json", headers=given)

        return ask

    return make


def test_a_stranger_gets_in_nowhere(client, db):
    """Without a token or a session every path answers 401, before it looks at anything that was sent."""
    bad = {"Authorization": "Bearer suyuan_nobody"}
    for method, address, name in paths():
        for headers in ({}, bad):
            answer = client.generic(method, f"/api/v1/{address}", "{}", "application/json", headers=headers)
            assert answer.status_code == 401, name


def test_a_token_without_the_right_is_refused(door):
    """A program whose token holds another right is let into no deed and sees no record."""
    ask = door("9901", scopes=("see_board",))
    for method, address, name in paths():
        answer = ask(method, address, key=name)
        assert answer.status_code in (200, 403, 404, 422), (name, answer.content)
        if answer.status_code == 200:
            assert method == "GET", name
            assert answer.json()["items"] == [], name


@pytest.fixture
def filled(act, officer):
    """One record of every kind in district 990101, by kind: its id."""
    from suyuan.terms import (
        CaseRecord,
        Contact,
        Contest,
        FollowUp,
        Investigation,
        Order,
        OrderKind,
        Ring,
        Task,
        Tracing,
        TracingChange,
        Upload,
        UploadKind,
    )  # fmt: skip

    room, area = StoreRoom(), "990101"
    incident = act("open_incident", officer("commander", area), name="x", protocol="covid19-9", area=area)
    registrar = officer("duty_officer", area)
    details = Details(name="张三", telephones=("13912345678",))
    person = act("register_person", registrar, area=area, details=details)
    act("register_person", registrar, area=area, details=details, anyway=True)
    at = {"incident_id": incident, "person_id": person, "area": area}
    here = {**at, "district": area}
    case = room.cases.add(CaseRecord(**here, number=1, reported_at=AT)).id
    tracing = room.tracings.add(Tracing(incident_id=incident, case_id=case, protocol="covid19-9", traced_at=AT)).id
    order = room.orders.add(
        Order(**here, cause="c", kind=OrderKind.ISOLATION, subject="case", subject_id=case, starts_at=AT, ends_at=AT,
              proposed_at=AT)
    ).id  # fmt: skip
    contact = Contact(**here, ring=Ring.CLOSE, first_exposure=AT, last_exposure=AT, created_at=AT)
    task = Task(
        incident_id=incident, cause="t", kind="x", group="command", area=area, district=area, due_at=AT, created_at=AT
    )
    upload = Upload(kind=UploadKind.PEOPLE, area=area, officer_id=registrar.id, digest="d", created_at=AT)
    return {
        "incidents": incident,
        "people": person,
        "cases": case,
        "contacts": room.contacts.add(contact).id,
        "tracing-changes": room.tracing_changes.add(TracingChange(**at, tracing_id=tracing, change="new")).id,
        "orders": order,
        "contests": room.contests.add(Contest(order_id=order, area=area, received_at=AT, due_at=AT)).id,
        "tasks": room.tasks.add(task).id,
        "follow-ups": room.follow_ups.add(FollowUp(**here, kind="close_contact", starts_on=AT, ends_on=AT)).id,
        "investigations": room.investigations.add(Investigation(**here, case_id=case, ordered_at=AT, due_at=AT)).id,
        "duplicates": rows.DuplicateFindingRow.objects.get().id,
        "uploads": room.uploads.add(upload).id,
    }


def test_every_kind_is_there_for_its_owner_and_not_for_a_colleague(filled, door):
    """Inside the area a record is read with its ETag; outside it looks as if it did not exist, lists included."""
    assert set(filled) == {*KINDS, "uploads"}
    own, colleague = door("990101"), door("990102")
    for kind, number in filled.items():
        answer = own("GET", f"{kind}/{number}")
        assert answer.status_code == 200, kind
        assert kind == "uploads" or answer.headers["ETag"], kind
        assert number in [each["id"] for each in own("GET", kind).json()["items"]], kind
        assert colleague("GET", f"{kind}/{number}").status_code == 404, kind
        assert colleague("GET", kind).json()["items"] == [], kind
        gone = colleague("GET", f"{kind}/999999999").json()
        assert {**gone, "sentence": ""} == {**colleague("GET", f"{kind}/{number}").json(), "sentence": ""}, kind
        if kind in SUBJECTS:
            assert colleague("GET", f"{kind}/{number}/history").status_code == 404, kind


PLACES = {
    "incident_id": "incidents", "case_id": "cases", "contact_id": "contacts", "order_id": "orders",
    "person_id": "people", "task_id": "tasks", "contest_id": "contests", "follow_up_id": "follow-ups",
    "finding_id": "duplicates", "upload_id": "uploads", "investigation_id": "investigations",
}  # fmt: skip


def test_no_deed_touches_what_lies_outside_the_area(filled, door):
    """A colleague of another district, with every role there, is refused by every deed on a record."""
    ask, before, n = door("990102"), rows.HistoryRow.objects.count(), 0
    for name, deed in sorted(all_deeds().items()):
        address = deed.path
        for place, kind in PLACES.items():
            address = address.replace(f"{{{place}}}", str(filled[kind]))
        if "{" in address or address == deed.path:
            continue
        answer = ask("POST", address, key=name)
        assert answer.status_code in (403, 404, 422), (name, answer.content.decode())
        n += 1
    assert n > 20
    assert rows.HistoryRow.objects.count() == before


def test_a_page_may_write_only_with_its_csrf_token(page_of, account, office):
    """A session alone, as a foreign page would send it, does nothing; with the token it does."""
    page = Client(enforce_csrf_checks=True, headers={"Idempotency-Key": "k"})
    page.force_login(account("commander"), backend="allauth.account.auth_backends.AuthenticationBackend")
    body = json.dumps({"name": "Market", "protocol": "covid19-9", "area": "9901"})
    refused = page.post("/api/v1/incidents", body, content_type="application/json")
    assert refused.status_code == 403
    assert not rows.IncidentRow.objects.exists()
    page.cookies["csrftoken"] = "a" * 32
    done = page.post("/api/v1/incidents", body, content_type="application/json", headers={"X-CSRFToken": "a" * 32})
    assert done.status_code == 200, done.content


def test_a_lost_update_is_refused_with_both_versions(filled, door):
    """Who changes what somebody changed meanwhile gets 412, what stands now and what was sent."""
    own = door("990101")
    etag = own("GET", f"cases/{filled['cases']}").headers["ETag"]
    client = Client(headers={"Accept-Language": "en"})
    user = rows.OfficerRow.objects.order_by("-id").first()
    token = issue_token(officer_of(user), "t", ("manage_case", "see_cases"), 1)
    given = {"Authorization": f"Bearer {token}", "If-Match": etag}

    def correct(key, generation):
        body = json.dumps({"generation": generation, "reason": "interview"})
        where = f"/api/v1/{all_deeds()['correct_case'].path.replace('{case_id}', str(filled['cases']))}"
        headers = {**given, "Idempotency-Key": key}
        return client.post(where, body, content_type="application/json", headers=headers)

    first = correct("a", 2)
    assert first.status_code == 200, first.content
    second = correct("b", 3)
    assert second.status_code == 412
    assert second.json()["theirs"]["generation"] == 2
    assert second.json()["yours"]["generation"] == 3
    given["If-Match"] = "yesterday"
    assert correct("c", 3).status_code == 400


def test_a_caller_that_runs_away_is_slowed_down(office, account, monkeypatch):
    """Above its rate a caller gets 429 and when to come again; another caller is not held up."""
    monkeypatch.setattr("ninja.throttling.AuthRateThrottle.allow_request", lambda *_: False)
    monkeypatch.setattr("ninja.throttling.AuthRateThrottle.wait", lambda *_: 7.5)
    token = issue_token(officer_of(account("commander")), "t", ("see_cases",), 1)
    answer = Client().get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "8")


def test_the_reference_opens_offline_under_the_strict_policy(client, db):
    """The page of the reference loads from this host alone and holds no script of its own."""
    answer = client.get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    scripts = [part.split(">", 1)[0] for part in text.split("<script")[1:]]
    assert all("src=" in each or "application/json" in each for each in scripts)
    assert "style=" not in text
