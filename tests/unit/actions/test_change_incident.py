from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.actions.desk import NotAllowed, Stale
from suyuan.actions.hearing import hand_on
from suyuan.actions.response_plan import response_plan
from suyuan.store import models as rows
from suyuan.terms import BadInput, IncidentState


@pytest.fixture
def districts(db):
    """Two districts of the city that the tests play in."""
    for code, en, zh in (("990101", "East", "东区"), ("990102", "West", "西区")):
        rows.AreaRow.objects.create(code=code, level=3, name_en=en, name_zh=zh)


def test_the_response_starts_the_plan_in_parallel_in_every_district(incident, act, officer, office, districts, clock):
    """Opening the response gives every group its tasks at once, each with its clock, in each district, once."""
    act(
        "change_incident",
        officer("commander"),
        incident_id=incident,
        state=IncidentState.RESPONSE,
        reason="two cases linked",
    )
    hand_on(office)
    tasks = rows.TaskRow.objects.filter(incident_id=incident)
    assert set(tasks.filter(kind="control_places").values_list("area", flat=True)) == {"990101", "990102"}
    assert tasks.get(kind="open_command").due_at == clock.now() + timedelta(hours=1)
    assert tasks.get(kind="first_meeting").values["after"] == ["open_command"]
    assert set(tasks.values_list("subject", "subject_id")) == {("incident", incident)}
    assert set(tasks.values_list("group", flat=True)) == set(response_plan().groups) - {"disinfection"}
    n = tasks.count()
    rows.DeliveryRow.objects.all().delete()
    hand_on(office)
    assert tasks.count() == n


def test_a_district_joins_with_its_first_case(incident, act, officer, office, districts, clock):
    """Where cases are known only their districts work; another joins later with its own beginning."""
    case = {"incident_id": incident, "classification": "confirmed", "course": "at_large", "reported_at": clock.now()}
    for n, area in enumerate(("990101001001", "990102001001"), 1):
        rows.PersonRow.objects.create(id=n, code=f"p{n}", area=area)
    rows.CaseRow.objects.create(id=1, person_id=1, number=1, area="990101001001", district="990101", **case)
    act("change_incident", officer("commander"), incident_id=incident, state=IncidentState.RESPONSE, reason="confirmed")
    hand_on(office)
    controls = rows.TaskRow.objects.filter(kind="control_places")
    assert [each.area for each in controls] == ["990101"]
    clock.move(hours=5)
    rows.CaseRow.objects.create(id=2, person_id=2, number=2, area="990102001001", district="990102", **case)
    rows.FactRow.objects.create(
        id=900, kind="case_confirmed", subject_id=2, occurred_at=clock.now(), recorded_at=clock.now()
    )
    hand_on(office)
    assert controls.get(area="990102").due_at == clock.now() + timedelta(hours=4)


def test_each_change_says_who_when_and_why(incident, act, officer):
    """A change without a reason is refused; one with a reason stays in the history with its officer."""
    commander = officer("commander")
    with pytest.raises(BadInput, match="reason"):
        act("change_incident", commander, incident_id=incident, state=IncidentState.SUSPECTED, reason=" ")
    act("change_incident", commander, incident_id=incident, state=IncidentState.SUSPECTED, reason="three alike")
    entry = rows.HistoryRow.objects.filter(subject="incident", subject_id=incident).last()
    assert (entry.before, entry.after, entry.officer_id, entry.reason) == (
        "watch",
        "suspected",
        commander.id,
        "three alike",
    )


@pytest.mark.parametrize("after", ["winding_down", "watch"])
def test_no_step_is_skipped_that_must_be_taken(incident, act, officer, after):
    """From watch one can neither wind down nor stay; the sentence names what is possible."""
    with pytest.raises(BadInput, match="suspected, response, all_clear"):
        act("change_incident", officer("commander"), incident_id=incident, state=IncidentState(after), reason="x")


def test_going_back_calls_the_plan_off_and_coming_again_starts_anew(incident, act, officer, office, districts, clock):
    """A response taken back leaves no pending plan task; a second response has a plan of its own."""
    commander = officer("commander")
    for state, hours in (("response", 0), ("suspected", 1), ("response", 2)):
        clock.move(hours=hours)
        act("change_incident", commander, incident_id=incident, state=IncidentState(state), reason="because")
        hand_on(office)
    states = rows.TaskRow.objects.filter(kind="open_command").order_by("id").values_list("state", flat=True)
    assert list(states) == ["cancelled", "open"]


def test_all_clear_needs_everybody_to_be_free(incident, act, officer, clock):
    """While an order binds somebody the incident cannot be declared over; afterwards it can, and the time is kept."""
    commander = officer("commander")
    rows.PersonRow.objects.create(id=1, code="p1", area="990101")
    order = rows.OrderRow.objects.create(
        id=1, incident_id=incident, person_id=1, area="990101", cause="t", kind="isolation", state="signed",
        subject="case", subject_id=1, starts_at=clock.now(), ends_at=clock.now(), proposed_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(BadInput, match="1 orders"):
        act("change_incident", commander, incident_id=incident, state=IncidentState.ALL_CLEAR, reason="false alarm")
    rows.OrderRow.objects.filter(id=order.id).update(state="ended")
    act("change_incident", commander, incident_id=incident, state=IncidentState.ALL_CLEAR, reason="false alarm")
    assert rows.IncidentRow.objects.get(id=incident).closed_at == clock.now()


def test_a_lost_update_is_refused(incident, act, officer):
    """Two people changing one state: the second is told what stands there."""
    act(
        "change_incident",
        officer("commander"),
        incident_id=incident,
        state=IncidentState.SUSPECTED,
        reason="a",
        version=1,
    )
    with pytest.raises(Stale):
        act(
            "change_incident",
            officer("commander"),
            incident_id=incident,
            state=IncidentState.RESPONSE,
            reason="b",
            version=1,
        )


def test_a_colleague_of_a_district_may_not_move_the_city(incident, act, officer):
    """Rights in a district do not reach the incident of the whole city."""
    with pytest.raises(NotAllowed):
        act(
            "change_incident",
            officer("commander", "990101"),
            incident_id=incident,
            state=IncidentState.SUSPECTED,
            reason="x",
        )


def test_dates_of_7_1_7_must_follow_each_other(incident, act, officer, clock):
    """Emergence, detection and notification lie in that order and not in the future; each change keeps its reason."""
    commander = officer("commander")
    day = timedelta(days=1)
    act("date_incident", commander, incident_id=incident, emerged_at=clock.now() - 6 * day, reason="first onset")
    for fields in ({"notified_at": clock.now() - 2 * day}, {"notified_at": clock.now() + day}):
        with pytest.raises(BadInput):
            act("date_incident", commander, incident_id=incident, reason="x", **fields)
    assert rows.IncidentRow.objects.get(id=incident).notified_at is None
    assert rows.HistoryRow.objects.get(what="emerged_at").reason == "first onset"


def test_the_early_response_is_complete_with_its_seventh_action(incident, act, officer, office, districts, clock):
    """``responded_at`` is set by itself when the last early action is done; one called off does not apply."""
    commander = officer("commander")
    act("change_incident", commander, incident_id=incident, state=IncidentState.RESPONSE, reason="confirmed")
    hand_on(office)
    early = list(rows.TaskRow.objects.exclude(early_action="").order_by("id"))
    assert {task.early_action for task in early} >= {"coordination", "measures"}
    last, off = (next(task for task in early if task.early_action == name) for name in ("laboratory", "care"))
    act("finish_tasks", commander, task_ids=tuple(task.id for task in early if task not in (last, off)))
    act("call_off_tasks", commander, task_ids=(off.id,), reason="nobody is ill")
    assert rows.IncidentRow.objects.get(id=incident).responded_at is None
    clock.move(hours=3)
    act("finish_tasks", commander, task_ids=(last.id,))
    assert rows.IncidentRow.objects.get(id=incident).responded_at == clock.now()
    assert rows.FactRow.objects.filter(kind="incident_responded").count() == 1


def test_an_incident_that_cannot_be_is_refused(act, officer):
    """A name that is empty, an area that is no code, a zone that does not exist: each is told."""
    good = {"name": "Market", "protocol": "covid19-9", "area": "9901"}
    for wrong in ({"name": " "}, {"area": "here"}, {"timezone": "Nowhere/Land"}, {"protocol": "/x.toml"}):
        with pytest.raises(BadInput):
            act("open_incident", officer("commander", ""), **(good | wrong))
