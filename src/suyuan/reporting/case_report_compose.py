"""From the facts of a case to the text of its preliminary report."""

from __future__ import annotations

from collections.abc import Callable

from suyuan.reporting.case_report import SECTIONS, CaseReport
from suyuan.reporting.case_report_pen import Pen
from suyuan.reporting.case_report_person import write_basics, write_illness
from suyuan.reporting.case_report_response import write_measures, write_next, write_source
from suyuan.reporting.case_report_trail import write_contact_list, write_contacts, write_exposure
from suyuan.reporting.documents.model import Document, Marking, Paragraph, Section
from suyuan.reporting.voice import Voice
from suyuan.terms import say

WRITERS: dict[str, Callable[[CaseReport, Pen], None]] = {
    "basics": write_basics,
    "illness": write_illness,
    "exposure": write_exposure,
    "contacts": write_contacts,
    "source": write_source,
    "measures": write_measures,
    "next": write_next,
}


def compose(report: CaseReport, lang: str) -> Document:
    """Write the preliminary report of a case.

    Parameters
    ----------
    report
        The facts; what is not known is said to be not yet asked, and nothing is added.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    Document
        Seven sections in their usual order, the investigator's paragraphs behind the system's in each, then the
        signatures and, if contacts are listed, their table.
    """
    heading = report.heading
    voice = Voice(lang, heading.timezone, heading.generated_at.year)
    return Document(
        title=say("case_report.title", lang),
        subtitle=heading.incident,
        particulars=_particulars(report, Pen(voice)),
        sections=tuple(_sections(report, voice)),
        marking=_marking(report, Pen(voice)),
        lang=lang,
        made_at=voice.local(heading.generated_at),
    )


def _sections(report: CaseReport, voice: Voice) -> list[Section]:
    sections = []
    for key in SECTIONS:
        pen = Pen(voice)
        WRITERS[key](report, pen)
        blocks = pen.finished()
        pen.blocks = []
        pen.own(report.own.get(key, ""))
        sections.append(Section(key, say(f"case_report_section.{key}", voice.lang), (*blocks, *pen.blocks)))
    sections.append(_signatures(report, Pen(voice)))
    if report.contacts:
        pen = Pen(voice)
        write_contact_list(report, pen)
        sections.append(Section("annex", say("case_report_section.annex", voice.lang), tuple(pen.blocks)))
    return sections


def _signatures(report: CaseReport, pen: Pen) -> Section:
    heading = report.heading
    lines = [
        pen.say("signed_author", name=heading.author or pen.say("nobody_named")),
        pen.say("signed_reviewer", name=heading.reviewer or pen.say("not_reviewed")),
    ]
    title = say("case_report_section.signatures", pen.lang)
    return Section("signatures", title, tuple(Paragraph(line, "item") for line in lines))


def _particulars(report: CaseReport, pen: Pen) -> tuple[tuple[str, str], ...]:
    heading = report.heading
    values = {
        "case_number": heading.case_number,
        "person": report.person.number,
        "edition": heading.edition,
        "unit": pen.text_or(heading.unit),
        "version": str(heading.version),
        "state": pen.word(heading.state),
        "author": pen.text_or(heading.author),
        "reviewer": pen.text_or(heading.reviewer),
        "generated_at": f"{pen.voice.local(heading.generated_at):%Y-%m-%d %H:%M}",
        "submitted_at": pen.moment_or(heading.submitted_at),
        "reviewed_at": pen.moment_or(heading.reviewed_at),
        "timezone": pen.say("clock", zone=heading.timezone, year=pen.voice.local(heading.generated_at).year),
    }
    return tuple((say(f"case_report_column.{name}", pen.lang), value) for name, value in values.items())


def _marking(report: CaseReport, pen: Pen) -> Marking:
    heading = report.heading
    return Marking(
        header=pen.say("header", number=heading.case_number, version=heading.version, state=pen.word(heading.state)),
        footer=pen.say("confidential"),
        page=say("document.page", pen.lang, page="{page}", pages="{pages}"),
        watermark="" if heading.state == "reviewed" else pen.say(f"watermark_{heading.state}"),
    )
