"""The life of orders as a state machine: whatever officers and the clock do, nobody is bound without a signature."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

sys.path.insert(0, str(Path(__file__).parent))
from orders_memory import MemoryRoom

from suyuan.actions.approve_orders import ApproveOrders, approve_orders
from suyuan.actions.change_order import ChangeOrder, change_order
from suyuan.actions.contest_order import ContestOrder, contest_order
from suyuan.actions.decide_contest import DecideContest, decide_contest
from suyuan.actions.desk import CLOCKWORK, Desk
from suyuan.actions.end_orders import _drop, _end
from suyuan.actions.order_life import DAY, binds, time_in_force
from suyuan.actions.propose_order import ProposeOrder, propose_order
from suyuan.actions.refuse_orders import RefuseOrders, refuse_orders
from suyuan.actions.revoke_orders import RevokeOrders, revoke_orders
from suyuan.actions.tell_order import TellOrder, ToldHow, tell_order
from suyuan.terms import BINDING, Duty, Incident, Officer, OrderKind, OrderState, Person, Problem

RIGHTS = ("propose_order", "sign_order", "tell_order", "receive_contest", "decide_contest")
OFFICERS = [Officer(i, f"o{i}", duties=(Duty("commander", "99", frozenset(RIGHTS)),)) for i in (1, 2)]
WHO = st.sampled_from([*OFFICERS, *OFFICERS, CLOCKWORK])
HOURS = st.integers(1, 12 * 24)
REASON = st.sampled_from(["a reason", "a reason", "another", ""])


class OrderLife(RuleBasedStateMachine):
    """Two officers, a clock that acts in their place too, one room, time that moves."""

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.room, self.now = MemoryRoom(), datetime(2022, 7, 8, 1, tzinfo=UTC)
        self.incident = self.room.incidents.add(
            Incident(code="1", name="x", protocol="covid19-9", area="99", opened_at=self.now)
        ).id
        self.bound: dict[int, timedelta] = {}

    def act(self, who, deed, command):
        """Do a deed as the door does it, all or nothing; the clock trusts itself as it does in the house."""
        before = {name: dict(vars(self.room)[name].records) for name in vars(self.room) if name != "numbers"}
        desk = Desk(who, self.now, self.room, None, trusted=who is CLOCKWORK)
        try:
            return deed(desk, command)
        except Problem:
            for name, records in before.items():
                vars(self.room)[name].records = records
            return None

    @rule(target=orders, who=WHO, hours=HOURS, reason=REASON)
    def propose(self, who, hours, reason):
        person = self.room.people.add(Person(code=str(len(self.room.people.records)), area="9901"))
        ends = self.now + timedelta(hours=hours)
        command = ProposeOrder(incident_id=self.incident, person_id=person.id, kind=OrderKind.CONTROL, ends_at=ends,
                               reason=reason)  # fmt: skip
        made = self.act(who, propose_order, command)
        return made or multiple()

    @rule(who=WHO, order=orders)
    def sign(self, who, order):
        self.act(who, approve_orders, ApproveOrders(order_ids=(order,)))

    @rule(who=WHO, order=orders, reason=REASON)
    def refuse(self, who, order, reason):
        self.act(who, refuse_orders, RefuseOrders(order_ids=(order,), reason=reason))

    @rule(who=WHO, order=orders, reason=REASON)
    def revoke(self, who, order, reason):
        self.act(who, revoke_orders, RevokeOrders(order_ids=(order,), reason=reason))

    @rule(who=WHO, order=orders, hours=HOURS, reason=REASON)
    def change(self, who, order, hours, reason):
        ends = self.now + timedelta(hours=hours)
        self.act(who, change_order, ChangeOrder(order_id=order, ends_at=ends, reason=reason))

    @rule(who=WHO, order=orders)
    def tell(self, who, order):
        command = TellOrder(order_id=order, how=ToldHow.IN_PERSON, contest_explained=True)
        self.act(who, tell_order, command)

    @rule(who=WHO, order=orders)
    def contest(self, who, order):
        self.act(who, contest_order, ContestOrder(order_id=order, words="no"))

    @rule(who=WHO, outcome=st.sampled_from(["uphold", "revoke", "shorten"]), hours=HOURS)
    def decide(self, who, outcome, hours):
        for contest in list(self.room.contests.records.values()):
            ends = self.now + timedelta(hours=hours)
            command = DecideContest(contest_id=contest.id, outcome=outcome, words="because", ends_at=ends)
            signed_it = {
                line.officer_id for line in self.room.history.find(subject_id=contest.order_id, what="signature")
            }
            if self.act(who, decide_contest, command):
                assert who.id not in signed_it

    @rule(hours=st.integers(1, 48), ticks=st.booleans())
    def time_goes_on(self, hours, ticks):
        """Walk on in half hours, noting whom an order binds on the way: the slow twin of person-days."""
        for _ in range(hours * 2):
            for order in self.room.orders.records.values():
                if binds(order, self.now):
                    self.bound[order.id] = self.bound.get(order.id, timedelta(0)) + timedelta(minutes=30)
            self.now += timedelta(minutes=30)
        if ticks:
            desk = Desk(CLOCKWORK, self.now, self.room, None, trusted=True)
            found = list(self.room.orders.records.values())
            _end(desk, [order for order in found if order.state in BINDING and order.ends_at <= self.now])
            _drop(desk, [order for order in found if order.state is OrderState.PROPOSED])

    @invariant()
    def nobody_is_bound_without_a_named_officers_signature(self):
        """Whoever is bound is bound by an order that an officer signed, within its two instants."""
        signed = {(line.subject_id, line.officer_id) for line in self.room.history.find(what="signature")}
        for order in self.room.orders.records.values():
            if binds(order, self.now):
                assert order.signed_by in (1, 2)
                assert (order.id, order.signed_by) in signed
                assert order.starts_at <= self.now < order.ends_at

    @invariant()
    def every_state_was_reached_by_a_change_with_a_name_and_a_reason(self):
        """A refusal, revocation or changed end has a reason; only ends by rule have no officer."""
        for line in self.room.history.records.values():
            if line.after in ("refused", "revoked", "ended") or line.what == "ends_at":
                assert line.reason
            if line.after in ("signed", "revoked") or line.what in ("ends_at", "signature"):
                assert line.officer_id in (1, 2)

    @invariant()
    def person_days_are_what_was_lived(self):
        """The formula gives what the walk through time counted, order by order."""
        for order in self.room.orders.records.values():
            lived = self.bound.get(order.id, timedelta(0))
            assert abs(time_in_force(order, self.now) - lived) < timedelta(minutes=1), order
            assert time_in_force(order, self.now) <= 22 * DAY


OrderLife.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestOrderLife = OrderLife.TestCase
TestOrderLife.__doc__ = "Whatever is done in whatever order, an order binds only as signed and within its dates."
