from __future__ import annotations

import json
from datetime import timedelta

import pytest

from suyuan.actions.hearing import hand_on
from suyuan.store import models as rows
from suyuan.store.queries.remembered import forget
from suyuan.terms import IncidentState

SQUARE = {"type": "Polygon", "coordinates": [[[10.0, 50.0], [10.2, 50.0], [10.2, 50.2], [10.0, 50.2], [10.0, 50.0]]]}


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """No board of another test is shown."""
    forget()


@pytest.fixture
def outbreak(incident, clock):
    """Two districts with a confirmed case each, one found yesterday, and a contact, an order, a late task."""
    for code, level, name in (
        ("990101", 3, "East"),
        ("990102", 3, "West"),
        ("990101001001", 5, "Garden"),
        ("990102001001", 5, "Mill"),
    ):
        rows.AreaRow.objects.create(code=code, level=level, name_en=name, name_zh=name, shape=SQUARE)
    for n, (district, days) in enumerate((("990101", 0.2), ("990102", 3)), 1):
        place = {"area": f"{district}001001", "district": district, "incident_id": incident}
        at = clock.now() - timedelta(days=days)
        rows.PersonRow.objects.create(id=n, code=f"p{n}", area=place["area"])
        rows.CaseRow.objects.create(
            id=n, person_id=n, number=n, classification="confirmed", course="at_large",
            reported_at=at, confirmed_at=at, onset_at=at - timedelta(days=2), **place,
        )  # fmt: skip
    east = {"area": "990101001001", "district": "990101", "incident_id": incident, "person_id": 2}
    rows.ContactRow.objects.create(
        id=1, ring=1, state="accepted", first_exposure=at, last_exposure=at, created_at=at,
        accepted_at=clock.now(), **east,
    )  # fmt: skip
    rows.OrderRow.objects.create(
        id=1, cause="t", kind="isolation", state="proposed", subject="case", subject_id=1, starts_at=at,
        ends_at=clock.now() + timedelta(days=7), proposed_at=at, **east,
    )  # fmt: skip
    east.pop("person_id")
    rows.TaskRow.objects.create(
        id=1, cause="late", kind="core_facts", group="investigation", state="open",
        due_at=clock.now() - timedelta(hours=1), created_at=at, **east,
    )  # fmt: skip
    return incident


def _figures(page, url="/"):
    text = page.get(url).content.decode()
    return {
        word: tile.split("<b>")[1].split("</b>")[0]
        for tile in text.split('class="tile ')[1:]
        for word in [tile.split("<span>")[1].split("</span>")[0]]
    }


def test_the_board_counts_what_lies_in_the_readers_area(page_of, outbreak):
    """A city sees both cases, a district its own; both see the same words."""
    city, east = _figures(page_of("commander")), _figures(page_of("commander", "990101"))
    assert (city["confirmed and asymptomatic"], east["confirmed and asymptomatic"]) == ("2", "1")
    assert (city["tasks late"], city["contacts"]) == ("1", "1")
    west = _figures(page_of("commander", "990102"))
    assert (west["tasks late"], west["contacts"]) == ("0", "0")


def test_the_board_says_what_changed_since_yesterday(page_of, outbreak):
    """New since the same time yesterday is said beside the count; what waits for a signature stands apart."""
    text = page_of("commander").get(f"/?incident={outbreak}").content.decode()
    assert "+1 new" in text
    assert "orders to sign" in text
    assert "East" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_golden_day_shows_each_group(page_of, outbreak, act, officer, office, lang):
    """With a response under way the board shows each group's progress and the early actions."""
    act("change_incident", officer("commander"), incident_id=outbreak, state=IncidentState.RESPONSE, reason="x")
    hand_on(office)
    forget()
    text = page_of("commander", lang=lang).get("/").content.decode()
    assert ("流调溯源组" if lang == "zh" else "Epidemiological investigation") in text
    assert text.count('class="board-groups"') == 1


def test_an_unchanged_board_is_not_sent_again(page_of, outbreak):
    """A poll that has seen the figures gets the time only, or 304; a change sends the figures again."""
    page = page_of("commander")
    first = page.get("/board/part")
    seen = first.headers["ETag"].strip('"')
    assert page.get("/board/part", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    again = page.get(f"/board/part?seen={seen}")
    assert again.headers["HX-Reswap"] == "none"
    assert "board-figures" not in again.content.decode()
    rows.TaskRow.objects.update(state="done")
    forget()
    assert "board-figures" in page.get(f"/board/part?seen={seen}").content.decode()


def test_map_and_curve_are_json_with_a_tag(page_of, outbreak):
    """Areas have shapes and counts, cases stand near the middle of their community, the curve marks open days."""
    page = page_of("commander")
    answer = page.get("/board/map.json")
    drawn = json.loads(answer.content)
    counts = {area["properties"]["name"]: area["properties"]["n_cases"] for area in drawn["areas"]["features"]}
    assert counts == {"East": 1, "West": 1}
    assert drawn["bounds"] == [10.0, 50.0, 10.2, 50.2]
    longitude, latitude = drawn["points"]["features"][0]["geometry"]["coordinates"]
    assert abs(longitude - 10.1) < 0.01
    assert abs(latitude - 50.1) < 0.01
    assert page.get("/board/map.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    curve = json.loads(page.get("/board/curve.json").content)
    assert (sum(curve["by_onset"]), sum(curve["by_report"]), curve["days"][-1]) == (2, 2, "2022-07-08")
    assert curve["incomplete_from"] == "2022-07-05"


def test_points_are_for_those_who_may_see_cases(page_of, outbreak):
    """A dispatcher sees the board's areas but no cases on the map."""
    drawn = json.loads(page_of("dispatcher").get("/board/map.json").content)
    assert drawn["areas"]["features"]
    assert drawn["points"]["features"] == []


def test_strangers_stay_outside(client, page_of, incident):
    """Without signing in one is sent to the door; without the right to one's own first page, or refused."""
    for url in ("/", "/board/part", "/board/map.json", "/board/curve.json"):
        assert client.get(url).headers["Location"].startswith("/accounts/login/")
        assert page_of("sampler").get(url).status_code == (302 if url == "/" else 403)
    assert page_of("commander", "8801").get(f"/?incident={incident}").status_code == 404


def test_a_board_costs_the_same_however_much_there_is(page_of, outbreak, django_assert_num_queries):
    """The board's figures cost a fixed number of statements, and few once somebody of the same reach has asked."""
    page = page_of("commander")
    with django_assert_num_queries(17):
        page.get("/board/part")
    with django_assert_num_queries(3):
        page.get("/board/part")
