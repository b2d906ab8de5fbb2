from __future__ import annotations

import pytest

from suyuan.store import models as rows
from suyuan.terms import Details, IdentityKind
from suyuan.terms.identity import resident_check_digit

DISTRICT = "990101"
BODY = "99010119800101001"


@pytest.fixture
def registered(act, officer):
    """Two records of one person in a district, and the id of the first."""
    registrar = officer("duty_officer", DISTRICT)
    who = Details(name="王秀英", identity_kind=IdentityKind.RESIDENT, identity_number=BODY + resident_check_digit(BODY))
    first = act("register_person", registrar, area=DISTRICT, details=who)
    act("register_person", registrar, area=DISTRICT, details=who, anyway=True)
    return first


def test_owner_colleague_and_stranger(page_of, registered, client):
    """The district's own officer sees the person; another district's sees nothing; a stranger signs in first."""
    address = f"/people/{registered}/"
    own = page_of("duty_officer", DISTRICT).get(address)
    assert own.status_code == 200
    assert "王秀英" in own.content.decode()
    assert rows.AuditRow.objects.filter(deed="see_names").exists()
    assert page_of("duty_officer", "990102").get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert page_of("sampler", DISTRICT).get("/people/").status_code == 403


def test_the_number_is_shown_only_after_a_purpose(page_of, registered):
    """The page itself never holds the identity number; the reveal does, and refuses an empty purpose."""
    page = page_of("duty_officer", DISTRICT)
    assert BODY not in page.get(f"/people/{registered}/").content.decode()
    assert BODY in page.post(f"/people/{registered}/reveal/", {"purpose": "ask about symptoms"}).content.decode()
    assert page.post(f"/people/{registered}/reveal/", {"purpose": ""}).status_code == 422


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_of_persons_opens_in_both_languages(page_of, registered, lang):
    """List, search, forms, queue and comparison answer without a gap in the words."""
    page = page_of("duty_officer", DISTRICT, lang=lang)
    finding = rows.DuplicateFindingRow.objects.get().id
    for address in ("/people/", "/people/new/", "/duplicates/", f"/duplicates/{finding}/"):
        assert page.get(address).status_code == 200, address
    assert "王秀英" in page.post("/people/search/", {"q": "wang xiuying"}).content.decode()
    assert BODY in page.post(f"/people/{registered}/change/", {"purpose": "new telephone"}).content.decode()


def test_a_form_registers_a_person(page_of):
    """The fields of the form, details among them, reach the deed."""
    page = page_of("duty_officer", DISTRICT)
    form = {
        "key": "a", "next": "/people/{answer}/", "area": DISTRICT, "details.name": "John Smith",
        "details.identity_kind": "passport", "details.identity_number": "x1234567",
        "details.telephones": ["", "13912345678"],
        "vulnerabilities": ["pregnant", "lives_alone"],
    }  # fmt: skip
    where = page.post("/do/register_person/", form).headers["Location"]
    assert where == f"/people/{rows.PersonRow.objects.get().id}/"
    assert rows.PersonRow.objects.get().vulnerabilities == ["pregnant", "lives_alone"]


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_and_three(
    page_of, act, officer, n, django_assert_num_queries
):
    """The register costs the same number of queries whatever it holds."""
    registrar = officer("duty_officer", DISTRICT)
    for i in range(n):
        act("register_person", registrar, area=DISTRICT, details=Details(name=f"Person {'ABC'[i]}xyz"))
    page = page_of("duty_officer", DISTRICT)
    page.get("/people/")
    with django_assert_num_queries(11):
        page.get("/people/")


def test_a_lost_update_shows_both_versions(page_of, registered):
    """Who saves over somebody else's change is told what stands there and what they sent; nothing is saved."""
    form = {"person_id": registered, "version": 1, "reason": "asked", "next": "/people/"}
    first, second = page_of("duty_officer", DISTRICT), page_of("duty_officer", DISTRICT)
    assert first.post("/do/change_person/", {**form, "occupation": "cook", "key": "a"}).status_code == 302
    answer = second.post("/do/change_person/", {**form, "occupation": "driver", "key": "b"})
    assert answer.status_code == 409
    assert all(word in answer.content.decode() for word in ("cook", "driver"))
    assert rows.PersonRow.objects.get(id=registered).occupation == "cook"
