"""Hand the preliminary report in: a sealed version with its own number, and the end of the investigation's task."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec

from suyuan.actions.case_course import finish_tasks
from suyuan.actions.desk import Desk, deed
from suyuan.actions.gather_answers import need_readable
from suyuan.actions.gather_report import gather_report, read_facts
from suyuan.actions.interview_form import InterviewForm, form_of, plain, tidied
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.actions.name_companions import name_companions
from suyuan.actions.recording import AT_ONCE
from suyuan.actions.save_interview import keep_interview
from suyuan.terms import (
    LANGUAGES,
    BadInput,
    Interview,
    Investigation,
    InvestigationState,
    ReportState,
    ReportVersion,
)

GROUP = "investigation"
REVIEW_HOURS = 4.0
"""Hours in which a report is reviewed; an assumption, no edition sets a clock for it."""
WRITABLE = (InvestigationState.TAKEN, InvestigationState.SUBMITTED, InvestigationState.REVIEWED)
"""A reviewed report gets later versions when more becomes known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReport:
    """Hand in what stands in the interview of ``version``, so that nobody signs a text that was changed meanwhile."""

    investigation_id: int
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The number of the version, and how many contacts the interview brought."""

    number: int
    n_contacts: int


@deed("investigate", "investigations/{investigation_id}/report")
def submit_report(desk: Desk, command: SubmitReport) -> Submitted:
    """Seal the next version of the report, propose the companions as contacts, finish the task, ask for review.

    Raises
    ------
    BadInput
        If there is no interview yet, a row cannot be read, or the investigation was not taken or was called off.
    Stale
        If somebody saved the interview since it was opened.
    """
    order = desk.room.investigations.get(command.investigation_id)
    desk.require("investigate", order.area)
    desk.require_named()
    if order.state not in WRITABLE:
        raise BadInput("investigations.not_taken", state=order.state.value)
    interview = _interview(desk, order, command.version)
    incident = desk.room.incidents.get(order.incident_id)
    form = tidied(form_of(interview.sealed))
    need_readable(form, incident.timezone)
    named = name_companions(desk, order, incident, form)
    if named.form != form:
        keep_interview(desk, order, plain(named.form), interview)
    version = _seal(desk, order, named.form)
    submitted = replace(order, state=InvestigationState.SUBMITTED, submitted_at=desk.now)
    order_after = desk.room.investigations.save(submitted)
    desk.record("investigation", order_after, "state", (order.state, order_after.state))
    desk.record("investigation", order_after, "report", ("", version.number))
    for kind in ("investigate", "revise_report"):
        finish_tasks(desk, kind, "investigation", order.id)
    _ask_for_review(desk, order, version)
    ids = list(named.contact_ids)[:AT_ONCE]
    desk.tell("investigation_submitted", order.id, order.incident_id, number=version.number, contact_ids=ids)
    return Submitted(number=version.number, n_contacts=len(named.contact_ids))


def _interview(desk: Desk, order: Investigation, version: int | None) -> Interview:
    found = desk.room.interviews.find(investigation_id=order.id)
    if not found:
        raise BadInput("interview.nothing_yet")
    return desk.room.interviews.get(found[0].id, version=version)


def _seal(desk: Desk, order: Investigation, form: InterviewForm) -> ReportVersion:
    earlier = desk.room.reports.find(investigation_id=order.id)
    number = max((each.number for each in earlier), default=0) + 1
    facts = read_facts(desk, order, form)
    reports = {lang: gather_report(desk, facts, lang, (number, "submitted")) for lang in LANGUAGES}
    return desk.room.reports.add(
        ReportVersion(
            investigation_id=order.id,
            number=number,
            state=ReportState.SUBMITTED,
            sealed=msgspec.to_builtins(reports),
            written_at=desk.now,
            written_by=desk.officer.id,
        )
    )


def _ask_for_review(desk: Desk, order: Investigation, version: ReportVersion) -> None:
    case = desk.room.cases.get(order.case_id)
    finish_tasks(desk, "review_report", "investigation", order.id)
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id,
                cause=f"review_report {version.id}",
                kind="review_report",
                group=GROUP,
                area=order.area,
                due_at=desk.now + timedelta(hours=REVIEW_HOURS),
                subject="investigation",
                subject_id=order.id,
                values={"number": case.number, "version": version.number},
            )
        ],
    )
