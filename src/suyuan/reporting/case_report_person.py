"""Sections 1 and 2 of a case report: who the case is, and the course of the illness."""

from __future__ import annotations

from suyuan.reporting.case_report import CaseReport, Classified, Illness, Person, TestResult
from suyuan.reporting.case_report_pen import Pen


def write_basics(report: CaseReport, pen: Pen) -> None:
    """Write who the case is, the classification and the household."""
    person = report.person
    pen.write(_person_sentence(person, pen))
    for name, value in (("identity", person.identity), ("telephone", person.telephone)):
        if value:
            pen.fact(name, value=value)
    if pen.has("vulnerabilities", person.vulnerabilities):
        words = pen.voice.series([pen.word(word) for word in person.vulnerabilities or ()])
        pen.fact("vulnerable" if words else "not_vulnerable", words=words)
    _write_classification(report.classification, pen)
    _write_household(report, pen)


def _person_sentence(person: Person, pen: Pen) -> str:
    opening = pen.say("person_named" if person.name else "person_numbered", name=person.name, number=person.number)
    return pen.clauses(
        (
            opening,
            pen.clause("sex", pen.word(person.sex) if person.sex else None),
            pen.clause("age", person.age_years),
            pen.clause("occupation", person.occupation),
            pen.clause("workplace", person.workplace),
            pen.clause("address", person.address),
        )
    )


def _write_classification(history: tuple[Classified, ...] | None, pen: Pen) -> None:
    if not history:
        pen.unasked("classification")
        return
    steps = sorted(history, key=lambda step: pen.voice.local(step.at))
    latest = steps[-1]
    pen.fact(
        "classified_why" if latest.why else "classified",
        word=pen.word(latest.word),
        at=pen.moment(latest.at),
        why=latest.why,
    )
    if len(steps) > 1:
        told = pen.say("then").join(
            pen.say("classification_step", word=pen.word(step.word), at=pen.moment(step.at)) for step in steps
        )
        pen.fact("classification_history", steps=told)


def _write_household(report: CaseReport, pen: Pen) -> None:
    household = report.household
    if not pen.has("household", household):
        return
    if not household:
        pen.fact("household_none")
        return
    pen.fact("household_one" if len(household) == 1 else "household_many", n=len(household))
    pen.table(
        "household",
        (("person", 3), ("name", 3), ("relation", 3), ("age", 2), ("finding", 6)),
        [
            (
                member.number,
                pen.text_or(member.name),
                pen.text_or(member.relation),
                pen.say("dash") if member.age_years is None else str(member.age_years),
                pen.text_or(member.finding),
            )
            for member in household
        ],
    )


def write_illness(report: CaseReport, pen: Pen) -> None:
    """Write onset, symptoms by day, care, tests, vaccination, isolation and outcome."""
    illness = report.illness
    if illness.onset is not None:
        pen.fact("onset", day=pen.day(illness.onset))
    elif illness.no_symptoms:
        pen.fact("no_symptoms")
    else:
        pen.unasked("onset")
    if illness.severity:
        pen.fact("severity", word=pen.word(illness.severity))
    _write_symptoms(illness, pen)
    _write_care(illness, pen)
    _write_tests(illness.tests, pen)
    _write_vaccination(illness, pen)
    _write_isolation(illness, pen)


def _write_symptoms(illness: Illness, pen: Pen) -> None:
    if illness.symptoms is None:
        if not illness.no_symptoms:
            pen.unasked("symptoms")
        return
    if not illness.symptoms:
        if not illness.no_symptoms:
            pen.fact("symptoms_none")
        return
    pen.table(
        "symptoms",
        (("day", 3), ("symptoms", 8), ("temperature", 2), ("source", 3)),
        [
            (
                pen.day(row.day),
                pen.voice.series([pen.word(symptom) for symptom in row.symptoms]) or pen.say("felt_well"),
                pen.say("dash") if row.temperature is None else f"{row.temperature:.1f} ℃",
                pen.text_or(row.source),
            )
            for row in sorted(illness.symptoms, key=lambda row: row.day)
        ],
    )


def _write_care(illness: Illness, pen: Pen) -> None:
    if not pen.has("care", illness.care):
        return
    if not illness.care:
        pen.fact("care_none")
    for visit in sorted(illness.care or (), key=lambda visit: pen.voice.local(visit.at)):
        text = pen.say("care_visit", at=pen.moment(visit.at), place=visit.place, what=visit.what)
        pen.item("item", text=pen.sourced(text, visit.source))


def _write_tests(tests: tuple[TestResult, ...] | None, pen: Pen) -> None:
    if not pen.has("tests", tests):
        return
    if not tests:
        pen.fact("tests_none")
        return
    ordered = sorted(tests, key=lambda test: pen.voice.local(test.sampled_at))
    first = next((test for test in ordered if test.result == "positive"), None)
    if first is not None:
        pen.fact("first_positive", at=pen.moment(first.sampled_at), kind=pen.word(first.kind))
    pen.table(
        "tests",
        (("sampled_at", 3), ("kind", 3), ("result", 2), ("ct", 4), ("laboratory", 4), ("reported_at", 3)),
        [
            (
                pen.moment(test.sampled_at),
                pen.word(test.kind),
                pen.word(test.result),
                pen.say("semicolon").join(f"{gene} {value:g}" for gene, value in test.ct) or pen.say("dash"),
                pen.text_or(test.laboratory),
                pen.moment_or(test.reported_at),
            )
            for test in ordered
        ],
    )


def _write_vaccination(illness: Illness, pen: Pen) -> None:
    if not pen.has("vaccination", illness.vaccination):
        return
    doses = sorted(illness.vaccination or (), key=lambda dose: dose.day)
    if not doses:
        pen.fact("vaccination_none")
        return
    told = pen.say("semicolon").join(pen.say("dose", day=pen.day(dose.day), product=dose.product) for dose in doses)
    pen.fact("vaccination_one" if len(doses) == 1 else "vaccination_many", n=len(doses), doses=told)


def _write_isolation(illness: Illness, pen: Pen) -> None:
    isolation = illness.isolation
    if isolation is None:
        pen.unasked("isolation")
    else:
        key = "isolation_moved" if isolation.transport else "isolation"
        pen.fact(key, at=pen.moment(isolation.at), place=isolation.place, transport=isolation.transport)
    if illness.outcome:
        pen.fact("outcome", word=pen.word(illness.outcome))
