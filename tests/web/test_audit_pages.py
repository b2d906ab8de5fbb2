from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from suyuan.store.room import open_room
from suyuan.terms import AuditEntry, Person

CITY, DISTRICT, OTHER = "9901", "990101", "990102"


def _write(*entries: AuditEntry) -> None:
    with open_room() as room:
        room.write_audit(entries)


def _entry(officer_id: int, deed: str = "read_details", **fields: object) -> AuditEntry:
    return AuditEntry(**{"at": timezone.now(), "officer_id": officer_id, "deed": deed, **fields})


def test_an_auditor_finds_lines_by_officer_deed_subject_and_day(page_of):
    """Each question narrows the list, and lines stand in the order of the chain, the newest first."""
    page, other = page_of("auditor", "", lang="en"), page_of("commander", CITY)
    old = datetime(2022, 7, 8, 20, 0, tzinfo=UTC)
    _write(
        _entry(other.user.pk, "confirm_case", subject="case", subject_id=77, at=old),
        _entry(other.user.pk, "sign_orders", subject="order", subject_id=78),
        _entry(page.user.pk, "export_data", purpose="weekly count"),
    )
    answers = {
        f"officer={other.user.username}": (2, "sign_orders"),
        "deed=export_data": (1, "weekly count"),
        "subject=case&subject_id=77": (1, "confirm_case"),
        "day=2022-07-09": (1, "confirm_case"),
        "day=2022-07-08": (0, ""),
    }
    for asked, (n, word) in answers.items():
        text = page.get(f"/audit/?{asked}").content.decode()
        assert text.count('<td class="number"') == n, asked
        assert word in text
    assert page.get("/audit/?day=yesterday").status_code == 422
    assert page.get("/audit/?subject_id=x").status_code == 422


def test_who_looked_at_a_person_is_answered(page_of, office):
    """The audit names every read of one person's data with its purpose, and no read of anybody else."""
    page = page_of("auditor", "", lang="en")
    with open_room() as room:
        first, second = room.people.add_all([Person(code="P1", area=DISTRICT), Person(code="P2", area=DISTRICT)])
    _write(
        _entry(5, people=(first.id, second.id), purpose="call both"),
        _entry(6, people=(second.id,), purpose="second alone"),
        _entry(7, people=(first.id * 10,), purpose="a longer number"),
    )
    text = page.get("/audit/?person=P1").content.decode()
    assert "call both" in text
    assert "second alone" not in text
    assert "a longer number" not in text
    assert page.get("/audit/?person=P9").content.decode().count('<td class="number"') == 0
    assert page.get("/audit/?reads=1").content.decode().count('<td class="number"') == 3


def test_an_auditor_of_a_district_sees_what_officers_of_that_district_did(page_of):
    """Lines of officers who also, or only, work elsewhere stay with those who audit there."""
    page = page_of("auditor", DISTRICT, lang="en")
    mine, other = page_of("sampler", f"{DISTRICT}001"), page_of("sampler", OTHER)
    _write(_entry(mine.user.pk, "deed_of_mine"), _entry(other.user.pk, "deed_of_other"), _entry(0, "deed_of_clock"))
    text = page.get("/audit/").content.decode()
    assert "deed_of_mine" in text
    assert "deed_of_other" not in text
    assert "deed_of_clock" not in text


def test_only_auditors_see_the_audit(page_of, client, db):
    """A commander gets a refusal, and who is not signed in the sign-in page."""
    assert page_of("commander", "").get("/audit/").status_code == 403
    assert client.get("/audit/").status_code == 302


def test_three_lines_cost_what_one_costs(page_of, django_assert_num_queries):
    """The audit page asks the database equally often for 1 and for 3 lines."""
    page = page_of("auditor", "")
    page.get("/audit/")
    for n in (1, 2):
        _write(*[_entry(page.user.pk, people=(1,)) for _ in range(n)])
        with django_assert_num_queries(6):
            page.get("/audit/")


def test_pages_of_the_audit_follow_each_other(page_of):
    """The second page begins where the first one ended."""
    page = page_of("auditor", "", lang="en")
    _write(*[_entry(page.user.pk, f"deed{n:03}") for n in range(60)])
    first = page.get("/audit/?deed=").content.decode()
    assert "deed059" in first
    assert "deed009" not in first
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = page.get(f"/audit/{link}").content.decode()
    assert "deed009" in second
    assert "deed010" not in second
