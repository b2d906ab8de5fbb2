"""A case from report to tracing, what late data changes, and the way back."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from room_logs import FIRST_VISITS, there, write_visits
from suyuan.actions.case_course import plain_fields, replay_case
from suyuan.actions.desk import CLOCKWORK, NotAllowed, Stale
from suyuan.actions.hearing import RECEIVERS, deliver, hand_on
from suyuan.actions.watch_logs import watch_logs
from suyuan.store import models as rows
from suyuan.terms import BadInput, ContactState, Fact

CITY = "9901"
LATE = [("P5", "P-ROOM", "classroom", "07-04 08:00", "07-04 11:30")]


@pytest.fixture
def traced(office, clock, act, officer):
    """An incident with a small log, its commander, and how to write to the log."""
    from django.conf import settings

    name = f"log-{uuid.uuid4().hex[:8]}"
    folder = Path(settings.SUYUAN_HOME) / "logs" / name
    write_visits(folder, FIRST_VISITS, clock.now())
    commander = officer("commander", CITY, also=("analyst",))
    incident = act("open_incident", commander, name="School", protocol="covid19-9", area=CITY, visit_log=name)
    return incident, commander, lambda visits: write_visits(folder, visits, clock.now())


def confirmed(act, traced, code="P1", onset="07-06 00:00"):
    incident, commander, _ = traced
    case = act("report_case", commander, incident_id=incident, person_code=code, onset_at=there(onset))
    return case, act("confirm_case", commander, case_id=case)


def contacts(incident):
    found = rows.ContactRow.objects.filter(incident_id=incident).select_related("person")
    return {row.person.code: row for row in found}


def hear(office, kind, incident, **values):
    with office.open_room() as room:
        now = office.clock.now()
        fact = Fact(kind=kind, subject_id=0, incident_id=incident, values=values, occurred_at=now, recorded_at=now)
        fact = room.facts.add(fact)
    deliver(office, fact, RECEIVERS["retrace_on_late_data"])


def test_confirming_brings_proposals_with_their_reasons(act, traced):
    """Whoever sat in class with the case is proposed as close contact, by rule, edition and the deciding meeting."""
    case, answer = confirmed(act, traced)
    found = contacts(traced[0])
    assert answer.n_proposed == 3
    assert {code: row.ring for code, row in found.items()} == {"P2": 1, "P3": 1, "P4": 2}
    because = found["P2"].because
    assert (because["rule"], because["edition"], because["infector"]) == ("classroom.close", "covid19-9", 1)
    assert because["meeting"]["place"] == "P-ROOM"
    assert because["meeting"]["minutes"] == 240
    assert because["rule_source"]
    assert found["P2"].infector_case_id == case
    assert str(found["P2"].release_on) == "2022-07-14"
    assert found["P2"].quarantine == "facility"
    assert not found["P2"].person.identified


def test_a_contact_of_a_contact_leads_back_to_the_case(act, traced):
    """Who lives with a close contact is in the next ring, through that contact, and the case is still named."""
    case, _ = confirmed(act, traced)
    further = contacts(traced[0])["P4"]
    assert (further.infector_case_id, further.because["via"], further.because["infector"]) == (case, "P2", 1)
    assert further.because["rule"].endswith("contact_of_contact")


def test_confirming_tells_and_makes_one_task(act, traced):
    """The outbox holds the confirmation and the proposals; the case's task is done and one for the contacts waits."""
    case, _ = confirmed(act, traced)
    kinds = set(rows.FactRow.objects.values_list("kind", flat=True))
    assert {"case_reported", "case_confirmed", "contacts_proposed"} <= kinds
    assert rows.TaskRow.objects.get(kind="decide_case", subject_id=case).state == "done"
    assert rows.TaskRow.objects.get(kind="decide_contacts").state == "open"


def test_without_a_log_nothing_is_traced(act, officer, incident):
    """An incident without a visit log can confirm cases; contacts are added by hand."""
    commander = officer("commander", also=("investigator",))
    case = act("report_case", commander, incident_id=incident, person_code="P1", onset_at=there("07-06 00:00"))
    assert act("confirm_case", commander, case_id=case).tracing_id == 0
    contact = act(
        "add_contact", commander, incident_id=incident, person_code="P9", ring=1, reason="told by the case",
        first_exposure=there("07-05 12:00"), infector_case_id=case,
    )  # fmt: skip
    row = rows.ContactRow.objects.get(id=contact)
    assert (row.state, row.by_hand, str(row.release_on)) == ("proposed", True, "2022-07-15")
    with pytest.raises(BadInput, match="already"):
        act(
            "add_contact", commander, incident_id=incident, person_code="P9", ring=1, reason="again",
            first_exposure=there("07-05 12:00"),
        )  # fmt: skip


def test_late_visits_show_what_changed_and_why(act, office, clock, traced):
    """A visit recorded late makes a new proposal whose reason is that visit, once however often it is heard."""
    incident, _, write = traced
    confirmed(act, traced)
    clock.move(hours=5)
    write(LATE)
    for _ in range(2):
        hear(office, "visit_log_changed", incident)
    change = rows.TracingChangeRow.objects.get()
    assert (change.change, change.ring_after, change.decided) == ("added", 1, "followed")
    assert (change.because["row"]["reason"], change.because["row"]["about_id"]) == ("visit_late", "P5")
    assert contacts(incident)["P5"].state == "proposed"
    assert rows.TracingRow.objects.count() == 2
    assert sum(bool(bytes(row.answer)) for row in rows.TracingRow.objects.all()) == 1


def test_the_clock_sees_a_log_that_changed(act, office, clock, traced):
    """Visits that somebody brings into the log are traced without anybody asking, and one state is told once."""
    incident, _, write = traced
    confirmed(act, traced)
    assert watch_logs(office) == 1, "after a start every log counts as changed"
    assert watch_logs(office) == 0
    clock.move(hours=5)
    write(LATE)
    assert watch_logs(office) == 1
    while hand_on(office):
        pass
    assert contacts(incident)["P5"].state == "proposed"
    assert rows.TracingRow.objects.count() == 2


def test_a_contact_moved_by_late_data_gets_new_proposals_and_follow_up(act, office, clock, traced):
    """A later last exposure, once accepted, replaces proposals and moves the end of follow-up."""
    incident, commander, write = traced
    confirmed(act, traced)
    found = contacts(incident)["P3"]
    act("accept_contacts", commander, incident_id=incident, contact_ids=(found.id,))
    while hand_on(office):
        pass
    before = rows.FollowUpRow.objects.get(subject_id=found.id).ends_on
    clock.move(hours=5)
    write(
        [
            ("P3", "P-ROOM", "classroom", "07-05 08:00", "07-05 12:00"),
            ("P1", "P-ROOM", "classroom", "07-05 08:00", "07-05 12:00"),
        ]
    )
    watch_logs(office)
    while hand_on(office):
        pass
    waiting = rows.TracingChangeRow.objects.get(decided="", person_id=found.person_id)
    act("decide_changes", commander, incident_id=incident, change_ids=(waiting.id,), accept=True)
    while hand_on(office):
        pass
    assert rows.FollowUpRow.objects.get(subject_id=found.id).ends_on > before
    states = set(rows.OrderRow.objects.filter(subject="contact", subject_id=found.id).values_list("state", flat=True))
    assert states == {"refused", "proposed"}


def test_a_decision_is_never_undone_by_a_tracing(act, office, clock, officer, traced):
    """Corrected dates leave accepted and removed contacts as they are; the change waits, and following it is a deed."""
    incident, commander, _ = traced
    case, _ = confirmed(act, traced)
    found = contacts(incident)
    act("accept_contacts", commander, incident_id=incident, contact_ids=(found["P2"].id,))
    act("remove_contacts", commander, incident_id=incident, contact_ids=(found["P3"].id,), reason="was at home")
    act("correct_case", commander, case_id=case, onset_at=there("07-08 00:00"), reason="remembered")
    clock.move(days=2)
    hear(office, "case_dates_changed", incident)
    after = contacts(incident)
    assert (after["P2"].state, after["P3"].state) == ("accepted", "removed")
    change = rows.TracingChangeRow.objects.get(decided="")
    assert (change.person_id, change.change) == (found["P2"].person_id, "removed")
    assert change.because["row"]["reason"] == "onset_corrected"
    assert act("decide_changes", commander, incident_id=incident, change_ids=(change.id,), accept=True) == 1
    assert contacts(incident)["P2"].state == "removed"
    assert rows.FactRow.objects.filter(kind="contacts_removed").count() == 2


def test_a_contact_becomes_a_case_and_comes_back(act, traced):
    """A contact confirmed as case leaves the contacts; ruled out, it is again what it was, and the case says so."""
    incident, commander, _ = traced
    confirmed(act, traced)
    act("accept_contacts", commander, incident_id=incident, everything=True)
    contact = contacts(incident)["P2"]
    second = act("report_case", commander, incident_id=incident, person_code="P2", sampled_at=there("07-08 08:00"))
    act("confirm_case", commander, case_id=second, classification="asymptomatic")
    assert contacts(incident)["P2"].state == "became_case"
    assert rows.CaseRow.objects.get(id=second).from_contact_id == contact.id
    assert rows.FactRow.objects.get(kind="contact_became_case").values == {"contact_id": contact.id, "case_id": second}
    act("rule_out_case", commander, case_id=second, reason="recheck negative")
    assert contacts(incident)["P2"].state == "accepted"
    assert act("reopen_case", commander, case_id=second, reason="the recheck was another person's") == "asymptomatic"
    assert contacts(incident)["P2"].state == "became_case"


def test_ruling_the_only_case_out_leaves_no_proposal(act, traced):
    """Proposals of a case that was none fall away, accepted contacts wait, and reopening brings both back."""
    incident, commander, _ = traced
    case, _ = confirmed(act, traced)
    found = contacts(incident)
    act("accept_contacts", commander, incident_id=incident, contact_ids=(found["P2"].id,))
    assert act("rule_out_case", commander, case_id=case, reason="another virus") == 1
    after = contacts(incident)
    assert (after["P2"].state, after["P3"].state) == ("accepted", "removed")
    act("reopen_case", commander, case_id=case, reason="sequenced")
    after = contacts(incident)
    assert (after["P2"].state, after["P3"].state) == ("accepted", "proposed")
    assert not rows.TracingChangeRow.objects.filter(decided="").exists()


def test_bulk_acceptance_takes_what_matches_and_what_is_in_reach(act, officer, traced):
    """All that match means: of this incident, of this ring, within the officer's own area."""
    incident, commander, _ = traced
    confirmed(act, traced)
    found = contacts(incident)
    rows.ContactRow.objects.filter(id=found["P2"].id).update(area="990101", district="990101")
    head = officer("duty_officer", "990101")
    assert act("accept_contacts", head, incident_id=incident, everything=True, ring=1) == 1
    assert contacts(incident)["P3"].state == "proposed"
    with pytest.raises(NotAllowed):
        act("accept_contacts", head, incident_id=incident, contact_ids=(found["P3"].id,))
    assert act("accept_contacts", commander, incident_id=incident, everything=True, least_p=2.0) == 0
    assert act("accept_contacts", commander, incident_id=incident, everything=True) == 2
    assert rows.TaskRow.objects.get(kind="decide_contacts").state == "done"


def test_removal_and_restoring_need_a_reason(act, traced):
    """Who removes or restores says why, and the history keeps it."""
    incident, commander, _ = traced
    confirmed(act, traced)
    contact = contacts(incident)["P2"].id
    with pytest.raises(BadInput, match="reason"):
        act("remove_contacts", commander, incident_id=incident, contact_ids=(contact,))
    act("remove_contacts", commander, incident_id=incident, contact_ids=(contact,), reason="wrong class")
    act("restore_contacts", commander, incident_id=incident, contact_ids=(contact,), reason="right class")
    told = rows.HistoryRow.objects.filter(subject="contact", subject_id=contact).order_by("id")
    assert [(row.after, row.reason) for row in told] == [("removed", "wrong class"), ("proposed", "right class")]
    assert contacts(incident)["P2"].state == "proposed"


def test_a_program_never_confirms(act, office, traced):
    """Confirming binds people, so the clock may not; and who saw an older version is refused."""
    incident, commander, _ = traced
    case = act("report_case", commander, incident_id=incident, person_code="P1", onset_at=there("07-06 00:00"))
    with pytest.raises(NotAllowed):
        act("confirm_case", CLOCKWORK, case_id=case)
    act("correct_case", commander, case_id=case, severity="mild", reason="seen by a doctor")
    with pytest.raises(Stale):
        act("confirm_case", commander, case_id=case, version=1)


def test_the_history_alone_tells_the_present_state(act, office, clock, traced):
    """Folding a case's history from its beginning gives every tracked field as it stands."""
    _, commander, _ = traced
    case, _ = confirmed(act, traced)
    act("isolate_case", commander, case_id=case, where="H-03")
    clock.move(days=9)
    act("end_case", commander, case_id=case, course="recovered")
    act("take_back_end", commander, case_id=case, reason="wrong bed")
    act("correct_case", commander, case_id=case, generation=0, clear=("sampled_at",), reason="first of all")
    with office.open_room() as room:
        record = room.cases.get(case)
        assert replay_case(room.history.find(subject="case", subject_id=case)) == plain_fields(record)
    assert record.generation == 0


def test_nobody_is_reported_twice(act, traced):
    """One person is one case of an incident, and the refusal says which."""
    incident, commander, _ = traced
    act("report_case", commander, incident_id=incident, person_code="P1")
    with pytest.raises(BadInput, match="case 1"):
        act("report_case", commander, incident_id=incident, person_code="P1")
    with pytest.raises(BadInput, match="number"):
        act("report_case", commander, incident_id=incident)
    with pytest.raises(BadInput):
        act("report_case", commander, incident_id=incident, person_code="13912345678")


def test_states_have_their_words():
    """Every state of a contact has its word in both languages."""
    from suyuan.terms import say

    for state in ContactState:
        assert say(f"contact_state.{state.value}", "zh") != say(f"contact_state.{state.value}", "en")
