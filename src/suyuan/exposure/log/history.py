"""Every version of a person's visits and encounters, with verb, time and reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from suyuan.exposure.log.manifest import Manifest
from suyuan.exposure.log.record import versions_of

Names = Callable[[Any], list[str]]


def visit_versions(path: Path, manifest: Manifest, person: int, names: Mapping[str, Names]) -> pl.DataFrame:
    """List the versions of a person's visits, oldest first.

    Parameters
    ----------
    person
        Number of the person.
    names
        How to write out ``place``, ``zone`` and ``source`` of cells.

    Returns
    -------
    polars.DataFrame
        row, verb, recorded_at, supersedes, reason, place_id, zone, source, t_in, t_out, confidence, living.
        Of several equal living versions the last is marked living: it stands in the index once.
    """
    table = versions_of(path, manifest.records, ("person",), person)
    cell = np.asarray(table.column("cell"), np.uint32)
    frame = _stamped(table).with_columns(
        place_id=pl.Series(names["place"](cell), dtype=pl.String),
        zone=pl.Series(names["zone"](cell), dtype=pl.String),
        source=pl.Series(names["source"](cell), dtype=pl.String),
        t_in=_instant(table.column("t_in"), manifest.timezone),
        t_out=_instant(table.column("t_out"), manifest.timezone),
        confidence=pl.Series(np.asarray(table.column("confidence")), dtype=pl.Float32),
    )
    minutes = [np.asarray(table.column(name), np.int64) // 60 for name in ("t_in", "t_out")]
    keys = list(zip(cell.tolist(), minutes[0].tolist(), minutes[1].tolist(), strict=True))
    return _with_living(frame, keys, table, manifest.timezone)


def encounter_versions(path: Path, manifest: Manifest, person: int, names: Mapping[str, Names]) -> pl.DataFrame:
    """List the versions of a person's encounters, oldest first; see :func:`visit_versions`."""
    table = versions_of(path, manifest.encounter_records, ("person_a", "person_b"), person)
    columns = {name: np.asarray(table.column(name)) for name in ("person_a", "person_b", "start", "end", "setting")}
    source = np.asarray(table.column("source"), np.uint32)
    frame = _stamped(table).with_columns(
        person_a=pl.Series(names["person"](columns["person_a"]), dtype=pl.String),
        person_b=pl.Series(names["person"](columns["person_b"]), dtype=pl.String),
        start=_instant(table.column("start"), manifest.timezone),
        end=_instant(table.column("end"), manifest.timezone),
        setting=pl.Series(columns["setting"]),
        source=pl.Series(names["text"](source), dtype=pl.String),
    )
    keys = list(zip(*(column.tolist() for column in (*columns.values(), source)), strict=True))
    return _with_living(frame, keys, table, manifest.timezone)


def _stamped(table: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": pl.Series(np.asarray(table.column("row")), dtype=pl.Int64),
            "verb": pl.Series(table.column("verb").to_pylist(), dtype=pl.String),
            "recorded_at": pl.Series(table.column("recorded_at").to_pylist(), dtype=pl.Int64),
            "supersedes": pl.Series(table.column("supersedes").to_pylist(), dtype=pl.Int64),
            "reason": pl.Series(table.column("reason").to_pylist(), dtype=pl.String),
        }
    )


def _with_living(frame: pl.DataFrame, keys: list[tuple[Any, ...]], table: pa.Table, timezone: str) -> pl.DataFrame:
    latest: dict[tuple[Any, ...], int] = {}
    for i, (key, verb) in enumerate(zip(keys, table.column("verb").to_pylist(), strict=True)):
        if verb in ("add", "correct"):
            latest[key] = i
        else:
            latest.pop(key, None)
    living = np.zeros(len(keys), bool)
    living[list(latest.values())] = True
    return frame.with_columns(
        living=pl.Series(living, dtype=pl.Boolean), recorded_at=_instant(table.column("recorded_at"), timezone)
    )


def _instant(column: pa.ChunkedArray, timezone: str) -> pl.Series:
    seconds = pl.Series(np.asarray(column, np.int64), dtype=pl.Int64)
    return pl.select((seconds * 1_000_000).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone)).to_series()
