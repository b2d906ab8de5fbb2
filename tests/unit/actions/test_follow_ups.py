from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from orders_world import accept, case_in, contact_in, person_in, tasks_of, tell

from suyuan.actions.follow_up_calendar import lost_at, next_due, over_on
from suyuan.actions.tick import tick
from suyuan.store import models as rows
from suyuan.terms import BadInput, BadUsage, Course, FollowUp, FollowUpState, Ring, TaskState

SITE, CITY_TIME = "990101001001", "Asia/Shanghai"


def followed(**fields):
    """A traveller followed from 8 to 15 July unless the fields say otherwise."""
    plain = {"kind": "close_contact", "starts_on": date(2022, 7, 8), "ends_on": date(2022, 7, 15)}
    return FollowUp(incident_id=1, person_id=1, area=SITE, **{**plain, **fields})


def at(day, hour=0):
    """Hour of a day of July in the city."""
    return datetime(2022, 7, day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def contact(office, incident):
    """A close contact of 7 July, accepted on 8 July: quarantine and follow-up until the 17th."""
    accept(office, incident, contact_in(office, incident, person_in(office)))
    return rows.FollowUpRow.objects.get()


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ({}, at(9)),
        ({"last_seen_on": date(2022, 7, 8)}, at(10)),
        ({"n_missed": 1}, at(10)),
        ({"n_missed": 2}, at(11)),
        ({"last_seen_on": date(2022, 7, 14)}, at(16)),
        ({"kind": "home_quarantined"}, at(8, 12)),
        ({"kind": "home_quarantined", "n_missed": 1}, at(9, 12)),
        ({"kind": "traveller"}, at(9, 12)),
        ({"kind": "traveller", "last_seen_on": date(2022, 7, 14)}, at(15)),
        ({"state": FollowUpState.ENDED}, None),
    ],
)
def test_the_next_alarm_counts_from_the_civil_day_of_the_place(fields, due):
    """Hours of the rule count from midnight of the place where the person is, not of Greenwich."""
    assert next_due(followed(**fields), CITY_TIME) == due


def test_another_place_has_another_midnight():
    """The same follow-up alarms six hours later in Berlin."""
    one = followed()
    assert next_due(one, "Europe/Berlin") - next_due(one, CITY_TIME) == timedelta(hours=6)


def test_a_day_of_25_hours_is_one_day():
    """On the day clocks go back the next day still begins at its own midnight."""
    one = followed(starts_on=date(2022, 10, 30), ends_on=date(2022, 11, 9), last_seen_on=date(2022, 10, 30))
    assert next_due(one, "Europe/Berlin") == datetime(2022, 10, 31, 23, tzinfo=UTC) + timedelta(hours=24 * 0)


def test_lost_counts_from_the_first_silent_day():
    """72 hours after the midnight that began the first day without a word."""
    assert lost_at(followed(last_seen_on=date(2022, 7, 9), n_missed=2), CITY_TIME) == at(13)


def test_an_end_waits_for_the_person_and_not_for_ever():
    """A contact not seen on the last day is followed three days longer; a traveller is not; one seen late is done."""
    assert over_on(followed()) == date(2022, 7, 18)
    assert over_on(followed(kind="traveller")) == date(2022, 7, 15)
    assert over_on(followed(last_seen_on=date(2022, 7, 16))) == date(2022, 7, 16)


def test_an_accepted_contact_is_followed_until_release(contact):
    """It begins on the civil date of acceptance and ends with the edition; the test days stand in its reason."""
    assert (contact.kind, contact.starts_on, contact.ends_on) == ("close_contact", date(2022, 7, 8), date(2022, 7, 17))
    assert contact.because["tests"][0] == "2022-07-08"
    assert contact.because["end_rule"]["zh"]


def test_a_missed_day_alarms_with_fact_and_task_once(contact, office, clock):
    """Each silent day is a fact; the visit is one task until somebody reaches the person."""
    clock.move(hours=14)
    assert tick(office)["watch_follow_ups"] == 0
    clock.move(hours=2)
    assert [tick(office)["watch_follow_ups"] for _ in range(2)] == [1, 0]
    clock.move(hours=24)
    tick(office)
    contact.refresh_from_db()
    assert contact.n_missed == 2
    assert rows.FactRow.objects.filter(kind="follow_up_missed").count() == 2
    assert [task.state for task in tasks_of(office, kind="visit_followed")] == [TaskState.OPEN]


def test_a_clock_that_slept_catches_up(contact, office, clock):
    """After three days without a tick the person has missed days and is lost, as if it had ticked."""
    clock.move(days=3)
    tick(office)
    contact.refresh_from_db()
    assert (contact.state, contact.n_missed, contact.next_due_at) == ("lost", 2, None)
    assert contact.because["lost"] == {"since": "2022-07-08"}
    assert len(tasks_of(office, kind="find_followed")) == 1


def test_who_is_found_is_followed_again(contact, office, clock, act, officer):
    """One entry brings a lost person back and closes the search."""
    clock.move(days=3)
    tick(office)
    act("record_follow_up", officer("community_worker", SITE), follow_up_id=contact.id, reached=True)
    contact.refresh_from_db()
    assert (contact.state, contact.n_missed) == ("active", 0)
    assert {task.state for task in tasks_of(office, subject="follow_up")} == {TaskState.DONE}


def test_follow_up_ends_by_its_rule_and_says_so(contact, office, clock, act, officer):
    """Seen every day and on the day of release: it ends there, with the reason kept."""
    worker = officer("community_worker", SITE)
    for _ in range(10):
        act("record_round", worker, follow_up_ids=(contact.id,))
        clock.move(days=1)
        tick(office)
    contact.refresh_from_db()
    assert contact.state == "ended"
    assert contact.because["ended"] == {"on": "2022-07-17", "why": "seen", "last_seen": "2022-07-17"}


def test_who_is_never_seen_at_the_end_is_let_go_after_the_extra_days(contact, office, clock, act, officer):
    """Last seen the day before release: three days are missed, then follow-up ends and says that nobody saw them."""
    worker = officer("community_worker", SITE)
    for _ in range(9):
        act("record_round", worker, follow_up_ids=(contact.id,))
        clock.move(days=1)
    for _ in range(4):
        clock.move(days=1)
        tick(office)
    contact.refresh_from_db()
    assert (contact.state, contact.next_due_at) == ("ended", None)
    assert contact.because["ended"] == {"on": "2022-07-20", "why": "never_seen_after", "last_seen": "2022-07-16"}


def test_a_later_entry_of_a_day_stands_and_the_earlier_is_kept(contact, act, officer):
    """Reached by mistake, corrected to not reached: the day is silent again, both entries are there."""
    worker = officer("community_worker", SITE)
    act("record_follow_up", worker, follow_up_id=contact.id, reached=True)
    act("record_follow_up", worker, follow_up_id=contact.id, reached=False)
    contact.refresh_from_db()
    assert contact.last_seen_on is None
    assert rows.FollowUpDayRow.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "ill"),
    [
        ({"symptoms": ("fever",)}, True), ({"temperature_c": 37.3}, True), ({"temperature_c": 37.2}, False),
        ({"test_result": "positive"}, True), ({"test_result": "negative"}, False), ({}, False),
    ],
)  # fmt: skip
def test_symptoms_ask_the_investigators_and_make_nobody_a_case(contact, office, act, officer, fields, ill):
    """Fever, symptoms or a positive test are a task for an examination within the edition's clock, and no more."""
    worker = officer("community_worker", SITE)
    act("record_follow_up", worker, follow_up_id=contact.id, reached=True, **fields)
    tasks = tasks_of(office, kind="examine_followed")
    assert [task.group for task in tasks] == (["investigation"] if ill else [])
    assert not rows.CaseRow.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"reached": True, "day": date(2022, 7, 9)}, {"reached": True, "day": date(2022, 7, 7)},
        {"reached": True, "symptoms": ("dragon pox",)}, {"reached": True, "temperature_c": 60.0},
        {"reached": False, "symptoms": ("cough",)}, {"reached": False, "test_result": "negative"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_recorded(contact, act, officer, fields):
    """Wrong days, unknown symptoms, impossible temperatures, findings in somebody nobody reached."""
    with pytest.raises(BadInput):
        act("record_follow_up", officer("community_worker", SITE), follow_up_id=contact.id, **fields)


def test_notes_are_sealed(contact, act, officer):
    """A note is health data: not in the row, not in the audit."""
    worker = officer("community_worker", SITE)
    act("record_follow_up", worker, follow_up_id=contact.id, reached=True, note="afraid of losing work")
    assert b"afraid" not in bytes(rows.FollowUpDayRow.objects.get().note)
    assert "afraid" not in str(list(rows.AuditRow.objects.values_list("detail", flat=True)))


def test_a_removed_contact_is_no_longer_followed(contact, office, incident, act, officer):
    """Follow-up stops with its ground; nothing can be recorded any more."""
    tell(office, "contacts_removed", incident, incident, contact_ids=[contact.subject_id])
    contact.refresh_from_db()
    assert contact.state == "stopped"
    with pytest.raises(BadUsage):
        act("record_follow_up", officer("community_worker", SITE), follow_up_id=contact.id, reached=True)


def test_a_later_exposure_moves_the_end(contact, office, incident):
    """Accepted again with a later last meeting, the same follow-up runs longer."""
    rows.ContactRow.objects.update(last_exposure=office.clock.now())
    tell(office, "contacts_accepted", incident, incident, contact_ids=[contact.subject_id])
    assert [str(row.ends_on) for row in rows.FollowUpRow.objects.all()] == ["2022-07-18"]


def test_a_recovered_case_is_followed_and_a_dead_one_is_not(office, incident):
    """Seven days after discharge; nobody is asked to telephone the dead."""
    for code, course in (("a", Course.RECOVERED), ("b", Course.DIED)):
        case = case_in(office, incident, person_in(office, code), course=course, ended_at=office.clock.now())
        tell(office, "case_ended", case.id, incident, course=course.value)
    assert [(r.kind, str(r.ends_on)) for r in rows.FollowUpRow.objects.all()] == [("discharged_case", "2022-07-15")]


def test_who_is_in_no_ring_of_the_edition_is_not_followed(office, incident):
    """General contacts are told, not followed."""
    accept(office, incident, contact_in(office, incident, person_in(office), ring=Ring.GENERAL))
    assert not rows.FollowUpRow.objects.exists()


def test_anybody_is_followed_by_hand_for_a_reason(office, incident, act, officer):
    """A traveller's rule knows its end; a quarantine's does not; nobody is followed twice for one reason."""
    person, worker = person_in(office), officer("community_worker", SITE)
    fields = {"incident_id": incident, "person_id": person.id}
    with pytest.raises(BadInput, match="why"):
        act("start_follow_up", worker, **fields, kind="traveller", reason=" ")
    with pytest.raises(BadInput, match="end date"):
        act("start_follow_up", worker, **fields, kind="home_quarantined", reason="x")
    with pytest.raises(BadInput, match="no kind"):
        act("start_follow_up", worker, **fields, kind="tourist", reason="x")
    number = act("start_follow_up", worker, **fields, kind="traveller", reason="left zone A on the 6th",
                 starts_on=date(2022, 7, 6))  # fmt: skip
    row = rows.FollowUpRow.objects.get(id=number)
    assert (str(row.ends_on), row.because["tests"]) == ("2022-07-13", ["2022-07-07", "2022-07-09"])
    with pytest.raises(BadInput, match="already"):
        act("start_follow_up", worker, **fields, kind="traveller", reason="again")
    assert act("stop_follow_up", worker, follow_up_id=number, reason="moved away") == "stopped"
    with pytest.raises(BadUsage):
        act("stop_follow_up", worker, follow_up_id=number, reason="twice")
