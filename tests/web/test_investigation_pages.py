"""Pages of investigations, their form, their reports and the teams."""

from __future__ import annotations

import io
import json
import re

import pytest

from suyuan.actions.hearing import RECEIVERS, deliver
from suyuan.actions.interview_form import InterviewForm, StopRow
from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.terms import Details, Fact

CITY, DISTRICT, OTHER = "9901", "990101", "990102"
FACTS = Mapping(Fact, rows.FactRow)
HOME = StopRow(start="2022-07-05T18:00", end="2022-07-05T20:00", place="家中", kind="home")


@pytest.fixture
def order_cases(act, officer, office, incident, clock):
    """Report n cases of named persons in the district, and return the ids of their investigations."""

    def order(n=1):
        chief = officer("duty_officer", CITY)
        for i in range(n):
            person = act("register_person", chief, area=DISTRICT, details=Details(name="王秀" + "英兰梅"[i]))
            act("report_case", chief, incident_id=incident, person_id=person, onset_at=clock.now())
        for row in rows.FactRow.objects.filter(kind="case_reported").order_by("id").values_list(*FACTS.names):
            deliver(office, FACTS.to_term(row), RECEIVERS["order_investigation"])
        return list(rows.InvestigationRow.objects.order_by("id").values_list("id", flat=True))

    return order


@pytest.fixture
def handed_in(act, officer, order_cases):
    """An investigation with one version of its report, and who wrote it."""
    (number,) = order_cases()
    writer = officer("investigator", DISTRICT, display_name="周敏")
    act("take_investigation", writer, investigation_id=number)
    form = InterviewForm(stops=(HOME,), own={"source": "病例只到过市场。"})
    act("save_interview", writer, investigation_id=number, form=form)
    act("submit_report", writer, investigation_id=number)
    return number


def test_owner_colleague_and_stranger(page_of, handed_in, client):
    """The district's investigator sees everything, another's nothing, an analyst neither interview nor report."""
    base = f"/investigations/{handed_in}/"
    addresses = [base, f"{base}form/", f"{base}report/", f"{base}report/1/", f"{base}report/1.pdf", f"{base}visits.csv"]
    own, colleague = page_of("investigator", DISTRICT), page_of("investigator", OTHER)
    analyst = page_of("analyst", DISTRICT)
    for address in addresses:
        assert own.get(address).status_code == 200, address
        assert colleague.get(address).status_code == 404, address
        assert client.get(address).status_code == 302, address
        assert analyst.get(address).status_code == (200 if address == base else 403), address
    assert page_of("sampler", DISTRICT).get("/investigations/").status_code == 403
    assert page_of("sampler", DISTRICT).get("/teams/").status_code == 403


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_page_of_investigations_opens_in_both_languages(page_of, handed_in, act, officer, lang):
    """No page has a gap in its words."""
    chief = officer("duty_officer", CITY)
    team = act("form_team", chief, code="A", name_zh="一组", area=DISTRICT, members=(chief.id,))
    page = page_of("duty_officer", DISTRICT, lang=lang, also=("investigator",))
    base = f"/investigations/{handed_in}/"
    rest = ("form/", "form/days/", "form/row/stops/", "report/", "report/1/", "lanes.json")
    for address in ("/investigations/", "/investigations/?show=submitted", "/teams/", f"/teams/{team}/", base):
        assert page.get(address).status_code == 200, address
    for address in rest:
        assert page.get(base + address).status_code == 200, address
    assert "病例只到过市场。" in page.get(f"{base}report/").content.decode()
    assert (
        page_of("duty_officer", DISTRICT, display_name="陈组长").get(f"{base}report/").content.decode().count("陈组长")
        == 1
    )


def test_a_draft_saves_itself_and_a_lost_update_shows_both(page_of, order_cases):
    """The second of two who opened one version is told; the button then shows both texts and loses neither."""
    (number,) = order_cases()
    base = f"/investigations/{number}/form/"
    one, two = page_of("investigator", DISTRICT), page_of("investigator", DISTRICT)
    mine = {"version": "0", "stops.start": ["2022-07-05T18:00", ""], "stops.place": ["家中", "half a row"]}
    assert json.loads(one.post(f"{base}draft/", mine).content) == {"version": 1}
    theirs = {"version": "0", "stops.place": ["菜市场"], "own.source": "市场"}
    refused = two.post(f"{base}draft/", theirs)
    assert refused.status_code == 409
    assert "see both" in json.loads(refused.content)["message"]
    both = two.post(f"{base}save/", theirs)
    text = both.content.decode()
    assert both.status_code == 409
    assert 'value="菜市场"' in text
    assert "家中" in text
    assert 'name="version" value="1"' in text
    assert two.post(f"{base}save/", theirs | {"version": "1"}).status_code == 302
    assert "half a row" not in two.get(base).content.decode()


def test_half_filled_rows_stay_as_they_are(page_of, order_cases):
    """What was typed stands in the form again, in its row and column."""
    (number,) = order_cases()
    page = page_of("investigator", DISTRICT)
    page.post(
        f"/investigations/{number}/form/draft/", {"companions.name": ["", "李"], "companions.first": ["", "soon"]}
    )
    text = page.get(f"/investigations/{number}/form/").content.decode()
    assert 'name="companions.name" value="李"' in text
    assert 'name="companions.first" value="soon"' in text


def test_a_report_is_handed_in_and_reviewed_by_forms(page_of, order_cases):
    """Take, write, hand in, return: each is one form, and the remark is for those who may read the report."""
    (number,) = order_cases()
    writer, reviewer = page_of("investigator", DISTRICT), page_of("duty_officer", DISTRICT)
    base = f"/investigations/{number}/"
    writer.post("/do/take_investigation/", {"key": "1", "investigation_id": number, "next": base})
    whole = dict.fromkeys(re.findall(r' name="([a-z_]+\.[a-z_]+)"', writer.get(f"{base}form/").content.decode()), "")
    assert "companions.ring" in whole
    writer.post(f"{base}form/draft/", whole | {"version": "0", "none": ["stops", "companions"]})
    writer.post("/do/submit_report/", {"key": "2", "investigation_id": number, "version": "1", "next": base})
    report = rows.ReportVersionRow.objects.get()
    sent = {"key": "3", "report_id": report.id, "accept": "false", "remark": "Which bus?", "next": base}
    assert reviewer.post("/do/review_report/", sent).status_code == 302
    assert "Which bus?" in writer.get(f"{base}report/").content.decode()
    assert rows.InvestigationRow.objects.get().state == "taken"
    assert "Which bus?" not in str(list(rows.AuditRow.objects.values()))


def test_word_and_pdf_open_again_in_both_languages(page_of, handed_in):
    """Both files hold the title, the case's name for who may see it, and the investigator's words; the audit knows."""
    from docx import Document
    from pypdf import PdfReader

    for lang, title in (("zh", "初步"), ("en", "Preliminary")):
        page = page_of("investigator", DISTRICT, lang=lang)
        before = rows.AuditRow.objects.filter(deed="read_details").count()
        answer = page.get(f"/investigations/{handed_in}/report/1.docx")
        word = Document(io.BytesIO(b"".join(answer.streaming_content)))
        text = "\n".join(each.text for each in word.paragraphs)
        assert title in text
        assert "王秀英" in text
        assert "病例只到过市场" in text
        assert answer.headers["Cache-Control"] == "no-store"
        assert rows.AuditRow.objects.filter(deed="read_details").count() == before + 1
        pdf = PdfReader(io.BytesIO(b"".join(page.get(f"/investigations/{handed_in}/report/1.pdf").streaming_content)))
        assert title in "".join(each.extract_text() for each in pdf.pages)
    assert page.get(f"/investigations/{handed_in}/report/0.docx").status_code == 200
    assert page.get(f"/investigations/{handed_in}/report/1.exe").status_code == 404


def test_the_itinerary_leaves_as_a_table_without_names(page_of, handed_in):
    """The table has the person's number, places and instants, and no formula."""
    lines = (
        page_of("investigator", DISTRICT).get(f"/investigations/{handed_in}/visits.csv").content.decode().splitlines()
    )
    code = rows.PersonRow.objects.get().code
    assert lines[0] == "person_id,place_id,place_kind,t_in,t_out,source"
    assert lines[1] == f"{code},家中,home,2022-07-05T18:00:00+08:00,2022-07-05T20:00:00+08:00,interview"


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_and_three(
    page_of, order_cases, n, django_assert_num_queries
):
    """The list costs the same number of queries whatever it holds."""
    order_cases(n)
    page = page_of("investigator", DISTRICT)
    page.get("/investigations/")
    with django_assert_num_queries(13):
        answer = page.get("/investigations/")
    assert answer.content.decode().count("data-clock") == n


def test_teams_are_formed_and_changed_by_forms(page_of, officer):
    """A form makes a team with members and languages; another lets it rest; officers keep to their district."""
    member = officer("investigator", DISTRICT)
    page = page_of("duty_officer", DISTRICT)
    form = {
        "key": "a", "next": "/teams/", "code": "T1", "name_zh": "一组", "area": DISTRICT, "capacity": "2",
        "languages": ["zh", "ko"], "members": [str(member.id)],
    }  # fmt: skip
    assert page.post("/do/form_team/", form).status_code == 302
    team = rows.TeamRow.objects.get()
    assert (team.languages, team.members, team.capacity) == (["zh", "ko"], [member.id], 2)
    rest = {"key": "b", "next": "/teams/", "team_id": team.id, "version": team.version, "on_duty": "false"}
    page.post("/do/change_team/", rest)
    team.refresh_from_db()
    assert not team.on_duty
    assert page.post("/do/form_team/", form | {"key": "c", "code": "T2", "area": OTHER}).status_code == 403
    assert page_of("duty_officer", OTHER).get(f"/teams/{team.id}/").status_code == 404
