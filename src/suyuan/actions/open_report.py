"""Open reports for reading: a preview of what stands now, a sealed version, what one version changed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

import msgspec

from suyuan.actions.case_days import CaseDays, case_days
from suyuan.actions.desk import Desk, Office
from suyuan.actions.gather_report import gather_report, read_facts, without_details
from suyuan.actions.interview_form import InterviewForm, form_of
from suyuan.actions.save_interview import READERS, need_reader
from suyuan.reporting.case_report import CaseReport
from suyuan.reporting.case_report_compose import compose
from suyuan.reporting.documents import Document, as_text
from suyuan.terms import Investigation, NothingFound, Officer, ReportState, ReportVersion

STATES = {ReportState.SUBMITTED: "submitted", ReportState.RETURNED: "submitted", ReportState.REVIEWED: "reviewed"}


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A version as a document, with its record; ``document`` holds names where the reader may see them."""

    version: ReportVersion
    document: Document


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: ``kept``, ``old`` or ``new``."""

    kind: str
    text: str


def preview_report(office: Office, officer: Officer, investigation_id: int, lang: str) -> Document:
    """Write the report from what stands now, as a draft; the reading of details is in the audit.

    Raises
    ------
    NothingFound, NotAllowed
        If the investigation lies outside the officer's reach or right.
    """
    with office.open_room() as room:
        order = room.investigations.get(investigation_id)
        need_reader(officer, order)
        desk = Desk(officer, office.clock.now(), room, office.visit_logs)
        desk.read([order.person_id], f"preview of the report of investigation {order.id}", order.area)
        facts = read_facts(desk, order, _form(desk, order))
        number = room.reports.count(investigation_id=order.id) + 1
        report = gather_report(desk, facts, lang, (number, "draft"))
        room.write_audit(desk.entries)
    return compose(report, lang)


def open_report(office: Office, officer: Officer, investigation_id: int, number: int, lang: str) -> OpenedReport:
    """Open one version; whoever may not see details gets it without them.

    Raises
    ------
    NothingFound, NotAllowed
        If there is no such version, or it lies outside the officer's reach or right.
    """
    with office.open_room() as room:
        order = room.investigations.get(investigation_id)
        need_reader(officer, order)
        desk = Desk(officer, office.clock.now(), room, office.visit_logs)
        opened = _opened(desk, order, number, lang)
        desk.read([order.person_id], f"version {number} of the report of investigation {order.id}", order.area)
        room.write_audit(desk.entries)
    return opened


def compare_reports(
    office: Office, officer: Officer, investigation_id: int, number: int, lang: str
) -> tuple[OpenedReport, list[Line]]:
    """Open a version and what it changed against the one before; every line is new in the first.

    Raises
    ------
    NothingFound, NotAllowed
        As ``open_report``.
    """
    opened = open_report(office, officer, investigation_id, number, lang)
    if number == 1:
        return opened, []
    before = open_report(office, officer, investigation_id, number - 1, lang)
    return opened, compare_texts(as_text(before.document), as_text(opened.document))


def compare_texts(before: str, after: str) -> list[Line]:
    """Compare two texts line by line; what stays is told once."""
    kinds = {"  ": "kept", "- ": "old", "+ ": "new"}
    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    return [Line(kinds[line[:2]], line[2:]) for line in compared if line[:2] in kinds]


def read_days(office: Office, officer: Officer, investigation_id: int) -> tuple[CaseDays, InterviewForm]:
    """Read the days of a case: the records for whoever sees investigations, the interview for whoever may read it.

    Raises
    ------
    NothingFound, NotAllowed
        If the investigation lies outside the officer's reach, or nothing of it is the officer's to see.
    """
    with office.open_room() as room:
        order = room.investigations.get(investigation_id)
        if not officer.may("see_investigations", order.area):
            raise NothingFound("room.no_such", kind="Investigation", id=order.id)
        desk = Desk(officer, office.clock.now(), room, office.visit_logs)
        reader = any(officer.may(right, order.area) for right in READERS)
        form = _form(desk, order) if reader else InterviewForm()
        desk.read([order.person_id], f"days of the case of investigation {order.id}", order.area)
        days = case_days(desk, room.cases.get(order.case_id), room.incidents.get(order.incident_id), form)
        room.write_audit(desk.entries)
    return days, form


def _form(desk: Desk, order: Investigation) -> InterviewForm:
    found = desk.room.interviews.find(investigation_id=order.id)
    return form_of(found[0].sealed) if found else InterviewForm()


def _opened(desk: Desk, order: Investigation, number: int, lang: str) -> OpenedReport:
    found = desk.room.reports.find(investigation_id=order.id, number=number)
    if not found:
        raise NothingFound("reports.no_such", number=number)
    version = found[0]
    report = msgspec.convert(version.sealed[lang], CaseReport)
    heading = replace(
        report.heading,
        state=STATES[version.state],  # type: ignore[arg-type]
        reviewed_at=version.reviewed_at if version.state is ReportState.REVIEWED else None,
        reviewer=_reviewer(desk, version),
    )
    report = replace(report, heading=heading)
    person = desk.room.people.get(order.person_id)
    if not desk.officer.may("reveal_details", person.area):
        report = without_details(report)
    return OpenedReport(version, compose(report, lang))


def _reviewer(desk: Desk, version: ReportVersion) -> str | None:
    if version.state is not ReportState.REVIEWED:
        return None
    reviewer = desk.room.officer(version.reviewed_by)
    return (reviewer.display_name or reviewer.username) if reviewer else str(version.reviewed_by)
