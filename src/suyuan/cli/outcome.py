"""A tracing result on its way out: its files, and what changed since an earlier one."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from suyuan.exposure.changed import Answer, explain, find_changes
from suyuan.exposure.log import PackedLog
from suyuan.exposure.result import TraceResult
from suyuan.reporting import write_trace
from suyuan.reporting.delimited import write_csv
from suyuan.terms import BadInput, NothingFound

CHANGES = "changes.csv"
COLUMNS = ("person_id", "change", "ring_before", "ring_after", "reason", "about_id", "sentence_en", "sentence_zh")
LOOKED_UP = 200
"""People whose record is looked up for reasons; of more, only the differences of the answers are told."""


def write_result(result: TraceResult, out: Path, lang: str, now: datetime) -> list[Path]:
    """Write all files of a result; see ``docs/formats/trace-output.md``."""
    return write_trace(result, out, lang, now)


def need_earlier(folder: Path) -> None:
    """Make sure that a folder holds an earlier result.

    Raises
    ------
    BadInput
        If it does not.
    """
    for name in ("summary.json", "cases.parquet", "contacts.parquet", "evidence.parquet"):
        if not (folder / name).is_file():
            raise BadInput("cli.since_absent", path=folder, file=name)


def tell_changes(since: Path, out: Path, result: TraceResult, log: PackedLog) -> list[dict[str, Any]]:
    """Say what changed since an earlier answer, each change with its reason and evidence.

    Returns
    -------
    list of dict
        One for each person who differs, with ``sentence_en`` and ``sentence_zh``; also written to ``changes.csv``.
    """
    summary = json.loads((since / "summary.json").read_text("utf-8"))
    cases, contacts, evidence = (
        pl.read_parquet(since / f"{name}.parquet") for name in ("cases", "contacts", "evidence")
    )
    before = Answer(cases, contacts, evidence, summary["protocol"]["id"])
    after = Answer(result.cases, result.contacts, result.evidence, result.protocol.id)
    changes = find_changes(before, after)
    happened = _what_happened(log, changes, summary.get("generated_at"))
    if happened is not None:
        changes = find_changes(before, after, happened)
    told = [
        {**row, "sentence_en": explain(row, "en"), "sentence_zh": explain(row, "zh")}
        for row in changes.iter_rows(named=True)
    ]
    rows = [[row[name] for name in COLUMNS] for row in told]
    write_csv(pl.DataFrame(rows, dict.fromkeys(COLUMNS, pl.String), orient="row"), out / CHANGES, marked=True)
    return told


def _what_happened(log: PackedLog, changes: pl.DataFrame, since: str | None) -> pl.DataFrame | None:
    """Look up which visits of the people concerned were recorded, corrected or withdrawn since an instant."""
    people = {*changes["person_id"], *changes["infector_id"].drop_nulls()}
    if since is None or not 0 < len(people) <= LOOKED_UP:
        return None
    after = datetime.fromisoformat(since).replace(microsecond=0).astimezone(ZoneInfo(log.timezone))
    parts = []
    for person in sorted(people):
        with suppress(NothingFound):  # a case the log knows nothing of
            versions = log.history(person).filter(pl.col("recorded_at") >= after)
            parts.append(versions.select("place_id", "verb", "t_in", "t_out", person_id=pl.lit(person)))
    if not parts:
        return None
    return pl.concat(parts).with_columns(pl.col("verb").replace("replace", "correct"))
