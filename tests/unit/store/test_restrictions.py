from __future__ import annotations

import random
from datetime import timedelta

import pytest

from suyuan.actions.order_life import binds, time_in_force
from suyuan.store.queries.restrictions import list_in_force, person_days, restrictions
from suyuan.terms import Order, OrderKind, OrderState, Person

SIGNED = [OrderState.SIGNED, OrderState.TOLD, OrderState.ENDED, OrderState.REVOKED]


@pytest.fixture
def orders(office, incident):
    """Two hundred orders of every kind of life, in two districts, from a fixed seed."""
    chance, now = random.Random(3), office.clock.now()
    with office.open_room() as room:
        people = room.people.add_all([Person(code=f"p{i}", area=f"99010{1 + i % 2}001") for i in range(50)])
        made = []
        for i in range(200):
            person, state = chance.choice(people), chance.choice([OrderState.PROPOSED, OrderState.REFUSED, *SIGNED])
            starts = now + timedelta(minutes=chance.randrange(-20_000, 3_000))
            ends = starts + timedelta(minutes=chance.randrange(1, 20_000))
            signed = starts + timedelta(minutes=chance.randrange(-2_000, 4_000)) if state in SIGNED else None
            over = starts + timedelta(minutes=chance.randrange(-500, 20_000)) if state is OrderState.REVOKED else None
            made.append(
                Order(
                    incident_id=incident, person_id=person.id, area=person.area, district=person.area[:6],
                    cause=f"c{i}", kind=chance.choice(list(OrderKind)), state=state, subject="contact", subject_id=i,
                    starts_at=starts, ends_at=ends, because={"rule": "officer", "words": "x"}, proposed_at=starts,
                    signed_at=signed, signed_by=1 if signed else 0, ended_at=over,
                )
            )  # fmt: skip
        return room.orders.add_all(made)


@pytest.mark.parametrize("area", ["", "9901", "990101"])
def test_the_database_sums_what_the_orders_say_one_by_one(orders, office, officer, area):
    """Person-days and people bound are the same as by asking each order, for every reach, at several times."""
    who = officer("commander", area)
    mine = [order for order in orders if order.area.startswith(area)]
    for days in (-5, 0, 3, 30):
        now = office.clock.now() + timedelta(days=days)
        slow = sum((time_in_force(order, now) for order in mine), timedelta(0)) / timedelta(days=1)
        whole = restrictions(who, "zh", now)
        assert whole.person_days == pytest.approx(slow, abs=1e-6)
        assert person_days(who, now) == pytest.approx(slow, abs=1e-6)
        bound = [order for order in mine if binds(order, now)]
        assert (whole.n_orders, whole.n_people) == (len(bound), len({order.person_id for order in bound}))


def test_the_list_in_force_pages_through_each_order_once_the_nearest_end_first(orders, office, officer):
    """Walking the pages gives exactly the orders that bind now, by their end."""
    who, now, cursor, seen = officer("commander", ""), office.clock.now(), "", []
    while True:
        page = list_in_force(who, "en", now, cursor=cursor)
        seen += [(line.ends_at, line.id) for line in page.rows]
        cursor = page.following
        if not cursor:
            break
    assert seen == sorted((order.ends_at, order.id) for order in orders if binds(order, now))
