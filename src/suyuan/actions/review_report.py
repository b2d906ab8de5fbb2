"""Review a report: accept it, or return it with a remark. Nobody reviews what they wrote."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from suyuan.actions.case_course import finish_tasks
from suyuan.actions.desk import Desk, NotAllowed, deed
from suyuan.actions.make_tasks import NewTask, make_tasks
from suyuan.actions.submit_report import GROUP
from suyuan.terms import BadInput, Investigation, InvestigationState, ReportState, ReportVersion

REVISE_HOURS = 4.0
"""Hours for mending a returned report; an assumption, no edition sets a clock for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReport:
    """The decision on one version; a return needs a remark. The remark is sealed: it may name people."""

    report_id: int
    accept: bool
    remark: str = field(default="", metadata={"personal": True})
    version: int | None = None


@deed("review_report", "reports/{report_id}/review")
def review_report(desk: Desk, command: ReviewReport) -> str:
    """Accept or return the newest version and return its state.

    Raises
    ------
    BadInput
        If it is decided already or is not the newest version, or a return has no remark.
    NotAllowed
        If the reviewer wrote it.
    """
    report = desk.room.reports.get(command.report_id, version=command.version)
    order = desk.room.investigations.get(report.investigation_id)
    desk.require("review_report", order.area)
    desk.require_named()
    if report.written_by == desk.officer.id:
        raise NotAllowed("reports.own_report")
    _need_reviewable(desk, report)
    if not command.accept and not command.remark.strip():
        raise BadInput("reports.no_remark")
    state = ReportState.REVIEWED if command.accept else ReportState.RETURNED
    decided = replace(
        report, state=state, reviewed_at=desk.now, reviewed_by=desk.officer.id, remark=command.remark.strip()
    )
    desk.room.reports.save(decided)
    _move(desk, order, InvestigationState.REVIEWED if command.accept else InvestigationState.TAKEN)
    finish_tasks(desk, "review_report", "investigation", order.id)
    if not command.accept:
        _ask_to_revise(desk, order, report)
    desk.tell("report_reviewed", order.id, order.incident_id, number=report.number, state=state.value)
    return state.value


def _need_reviewable(desk: Desk, report: ReportVersion) -> None:
    if report.state is not ReportState.SUBMITTED:
        raise BadInput("reports.decided", number=report.number)
    newest = max(each.number for each in desk.room.reports.find(investigation_id=report.investigation_id))
    if report.number != newest:
        raise BadInput("reports.not_newest", number=report.number, newest=newest)


def _move(desk: Desk, order: Investigation, state: InvestigationState) -> None:
    if order.state is InvestigationState.CANCELLED:
        return
    after = desk.room.investigations.save(replace(order, state=state))
    desk.record("investigation", after, "state", (order.state, state))


def _ask_to_revise(desk: Desk, order: Investigation, report: ReportVersion) -> None:
    case = desk.room.cases.get(order.case_id)
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id,
                cause=f"revise_report {report.id}",
                kind="revise_report",
                group=GROUP,
                area=order.area,
                due_at=desk.now + timedelta(hours=REVISE_HOURS),
                subject="investigation",
                subject_id=order.id,
                values={"number": case.number, "version": report.number},
            )
        ],
    )
