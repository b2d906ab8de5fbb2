"""A tracing result in a few lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl

from suyuan.cli.options import Answer
from suyuan.exposure.result import BackwardResult, TraceResult
from suyuan.terms import say

TOP = 5
SIGNIFICANT = 0.05


def trace_lines(result: TraceResult, answer: Answer) -> Iterator[str]:
    """Tell counts by ring and setting, the span of exposures and who is most likely infected."""
    told, name = result.summary(), result.protocol.name.text(answer.lang)
    yield answer.say("summary", cases=f"{result.cases.height:,}", contacts=f"{result.contacts.height:,}", protocol=name)
    yield from _counted("rings", _rings(result, answer), answer)
    yield from _counted("settings", _settings(result, answer), answer)
    if told["first_exposure"] is not None:
        yield answer.say("exposed", first=moment(told["first_exposure"]), last=moment(told["last_exposure"]))
    top = result.contacts.sort("p_infection", "person_id", descending=[True, False]).head(TOP)
    if top.height:
        yield answer.say("top")
    for row in top.iter_rows(named=True):
        words = {"person": row["person_id"], "p": f"{row['p_infection']:.1%}", "infector": row["infector_id"]}
        ring = say(f"report_ring.{row['ring']}", answer.lang)
        yield "  " + answer.say("top_line", ring=ring, first=moment(row["first_exposure"]), **words)


def silent_cases(result: TraceResult) -> list[str]:
    """Name the cases of whose windows the log holds nothing."""
    met = set(result.evidence["infector_id"])
    open_windows = result.cases.filter(pl.col("window_to") > pl.col("window_from"))
    silent = open_windows.filter(pl.col("n_visits") == 0)["person_id"].to_list()
    return [person for person in silent if person not in met]


def isolated_early(result: TraceResult) -> list[str]:
    """Name the cases isolated before their windows begin: who falls ill in quarantine has met nobody."""
    return result.cases.filter(pl.col("window_to") <= pl.col("window_from"))["person_id"].to_list()


def backward_lines(result: BackwardResult, n_cases: int, answer: Answer) -> Iterator[str]:
    """Tell how many candidates and places there are for the cases asked for, the likeliest, and what cases share."""
    shared = result.common.filter(pl.col("q_value") <= SIGNIFICANT)
    yield answer.say(
        "back_summary",
        cases=f"{n_cases:,}",
        protocol=result.protocol.name.text(answer.lang),
        candidates=f"{result.candidates['candidate_id'].n_unique():,}",
        places=f"{result.places['place_id'].n_unique():,}",
        common=f"{shared.height:,}",
    )
    known = result.candidates.filter(pl.col("known_case")) if "known_case" in result.candidates.columns else None
    if known is not None and known.height:
        yield answer.say("back_known")
        for row in known.sort("p", descending=True, nulls_last=True).head(TOP).iter_rows(named=True):
            words = {"case": row["case_id"], "candidate": row["candidate_id"], "p": f"{row['p'] or 0:.1%}"}
            yield "  " + answer.say("back_line", start=moment(row["start"]), **words)
    if shared.height:
        yield answer.say("common_title")
    for row in shared.head(TOP).iter_rows(named=True):
        words = {"place": row["place_id"], "cases": row["n_cases"], "visitors": row["n_visitors"]}
        hours = {"begin": moment(row["hour_from"]), "end": f"{row['hour_to']:%H:%M}"}
        yield "  " + answer.say("common_line", q=f"{row['q_value']:.2g}", **words, **hours)


def moment(when: Any) -> str:
    """Write an instant to the minute."""
    return f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else str(when)


def _rings(result: TraceResult, answer: Answer) -> list[tuple[str, int]]:
    counts = result.contacts.group_by("ring").len().sort("ring")
    return [(say(f"report_ring.{ring}", answer.lang), number) for ring, number in counts.iter_rows()]


def _settings(result: TraceResult, answer: Answer) -> list[tuple[str, int]]:
    close = result.contacts.filter(pl.col("ring").cast(pl.String) == "close")["person_id"]
    met = result.evidence.filter(
        pl.col("person_id").is_in(close.implode()) & (pl.col("ring").cast(pl.String) == "close")
    )
    counts = met.group_by("place_kind").agg(pl.col("person_id").n_unique().alias("n"))
    ranked = counts.sort("n", "place_kind", descending=[True, False])
    return [(say(f"report_kind.{kind or 'unknown'}", answer.lang), number) for kind, number in ranked.iter_rows()]


def _counted(title: str, counts: list[tuple[str, int]], answer: Answer) -> Iterator[str]:
    if counts:
        told = answer.say("count_joint").join(f"{name} {number:,}" for name, number in counts)
        yield answer.say("counted", title=answer.say(title), counts=told)
