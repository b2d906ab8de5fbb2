"""Pages of cases, contacts, changes and the chain: who sees what, and what they show."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

import pytest
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from room_logs import FIRST_VISITS, there, write_visits
from suyuan.actions.hearing import RECEIVERS, deliver
from suyuan.store import models as rows
from suyuan.terms import Fact

CITY, DISTRICT, OTHER = "9901", "990101", "990102"
PAGES = ("/cases/", "/cases/new/", "/contacts/", "/contacts/new/")


@pytest.fixture
def school(office, clock, act, officer):
    """An incident of one district with one confirmed case, three proposals, and a way to write late visits."""
    name = f"log-{uuid.uuid4().hex[:8]}"
    folder = Path(settings.SUYUAN_HOME) / "logs" / name
    write_visits(folder, FIRST_VISITS, clock.now())
    head = officer("commander", DISTRICT, also=("analyst",))
    incident = act("open_incident", head, name="School", protocol="covid19-9", area=DISTRICT, visit_log=name)
    case = act("report_case", head, incident_id=incident, person_code="P1", onset_at=there("07-06 00:00"))
    act("confirm_case", head, case_id=case)

    def late(*visits):
        clock.move(hours=3)
        write_visits(folder, list(visits), clock.now())
        with office.open_room() as room:
            now = office.clock.now()
            fact = room.facts.add(
                Fact(kind="visit_log_changed", subject_id=0, incident_id=incident, occurred_at=now, recorded_at=now)
            )
        deliver(office, fact, RECEIVERS["retrace_on_late_data"])

    return incident, case, head, late


def addresses(incident, case):
    contact = rows.ContactRow.objects.order_by("id").first().id
    return (
        f"/cases/{case}/",
        f"/cases/{case}/trail/",
        f"/contacts/{contact}/",
        f"/incidents/{incident}/changes/",
        f"/incidents/{incident}/chain/",
        f"/incidents/{incident}/chain.json",
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_officer_of_the_district_sees_every_page(page_of, school, lang):
    """Who has the rights in the district gets every page, in both languages, with nothing left unsaid."""
    page = page_of("commander", DISTRICT, lang=lang)
    for address in (*PAGES, *addresses(*school[:2])):
        answer = page.get(address)
        assert answer.status_code == 200, address
        assert "cases_page." not in answer.content.decode()


def test_an_officer_of_another_district_finds_nothing(page_of, school):
    """What lies elsewhere answers like what does not exist, and lists are empty."""
    page = page_of("commander", OTHER)
    for address in addresses(*school[:2]):
        assert page.get(address).status_code == 404, address
    assert "P1" not in page.get("/cases/").content.decode()
    assert "P2" not in page.get("/contacts/").content.decode()


def test_who_lacks_the_right_or_a_session_gets_nothing(page_of, school, client):
    """Without the right a list is refused, without a session one is sent to sign in."""
    page = page_of("sampler", DISTRICT)
    assert {page.get(address).status_code for address in PAGES} == {403}
    for address in (*PAGES, *addresses(*school[:2])):
        assert client.get(address).headers["Location"].startswith("/accounts/login/")


def test_a_clinic_may_report_and_see_no_list(page_of, school):
    """A sentinel clinic gets the form and its own way back, not the cases."""
    page = page_of("clinic", DISTRICT)
    assert "School" in page.get("/cases/new/").content.decode()
    assert page.get("/cases/").status_code == 403
    form = {"incident_id": school[0], "person_code": "P77", "found_by": "clinic", "key": "k", "next": "/cases/new/"}
    assert page.post("/do/report_case/", form).status_code == 302
    assert rows.CaseRow.objects.get(person__code="P77").found_by == "clinic"


def test_lists_cost_the_same_for_one_row_and_for_three(page_of, act, school, django_assert_num_queries):
    """The number of queries of the list of cases does not grow with its rows."""
    page = page_of("commander", DISTRICT)
    page.get("/cases/")
    with django_assert_num_queries(11):
        page.get("/cases/")
    for code in ("P8", "P9"):
        act("report_case", school[2], incident_id=school[0], person_code=code)
    with django_assert_num_queries(11):
        assert "P9" in page.get("/cases/").content.decode()


def test_the_queue_costs_the_same_for_one_row_and_for_three(page_of, act, school, django_assert_num_queries):
    """The number of queries of the queue of contacts does not grow with its rows."""
    page = page_of("commander", DISTRICT)
    address = f"/contacts/?incident_id={school[0]}"
    with django_assert_num_queries(12):
        assert page.get(address).content.decode().count('name="contact_ids"') == 3
    ids = list(rows.ContactRow.objects.order_by("id").values_list("id", flat=True))
    act("accept_contacts", school[2], incident_id=school[0], contact_ids=tuple(ids[:2]))
    with django_assert_num_queries(12):
        assert page.get(address).content.decode().count('name="contact_ids"') == 1


def test_a_row_says_in_words_why(page_of, school):
    """The queue says who was met, where and for how long, in the reader's language."""
    english = page_of("commander", DISTRICT).get("/contacts/").content.decode()
    assert "Met case 1 at P-ROOM (classroom), 07-04 08:00 to 12:00, 240 min together." in english
    chinese = page_of("commander", DISTRICT, lang="zh").get("/contacts/").content.decode()
    assert "07-04 08:00 至 12:00，在 P-ROOM（教室）与 1 号病例接触，共处 240 分钟。" in chinese


def test_bulk_forms_decide(page_of, school):
    """The ticked rows and all that match are decided through the same door, and the page says how many."""
    page = page_of("commander", DISTRICT)
    one = rows.ContactRow.objects.get(person__code="P2").id
    form = {"incident_id": school[0], "contact_ids": [one], "key": "k1", "next": "/contacts/"}
    assert "1 contacts accepted" in page.post("/do/accept_contacts/", form, follow=True).content.decode()
    form = {"incident_id": school[0], "everything": "true", "ring": "1", "reason": "checked", "key": "k2"}
    page.post("/do/remove_contacts/", form)
    states = dict(rows.ContactRow.objects.values_list("person__code", "state"))
    assert states == {"P2": "accepted", "P3": "removed", "P4": "proposed"}


def test_what_changed_is_said_with_its_reason_and_decided(page_of, act, school):
    """A corrected onset that lets an accepted contact fall away waits on the page, in words, until decided."""
    incident, case, head, late = school
    contact = rows.ContactRow.objects.get(person__code="P2").id
    act("accept_contacts", head, incident_id=incident, contact_ids=(contact,))
    act("correct_case", head, case_id=case, onset_at=there("07-08 00:00"), reason="remembered")
    late(("P9", "P-HOME4", "home", "07-07 19:00", "07-07 20:00"))
    page = page_of("commander", DISTRICT)
    told = page.get(f"/incidents/{incident}/changes/").content.decode()
    assert "P2 is no longer a close contact." in told
    assert "was corrected from 2022-07-06 to 2022-07-08" in told
    assert "Waits for a decision: accepted stands until then." in told
    change = rows.TracingChangeRow.objects.get(decided="").id
    form = {"incident_id": incident, "change_ids": [change], "accept": "false", "key": "k", "next": "/contacts/"}
    assert page.post("/do/decide_changes/", form).status_code == 302
    assert rows.ContactRow.objects.get(id=contact).state == "accepted"
    assert "kept as decided" in page.get(f"/incidents/{incident}/changes/?show=all").content.decode()


def test_the_trail_shows_stays_and_meetings_and_is_noted(page_of, school):
    """Where a case was and whom it met comes from the stored tracing, and the audit knows who looked."""
    page = page_of("commander", DISTRICT)
    told = page.get(f"/cases/{school[1]}/trail/").content.decode()
    assert '"place": "P-ROOM"' in told
    assert "classroom" in told
    entry = rows.AuditRow.objects.filter(deed="see_itinerary").get()
    assert entry.people == [rows.CaseRow.objects.get(id=school[1]).person_id]


def test_the_chain_links_a_case_to_the_case_whose_contact_it_was(page_of, act, school):
    """A contact who became a case hangs under its infector; nobody's name is in the data; the same again is free."""
    incident, case, head, _ = school
    second = act("report_case", head, incident_id=incident, person_code="P2", onset_at=there("07-08 00:00"))
    act("confirm_case", head, case_id=second)
    page = page_of("commander", DISTRICT)
    answer = page.get(f"/incidents/{incident}/chain.json")
    links = [(link["from"], link["to"]) for link in answer.json()["links"]]
    assert links == [(str(case), str(second))]
    assert {node["label"] for node in answer.json()["nodes"]} == {"1", "2"}
    again = page.get(f"/incidents/{incident}/chain.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_form_shows_the_dates_that_sending_it_back_would_keep(page_of, act, school):
    """The date of onset in the form is the civil date of the place: confirming without touching it changes nothing."""
    incident, _, head, _ = school
    case = act("report_case", head, incident_id=incident, person_code="P8", onset_at=there("07-05 00:00"))
    page = page_of("commander", DISTRICT)
    told = page.get(f"/cases/{case}/").content.decode()
    assert 'name="onset_at" value="2022-07-05"' in told
    assert "No tracing has seen this person yet." in told
    form = {"case_id": case, "onset_at": "2022-07-05", "key": "k", "next": "/cases/"}
    assert page.post("/do/confirm_case/", form).status_code == 302
    assert rows.CaseRow.objects.get(id=case).onset_at == there("07-05 00:00")


def test_a_case_is_found_by_its_number_and_by_its_person(page_of, act, school):
    """The search takes a case number or a person's whole number, and nothing of the like."""
    act("report_case", school[2], incident_id=school[0], person_code="P8")
    page = page_of("commander", DISTRICT)
    assert "P8" in page.get("/cases/?search=2").content.decode()
    assert "P8" in page.get("/cases/?search=P8").content.decode()
    assert f"/cases/{school[1]}/" not in page.get("/cases/?search=P8").content.decode()
