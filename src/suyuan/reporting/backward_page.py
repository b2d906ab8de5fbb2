"""Where each case may have been infected, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from suyuan.reporting.edition_words import edition_section
from suyuan.reporting.evidence_words import place_words
from suyuan.reporting.frame import facts_line, listed, plain_table, whole_page
from suyuan.reporting.markup import Markup, el, together
from suyuan.reporting.shapes import BackwardTables
from suyuan.reporting.voice import Voice

CASES_TOLD = 50
CANDIDATES_TOLD = 10
PLACES_TOLD = 5
COMMON_TOLD = 40
FALSE_SHARE = 0.05
WHOLE_LOG = "whole_log"

Section = tuple[str, str, Markup]


def render_backward_page(result: BackwardTables, lang: str = "en", generated_at: datetime | None = None) -> str:
    """Write the report of a backward tracing result as one HTML text."""
    voice = backward_voice(result, lang)
    top = together(
        facts_line(result.protocol.name.text(lang), generated_at, voice),
        *(el("p", sentence, class_="lead") for sentence in backward_headline(result, voice)),
    )
    limits = listed([voice.say("limit_backward"), voice.say("limit_log"), voice.say("limit_common")])
    sections = [
        *backward_sections(result, voice),
        ("limits", voice.say("h_limits"), limits),
        ("edition", voice.say("h_edition"), edition_section(result.protocol, voice)),
    ]
    return whole_page(voice.say("title_backward"), sections, top, voice)


def backward_voice(result: BackwardTables, lang: str) -> Voice:
    """Choose language, time zone and the year that dates need not repeat."""
    latest = result.candidates["end"].max() if result.candidates.height else None
    if latest is None and result.common.height:
        latest = result.common["hour_to"].max()
    return Voice(lang, result.timezone, latest.year if isinstance(latest, datetime) else result.protocol.issued.year)


def backward_headline(result: BackwardTables, voice: Voice) -> list[str]:
    """Say how many candidates, and whether cases share a place more than chance explains."""
    if not (result.candidates.height or result.places.height or result.common.height):
        return [voice.say("back_none")]
    cases = result.candidates["case_id"].n_unique()
    people = voice.count("people", result.candidates["candidate_id"].n_unique())
    sentences = [voice.say("back_head", people=people, cases=voice.count("cases", cases))]
    shared = result.common.filter(pl.col("q_value") <= FALSE_SHARE)
    sentences.append(
        voice.say("back_shared", n=f"{shared.height:,}", q=voice.percent(FALSE_SHARE))
        if shared.height
        else voice.say("back_not_shared")
    )
    return sentences


def backward_sections(result: BackwardTables, voice: Voice) -> list[Section]:
    """Build the sections on candidates, places and common exposures."""
    return [
        ("candidates", voice.say("h_candidates"), _candidates(result, voice)),
        ("sources", voice.say("h_sources"), _places(result, voice)),
        ("common", voice.say("h_common"), _common(result, voice)),
    ]


def _candidates(result: BackwardTables, voice: Voice) -> Markup:
    if not result.candidates.height:
        return el("p", voice.say("candidates_none"))
    meetings = result.candidates
    if "n_meetings" not in meetings.columns:
        meetings = meetings.with_columns(n_meetings=1)
    ranked = meetings.sort(["p", "minutes", "candidate_id"], descending=[True, True, False], nulls_last=True)
    best = ranked.group_by("case_id", "candidate_id", maintain_order=True).agg(
        pl.exclude("minutes", "n_meetings").first(), pl.col("minutes", "n_meetings").sum()
    )
    cases = sorted(best["case_id"].unique())[:CASES_TOLD]
    headings = ["candidate_id", "p", "n_meetings", "minutes", "strongest"]
    pieces = [el("p", voice.say("candidates_caption"))]
    for case in cases:
        mine = best.filter(pl.col("case_id") == case)
        rows = [_candidate(row, voice) for row in mine.head(CANDIDATES_TOLD).iter_rows(named=True)]
        hidden = mine.height - len(rows)
        heading = voice.say("candidates_of", case=case, people=voice.count("people", mine.height))
        table = plain_table([voice.heading(name) for name in headings], rows, {1, 2, 3})
        more = (
            el("p", voice.say("candidates_more", people=voice.count("people", hidden)), class_="note")
            if hidden
            else None
        )
        pieces.append(together(el("h3", heading), table, more))
    return together(*pieces)


def _candidate(row: Mapping[str, Any], voice: Voice) -> list[str]:
    where = voice.say("strongest_told", place=place_words(row, voice), span=voice.span(row["start"], row["end"]))
    who = voice.say("known_case", case=row["candidate_id"]) if row.get("known_case") else row["candidate_id"]
    return [who, voice.percent(row["p"]), f"{row['n_meetings']:,}", f"{round(row['minutes']):,}", where]


def _places(result: BackwardTables, voice: Voice) -> Markup:
    if not result.places.height:
        return el("p", voice.say("sources_none"))
    ranked = result.places.sort(["case_id", "hours", "place_id"], descending=[False, True, False])
    cases = sorted(ranked["case_id"].unique())[:CASES_TOLD]
    top = ranked.filter(pl.col("case_id").is_in(cases)).group_by("case_id", maintain_order=True).head(PLACES_TOLD)
    rows = [[row["case_id"], place_words(row, voice), f"{row['hours']:,.1f}"] for row in top.iter_rows(named=True)]
    headings = [voice.heading(name) for name in ("case_id", "place_id", "hours")]
    return together(el("p", voice.say("sources_caption", n=PLACES_TOLD)), plain_table(headings, rows, {2}))


def _common(result: BackwardTables, voice: Voice) -> Markup:
    if not result.common.height:
        return el("p", voice.say("common_none"))
    top = result.common.sort("q_value", "p_value", "place_id").head(COMMON_TOLD)
    rows = [
        [
            place_words(row, voice),
            voice.span(row["hour_from"], row["hour_to"]),
            f"{row['n_cases']:,}",
            f"{row['n_visitors']:,}",
            f"{row['expected']:.2g}",
            f"{row['q_value']:.2g}",
        ]
        for row in top.iter_rows(named=True)
    ]
    headings = [
        voice.heading(name) for name in ("place_id", "hour_from", "n_cases", "n_visitors", "expected", "q_value")
    ]
    hidden = result.common.height - top.height
    more = el("p", voice.say("common_more", n=f"{hidden:,}"), class_="note") if hidden else None
    told = together(el("p", voice.say("common_caption")), el("p", _compared(result, voice)))
    return together(told, plain_table(headings, rows, {2, 3, 4, 5}), more)


def _compared(result: BackwardTables, voice: Voice) -> str:
    """Say with whom the cases were compared; how many live near them is an estimate and told in two digits."""
    if result.compared == WHOLE_LOG:
        return voice.say("compared_whole_log", people=voice.count("people", result.n_compared))
    people = float(f"{result.n_compared:.1e}")
    return voice.say("compared_residents", people=voice.count("people", people))
