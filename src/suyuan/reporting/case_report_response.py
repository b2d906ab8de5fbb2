"""Sections 5 to 7 of a case report: where the infection may come from, what was done, what comes next."""

from __future__ import annotations

from suyuan.reporting.case_report import CaseReport, SourceCandidate
from suyuan.reporting.case_report_pen import Pen


def write_source(report: CaseReport, pen: Pen) -> None:
    """Write the suspected sources with their reasons, the most probable first."""
    candidates = report.candidates
    if candidates is None:
        pen.fact("source_not_examined")
        return
    if not candidates:
        pen.fact("source_none")
        return
    ordered = sorted(
        candidates, key=lambda candidate: -1.0 if candidate.probability is None else -candidate.probability
    )
    ordered.sort(key=lambda candidate: candidate.probability is None)
    pen.fact("source_opening_one" if len(ordered) == 1 else "source_opening", n=len(ordered))
    for candidate in ordered:
        pen.item("item", text=_candidate(candidate, pen))
    pen.fact("source_caution")


def _candidate(candidate: SourceCandidate, pen: Pen) -> str:
    reasons = pen.say("semicolon").join(reason.rstrip("。.;；") for reason in candidate.reasons)
    key = "candidate" if candidate.probability is None else "candidate_probable"
    return pen.say(
        key if reasons else f"{key}_bare",
        what=candidate.what,
        kind=pen.word(candidate.kind),
        p=pen.voice.percent(candidate.probability),
        reasons=reasons,
    )


def write_measures(report: CaseReport, pen: Pen) -> None:
    """Write what was done, in the order of time."""
    measures = report.measures
    if measures is None:
        pen.unasked("measures")
        return
    if not measures:
        pen.fact("measures_none")
        return
    pen.table(
        "",
        (("at", 3), ("measure", 9), ("by", 4)),
        [
            (pen.moment(measure.at), measure.what, pen.text_or(measure.by))
            for measure in sorted(measures, key=lambda measure: pen.voice.local(measure.at))
        ],
    )


def write_next(report: CaseReport, pen: Pen) -> None:
    """Write what is to be done and which questions are open."""
    if report.next_steps:
        pen.table(
            "next_steps",
            (("step", 9), ("by", 4), ("due_at", 3)),
            [(step.what, pen.text_or(step.by), pen.moment_or(step.due_at)) for step in report.next_steps],
        )
    elif report.next_steps is None:
        pen.unasked("next_steps")
    else:
        pen.fact("next_steps_none")
    if report.questions:
        pen.fact("questions")
        for question in report.questions:
            pen.item("item", text=question)
    elif report.questions is None:
        pen.unasked("questions")
    else:
        pen.fact("questions_none")
