"""What the log does not cover: said in the report so that nobody takes silence for absence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from suyuan.reporting.figures import Figures
from suyuan.reporting.shapes import TraceTables
from suyuan.reporting.voice import Voice
from suyuan.terms import LOCATION

GAP = timedelta(hours=4)
TOLD_CASES = 12
TOLD_GAPS = 3


@dataclass(frozen=True)
class Coverage:
    """How much of one case's tracing window the log knows."""

    person_id: str
    share: float
    gaps: tuple[tuple[datetime, datetime], ...]


def cover_windows(result: TraceTables) -> list[Coverage]:
    """Compare each case's tracing window with the case's visits, least known case first."""
    found = []
    visits = result.itinerary.select("person_id", "t_in", "t_out").sort("t_in").partition_by("person_id", as_dict=True)
    for person, start, end in result.cases.select("person_id", "window_from", "window_to").iter_rows():
        rows = visits.get((person,))
        stays = list(rows.select("t_in", "t_out").iter_rows()) if rows is not None else []
        found.append(cover_window(person, (start, end), stays))
    return sorted(found, key=lambda coverage: (coverage.share, coverage.person_id))


def cover_window(person: str, window: tuple[datetime, datetime], stays: list[tuple[datetime, datetime]]) -> Coverage:
    """Measure one window against stays sorted by their start."""
    start, end = window
    known = timedelta()
    reached = start
    gaps = []
    for t_in, t_out in stays:
        begin, finish = max(t_in, reached), min(t_out, end)
        if finish <= begin:
            continue
        if begin - reached >= GAP:
            gaps.append((reached, begin))
        known += finish - begin
        reached = finish
    if end - reached >= GAP:
        gaps.append((reached, end))
    return Coverage(person, known / (end - start) if end > start else 1.0, tuple(gaps))


def limit_sentences(result: TraceTables, figures: Figures, voice: Voice) -> list[str]:
    """Say what this answer cannot know."""
    coverage = cover_windows(result)
    sentences = [_gap_sentence(case, voice) for case in coverage[:TOLD_CASES] if case.gaps]
    hidden = sum(1 for case in coverage[TOLD_CASES:] if case.gaps)
    if hidden:
        sentences.append(voice.say("limit_gaps_more", cases=voice.count("cases", hidden)))
    sentences += _case_sentences(result.cases, voice)
    sentences += _evidence_sentences(result.evidence, voice)
    unlocated = figures.n_places - figures.n_places_located
    if unlocated:
        sentences.append(voice.say("limit_no_coordinates", places=voice.count("places", unlocated)))
    sentences.append(voice.say("limit_log"))
    sentences.append(voice.say("limit_probability"))
    return sentences


def _gap_sentence(case: Coverage, voice: Voice) -> str:
    longest = sorted(sorted(case.gaps, key=lambda gap: gap[0] - gap[1])[:TOLD_GAPS])
    spans = voice.say("gap_joint").join(voice.span(start, end) for start, end in longest)
    more = len(case.gaps) - len(longest)
    tail = voice.say("limit_gap_tail", n=more) if more else voice.say("stop")
    return voice.say("limit_gap", case=case.person_id, share=voice.percent(case.share), spans=spans) + tail


def _case_sentences(cases: pl.DataFrame, voice: Voice) -> list[str]:
    tests = {
        "limit_no_visits": pl.col("n_visits") == 0,
        "limit_no_onset": pl.col("date_onset").is_null(),
        "limit_not_isolated": pl.col("isolated_at").is_null(),
    }
    counts = {key: cases.filter(test).height for key, test in tests.items()}
    return [voice.say(key, cases=voice.count("cases", number)) for key, number in counts.items() if number]


def _evidence_sentences(evidence: pl.DataFrame, voice: Voice) -> list[str]:
    if not evidence.height:
        return []
    tests = {
        "limit_weak": pl.col("source") == LOCATION,
        "limit_no_place": pl.col("place_id").is_null(),
        "limit_no_zone": pl.col("place_id").is_not_null() & (pl.col("zone").fill_null("") == ""),
    }
    counts = {key: evidence.filter(test).height for key, test in tests.items()}
    return [
        voice.say(key, meetings=voice.count("meetings", number), share=voice.percent(number / evidence.height))
        for key, number in counts.items()
        if number
    ]
