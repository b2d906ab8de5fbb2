"""Show somebody's telephone, address and numbers to an officer who has the right and says what for."""

from __future__ import annotations

from suyuan.actions.desk import Desk, NotAllowed, Office
from suyuan.terms import BadInput, Details, NothingFound, Officer

SHORTEST_PURPOSE = 4


def reveal_details(office: Office, officer: Officer, person_id: int, purpose: str) -> Details:
    """Return the details of a person; the reading, with its purpose, is in the audit before anything is shown.

    Not a deed: an answer that identifies somebody must not be kept for replays.

    Raises
    ------
    NotAllowed
        If the officer has no right to it in the person's area.
    NothingFound
        If there is no such person within reach.
    BadInput
        If the purpose is missing or too short to be one.
    """
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise BadInput("people.no_purpose")
    with office.open_room() as room:
        person = room.people.get(person_id)
        if not officer.may("see_people", person.area) and not officer.may("reveal_details", person.area):
            raise NothingFound("room.no_such", kind="Person", id=person_id)
        if not officer.may("reveal_details", person.area):
            raise NotAllowed("room.not_allowed", right="reveal_details", area=person.area or "–")
        desk = Desk(officer, office.clock.now(), room, office.visit_logs)
        desk.read([person_id], purpose.strip(), person.area)
        details = room.people.details([person_id]).get(person_id)
        room.write_audit(desk.entries)
    return details or Details()
