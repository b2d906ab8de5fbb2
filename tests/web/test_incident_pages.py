from __future__ import annotations

import pytest

from suyuan.actions.hearing import hand_on
from suyuan.store import models as rows
from suyuan.terms import IncidentState


@pytest.fixture
def open_one(act, officer):
    """Open incidents: ``open_one("Market", "990101")`` returns the id."""

    def make(name="Market", area="9901"):
        return act("open_incident", officer("commander", area), name=name, protocol="covid19-9", area=area, reason="x")

    return make


def test_the_list_costs_the_same_for_one_and_three(page_of, open_one, django_assert_num_queries):
    """The list of incidents asks the database as often for three as for one."""
    page = page_of("commander")
    for n in (1, 2):
        for _ in range(n):
            open_one()
        with django_assert_num_queries(7):
            answer = page.get("/incidents/")
    assert answer.content.decode().count('href="/incidents/') >= 3


@pytest.mark.parametrize(("lang", "word"), [("en", "Watch"), ("zh", "监测")])
def test_the_owner_sees_an_incident_in_the_own_language(page_of, open_one, lang, word):
    """A commander of the area sees state, dates and forms, in Chinese and in English."""
    text = page_of("commander", lang=lang).get(f"/incidents/{open_one()}/").content.decode()
    assert word in text
    assert 'name="state"' in text


def test_a_colleague_of_a_district_takes_part_in_the_citys_incident(page_of, open_one):
    """A district's officer sees the city's incident without its forms, and not another district's."""
    page = page_of("commander", "990102")
    text = page.get(f"/incidents/{open_one()}/").content.decode()
    assert 'name="state"' not in text
    assert page.get(f"/incidents/{open_one('East', '990101')}/").status_code == 404
    assert page.get("/incidents/424242/").status_code == 404
    assert "East" not in page.get("/incidents/").content.decode()


def test_strangers_stay_outside(client, page_of, open_one):
    """Without signing in one is sent to the door; without the right one is refused."""
    number = open_one()
    for url in ("/incidents/", f"/incidents/{number}/", "/incidents/open/"):
        assert client.get(url).headers["Location"].startswith("/accounts/login/")
        assert page_of("sampler").get(url).status_code == 403
    assert page_of("investigator").get("/incidents/open/").status_code == 403


def test_an_incident_is_opened_and_moved_through_the_forms(page_of, office):
    """The form opens an incident and leads to its page; the response's plan is there after the outbox went out."""
    rows.AreaRow.objects.create(code="990101", level=3, name_en="East", name_zh="东区")
    page = page_of("commander")
    assert 'value="990101"' in page.get("/incidents/open/").content.decode()
    form = {"name": "集市", "protocol": "covid19-9", "area": "9901", "reason": "two", "key": "a"}
    where = page.post("/do/open_incident/", form | {"next": "/incidents/{answer}/"}).headers["Location"]
    number = int(where.strip("/").split("/")[-1])
    move = {"incident_id": number, "state": "response", "reason": "linked", "version": 1, "key": "b", "next": where}
    assert page.post("/do/change_incident/", move).headers["Location"] == where
    hand_on(office)
    text = page.get(where).content.decode()
    assert "Epidemiological investigation" in text
    assert "Command and coordination" in text
    again = page.post("/do/change_incident/", move | {"key": "c", "state": "winding_down"})
    assert again.status_code == 409


def test_a_dates_form_keeps_what_was_left_empty(page_of, open_one):
    """The dates' form changes what it names and shows 7-1-7 in words."""
    page, number = page_of("commander"), open_one()
    form = {"incident_id": number, "emerged_at": "2022-07-01T08:00", "reason": "first onset", "key": "d"}
    assert page.post("/do/date_incident/", form | {"next": f"/incidents/{number}/"}).status_code == 302
    text = page.get(f"/incidents/{number}/").content.decode()
    assert "2022-07-01 08:00" in text
    assert "Detection: 7 days, target 7 days: met." in text


def test_incidents_that_are_over_are_listed_apart(page_of, open_one, act, officer):
    """All clear takes an incident from the active list to the other one."""
    act(
        "change_incident",
        officer("commander"),
        incident_id=open_one("Gone"),
        state=IncidentState.ALL_CLEAR,
        reason="no",
    )
    page = page_of("commander")
    assert "Gone" not in page.get("/incidents/").content.decode()
    assert "Gone" in page.get("/incidents/?over=1").content.decode()
