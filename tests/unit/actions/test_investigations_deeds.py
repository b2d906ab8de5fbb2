"""From the order of an investigation to its reviewed report."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from room_logs import there, write_visits
from suyuan.actions.desk import NotAllowed, Stale
from suyuan.actions.hearing import RECEIVERS, deliver
from suyuan.actions.interview_form import CompanionRow, InterviewForm, StopRow, SymptomRow
from suyuan.actions.open_report import compare_reports, open_report, preview_report, read_days
from suyuan.actions.save_interview import open_interview
from suyuan.reporting.documents import as_text
from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.terms import BadInput, Fact, NothingFound

CITY, DISTRICT, OTHER = "9901", "990101", "990102"
FACTS = Mapping(Fact, rows.FactRow)
VISITS = [
    ("P1", "P-MARKET", "market", "07-05 18:10", "07-05 18:40"),
    ("P1", "P-HOME1", "home", "07-05 20:00", "07-06 07:00"),
]
HOME = StopRow(start="2022-07-05T18:00", end="2022-07-05T20:00", place="home", kind="home")


@pytest.fixture
def hear(office):
    """Hand the facts of some kinds to the receivers of investigations, again each time it is called."""

    def hear_all(times=1):
        for _ in range(times):
            for row in rows.FactRow.objects.order_by("id").values_list(*FACTS.names):
                fact = FACTS.to_term(row)
                for name in ("order_investigation", "cancel_investigation"):
                    if fact.kind in RECEIVERS[name].kinds:
                        deliver(office, fact, RECEIVERS[name])

    return hear_all


@pytest.fixture
def chief(officer):
    """Whoever reports, confirms, forms teams and reviews in the city."""
    return officer("duty_officer", CITY)


@pytest.fixture
def place(act, chief, clock):
    """An incident with a small visit log."""
    from django.conf import settings

    name = f"log-{uuid.uuid4().hex[:8]}"
    write_visits(Path(settings.SUYUAN_HOME) / "logs" / name, VISITS, clock.now())
    return act("open_incident", chief, name="Market", protocol="covid19-9", area=CITY, visit_log=name)


@pytest.fixture
def ordered(act, chief, place, hear):
    """A reported case of person P1 and the order of its investigation."""
    case = act("report_case", chief, incident_id=place, person_code="P1", area=DISTRICT, onset_at=there("07-06 08:00"))
    hear()
    return rows.InvestigationRow.objects.get(case_id=case)


def written(**fields) -> InterviewForm:
    return InterviewForm(**fields)


@pytest.fixture
def taken(act, officer, ordered):
    """The order, taken by an investigator of the district."""
    investigator = officer("investigator", DISTRICT, display_name="Zhou Min")
    act("take_investigation", investigator, investigation_id=ordered.id)
    return ordered.id, investigator


def test_each_case_is_investigated_once_with_the_editions_deadline(act, chief, ordered, hear, clock):
    """Reported, confirmed and heard again, a case has one order, due by the edition's clock, and one task."""
    act("confirm_case", chief, case_id=ordered.case_id)
    hear(times=2)
    row = rows.InvestigationRow.objects.get()
    assert (row.due_at - row.ordered_at).total_seconds() == 24 * 3600
    assert rows.TaskRow.objects.get(kind="investigate").due_at == row.due_at


def test_without_a_team_the_coordination_is_asked(ordered):
    """No team on duty leaves the order without one, says why, and makes a task for the coordination group."""
    assert (ordered.team_id, ordered.because["rule"]) == (0, "no_team")
    task = rows.TaskRow.objects.get(kind="assign_investigation")
    assert (task.group, task.subject_id) == ("command", ordered.id)


def test_a_case_ruled_out_is_not_investigated_and_comes_back(act, chief, ordered, hear):
    """Ruling out calls the order and its task off; reopening the case orders it anew with a new deadline."""
    act("rule_out_case", chief, case_id=ordered.case_id, reason="another virus")
    hear()
    ordered.refresh_from_db()
    assert ordered.state == "cancelled"
    assert rows.TaskRow.objects.get(kind="investigate").state == "cancelled"
    act("reopen_case", chief, case_id=ordered.case_id, reason="sequenced")
    hear()
    ordered.refresh_from_db()
    assert ordered.state == "ordered"


def test_a_member_takes_it_for_their_team_and_a_stranger_does_not(act, chief, officer, place, hear):
    """A member of another team takes the order over, which the history tells; who is in no team may not."""
    one, two, none = (officer("investigator", DISTRICT) for _ in range(3))
    first = act("form_team", chief, code="A", name_zh="一组", area=DISTRICT, members=(one.id,))
    second = act("form_team", chief, code="B", name_zh="二组", area=DISTRICT, capacity=1, members=(two.id,))
    act("report_case", chief, incident_id=place, person_code="P1", area=DISTRICT)
    hear()
    order = rows.InvestigationRow.objects.get()
    assert order.team_id == first
    with pytest.raises(BadInput, match="no team"):
        act("take_investigation", none, investigation_id=order.id)
    assert act("take_investigation", two, investigation_id=order.id) == second
    history = rows.HistoryRow.objects.filter(subject="investigation", what="team").order_by("id")
    assert list(history.values_list("before", "after")) == [("", "A"), ("A", "B")]
    with pytest.raises(BadInput, match="taken"):
        act("take_investigation", one, investigation_id=order.id)
    with pytest.raises(NotAllowed):
        act("take_investigation", officer("investigator", OTHER), investigation_id=order.id)


def test_giving_it_to_another_team_needs_a_reason(act, chief, place, hear, taken):
    """A taken order moves only with a reason, waits again, and its task names the new team."""
    team = act("form_team", chief, code="C", name_zh="三组", area=DISTRICT)
    with pytest.raises(BadInput, match="reason"):
        act("assign_investigation", chief, investigation_id=taken[0], team_id=team, reason=" ")
    assert act("assign_investigation", chief, investigation_id=taken[0], team_id=team, reason="speaks Korean") == 1
    row = rows.InvestigationRow.objects.get(id=taken[0])
    assert (row.state, row.team_id, row.because["rule"]) == ("ordered", team, "by_hand")
    assert rows.TaskRow.objects.get(kind="investigate").values["team"] == "C"
    with pytest.raises(NotAllowed):
        act("assign_investigation", taken[1], investigation_id=taken[0], team_id=team, reason="x")


def test_telephone_and_visit_are_noted_and_never_in_the_future(act, clock, taken):
    """What is left out is now; a time to come is refused."""
    act("note_interview", taken[1], investigation_id=taken[0], how="telephone")
    assert rows.InvestigationRow.objects.get(id=taken[0]).by_telephone_at == clock.now()
    with pytest.raises(BadInput):
        act("note_interview", taken[1], investigation_id=taken[0], how="on_site", at=there("07-20 08:00"))


def test_a_lost_update_of_a_draft_is_refused_and_nothing_of_the_other_is_overwritten(act, officer, office, taken):
    """Two people who opened the same version: the second is told, and the first one's text stands."""
    order, investigator = taken
    other = officer("investigator", DISTRICT)
    first = act("save_interview", investigator, investigation_id=order, form=written(stops=(HOME,)), version=0)
    with pytest.raises(Stale):
        act("save_interview", other, investigation_id=order, form=written(), version=0)
    form, _ = open_interview(office, other, order, "compare")
    assert form.stops == (HOME,)
    assert act("save_interview", other, investigation_id=order, form=written(), version=first) == first + 1


def test_what_was_said_lies_sealed_and_stays_out_of_audit_and_facts(act, office, officer, taken):
    """Names of companions stand neither in a table nor in the audit; every opening is recorded."""
    order, investigator = taken
    form = written(companions=(CompanionRow(name="欧阳小明", first="2022-07-05T18:00"),))
    act("save_interview", investigator, investigation_id=order, form=form)
    assert "欧阳".encode() not in bytes(rows.InterviewRow.objects.get().sealed)
    open_interview(office, investigator, order, "go on with the interview")
    assert "欧阳" not in str(list(rows.AuditRow.objects.values())) + repr(form)
    assert rows.AuditRow.objects.filter(deed="read_details", purpose="go on with the interview").exists()
    with pytest.raises(NotAllowed):
        open_interview(office, officer("analyst", CITY), order, "curious")
    with pytest.raises(NothingFound):
        open_interview(office, officer("investigator", OTHER), order, "curious")


def test_the_days_stand_beside_what_records_say(act, office, taken, clock):
    """The interview's evening at home contradicts the market's check-in, and the hours nobody tells of are gaps."""
    order, investigator = taken
    act("save_interview", investigator, investigation_id=order, form=written(stops=(HOME,)))
    days, _ = read_days(office, investigator, order)
    fifth = next(day for day in days.days if day.day.isoformat() == "2022-07-05")
    assert [each.source for each in fifth.statements] == ["interview", "check-in", "check-in"]
    (against,) = fifth.contradictions
    assert (against.said.place, against.recorded.place) == ("home", "P-MARKET")
    assert fifth.gaps[0][1] == there("07-05 18:00")
    assert days.windows.tracing.start == there("07-04 00:00")


def test_stays_of_a_record_merged_into_this_one_are_the_same_persons(act, office, taken):
    """What the log knows under the number of a merged record stands among the days of the person who took it in."""
    order, investigator = taken
    kept = rows.InvestigationRow.objects.get(id=order).person
    rows.PersonRow.objects.filter(id=kept.id).update(code="KEPT")
    assert read_days(office, investigator, order)[0].recorded == ()
    rows.PersonRow.objects.create(id=9000, code="P1", merged_into=kept.id)
    assert [each.place for each in read_days(office, investigator, order)[0].recorded] == ["P-MARKET", "P-HOME1"]


def test_handing_in_seals_a_version_and_proposes_the_companions(act, office, clock, taken):
    """Companions get a number and become contacts by hand; the task ends; the report says what was told."""
    order, investigator = taken
    form = written(
        stops=(HOME,),
        symptoms=(SymptomRow(day="2022-07-06", symptoms="fever, cough", temperature="38.2"),),
        companions=(
            CompanionRow(name="李明华", telephone="13912345678", first="2022-07-05T18:00", place="home"),
            CompanionRow(code="P1", first="2022-07-05T18:00"),
        ),
        own={"source": "He only went to the market."},
    )
    version = act("save_interview", investigator, investigation_id=order, form=form)
    answer = act("submit_report", investigator, investigation_id=order, version=version)
    assert (answer.number, answer.n_contacts) == (1, 1)
    contact = rows.ContactRow.objects.get()
    case = rows.InvestigationRow.objects.get().case_id
    assert (contact.by_hand, contact.state, contact.infector_case_id) == (True, "proposed", case)
    assert rows.TaskRow.objects.get(kind="investigate").state == "done"
    assert rows.TaskRow.objects.get(kind="review_report").state == "open"
    fact = rows.FactRow.objects.get(kind="investigation_submitted")
    assert fact.values == {"number": 1, "contact_ids": [contact.id]}
    text = as_text(open_report(office, investigator, order, 1, "en").document)
    assert "38.2" in text
    assert "He only went to the market." in text
    assert "Zhou Min" in text
    assert "interview says" in text
    assert open_interview(office, investigator, order, "again")[0].companions[0].code == contact.person.code
    assert act("submit_report", investigator, investigation_id=order).n_contacts == 0
    act("save_interview", investigator, investigation_id=order, form=form)  # the numbers were lost
    assert act("submit_report", investigator, investigation_id=order).n_contacts == 0
    assert rows.PersonRow.objects.count() == 2


def test_a_row_that_cannot_be_read_stops_the_report_but_not_the_draft(act, taken):
    """A draft takes anything; the report names list and row of what is missing."""
    order, investigator = taken
    form = written(companions=(CompanionRow(name="x", first="yesterday"),))
    act("save_interview", investigator, investigation_id=order, form=form)
    with pytest.raises(BadInput, match="Companions, row 1"):
        act("submit_report", investigator, investigation_id=order)
    assert not rows.ReportVersionRow.objects.exists()


def test_review_is_by_another_and_versions_never_replace_each_other(act, chief, office, officer, taken):
    """The author cannot review; a return needs a remark; the next version stands beside the first."""
    order, investigator = taken
    act("save_interview", investigator, investigation_id=order, form=written(stops=(HOME,)))
    act("submit_report", investigator, investigation_id=order)
    report = rows.ReportVersionRow.objects.get()
    first = as_text(open_report(office, investigator, order, 1, "en").document)
    both = officer("investigator", DISTRICT, also=("duty_officer",))
    rows.ReportVersionRow.objects.filter(id=report.id).update(written_by=both.id)
    with pytest.raises(NotAllowed):
        act("review_report", both, report_id=report.id, accept=True)
    with pytest.raises(BadInput, match="remark"):
        act("review_report", chief, report_id=report.id, accept=False)
    assert act("review_report", chief, report_id=report.id, accept=False, remark="ask about the bus") == "returned"
    assert rows.TaskRow.objects.get(kind="revise_report").state == "open"
    bus = StopRow(start="2022-07-05T08:00", end="2022-07-05T08:30", place="Bus 7", kind="vehicle")
    act("save_interview", investigator, investigation_id=order, form=written(stops=(HOME, bus)))
    act("submit_report", investigator, investigation_id=order)
    second = rows.ReportVersionRow.objects.get(number=2)
    assert act("review_report", chief, report_id=second.id, accept=True) == "reviewed"
    assert rows.InvestigationRow.objects.get(id=order).state == "reviewed"
    assert as_text(open_report(office, investigator, order, 1, "en").document) == first
    opened, lines = compare_reports(office, investigator, order, 2, "en")
    assert any(line.kind == "new" and "Bus 7" in line.text for line in lines)
    assert opened.document.marking.watermark == ""
    with pytest.raises(BadInput, match="decided"):
        act("review_report", chief, report_id=report.id, accept=True)


def test_details_are_in_a_report_only_for_those_who_may_see_them(act, chief, office, officer, place, hear):
    """The writer's report names the case; an auditor of texts without that right gets the same version without it."""
    from suyuan.terms import Details

    investigator = officer("investigator", DISTRICT)
    person = act("register_person", investigator, area=DISTRICT, details=Details(name="王秀英", address="松花江路12弄"))
    act("report_case", chief, incident_id=place, person_id=person, onset_at=there("07-06 08:00"))
    hear()
    order = rows.InvestigationRow.objects.get().id
    act("take_investigation", investigator, investigation_id=order)
    assert "王秀英" in as_text(preview_report(office, investigator, order, "zh"))
    act("save_interview", investigator, investigation_id=order, form=written(stops=(HOME,)))
    act("submit_report", investigator, investigation_id=order)
    rows.RoleRow.objects.create(name="reader", rights=["see_investigations", "review_report"])
    reader = officer("reader", DISTRICT)
    told = as_text(open_report(office, reader, order, 1, "zh").document)
    assert "王秀英" not in told
    assert "松花江路" not in told
    assert "王秀英" in as_text(open_report(office, investigator, order, 1, "zh").document)
    assert "王秀英".encode() not in bytes(rows.ReportVersionRow.objects.get().sealed)
