from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "actions"))
from orders_world import case_in, contact_in, person_in

from suyuan.store import models as rows
from suyuan.terms import OrderState

DISTRICT, OTHER, COMMUNITY = "990101", "990102", "990101001001"


@pytest.fixture
def person(office):
    """Somebody whom no rule reached."""
    return person_in(office, "p77")


PAGES = [("/orders/propose/", "duty_officer"), ("/follow-ups/new/", "community_worker")]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("url", "role"), PAGES)
def test_the_form_is_for_one_person_of_the_own_area(page_of, incident, person, url, role, lang):
    """By record or by number the form names the person and the incident that is open."""
    page = page_of(role, DISTRICT, lang=lang)
    for asked in (f"?person_id={person.id}", "?code=p77"):
        text = page.get(url + asked).content.decode()
        assert f'name="person_id" value="{person.id}"' in text
        assert f'<option value="{incident}"' in text
    assert 'name="person_id"' not in page.get(url).content.decode()


@pytest.mark.parametrize(("url", "role"), PAGES)
def test_a_colleague_of_another_district_finds_nobody(page_of, incident, person, url, role):
    """A person elsewhere answers exactly like a number that nobody has."""
    page = page_of(role, OTHER)
    theirs, nobody = page.get(f"{url}?code=p77"), page.get(f"{url}?code=p78")
    assert theirs.status_code == nobody.status_code == 404
    assert theirs.content.decode().replace("p77", "p78").count("p78") == nobody.content.decode().count("p78")
    assert page.get(f"{url}?person_id={person.id}").status_code == 404


@pytest.mark.parametrize(("url", "role"), PAGES)
def test_who_may_not_and_who_is_a_stranger(page_of, client, incident, person, url, role):
    """Without the right the page is refused; without a session one is sent to sign in."""
    assert page_of("sampler").get(url).status_code == 403
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_an_order_is_proposed_by_hand_and_binds_nobody(page_of, incident, person):
    """The form makes a proposal with its reason and leads to it."""
    page = page_of("duty_officer", DISTRICT)
    form = {"person_id": person.id, "incident_id": incident, "kind": "quarantine_home", "ends_at": "2022-07-12T00:00",
            "reason": "shared a room", "key": "k", "next": "/orders/{answer}/"}  # fmt: skip
    answer = page.post("/do/propose_order/", form)
    order = rows.OrderRow.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.id}/"
    assert (order.state, order.signed_at) == (OrderState.PROPOSED, None)
    assert "shared a room" in page.get(f"/orders/{order.id}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "ends", "status"),
    [("traveller", "", 302), ("home_quarantined", "", 422), ("home_quarantined", "2022-07-15", 302)],
)
def test_a_follow_up_is_begun_and_stopped(page_of, incident, person, kind, ends, status):
    """A kind whose rule counts no days needs its end; a running follow-up is stopped only with a reason."""
    page = page_of("community_worker", COMMUNITY)
    form = {"person_id": person.id, "incident_id": incident, "kind": kind, "ends_on": ends, "reason": "came back",
            "key": "k", "next": "/follow-ups/{answer}/"}  # fmt: skip
    assert page.post("/do/start_follow_up/", form).status_code == status
    if status == 422:
        assert not rows.FollowUpRow.objects.exists()
        return
    one = rows.FollowUpRow.objects.get()
    assert "came back" in page.get(f"/follow-ups/{one.id}/").content.decode()
    stop = {"follow_up_id": one.id, "key": "s", "next": "/"}
    assert page.post("/do/stop_follow_up/", stop).status_code == 422
    assert page.post("/do/stop_follow_up/", {**stop, "reason": "moved away"}).status_code == 302
    one.refresh_from_db()
    assert one.state == "stopped"


def test_the_pages_about_a_person_lead_to_the_forms(page_of, office, incident, person):
    """Person, case, contact and round lead there for those who may, and for nobody else."""
    case = case_in(office, incident, person)
    contact = contact_in(office, incident, person)
    ask = f"/orders/propose/?person_id={person.id}"
    pages = {f"/people/{person.id}/": ask, f"/cases/{case.id}/": ask, f"/contacts/{contact.id}/": ask,
             "/follow-ups/": "/follow-ups/new/"}  # fmt: skip
    duty, reader = page_of("duty_officer", DISTRICT), page_of("analyst", DISTRICT)
    for url, link in pages.items():
        assert link in duty.get(url).content.decode()
        assert link not in reader.get(url).content.decode()


def test_a_merged_number_leads_to_the_record_that_is_kept(page_of, office, incident, person):
    """Whoever types the number of a merged record gets the person it belongs to now."""
    person_in(office, "old", merged_into=person.id)
    text = page_of("duty_officer", DISTRICT).get("/orders/propose/?code=old").content.decode()
    assert f'name="person_id" value="{person.id}"' in text
