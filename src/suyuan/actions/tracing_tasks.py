"""The tasks a tracing makes: somebody decides the proposals, somebody looks at what changed."""

from __future__ import annotations

from datetime import timedelta

from suyuan.actions.case_course import finish_tasks
from suyuan.actions.desk import Desk
from suyuan.actions.make_tasks import PENDING, NewTask, make_tasks
from suyuan.protocols import Protocol
from suyuan.terms import ContactState, Incident, Tracing

GROUP = "investigation"
CLOCK, HOURS = "quarantine_contact", 24.0
"""Deciding is part of the time in which contacts must be looked after; the hours where the edition sets no clock."""


def ask_for_decisions(
    desk: Desk, incident: Incident, edition: Protocol, tracing: Tracing, n_new: tuple[int, int]
) -> None:
    """Make a task for new proposals and one for changes that wait, unless one of that kind waits already."""
    for kind, n in zip(("decide_contacts", "decide_changes"), n_new, strict=True):
        if n and not _waits(desk, incident, kind):
            make_tasks(desk, [_task(desk, incident, edition, (kind, tracing.id, n))])


def ask_about_hand_contacts(desk: Desk, incident: Incident, edition: Protocol, case_id: int, n: int) -> None:
    """Ask somebody to look again at contacts added by hand whose case was ruled out."""
    if n:
        make_tasks(desk, [_task(desk, incident, edition, ("review_hand_contacts", case_id, n))])


def finish_decided(desk: Desk, incident_id: int) -> None:
    """Finish the tasks of an incident in which nothing waits for a decision any more."""
    if not desk.room.contacts.count(incident_id=incident_id, state=ContactState.PROPOSED):
        finish_tasks(desk, "decide_contacts", "incident", incident_id)
    if not desk.room.tracing_changes.count(incident_id=incident_id, decided=""):
        finish_tasks(desk, "decide_changes", "incident", incident_id)


def _waits(desk: Desk, incident: Incident, kind: str) -> bool:
    found = desk.room.tasks.count(subject="incident", subject_id=incident.id, kind=kind, state=list(PENDING))
    return bool(found)


def _task(desk: Desk, incident: Incident, edition: Protocol, what: tuple[str, int, int]) -> NewTask:
    kind, cause_id, n = what
    clock = edition.clocks.get(CLOCK)
    return NewTask(
        incident_id=incident.id,
        cause=f"{kind} {cause_id}",
        kind=kind,
        group=GROUP,
        area=incident.area,
        due_at=desk.now + timedelta(hours=clock.hours if clock else HOURS),
        subject="incident",
        subject_id=incident.id,
        values={"n": n},
    )
