"""For whom something is begun by hand: one person, by record or by number, where the officer has the right to it."""

from __future__ import annotations

from suyuan.store.models import PersonRow
from suyuan.store.queries.people import PEOPLE
from suyuan.terms import NothingFound, Officer, Person


def person_for(officer: Officer, right: str, *, person_id: int = 0, code: str = "") -> Person:
    """Return the person of a record or of a number; a merged record gives the one it was merged into.

    Raises
    ------
    NothingFound
        If there is none, or the officer does not have the right where the person belongs.
    """
    rows = PersonRow.objects.filter(id=person_id) if person_id else PersonRow.objects.filter(code=code)
    values = rows.values_list(*PEOPLE.names).first()
    person = PEOPLE.to_term(values) if values else None
    if person is not None and person.merged_into:
        values = PersonRow.objects.filter(id=person.merged_into).values_list(*PEOPLE.names).first()
        person = PEOPLE.to_term(values) if values else None
    if person is None or not officer.may(right, person.area):
        raise NothingFound("by_hand.no_person", number=code or person_id)
    return person
