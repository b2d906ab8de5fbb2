"""Gather the facts of a preliminary report from the room: the case, its person, what was asked, what was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from suyuan.actions.case_course import INFECTED
from suyuan.actions.case_days import CaseDays, case_days
from suyuan.actions.desk import Desk
from suyuan.actions.gather_answers import Known, answers_of, household_of, illness_of, stops_of
from suyuan.actions.gather_response import (
    candidates_of,
    contacts_of,
    contradictions_told,
    measures_of,
    next_steps_of,
    rings_of,
)
from suyuan.actions.interview_form import InterviewForm
from suyuan.protocols import load
from suyuan.reporting.case_report import (
    SECTIONS,
    CaseReport,
    Classified,
    Heading,
    Isolation,
    Person,
    State,
    TestResult,
    Trail,
)
from suyuan.terms import CaseRecord, Classification, Course, Details, HistoryEntry, Incident, Investigation
from suyuan.terms import Person as PersonRecord


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """What one report stands on, read once for both languages."""

    order: Investigation
    case: CaseRecord
    incident: Incident
    person: PersonRecord
    details: Details | None
    form: InterviewForm
    days: CaseDays
    history: tuple[HistoryEntry, ...]
    names: dict[int, str]


def read_facts(desk: Desk, order: Investigation, form: InterviewForm) -> Facts:
    """Read the facts of an investigation; details and names only with the right, and then the audit says so."""
    case = desk.room.cases.get(order.case_id)
    incident = desk.room.incidents.get(case.incident_id)
    person = desk.room.people.get(case.person_id)
    details = None
    if desk.officer.may("reveal_details", person.area):
        desk.read([person.id], f"report of investigation {order.id}", person.area)
        details = desk.room.people.details([person.id]).get(person.id)
    return Facts(
        order=order,
        case=case,
        incident=incident,
        person=person,
        details=details,
        form=form,
        days=case_days(desk, case, incident, form),
        history=tuple(desk.room.history.find(subject="case", subject_id=case.id)),
        names=_names(desk, order, case),
    )


def _names(desk: Desk, order: Investigation, case: CaseRecord) -> dict[int, str]:
    """Names of the contacts of the case, where the officer may see them."""
    contacts = desk.room.contacts.find(infector_case_id=case.id)
    seen = [each.person_id for each in contacts if desk.officer.may("see_names", each.area)]
    if not seen:
        return {}
    desk.read(seen, f"contacts in the report of investigation {order.id}", order.area)
    return {i: each.name for i, each in desk.room.people.details(seen).items() if each.name}


def gather_report(desk: Desk, facts: Facts, lang: str, stands: tuple[int, State]) -> CaseReport:
    """Bring the facts into the form of a report.

    Parameters
    ----------
    lang
        Of the sentences that the room itself puts in (measures, next steps, reasons); everything else is as it was
        written.
    stands
        Number of the version and where it stands.
    """
    form, zone = facts.form, facts.incident.timezone
    asked = form.questions.splitlines()
    questions = [each.strip() for each in asked if each.strip()]
    questions += contradictions_told(facts.days, zone, lang)
    candidates = candidates_of(desk, facts.case, form, lang)
    household = household_of(desk, facts.person, facts.case, form, names=facts.details is not None)
    return CaseReport(
        heading=_heading(desk, facts, lang, stands),
        person=_person(desk, facts),
        classification=_classification(facts) or None,
        household=household if household or "household" in form.none else None,
        illness=illness_of(form, zone, _known(facts)),
        trail=_trail(desk, facts, lang),
        rings=rings_of(desk, facts.case),
        contacts=contacts_of(desk, facts.case, facts.names, lang),
        candidates=candidates if candidates or "sources" in form.none else None,
        measures=measures_of(desk, facts.case, facts.order, (form, zone, lang)),
        next_steps=next_steps_of(desk, facts.case, (form, zone, lang)),
        questions=tuple(questions) if questions or "questions" in form.none else None,
        own={key: text for key, text in form.own.items() if key in SECTIONS and text.strip()},
    )


def without_details(report: CaseReport) -> CaseReport:
    """Return a report without what identifies people, for a reader who may see the work but not the persons."""
    return replace(
        report,
        person=replace(report.person, name=None, identity=None, telephone=None, address=None, workplace=None),
        household=None if report.household is None else tuple(replace(each, name=None) for each in report.household),
        contacts=tuple(replace(each, name=None) for each in report.contacts),
    )


def _heading(desk: Desk, facts: Facts, lang: str, stands: tuple[int, State]) -> Heading:
    number, state = stands
    writes = desk.officer.may("investigate", facts.order.area)  # a reviewer's preview is nobody's text yet
    team = desk.room.teams.find(id=facts.order.team_id) if facts.order.team_id else []
    unit = (team[0].name_zh if lang == "zh" else team[0].name_en) if team else None
    return Heading(
        incident=facts.incident.name,
        edition=load(facts.incident.protocol).name.text(lang),
        case_number=f"{facts.incident.code}-{facts.case.number:03d}",
        version=number,
        state=state,
        timezone=facts.incident.timezone,
        generated_at=desk.now,
        submitted_at=desk.now if state == "submitted" else None,
        author=(desk.officer.display_name or desk.officer.username) if writes else None,
        unit=unit,
    )


def _person(desk: Desk, facts: Facts) -> Person:
    person, details = facts.person, facts.details
    born = person.birth_year
    shown = Person(
        number=person.code,
        sex=person.sex or None,
        age_years=desk.now.year - born if born else None,
        occupation=person.occupation or None,
        vulnerabilities=tuple(each.value for each in person.vulnerabilities) or None,
    )
    if details is None:
        return shown
    age = _age(details.birth_date, desk.now.astimezone(ZoneInfo(facts.incident.timezone)).date())
    return replace(
        shown,
        name=details.name or None,
        identity=details.identity_number or None,
        telephone=", ".join(details.telephones) or None,
        address=details.address or None,
        workplace=details.workplace or None,
        age_years=shown.age_years if age is None else age,
    )


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _classification(facts: Facts) -> tuple[Classified, ...]:
    return tuple(
        Classified(each.after, each.occurred_at, each.reason or None)
        for each in facts.history
        if each.what == "classification"
    )


def _known(facts: Facts) -> Known:
    case, zone = facts.case, ZoneInfo(facts.incident.timezone)
    infected = case.classification in INFECTED
    tests = None
    if case.sampled_at:
        tests = (TestResult(case.sampled_at, "unknown", "positive" if infected else "pending"),)
    where = [each.after for each in facts.history if each.what == "isolated_where"]
    isolation = Isolation(case.isolated_at, where[-1] if where else "–") if case.isolated_at else None
    return Known(
        onset=case.onset_at.astimezone(zone).date() if case.onset_at else None,
        no_symptoms=case.classification is Classification.ASYMPTOMATIC and case.onset_at is None,
        severity=case.severity.value if case.severity.value not in ("", "none") else None,
        tests=tests,
        isolation=isolation,
        outcome=case.course.value if case.course in (Course.RECOVERED, Course.DIED) else None,
    )


def _trail(desk: Desk, facts: Facts, lang: str) -> Trail:
    zone = ZoneInfo(facts.incident.timezone)
    windows = facts.days.windows
    stops = stops_of(desk, facts.case, facts.form, (facts.days.recorded, facts.incident.timezone))
    return Trail(
        exposure_window=_days(windows.exposure.start, windows.exposure.end, zone) if windows else None,
        tracing_window=(windows.tracing.start, facts.case.isolated_at) if windows else None,
        answers=answers_of(facts.form, lang) or None,
        stops=stops if stops or "stops" in facts.form.none else None,
    )


def _days(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """First and last civil day of an interval that does not contain its end."""
    return start.astimezone(zone).date(), (end - timedelta(microseconds=1)).astimezone(zone).date()
