"""All files of a tracing result in one folder."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from suyuan.reporting.actions import first_actions, headline
from suyuan.reporting.backward_page import backward_headline, backward_voice, render_backward_page
from suyuan.reporting.delimited import write_csv, write_parquet
from suyuan.reporting.edition_words import edition_lines
from suyuan.reporting.epicontacts import contact_pairs, line_list
from suyuan.reporting.figures import count_figures, order_contacts, summary_json, voice_for
from suyuan.reporting.limits import limit_sentences
from suyuan.reporting.page import render_page
from suyuan.reporting.places_geojson import places_geojson
from suyuan.reporting.shapes import BackwardTables, TraceTables
from suyuan.reporting.voice import Voice
from suyuan.reporting.whole_files import write_whole
from suyuan.reporting.workbook import write_workbook


def write_trace(
    result: TraceTables,
    out_dir: Path,
    lang: str = "en",
    generated_at: datetime | None = None,
    backward: BackwardTables | None = None,
) -> list[Path]:
    """Write a forward result: contacts, evidence, epicontacts tables, places, summary and report.

    Parameters
    ----------
    out_dir
        Made if absent. Files of an earlier writing are replaced, each one whole; nothing else is touched.
    lang
        Of the report and the workbook, ``en`` or ``zh``; codes and column names in the other files never change.
    generated_at
        Printed in report and summary; without it equal results give equal bytes.
    backward
        A backward result told in the same report.

    Returns
    -------
    list of Path
        The files, the report last. ``docs/formats/trace-output.md`` describes each.
    """
    voice, figures = voice_for(result, lang), count_figures(result)
    contacts = order_contacts(result.contacts)
    marked = lang == "zh"
    notes = _notes(result, voice, generated_at)
    page = render_page(result, lang, generated_at, backward)
    return [
        write_parquet(result.cases, out_dir / "cases.parquet"),
        write_parquet(contacts, out_dir / "contacts.parquet"),
        write_csv(contacts, out_dir / "contacts.csv", marked=marked),
        write_workbook(result, out_dir / "contacts.xlsx", voice, notes),
        write_parquet(result.evidence, out_dir / "evidence.parquet"),
        write_csv(result.evidence, out_dir / "evidence.csv", marked=marked),
        write_csv(line_list(result), out_dir / "epicontacts" / "linelist.csv"),
        write_csv(contact_pairs(result), out_dir / "epicontacts" / "contacts.csv"),
        write_whole(out_dir / "places.geojson", places_geojson(result.places)),
        write_whole(out_dir / "summary.json", summary_json(result, figures, generated_at)),
        write_whole(out_dir / "report.html", page.encode()),
    ]


def write_backward(
    result: BackwardTables, out_dir: Path, lang: str = "en", generated_at: datetime | None = None
) -> list[Path]:
    """Write a backward result: candidates, places and common exposures as Parquet and CSV, summary and report."""
    marked = lang == "zh"
    written = []
    for name, table in (("candidates", result.candidates), ("case-places", result.places), ("common", result.common)):
        written.append(write_parquet(table, out_dir / f"{name}.parquet"))
        written.append(write_csv(table, out_dir / f"{name}.csv", marked=marked))
    facts = {
        "format": "suyuan-backward-1",
        "generated_at": generated_at.isoformat() if generated_at else None,
        "timezone": result.timezone,
        "protocol": {"id": result.protocol.id, "issued": result.protocol.issued.isoformat()},
        "headline": backward_headline(result, backward_voice(result, lang)),
        "n_candidates": result.candidates["candidate_id"].n_unique(),
        "n_common": result.common.height,
        "compared": result.compared,
        "n_compared": result.n_compared,
    }
    summary = (json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n").encode()
    written.append(write_whole(out_dir / "summary.json", summary))
    written.append(write_whole(out_dir / "report.html", render_backward_page(result, lang, generated_at).encode()))
    return written


def _notes(result: TraceTables, voice: Voice, generated_at: datetime | None) -> list[str]:
    figures = count_figures(result)
    made = [voice.say("made_line", when=f"{voice.local(generated_at):%Y-%m-%d %H:%M}")] if generated_at else []
    notes = [voice.say("title"), *made, voice.say("zone_line", zone=voice.timezone), *headline(figures, voice)]
    return [
        *notes,
        *first_actions(result, figures, voice),
        voice.say("do_signature"),
        *limit_sentences(result, figures, voice),
        *edition_lines(result.protocol, voice),
    ]
