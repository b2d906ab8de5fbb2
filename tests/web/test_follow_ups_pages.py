from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "actions"))
from orders_world import accept, contact_in, person_in

from suyuan.store import models as rows

DISTRICT, OTHER, COMMUNITY = "990101", "990102", "990101001001"


@pytest.fixture
def followed(office, incident):
    """Two contacts under follow-up in one community."""
    for code in ("a", "b"):
        accept(office, incident, contact_in(office, incident, person_in(office, code)))
    return list(rows.FollowUpRow.objects.order_by("id").values_list("id", flat=True))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("show", ["today", "missed", "lost", "districts"])
def test_a_community_worker_sees_the_round(page_of, followed, lang, show):
    """Every part of the round opens, in both languages."""
    assert page_of("community_worker", COMMUNITY, lang=lang).get(f"/follow-ups/?show={show}").status_code == 200


def test_one_form_records_the_round(page_of, followed):
    """Whoever is ticked was reached and is well, and leaves today's list."""
    page = page_of("community_worker", COMMUNITY)
    before = page.get("/follow-ups/").content.decode()
    assert all(f"/follow-ups/{each}/" in before for each in followed)
    form = {"follow_up_ids": followed[:1], "key": "k", "next": "/follow-ups/"}
    assert page.post("/do/record_round/", form).status_code == 302
    after = page.get("/follow-ups/").content.decode()
    assert f"/follow-ups/{followed[0]}/" not in after
    assert f"/follow-ups/{followed[1]}/" in after


def test_the_round_shows_no_telephone_until_it_is_asked_for(page_of, followed, office):
    """Telephones are on the page only after a reveal, which is recorded."""
    from suyuan.terms import Details

    person = rows.FollowUpRow.objects.get(id=followed[0]).person_id
    with office.open_room() as room:
        room.people.seal(person, Details(name="Li", telephones=("13900000001",)))
    page = page_of("community_worker", COMMUNITY)
    assert "13900000001" not in page.get("/follow-ups/").content.decode()
    told = page.post(f"/people/{person}/reveal/", {"purpose": "daily follow-up"})
    assert "139" in told.content.decode()
    assert rows.AuditRow.objects.filter(purpose="daily follow-up").exists()


def test_what_a_telephone_is_needed_for_is_typed(page_of, followed):
    """Neither the round nor a person's page sends a purpose of its own; the example is no value."""
    page = page_of("community_worker", COMMUNITY)
    for url in ("/follow-ups/", f"/follow-ups/{followed[0]}/"):
        text = page.get(url).content.decode()
        assert "hx-vals" not in text
        asked = [
            part.split(">", 1)[0] for part in text.split("<input")[1:] if 'name="purpose"' in part.split(">", 1)[0]
        ]
        assert asked
        assert all("required" in each and "placeholder" in each and "value=" not in each for each in asked)
    person = rows.FollowUpRow.objects.get(id=followed[0]).person_id
    assert page.post(f"/people/{person}/reveal/", {"purpose": ""}).status_code == 422


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_day_is_recorded_and_shown(page_of, followed, lang):
    """What was recorded stands on the person's page, with the symptoms in words and who wrote it."""
    page = page_of("community_worker", COMMUNITY, lang=lang)
    form = {"follow_up_id": followed[0], "reached": "true", "symptoms": ["cough"], "temperature_c": "37.5",
            "note": "tired since noon", "key": "k", "next": "/"}  # fmt: skip
    assert page.post("/do/record_follow_up/", form).status_code == 302
    text = page.get(f"/follow-ups/{followed[0]}/").content.decode()
    for needed in ("tired since noon", "37.5", page.user.username, "咳嗽" if lang == "zh" else "Cough"):
        assert needed in text


def test_a_colleague_of_another_district_finds_nothing(page_of, followed):
    """A follow-up outside one's area answers like one that does not exist, and is in no list."""
    page = page_of("community_worker", OTHER)
    assert page.get(f"/follow-ups/{followed[0]}/").status_code == 404
    assert f"/follow-ups/{followed[0]}/" not in page.get("/follow-ups/").content.decode()


def test_who_has_no_duty_with_follow_up_may_not(page_of, followed):
    """A sampler sees nobody's follow-up."""
    page = page_of("sampler")
    assert page.get("/follow-ups/").status_code == 403
    assert page.get(f"/follow-ups/{followed[0]}/").status_code == 403


@pytest.mark.parametrize("url", ["/follow-ups/", "/follow-ups/1/"])
def test_a_stranger_is_sent_to_sign_in(client, db, url):
    """Nobody sees a follow-up without signing in."""
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("url", ["/follow-ups/", "/follow-ups/?show=districts"])
def test_the_round_asks_the_database_as_often_for_three_rows_as_for_one(
    page_of, office, incident, django_assert_max_num_queries, url
):
    """A list page costs the same number of queries whatever it holds."""
    page = page_of("community_worker", COMMUNITY)
    accept(office, incident, contact_in(office, incident, person_in(office, "one")))
    with django_assert_max_num_queries(20) as few:
        page.get(url)
    for code in ("two", "three"):
        accept(office, incident, contact_in(office, incident, person_in(office, code)))
    with django_assert_max_num_queries(20) as many:
        page.get(url)
    assert len(few) == len(many)
