"""Encounters seen as stays, so that chains run through them with the same routines as through places.

The encounters of a pair on one civil day become one stay of each of the two in a cell of their own: from the first
encounter on, as long as all of them together. That is the rule for encounters (a day counts as a whole) in the form
that matching understands.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from suyuan.exposure.evidence import weak_encounter_sources
from suyuan.exposure.kernels.shapes import WEAK_SOURCE, Cells
from suyuan.exposure.log.packed import PackedLog
from suyuan.exposure.segment import ERA_MINUTES, ArrivalRows, Segment, SegmentShape
from suyuan.exposure.segment_build import segment_in_memory


class WithEncounters(NamedTuple):
    """A log's segments and cells with those of the encounters behind them."""

    segments: tuple[Segment, ...]
    cells: Cells
    n_persons: int


def with_encounters(log: PackedLog) -> PackedLog | WithEncounters:
    """Return the log as it is where it holds no encounters, else with them as stays."""
    if not len(log.encounters.other):
        return log
    days = _pair_days(log)
    first_cell = len(log.cells.place)
    cells = _extended(log.cells, days, log.n_places)
    cell = np.arange(first_cell, first_cell + days.height, dtype=np.uint32)
    segments = list(log.segments)
    era = days["start"].to_numpy() // ERA_MINUTES
    for number in np.unique(era):
        mine = era == number
        segments.append(_segment(days.filter(mine), cell[mine], int(number) * ERA_MINUTES))
    return WithEncounters(tuple(segments), cells, log.n_persons)


def _pair_days(log: PackedLog) -> pl.DataFrame:
    index = log.encounters
    counts = (index.offsets[1:] - index.offsets[:-1]).astype(np.int64)
    person = np.repeat(index.person_keys, counts)
    frame = pl.DataFrame(
        {
            "a": person,
            "b": index.other,
            "start": index.start,
            "end": index.end,
            "kind": index.setting,
            "source": index.source,
        }
    ).filter(pl.col("a") < pl.col("b"))
    instant = (pl.col("start") * 1_000_000).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(log.timezone)
    return (
        frame.with_columns(day=instant.dt.date())
        .group_by("a", "b", "kind", "source", "day")
        .agg(pl.col("start").min() // 60, ((pl.col("end") - pl.col("start")).sum() // 60).alias("minutes"))
        .filter(pl.col("minutes") > 0)
        .with_columns(weak=pl.col("source").is_in(weak_encounter_sources(log)))
        .sort("start", "a", "b", "kind", "source")
    )


def _extended(cells: Cells, days: pl.DataFrame, n_places: int) -> Cells:
    n, own = days.height, np.arange(len(cells.place), len(cells.place) + days.height, dtype=np.uint32)
    return Cells(
        place=np.concatenate([cells.place, (n_places + np.arange(n)).astype(np.uint32)]),
        zone=np.concatenate([cells.zone, np.zeros(n, np.uint32)]),
        kind=np.concatenate([cells.kind, days["kind"].to_numpy()]),
        flags=np.concatenate([cells.flags, _flags(days)]),
        sibling=np.concatenate([cells.sibling, own]),
    )


def _flags(days: pl.DataFrame) -> np.ndarray:
    return np.where(days["weak"].to_numpy(), WEAK_SOURCE, 0).astype(np.uint8)


def _segment(days: pl.DataFrame, cell: np.ndarray, epoch: int) -> Segment:
    t_in = (days["start"].to_numpy() - epoch).astype(np.uint16)
    t_out = t_in + days["minutes"].to_numpy().astype(np.uint16)
    both = np.concatenate([days["a"].to_numpy(), days["b"].to_numpy()])
    rows = ArrivalRows(both, np.tile(cell, 2), np.tile(t_in, 2), np.tile(t_out, 2))
    return segment_in_memory(rows, SegmentShape(epoch, 0, 0, dense=False))
