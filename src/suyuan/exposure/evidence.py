"""Every meeting of a case as one row of evidence: where, when, how long, by which rule, how likely an infection."""

from __future__ import annotations

import numpy as np
import polars as pl

from suyuan.exposure.kernels.repeated import Reports, first_to_cover
from suyuan.exposure.kernels.shapes import RING_COLOCATED, Infectors, Rules
from suyuan.exposure.log.cells import WEAK_SOURCES
from suyuan.exposure.log.packed import PackedLog
from suyuan.exposure.match import MeetingTable, list_meetings
from suyuan.exposure.rules import dose_of_meetings
from suyuan.exposure.segment import NO_ONE
from suyuan.terms import PLACE_KINDS

SECONDS = 60
KIND_NAMES = pl.Series("kind", [kind.value for kind in PLACE_KINDS])


def visit_evidence(log: PackedLog, infectors: Infectors, rules: Rules) -> pl.DataFrame:
    """List the meetings of infectors in the visit log, in numbers.

    Returns
    -------
    polars.DataFrame
        infector (row), person, cell, own_cell, place, kind (number), start, together, lingering (minutes), ring, dose.
    """
    table = list_meetings(log, infectors, rules)
    return _frame(log, infectors, rules, table)


def encounter_evidence(log: PackedLog, infectors: Infectors, rules: Rules) -> pl.DataFrame:
    """List the encounters of infectors, in numbers, shaped like :func:`visit_evidence` (cells are null).

    Notes
    -----
    A device chops one meeting into many records, so the encounters of a pair on one day count together: the pair
    meets the rule of the setting if their minutes of that day (from the midnight of day 0) do.
    """
    rows = _encounter_rows(log, infectors)
    if not rows.height:
        return _frame(log, infectors, rules, _no_meetings()).with_columns(source=pl.lit(None, pl.UInt16))
    setting = rows["kind"].to_numpy()
    day_total = rows["day_seconds"].to_numpy() // SECONDS
    close = day_total >= rules.close_minutes[setting]
    general = day_total >= rules.general_minutes[setting]
    ring = np.where(close, 1, np.where(general, 3, 0))
    weak = rows["source"].is_in(weak_encounter_sources(log)).to_numpy()
    ring = np.where(weak & (ring > 0), RING_COLOCATED, ring)
    together = rows["minutes"].to_numpy()
    start = (rows["start"].to_numpy() // SECONDS).astype(np.int32)
    since = start - infectors.onset[rows["infector"].to_numpy()]
    dose = dose_of_meetings(rules, setting, since, together, np.zeros_like(together))
    return rows.select(
        "infector",
        "person",
        pl.lit(None, pl.UInt32).alias("cell"),
        pl.lit(None, pl.UInt32).alias("own_cell"),
        "kind",
        pl.Series("start", start),
        pl.Series("together", together),
        pl.lit(0, pl.Int32).alias("lingering"),
        pl.Series("ring", ring.astype(np.uint8)),
        pl.Series("dose", dose),
        "source",
    ).filter(pl.col("ring") > 0)


def weak_encounter_sources(log: PackedLog) -> list[int]:
    """Numbers of the sources of encounters that are location data only."""
    known = np.unique(log.encounters.source)
    return [int(number) for number, text in zip(known, log.source_codes(known), strict=True) if text in WEAK_SOURCES]


def meeting_evidence(log: PackedLog, infectors: Infectors, rules: Rules) -> pl.DataFrame:
    """List every meeting of infectors, from visits and encounters, each once however many sources tell of it."""
    rows = [visit_evidence(log, infectors, rules), encounter_evidence(log, infectors, rules)]
    return drop_repeated(pl.concat(rows, how="diagonal"), ["infector", "person"])


def uncounted(start: pl.Expr, end: pl.Expr, group: str | list[str]) -> pl.Expr:
    """Count the minutes of each row that no earlier row of its group covers; rows sorted by start within groups."""
    before = end.cum_max().shift(1).over(group)
    return (end - pl.max_horizontal(start, before.fill_null(-1))).clip(lower_bound=0)


def drop_repeated(rows: pl.DataFrame, pair: list[str]) -> pl.DataFrame:
    """Keep one of several reports of the same meeting.

    Two sources that tell of one stay (a check-in and an interview) lie in two cells of one place, and a device may
    tell of it as an encounter too; a meeting found through several would count its minutes several times. Of
    overlapping reports of one pair, the one that counts most stays: the nearest ring, then the longest, then the
    one that knows the place.

    Parameters
    ----------
    rows
        ``pair`` columns, place, cell and own_cell (null for encounters), start, together, lingering, ring, source.
    """
    if not rows.height:
        return rows.drop("place")
    ordered = rows.sort(
        [*pair, "ring", pl.col("together") + pl.col("lingering"), "place", "start", "cell", "own_cell"],
        descending=[*(False for _ in pair), False, True, False, False, False, False],
        nulls_last=True,
    )
    cell = pl.coalesce("cell", pl.col("source").cast(pl.UInt32), pl.lit(NO_ONE, pl.UInt32))
    reports = Reports(
        pair=ordered.select(pl.struct(pair).rle_id()).to_series().to_numpy().astype(np.int64),
        place=ordered["place"].fill_null(NO_ONE).to_numpy(),
        start=ordered["start"].to_numpy(),
        end=(ordered["start"] + ordered["together"] + ordered["lingering"]).to_numpy(),
        cell=ordered.select(cell).to_series().to_numpy(),
        own_cell=ordered["own_cell"].fill_null(NO_ONE).to_numpy(),
    )
    return ordered.filter(first_to_cover(reports)).drop("place")


def _frame(log: PackedLog, infectors: Infectors, rules: Rules, table: MeetingTable) -> pl.DataFrame:
    kind = log.cells.kind[table.cell] if len(table.cell) else np.empty(0, np.uint8)
    place = log.cells.place[table.cell] if len(table.cell) else np.empty(0, np.uint32)
    since = table.start - infectors.onset[table.infector]
    return pl.DataFrame(
        {
            "infector": table.infector,
            "person": table.person,
            "cell": table.cell,
            "own_cell": table.own_cell,
            "kind": kind,
            "start": table.start,
            "together": table.together,
            "lingering": table.lingering,
            "ring": table.ring,
            "dose": dose_of_meetings(rules, kind, since, table.together, table.lingering),
            "place": place,
        },
        schema_overrides={"place": pl.UInt32},
    )


def _encounter_rows(log: PackedLog, infectors: Infectors) -> pl.DataFrame:
    index = log.encounters
    pieces = []
    for row, person in enumerate(infectors.person):
        at = int(np.searchsorted(index.person_keys, person))
        if at == len(index.person_keys) or index.person_keys[at] != person:
            continue
        part = slice(int(index.offsets[at]), int(index.offsets[at + 1]))
        start = np.maximum(index.start[part], int(infectors.start[row]) * SECONDS)
        end = np.minimum(index.end[part], int(infectors.end[row]) * SECONDS)
        pieces.append(
            pl.DataFrame(
                {
                    "infector": np.full(len(start), row, np.uint32),
                    "person": index.other[part],
                    "start": start,
                    "seconds": end - start,
                    "kind": index.setting[part],
                    "source": index.source[part],
                    "day": (start // SECONDS - int(infectors.onset[row])) // 1440,
                }
            ).filter(pl.col("seconds") > 0)
        )
    if not pieces:
        return pl.DataFrame()
    day = ["infector", "person", "kind", "day"]
    rows = pl.concat(pieces).sort(*day, "start")
    so_far = pl.col("seconds").cum_sum().over(day)
    # whole minutes of the running sum: many records of 20 seconds add up, and none is rounded away for itself
    minutes = so_far // SECONDS - (so_far - pl.col("seconds")) // SECONDS
    return rows.with_columns(day_seconds=pl.col("seconds").sum().over(day), minutes=minutes.cast(pl.Int32))


def _no_meetings() -> MeetingTable:
    numbers, times = np.empty(0, np.uint32), np.empty(0, np.int32)
    return MeetingTable(numbers, numbers, numbers, numbers, times, times, times, np.empty(0, np.uint8))
