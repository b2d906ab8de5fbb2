"""The life of cases and their contacts: whatever is done in whatever order, nothing forbidden is ever reached."""

from __future__ import annotations

import itertools
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from memory_room import MemoryHouse

from room_logs import FIRST_VISITS, there, write_visits
from suyuan.actions.all_deeds import all_deeds
from suyuan.actions.case_course import ENDED, INFECTED, plain_fields, replay_case
from suyuan.actions.desk import Office, perform
from suyuan.gateways.visit_logs import FolderLogs
from suyuan.terms import ContactState, Course, Duty, Officer, Problem

ALLOWED = {
    ("", "suspected"),
    ("suspected", "confirmed"),
    ("suspected", "asymptomatic"),
    ("suspected", "ruled_out"),
    ("asymptomatic", "confirmed"),
    ("asymptomatic", "ruled_out"),
    ("confirmed", "asymptomatic"),
    ("confirmed", "ruled_out"),
    ("ruled_out", "suspected"),
    ("ruled_out", "confirmed"),
    ("ruled_out", "asymptomatic"),
}
RIGHTS = ("manage_incident", "report_case", "confirm_case", "manage_case", "decide_contacts", "trace")
CHIEF = Officer(1, "chief", duties=(Duty("commander", "9901", frozenset(RIGHTS)),))
PEOPLE = ("P1", "P2", "P3")
START = datetime(2022, 7, 8, 1, 0, tzinfo=UTC)
DECIDED = (ContactState.ACCEPTED, ContactState.REMOVED)
LOGS = tempfile.TemporaryDirectory()


class CaseLife(RuleBasedStateMachine):
    """Officers do what they may in any order; the clock goes on; wrong requests are refused and leave nothing."""

    @initialize()
    def open(self):
        self.instant = START
        self.house = MemoryHouse()
        folder = Path(LOGS.name) / "small"
        if not folder.exists():
            write_visits(folder, FIRST_VISITS, START)
        self.office = Office(self.house.open_room, self, FolderLogs(Path(LOGS.name)))
        self.keys = itertools.count()
        self.decided: dict[int, ContactState] = {}
        self.incident = self.act("open_incident", name="x", protocol="covid19-9", area="9901", visit_log="small")

    def now(self):
        return self.instant

    def act(self, name, /, **fields):
        deed = all_deeds()[name]
        return perform(self.office, CHIEF, deed, deed.command(**fields), key=str(next(self.keys)))

    def attempt(self, name, /, **fields):
        before = self.house.room
        try:
            return self.act(name, **fields)
        except Problem:
            assert self.house.room is before
            return None

    def case_of(self, person):
        room = self.house.room
        known = room.people.by_codes([person])
        found = room.cases.find(person_id=known[person].id) if person in known else []
        return found[0].id if found else 0

    @rule(person=st.sampled_from(PEOPLE), onset=st.sampled_from(["07-06", "07-05", "07-08", None]))
    def report(self, person, onset):
        at = there(f"{onset} 00:00") if onset else None
        self.attempt("report_case", incident_id=self.incident, person_code=person, onset_at=at)

    @rule(person=st.sampled_from(PEOPLE), how=st.sampled_from(["confirmed", "asymptomatic"]))
    def confirm(self, person, how):
        if not self.case_of(person):
            onset = there("07-06 00:00") if how == "confirmed" else None
            self.attempt("report_case", incident_id=self.incident, person_code=person, onset_at=onset)
        sampled = there("07-06 08:00")
        self.attempt("confirm_case", case_id=self.case_of(person), classification=how, sampled_at=sampled)

    @rule(person=st.sampled_from(PEOPLE))
    def rule_out(self, person):
        self.attempt("rule_out_case", case_id=self.case_of(person), reason="recheck negative")

    @rule(person=st.sampled_from(PEOPLE))
    def reopen(self, person):
        self.attempt("reopen_case", case_id=self.case_of(person), reason="wrong tube")

    @rule(person=st.sampled_from(PEOPLE))
    def isolate(self, person):
        self.attempt("isolate_case", case_id=self.case_of(person), where="H-01")

    @rule(person=st.sampled_from(PEOPLE), how=st.sampled_from(["recovered", "died", "taken back"]))
    def end(self, person, how):
        if how == "taken back":
            self.attempt("take_back_end", case_id=self.case_of(person), reason="wrong bed")
        else:
            self.attempt("end_case", case_id=self.case_of(person), course=how)

    @rule(person=st.sampled_from(PEOPLE), onset=st.sampled_from(["07-04", "07-06", "07-08", ""]))
    def correct(self, person, onset):
        fields = {"onset_at": there(f"{onset} 00:00")} if onset else {"clear": ("onset_at", "isolated_at")}
        self.attempt("correct_case", case_id=self.case_of(person), reason="asked again", **fields)

    @rule()
    def retrace(self):
        self.instant += timedelta(hours=1)
        self.act("retrace_incident", incident_id=self.incident)

    @precondition(lambda self: self.house.room.contacts.count())
    @rule(pick=st.integers(0, 9), deed=st.sampled_from(["accept_contacts", "remove_contacts", "restore_contacts"]))
    def decide(self, pick, deed):
        contacts = self.house.room.contacts.find()
        contact = contacts[pick % len(contacts)].id
        if self.attempt(deed, incident_id=self.incident, contact_ids=(contact,), reason="known"):
            self.decided[contact] = self.house.room.contacts.get(contact).state

    @precondition(lambda self: self.house.room.tracing_changes.count(decided=""))
    @rule(accept=st.booleans())
    def decide_changes(self, accept):
        self.act("decide_changes", incident_id=self.incident, everything=True, accept=accept)
        for contact in self.house.room.contacts.find():
            if accept and contact.id in self.decided and contact.state in DECIDED:
                self.decided[contact.id] = contact.state

    @invariant()
    def history_tells_every_case(self):
        room = self.house.room
        for case in room.cases.find():
            entries = room.history.find(subject="case", subject_id=case.id)
            assert replay_case(entries) == plain_fields(case)
            steps = [(each.before, each.after) for each in entries if each.what == "classification"]
            assert set(steps) <= ALLOWED
            assert [before for before, _ in steps[1:]] == [after for _, after in steps[:-1]]

    @invariant()
    def no_case_contradicts_itself(self):
        cases = self.house.room.cases.find()
        assert sorted(case.number for case in cases) == list(range(1, len(cases) + 1))
        for case in cases:
            assert (case.ended_at is not None) == (case.course in ENDED)
            assert case.course is not Course.ISOLATED or case.isolated_at is not None
            assert case.course is not Course.RECOVERED or case.confirmed_at is not None
            assert case.classification not in INFECTED or (case.confirmed_at and (case.onset_at or case.sampled_at))
            assert case.classification != "asymptomatic" or case.onset_at is None

    @invariant()
    def nobody_is_case_and_contact(self):
        room = self.house.room
        infected = {case.person_id for case in room.cases.find() if case.classification in INFECTED}
        for contact in room.contacts.find():
            assert (contact.person_id in infected) == (contact.state is ContactState.BECAME_CASE)
        people = [contact.person_id for contact in room.contacts.find()]
        assert len(people) == len(set(people))

    @invariant()
    def decisions_of_officers_stand(self):
        for contact_id, state in self.decided.items():
            contact = self.house.room.contacts.get(contact_id)
            if state in DECIDED:
                assert contact.state in (state, ContactState.BECAME_CASE)


CaseLife.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)


class TestCaseLife(CaseLife.TestCase):
    """No order of deeds reaches a state that the manual forbids; the history always tells the present state."""
