"""Save what the investigator has written so far; somebody else's text is never overwritten unseen."""

from __future__ import annotations

from dataclasses import dataclass, field

from suyuan.actions.desk import Desk, NotAllowed, Office, Stale, deed
from suyuan.actions.interview_form import InterviewForm, form_of, plain, tidied
from suyuan.terms import BadInput, Interview, Investigation, InvestigationState, NothingFound, Officer

READERS = ("investigate", "review_report")
"""Rights that open an interview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveInterview:
    """The form as it stands. ``version`` is that of the interview that was opened, 0 where there was none."""

    investigation_id: int
    form: InterviewForm = field(metadata={"personal": True})
    version: int | None = None


@deed("investigate", "investigations/{investigation_id}/interview")
def save_interview(desk: Desk, command: SaveInterview) -> int:
    """Seal the form and return its version.

    Raises
    ------
    Stale
        If somebody saved it since it was opened; nothing is lost on either side.
    BadInput
        If the investigation was called off, or the form is too large.
    """
    order = desk.room.investigations.get(command.investigation_id)
    desk.require("investigate", order.area)
    if order.state is InvestigationState.CANCELLED:
        raise BadInput("investigations.not_open", state=order.state.value)
    found = desk.room.interviews.find(investigation_id=order.id)
    form = plain(tidied(command.form))
    if command.version is not None and command.version != (found[0].version if found else 0):
        # the other text is opened by whoever compares, with its line in the audit; a fault carries nobody's words
        raise Stale("interview.stale", id=order.id, version=found[0].version if found else 0)
    return keep_interview(desk, order, form, found[0] if found else None).version


def keep_interview(desk: Desk, order: Investigation, form: dict[str, object], before: Interview | None) -> Interview:
    """Write the next version of an interview."""
    shelf = desk.room.interviews
    if before is None:
        fresh = Interview(investigation_id=order.id, sealed=form, saved_at=desk.now, saved_by=desk.officer.id)
        return shelf.add(fresh)
    after = Interview(
        id=before.id,
        version=before.version,
        investigation_id=order.id,
        sealed=form,
        saved_at=desk.now,
        saved_by=desk.officer.id,
    )
    return shelf.save(after)


def open_interview(
    office: Office, officer: Officer, investigation_id: int, purpose: str
) -> tuple[InterviewForm, Interview | None]:
    """Open an interview for somebody with the right; the reading is in the audit.

    Not a deed: an answer that holds names must not be kept for replays.

    Raises
    ------
    NothingFound
        If there is no such investigation within reach.
    NotAllowed
        If the officer may see the investigation but not what was said.
    """
    with office.open_room() as room:
        order = room.investigations.get(investigation_id)
        need_reader(officer, order)
        desk = Desk(officer, office.clock.now(), room, office.visit_logs)
        found = room.interviews.find(investigation_id=order.id)
        if found:
            desk.read([order.person_id], purpose, order.area)
            room.write_audit(desk.entries)
    return (form_of(found[0].sealed), found[0]) if found else (InterviewForm(), None)


def need_reader(officer: Officer, order: Investigation) -> None:
    """Stop unless the officer may read interviews in the area of the order.

    Raises
    ------
    NothingFound
        If the investigation lies outside the officer's reach.
    NotAllowed
        If it is within reach but its text is not for this officer.
    """
    if any(officer.may(right, order.area) for right in READERS):
        return
    if officer.may("see_investigations", order.area):
        raise NotAllowed("room.not_allowed", right=READERS[0], area=order.area or "–")
    raise NothingFound("room.no_such", kind="Investigation", id=order.id)
