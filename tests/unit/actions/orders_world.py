"""What tests of orders start from: an incident with persons, contacts, a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from suyuan.actions.hearing import hand_on
from suyuan.actions.order_life import LIVE
from suyuan.terms import CaseRecord, Classification, Contact, ContactState, Fact, Order, Person, Ring, district_of

HOME = "990101001001"


def person_in(office: Any, code: str = "p1", area: str = HOME, **fields: Any) -> Person:
    with office.open_room() as room:
        return room.people.add(Person(code=code, area=area, **fields))


def case_in(office: Any, incident: int, person: Person, **fields: Any) -> CaseRecord:
    with office.open_room() as room:
        now = office.clock.now()
        return room.cases.add(
            CaseRecord(
                incident_id=incident, person_id=person.id, number=room.cases.count() + 1, area=person.area,
                district=district_of(person.area), reported_at=now, confirmed_at=now,
                **{"classification": Classification.CONFIRMED, **fields},
            )
        )  # fmt: skip


def contact_in(office: Any, incident: int, person: Person, *, days_ago: float = 1, **fields: Any) -> Contact:
    now = office.clock.now()
    met = now - timedelta(days=days_ago)
    with office.open_room() as room:
        return room.contacts.add(
            Contact(
                incident_id=incident, person_id=person.id, area=person.area, district=district_of(person.area),
                first_exposure=met, last_exposure=met, minutes=35.0, place_kind="restaurant",
                **{"ring": Ring.CLOSE, "state": ContactState.ACCEPTED, "accepted_at": now, "created_at": now, **fields},
            )
        )  # fmt: skip


def tell(office: Any, kind: str, subject_id: int, incident: int = 0, **values: Any) -> None:
    """Put a fact into the outbox and let everybody hear it, and what follows from it."""
    now = office.clock.now()
    with office.open_room() as room:
        room.facts.add(
            Fact(
                kind=kind, subject_id=subject_id, incident_id=incident, values=values, occurred_at=now, recorded_at=now
            )
        )
    settle(office)


def settle(office: Any) -> None:
    """Hand facts on until nothing waits."""
    while hand_on(office):
        pass


def accept(office: Any, incident: int, *contacts: Contact) -> None:
    tell(office, "contacts_accepted", incident, incident, contact_ids=[contact.id for contact in contacts])


def orders_of(office: Any, **equal: Any) -> list[Order]:
    with office.open_room() as room:
        return room.orders.find(**equal)


def proposed(office: Any, incident: int, n: int = 1, **person: Any) -> list[Order]:
    """Proposals for ``n`` close contacts of one day ago: a facility step and a monitoring step each."""
    people = [person_in(office, f"{incident}-{len(orders_of(office))}-{i}", **person) for i in range(n)]
    accept(office, incident, *[contact_in(office, incident, each) for each in people])
    return orders_of(office, incident_id=incident, state=list(LIVE))


def tasks_of(office: Any, **equal: Any) -> list[Any]:
    with office.open_room() as room:
        return room.tasks.find(**equal)
