from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.test import Client

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "actions"))
from orders_world import accept, contact_in, orders_of, person_in, settle

from suyuan.actions.desk import NotAllowed
from suyuan.store import accounts
from suyuan.store import models as rows
from suyuan.store.queries.officers import officer_of
from suyuan.terms import BadInput, NothingFound

COMMUNITY = "990101001001"
WORDS = "I was at my mother's that day"


@pytest.fixture
def neighbours(office, incident, act, officer):
    """Two people of one community with orders signed by the commander of the district."""
    people = [person_in(office, code) for code in ("mine", "theirs")]
    for each in people:
        accept(office, incident, contact_in(office, incident, each))
    signer = officer("commander", "990101", display_name="Li Signer")
    act("approve_orders", signer, order_ids=tuple(order.id for order in orders_of(office)))
    settle(office)
    return people


@pytest.fixture
def own_page_of(page_of):
    """Sign somebody in with an account of their own."""
    return lambda person, lang="en", role="resident": page_of(role, COMMUNITY, lang=lang, person_id=person.id)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_resident_lands_on_the_own_page_and_sees_what_is_asked(office, neighbours, own_page_of, lang):
    """Kind, term, tests and follow-up of oneself stand there in the own language, and nothing of the neighbour."""
    page, (mine, theirs) = own_page_of(neighbours[0], lang), neighbours
    assert page.get("/").headers["Location"] == "/me/"
    text = page.get("/me/").content.decode()
    assert mine.code in text
    assert theirs.code not in text
    assert ("在集中隔离点隔离" if lang == "zh" else "Stay at the quarantine site") in text
    assert "2022-07-09" in text
    for order in orders_of(office):
        assert (f"/me/orders/{order.id}/" in text) == (order.person_id == mine.id)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_order_says_why_until_when_who_signed_and_how_to_contest(office, neighbours, own_page_of, lang):
    """Everything that somebody needs to obey or to contest is on the page."""
    order = orders_of(office, person_id=neighbours[0].id)[0]
    text = own_page_of(neighbours[0], lang).get(f"/me/orders/{order.id}/").content.decode()
    assert "Li Signer" in text
    assert "35" in text
    assert "contest_own_order" in text


def test_another_residents_order_is_not_there(office, neighbours, own_page_of, act, officer):
    """To see it and to contest it answer like an order that does not exist, with sentences that tell nothing."""
    page, order = own_page_of(neighbours[0]), orders_of(office, person_id=neighbours[1].id)[0]
    assert page.get(f"/me/orders/{order.id}/").status_code == page.get("/me/orders/999999/").status_code == 404
    form = {"order_id": order.id, "words": WORDS, "key": "k", "next": "/me/"}
    assert page.post("/do/contest_own_order/", form).status_code == 404
    assert not rows.ContestRow.objects.exists()
    assert page.post("/do/contest_order/", {**form, "key": "k2"}).status_code == 403
    for url in ("/orders/", f"/orders/{order.id}/", "/people/", f"/people/{neighbours[1].id}/", "/contests/"):
        assert page.get(url).status_code in (403, 404), url


def test_a_resident_contests_and_reads_the_answer(office, neighbours, own_page_of, act, officer, clock):
    """The words are sealed, the clock of the answer runs, nobody is asked twice, and the answer comes with reasons."""
    page, order = own_page_of(neighbours[0]), orders_of(office, person_id=neighbours[0].id)[0]
    form = {"order_id": order.id, "words": WORDS, "next": f"/me/orders/{order.id}/"}
    assert page.post("/do/contest_own_order/", {**form, "key": "a"}).headers["Location"] == f"/me/orders/{order.id}/"
    contest = rows.ContestRow.objects.get()
    assert (contest.area, contest.state) == (order.area, "open")
    assert (contest.due_at - contest.received_at).total_seconds() == 24 * 3600
    assert WORDS.encode() not in bytes(contest.words)
    assert WORDS not in str(list(rows.AuditRow.objects.values_list("detail", flat=True)))
    assert rows.TaskRow.objects.filter(kind="decide_contest", subject_id=contest.id).count() == 1
    assert page.post("/do/contest_own_order/", {**form, "key": "b"}).status_code == 422
    waiting = page.get(f"/me/orders/{order.id}/").content.decode()
    assert "my mother" in waiting
    assert "contest_own_order" not in waiting
    act("decide_contest", officer("commander"), contest_id=contest.id, outcome="revoke", words="The bill shows it.")
    told = page.get(f"/me/orders/{order.id}/").content.decode()
    assert "The bill shows it." in told
    assert "you were right" in told
    assert page.post("/do/contest_own_order/", {**form, "key": "c"}).status_code == 422


def test_every_look_is_in_the_audit(office, neighbours, own_page_of):
    """Page and order leave a line each, with whose data was read."""
    page, order = own_page_of(neighbours[0]), orders_of(office, person_id=neighbours[0].id)[0]
    page.get("/me/")
    page.get(f"/me/orders/{order.id}/")
    seen = list(rows.AuditRow.objects.filter(deed="read_own").order_by("id").values_list("subject", "people"))
    assert seen == [("person", [neighbours[0].id]), ("order", [neighbours[0].id])]


def test_a_proposal_is_not_shown_before_it_is_signed(office, incident, own_page_of):
    """What binds nobody frightens nobody."""
    person = person_in(office, "alone")
    accept(office, incident, contact_in(office, incident, person))
    page, order = own_page_of(person), orders_of(office)[0]
    assert f"/me/orders/{order.id}/" not in page.get("/me/").content.decode()
    assert page.get(f"/me/orders/{order.id}/").status_code == 404


def test_a_stranger_and_an_account_without_a_person(client, page_of, neighbours, office):
    """One signs in first; who only works here has an account page and no orders of their own."""
    order = orders_of(office)[0]
    for url in ("/me/", f"/me/orders/{order.id}/"):
        assert client.get(url).headers["Location"].startswith("/accounts/login/")
    commander = page_of("commander")
    assert "read_own" not in rows.AuditRow.objects.values_list("deed", flat=True)
    assert commander.get(f"/me/orders/{order.id}/").status_code == 404
    assert commander.post("/do/contest_own_order/", {"order_id": order.id, "words": "x", "key": "k"}).status_code == 404
    assert 'href="/me/"' not in commander.get("/me/").content.decode()


def test_an_officer_under_quarantine_keeps_the_duty_and_sees_the_own_orders(neighbours, own_page_of):
    """A commander who is bound too begins at the board, finds the own page in the menu and the account beside it."""
    page = own_page_of(neighbours[0], role="commander")
    assert 'href="/me/"' in page.get("/").content.decode()
    assert "/me/account/" in page.get("/me/").content.decode()
    assert page.get("/me/account/").status_code == 200


def test_the_page_costs_the_same_for_one_order_and_for_many(
    office, incident, neighbours, own_page_of, django_assert_num_queries
):
    """Whatever a person went through, the page asks the database as often."""
    page = own_page_of(neighbours[0])
    page.get("/me/")
    with django_assert_num_queries(16):
        page.get("/me/")
    first = rows.OrderRow.objects.filter(person_id=neighbours[0].id).first()
    for n in (1, 2):
        first.pk, first.cause = 900_000 + n, f"again {n}"
        first.save(force_insert=True)
    with django_assert_num_queries(16):
        page.get("/me/")


def test_an_account_is_made_for_a_person(neighbours, page_of, account, officer):
    """An administrator names the number; only residents, only people of the own areas, and the audit says whom."""
    page = page_of("administrator", "990101")
    form = {"username": "zhang", "role": "resident", "area": COMMUNITY, "person": "mine"}
    made = page.post("/officers/new/", form).content.decode()
    assert "mine" in made
    user = rows.OfficerRow.objects.get(username="zhang")
    assert user.person_id == neighbours[0].id
    assert officer_of(user).person_id == neighbours[0].id
    assert rows.AuditRow.objects.get(deed="make_account").detail["person_id"] == neighbours[0].id
    with pytest.raises(BadInput):
        accounts.make_account(accounts.OPERATOR, "wang", (("commander", COMMUNITY),), person="mine")
    with pytest.raises(NothingFound):
        accounts.make_account(officer("administrator", "990102"), "wang", (("resident", "990102"),), person="mine")
    with pytest.raises(NotAllowed):
        accounts.make_account(officer("community_worker", COMMUNITY), "wang", (("resident", COMMUNITY),), person="mine")
    assert not rows.OfficerRow.objects.filter(username="wang").exists()


def test_the_demonstrations_resident_is_somebody_whom_an_order_binds(neighbours, account, clock):
    """Whoever tries the demonstration as a resident sees orders of their own."""
    from suyuan.cli.demo_accounts import bind_resident

    resident, boss = account("resident", COMMUNITY), account("commander", "990101")
    rows.OfficerRow.objects.filter(id=resident.id).update(username="resident")
    rows.OfficerRow.objects.filter(id=boss.id).update(username="commander")
    bind_resident(clock.now())
    resident.refresh_from_db()
    assert resident.person_id in {each.id for each in neighbours}
    assert rows.AuditRow.objects.get(deed="set_person").detail["person_id"] == resident.person_id


def test_after_a_merge_the_account_belongs_to_the_record_that_is_kept(neighbours, account):
    """Orders that moved with a merge are still one's own."""
    user = account("resident", COMMUNITY, person_id=neighbours[0].id)
    rows.PersonRow.objects.filter(id=neighbours[0].id).update(merged_into=neighbours[1].id)
    assert officer_of(user).person_id == neighbours[1].id


def test_a_program_never_acts_as_the_person(neighbours, account):
    """A token gives the rights of its scopes, and no access to what concerns the account's person."""
    from django.utils import timezone

    from suyuan.store.queries.tokens import issue_token, officer_of_token

    user = account("commander", "990101", person_id=neighbours[0].id)
    token = issue_token(officer_of(user), "t", ("see_cases",), 1)
    assert officer_of_token(token, timezone.now()).person_id == 0


def test_the_page_obeys_the_strict_policy(neighbours, own_page_of):
    """No script, style or foreign address is written into it."""
    page = own_page_of(neighbours[0])
    for url in ("/me/", f"/me/orders/{rows.OrderRow.objects.filter(person_id=neighbours[0].id).first().id}/"):
        text = page.get(url).content.decode()
        assert "style=" not in text
        assert "<script>" not in text
    assert isinstance(page, Client)
