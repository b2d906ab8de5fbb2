"""What the case told, brought into the report: illness, days, household, answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from suyuan.actions.desk import Desk
from suyuan.actions.interview_form import (
    QUESTIONS,
    BadRow,
    HouseholdRow,
    InterviewForm,
    read_day,
    read_instant,
    read_stops,
)
from suyuan.actions.time_line import INTERVIEW, Statement
from suyuan.reporting.case_report import (
    CareVisit,
    Dose,
    ExposureAnswer,
    HouseholdMember,
    Illness,
    Isolation,
    Stop,
    SymptomDay,
    TestResult,
)
from suyuan.terms import BadInput, CaseRecord, Contact, ContactState, Person, Ring, say

T = TypeVar("T")
SPLIT = re.compile(r"[,;，；、]")


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """What the case record itself says of the illness."""

    onset: date | None
    no_symptoms: bool
    severity: str | None
    tests: tuple[TestResult, ...] | None
    isolation: Isolation | None
    outcome: str | None


def illness_of(form: InterviewForm, zone: str, known: Known) -> Illness:
    """Bring symptoms, care and vaccination in; rows that cannot be read yet are left out of a preview."""
    symptoms = _readable(form.symptoms, _symptoms)
    care = _readable(
        form.care, lambda row, n: CareVisit(read_instant(row.at, zone, "care", n), row.place, row.what, INTERVIEW)
    )
    doses = _readable(form.doses, lambda row, n: Dose(read_day(row.day, "doses", n), row.product))
    return Illness(
        onset=known.onset,
        no_symptoms=known.no_symptoms,
        severity=known.severity,
        symptoms=_told(symptoms, "symptoms", form),
        care=_told(care, "care", form),
        tests=known.tests,
        vaccination=_told(doses, "doses", form),
        isolation=known.isolation,
        outcome=known.outcome,
    )


def _symptoms(row: Any, number: int) -> SymptomDay:
    felt = tuple(text for each in SPLIT.split(row.symptoms) if (text := each.strip()))
    try:
        temperature = float(row.temperature.replace(",", ".")) if row.temperature.strip() else None
    except ValueError:
        raise BadRow("interview.no_number", list="symptoms", row=number) from None
    return SymptomDay(read_day(row.day, "symptoms", number), felt, temperature, INTERVIEW)


def _readable(rows: tuple[Any, ...], read: Callable[[Any, int], T]) -> tuple[T, ...]:
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(read(row, number))
        except BadInput:
            continue
    return tuple(found)


def _told(rows: tuple[T, ...], name: str, form: InterviewForm) -> tuple[T, ...] | None:
    """Nothing written is "not yet asked", unless the form says that it was asked."""
    return rows if rows or name in form.none else None


def need_readable(form: InterviewForm, zone: str) -> None:
    """Stop if a row that the report needs cannot be read.

    Raises
    ------
    BadInput
        With the list and the row.
    """
    for number, symptom in enumerate(form.symptoms, 1):
        _symptoms(symptom, number)
    for number, care in enumerate(form.care, 1):
        read_instant(care.at, zone, "care", number)
    for number, dose in enumerate(form.doses, 1):
        read_day(dose.day, "doses", number)
    for number, measure in enumerate(form.measures, 1):
        read_instant(measure.at, zone, "measures", number)
    for number, step in enumerate(form.next_steps, 1):
        if step.due.strip():
            read_instant(step.due, zone, "next_steps", number)
    read_stops(form, zone, strict=True)


def stops_of(
    desk: Desk, case: CaseRecord, form: InterviewForm, known: tuple[tuple[Statement, ...], str]
) -> tuple[Stop, ...]:
    """Put the interview's stays and those on record together, each with who says so and how many contacts it made."""
    recorded, zone = known
    met = desk.room.contacts.find(infector_case_id=case.id, ring=Ring.CLOSE)
    traced = desk.room.tracings.count(incident_id=case.incident_id) > 0
    told = [
        Stop(start, end, row.place, row.kind or None, _doing(row.whom, row.protection), INTERVIEW)
        for start, end, row in read_stops(form, zone, strict=False)
    ]
    return (
        *told,
        *(
            Stop(
                each.start,
                each.end,
                each.place,
                each.kind,
                None,
                each.source or None,
                _count(met, each) if traced else None,
            )
            for each in recorded
        ),
    )


def _doing(whom: str, protection: str) -> str | None:
    return "; ".join(each for each in (whom.strip(), protection.strip()) if each) or None


def _count(contacts: list[Contact], stay: Statement) -> int:
    return sum(
        each.place == stay.place and stay.start <= each.first_exposure < stay.end
        for each in contacts
        if each.state is not ContactState.REMOVED
    )


def household_of(
    desk: Desk, person: Person, case: CaseRecord, form: InterviewForm, *, names: bool
) -> tuple[HouseholdMember, ...]:
    """Put together whom the case named and whom the register has in the same household, each once."""
    told = [_member(row, names=names) for row in form.household]
    known = {member.number for member in told}
    on_record = desk.room.people.find(household=person.household, merged_into=0) if person.household else []
    year = desk.now.year
    return (
        *told,
        *(
            HouseholdMember(each.code, age_years=year - each.birth_year if each.birth_year else None)
            for each in on_record
            if each.id != case.person_id and each.code not in known
        ),
    )


def _member(row: HouseholdRow, *, names: bool) -> HouseholdMember:
    age = int(row.age) if row.age.strip().isdigit() else None
    name = row.name or None if names else None
    return HouseholdMember(row.code or "–", name, row.relation or None, age, row.finding or None)


def answers_of(form: InterviewForm, lang: str) -> tuple[ExposureAnswer, ...]:
    """Bring the answered questions of exposure in."""
    return tuple(
        ExposureAnswer(
            say(f"exposure_question.{key}", lang), form.answers[key], form.details.get(key) or None, INTERVIEW
        )
        for key in QUESTIONS
        if form.answers.get(key)
    )
