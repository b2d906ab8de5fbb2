from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "actions"))
from orders_world import orders_of, proposed, settle

from suyuan.store import models as rows

DISTRICT, OTHER = "990101", "990102"


@pytest.fixture
def signed(office, incident, act, officer):
    """A facility order and its monitoring, signed by a commander of the district."""
    orders = proposed(office, incident)
    act("approve_orders", officer("commander", DISTRICT), order_ids=tuple(order.id for order in orders))
    settle(office)
    return orders_of(office)


@pytest.fixture
def contest(signed, act, officer):
    """A contest of the facility order."""
    return act("contest_order", officer("community_worker", DISTRICT), order_id=signed[0].id, words="I was not there")


def group_of(incident):
    return f"incident={incident}&district={DISTRICT}&kind=quarantine_facility"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_waits_is_grouped_and_says_why(page_of, office, incident, lang):
    """The officer sees how many people and person-days one signature means, and the rule behind it."""
    proposed(office, incident, 3)
    page = page_of("commander", DISTRICT, lang=lang).get("/orders/")
    text = page.content.decode()
    assert page.status_code == 200
    assert ("第九版" if lang == "zh" else "9th edition") in text
    assert text.count("/orders/waiting/?incident=") == 2


@pytest.mark.parametrize(
    "url",
    [
        "/orders/", "/orders/waiting/?incident={incident}&district=990101&kind=monitoring",
        "/orders/sign/?incident={incident}&district=990101&kind=monitoring", "/orders/{order}/",
        "/orders/{order}/notice/", "/restrictions/", "/contests/", "/contests/{contest}/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_owner_of_a_duty_sees_each_page(page_of, incident, signed, contest, url, lang):
    """A commander of the district opens every page about its orders, in both languages."""
    where = url.format(incident=incident, order=signed[0].id, contest=contest)
    assert page_of("commander", DISTRICT, lang=lang).get(where).status_code == 200


@pytest.mark.parametrize("url", ["/orders/{order}/", "/orders/{order}/notice/", "/contests/{contest}/"])
def test_a_colleague_of_another_district_finds_nothing(page_of, signed, contest, url):
    """An order outside one's area answers exactly like one that does not exist."""
    where = url.format(order=signed[0].id, contest=contest)
    assert page_of("commander", OTHER).get(where).status_code == 404


def test_a_colleagues_lists_are_empty(page_of, signed, contest):
    """Lists hold only what lies in one's own area."""
    page = page_of("commander", OTHER)
    for url in ("/orders/", "/restrictions/", "/contests/"):
        assert f"/orders/{signed[0].id}/" not in page.get(url).content.decode()


@pytest.mark.parametrize("url", ["/orders/", "/restrictions/", "/restrictions/tally/", "/contests/", "/orders/1/"])
def test_who_has_no_duty_with_orders_may_not(page_of, url):
    """A sampler has no right to see orders, anywhere."""
    assert page_of("sampler").get(url).status_code == 403


@pytest.mark.parametrize("url", ["/orders/", "/orders/sign/", "/restrictions/", "/contests/", "/orders/1/notice/"])
def test_a_stranger_is_sent_to_sign_in(client, db, url):
    """Nobody sees an order without signing in."""
    assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_a_whole_group_is_signed_by_one_form(page_of, office, incident):
    """The page carries the orders and the fingerprint of what was shown; the form signs exactly that."""
    proposed(office, incident, 3)
    page = page_of("commander", DISTRICT)
    sheet = page.get(f"/orders/sign/?{group_of(incident)}").context["sheet"]
    form = {"order_ids": sheet.order_ids, "digest": sheet.digest, "key": "k", "next": "/orders/"}
    assert page.post("/do/approve_orders/", form).status_code == 302
    assert [o.state.value for o in orders_of(office, kind="quarantine_facility")] == ["signed"] * 3


def test_what_changed_since_it_was_shown_is_not_signed(page_of, office, incident):
    """If an order changed after the page was shown, the signature falls on nothing."""
    first, _ = proposed(office, incident)
    page = page_of("commander", DISTRICT)
    sheet = page.get(f"/orders/sign/?{group_of(incident)}").context["sheet"]
    rows.OrderRow.objects.filter(id=first.id).update(ends_at=first.ends_at.replace(month=8))
    form = {"order_ids": sheet.order_ids, "digest": sheet.digest, "key": "k", "next": "/orders/"}
    assert page.post("/do/approve_orders/", form).status_code == 409
    assert orders_of(office)[0].state.value == "proposed"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_notice_says_reason_end_contest_and_signature(page_of, signed, lang):
    """Whoever is bound reads why, until when, how to contest it, and who signed."""
    text = page_of("community_worker", DISTRICT).get(f"/orders/{signed[0].id}/notice/?lang={lang}").content.decode()
    signer = rows.OfficerRow.objects.get(id=signed[0].signed_by).username
    for needed in ("2022-07-14 12:00", "2022-07-17 12:00", signer, "24"):
        assert needed in text
    assert ("如何提出异议" if lang == "zh" else "How to contest this") in text


def test_a_draft_says_that_it_binds_nobody(page_of, office, incident):
    """A notice printed before the signature cannot be taken for one."""
    order = proposed(office, incident)[0]
    assert "NOT SIGNED" in page_of("commander", DISTRICT).get(f"/orders/{order.id}/notice/?lang=en").content.decode()


def test_words_of_a_contest_are_for_those_who_answer(page_of, contest):
    """An auditor sees that there is a contest, its clock and its order, not what the person wrote."""
    assert "I was not there" in page_of("commander", DISTRICT).get(f"/contests/{contest}/").content.decode()
    assert "I was not there" not in page_of("auditor", DISTRICT).get(f"/contests/{contest}/").content.decode()


def test_the_signer_is_told_that_somebody_else_decides(page_of, signed, contest):
    """The decision form is not offered to the officer who signed."""
    page = page_of("commander", DISTRICT)
    assert "decide_contest" in page.get(f"/contests/{contest}/").content.decode()
    rows.OrderRow.objects.update(signed_by=page.user.id)
    assert "decide_contest" not in page.get(f"/contests/{contest}/").content.decode()


def test_restrictions_count_people_orders_and_person_days(page_of, signed, clock):
    """After two days one person has been bound for two days, by the one order that has begun."""
    clock.move(days=2)
    whole = page_of("commander", DISTRICT).get("/restrictions/tally/").context["whole"]
    assert (whole.n_people, whole.n_orders, round(whole.person_days, 6)) == (1, 1, 2.0)
    clock.move(days=30)
    whole = page_of("commander", DISTRICT).get("/restrictions/tally/").context["whole"]
    # 8 July 09:00 to 17 July 12:00, no clock has run, nobody is bound any more
    assert (whole.n_people, round(whole.person_days, 6)) == (0, 9.125)


@pytest.fixture
def more(office, incident, act, officer):
    """Propose for some people and sign half of it."""
    signer = officer("commander", DISTRICT)

    def make(n):
        waiting = [order.id for order in proposed(office, incident, n) if order.state.value == "proposed"]
        act("approve_orders", signer, order_ids=tuple(waiting[: len(waiting) // 2]))

    return make


LISTS = [
    "/orders/",
    "/restrictions/",
    "/restrictions/tally/",
    "/orders/waiting/?incident={}&district=990101&kind=monitoring",
]


@pytest.mark.parametrize("url", LISTS)
def test_lists_ask_as_often_for_many_rows_as_for_few(page_of, incident, more, django_assert_max_num_queries, url):
    """A list page costs the same number of queries whatever it holds."""
    page = page_of("commander", DISTRICT)
    more(2)
    page.get(url.format(incident))
    with django_assert_max_num_queries(20) as few:
        page.get(url.format(incident))
    more(4)
    with django_assert_max_num_queries(20) as many:
        page.get(url.format(incident))
    assert len(few) == len(many)
