from __future__ import annotations

import json

import pytest
from django.test import Client

from suyuan.store.queries.tokens import issue_token


@pytest.fixture
def program(office, officer):
    """A program with a token of an officer: ``program("commander", scopes=(...))`` posts and gets JSON."""

    def make(role="commander", area="9901", scopes=("manage_incident", "see_incidents", "see_cases")):
        token = issue_token(officer(role, area), "tests", scopes, 1)
        client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})

        def call(path, body=None, **headers):
            if body is None:
                return client.get(f"/api/v1/{path}", headers=headers)
            given = {"Idempotency-Key": "k", **headers}
            return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=given)

        return call

    return make


INCIDENT = {"name": "Market", "protocol": "covid19-9", "area": "9901"}


def test_a_program_does_a_deed_and_reads_what_it_left(program):
    """A deed through the API leaves a record that the API lists and gives with its ETag."""
    call = program()
    number = call("incidents", INCIDENT).json()["answer"]
    assert call("incidents").json()["items"][0]["name"] == "Market"
    one = call(f"incidents/{number}")
    assert one.headers["ETag"] == '"1"'
    assert one.json()["state"] == "watch"
    assert call(f"incidents/{number}/history").json()[0]["after"] == "watch"


def test_the_same_key_does_it_once(program):
    """A request sent twice with one key opens one incident; another request with it is refused."""
    call = program()
    assert call("incidents", INCIDENT).json() == call("incidents", INCIDENT).json()
    assert len(call("incidents").json()["items"]) == 1
    refused = call("incidents", {**INCIDENT, "name": "Other"})
    assert refused.status_code == 400
    assert "key" in refused.json()["sentence"]


def test_a_token_does_no_more_than_its_scopes(program):
    """A token without a right is refused even where its officer holds it."""
    call = program(scopes=("see_cases",))
    assert call("incidents", INCIDENT).status_code == 403


def test_nobody_gets_in_without_a_token_or_a_session(client, office):
    """A stranger gets 401 from every path."""
    assert client.get("/api/v1/incidents").status_code == 401
    assert client.post("/api/v1/incidents", "{}", content_type="application/json").status_code == 401


def test_a_field_that_is_not_known_is_refused(program):
    """A misspelt field is never silently dropped."""
    assert program()("incidents", {**INCIDENT, "nmae": "x"}).status_code == 422


def test_what_lies_outside_the_area_is_not_there(program, act, officer):
    """An incident of another district looks to a program as if it did not exist."""
    number = act("open_incident", officer("commander"), name="far", protocol="covid19-9", area="990102")
    call = program("commander", "990101")
    assert call(f"incidents/{number}").status_code == 404
    assert call("incidents").json()["items"] == []


def test_a_list_is_read_page_by_page_each_record_once(program):
    """Following the cursor gives every record once and ends; a cursor that is none of ours is refused."""
    call = program()
    for i in range(5):
        call("incidents", {**INCIDENT, "name": f"n{i}"}, **{"Idempotency-Key": f"k{i}"})
    seen, cursor = [], ""
    while True:
        page = call(f"incidents?limit=2&cursor={cursor}").json()
        seen += [each["name"] for each in page["items"]]
        cursor = page["following"]
        if not cursor:
            break
    assert seen == [f"n{i}" for i in range(5)]
    for wrong in ("x", "WzEsMiwzXQ", "W10", "WyJhIl0"):
        assert call(f"incidents?cursor={wrong}").status_code in (400, 422), wrong
