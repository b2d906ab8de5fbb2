"""Tracing backward, in one function: exposure windows, candidates among the cases, places, common exposures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from suyuan.exposure.backward import CandidateTable, PlaceTable, find_candidates, find_places, infectious_window
from suyuan.exposure.common import CommonExposures, CommonSearch, find_common_exposures
from suyuan.exposure.comparable import comparable_persons
from suyuan.exposure.encounter_view import with_encounters
from suyuan.exposure.evidence import drop_repeated, uncounted
from suyuan.exposure.kernels.shapes import Infectors
from suyuan.exposure.log.packed import PackedLog
from suyuan.exposure.log.texts import NO_ONE
from suyuan.exposure.result import RESIDENTS, WHOLE_LOG, BackwardResult
from suyuan.exposure.rules import DOSE_UNIT, probability_of, rules_of
from suyuan.exposure.tables import cell_texts, instants, kind_names, persons
from suyuan.exposure.trace import known_numbers
from suyuan.exposure.window import exposure_window, infectors_of, midnight, minute_of
from suyuan.protocols import Protocol, load
from suyuan.terms import Case

NANO = 1e-9
FAR_FUTURE = 2**31 - 2


def trace_backward(
    log: PackedLog, cases: Sequence[Case], protocol: Protocol | str | Path, *, everybody: bool = False
) -> BackwardResult:
    """Say who and where could have infected each case, and what places and hours several cases share.

    Parameters
    ----------
    log
        A snapshot of the visit log.
    cases
        Each person at most once. Each is also a candidate for the others, by its own infectious days.
    protocol
        An edition, its name, or the path of a local override.
    everybody
        List people who are not known to be infected too (many); otherwise they are only counted by place.

    Raises
    ------
    BadInput
        If there is no case, a case stands there twice or lacks its dates, or the log knows none of them.
    """
    edition = protocol if isinstance(protocol, Protocol) else load(protocol)
    rules = rules_of(edition)
    windows = [exposure_window(case, edition, log.timezone) for case in cases]
    numbers = known_numbers(log, cases)
    present = np.flatnonzero(numbers != NO_ONE)
    exposed = infectors_of(numbers[present], [windows[i] for i in present])
    isolated = [FAR_FUTURE if (until := cases[int(i)].isolated) is None else minute_of(until) for i in present]
    start, end = infectious_window(exposed.onset.astype(np.int64), np.array(isolated, np.int64), rules)
    known = Infectors(exposed.person, start, end, exposed.onset)

    view = with_encounters(log)
    candidates = find_candidates(view, exposed, rules, known, everybody=everybody)
    places = find_places(view, exposed, rules, known)
    compared = comparable_persons(log, exposed)
    search = CommonSearch(origin_minute=_local_midnight(exposed, log.timezone), compared=compared)
    common = find_common_exposures(log, exposed, search)
    return BackwardResult(
        candidates=_candidates(log, candidates.meetings, exposed),
        places=_places(log, places, exposed),
        common=_common(log, common),
        protocol=edition,
        timezone=log.timezone,
        compared=WHOLE_LOG if compared is None else RESIDENTS,
        n_compared=log.n_persons if compared is None else len(compared),
        n_tests=common.n_tests,
    )


def _local_midnight(exposed: Infectors, timezone: str) -> int:
    """Minute of the midnight that begins the first window's day, so that slots are hours on the clock."""
    first = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=int(exposed.start.min()))
    zone = ZoneInfo(timezone)
    return minute_of(midnight(first.astimezone(zone).date(), zone))


def _candidates(log: PackedLog, meetings: CandidateTable, cases: Infectors) -> pl.DataFrame:
    """Write out the candidates of each case, the likeliest first."""
    pairs = _pairs(log, meetings, cases)
    # somebody who is not a case has no onset to weigh by: the probability would be made up
    p = np.where(pairs["known_case"].to_numpy(), probability_of(pairs["dose"].to_numpy()), np.nan)
    frame = _with_cells(log, pairs).with_columns(
        case_id=persons(log, pairs["case"]),
        candidate_id=persons(log, pairs["candidate"]),
        p=pl.Series(p).fill_nan(None),
    )
    return frame.select(
        "case_id",
        "candidate_id",
        "known_case",
        "place_id",
        "place_kind",
        "zone",
        instants(pl.col("start"), log.timezone).alias("start"),
        instants(pl.col("end"), log.timezone).alias("end"),
        "minutes",
        "n_meetings",
        "p",
    ).sort(["case_id", "p", "minutes", "candidate_id"], descending=[False, True, True, False], nulls_last=True)


def _pairs(log: PackedLog, meetings: CandidateTable, cases: Infectors) -> pl.DataFrame:
    """Sum the meetings of each pair; the place is that of the meeting with the largest dose, then hazard."""
    rows = pl.DataFrame(
        {
            "case": cases.person[meetings.case],
            "candidate": meetings.person,
            "known_case": meetings.known >= 0,
            "cell": meetings.cell,
            "own_cell": meetings.own_cell,
            "ring": meetings.ring,
            "start": meetings.start,
            "together": meetings.together,
            "lingering": meetings.lingering,
            "dose": meetings.dose,
            "hazard": meetings.hazard,
        }
    )
    rows = drop_repeated(_with_places(log, rows), ["case", "candidate"]).with_columns(
        end=pl.col("start") + pl.col("together") + pl.col("lingering"),
        minutes=(pl.col("together") + pl.col("lingering")).cast(pl.Int64),
    )
    rows = rows.sort("case", "candidate", "dose", "hazard", "start", descending=[False, False, True, True, False])
    return rows.group_by("case", "candidate", maintain_order=True).agg(
        pl.col("known_case", "cell").first(),
        pl.col("start").min(),
        pl.col("end").max(),
        pl.col("minutes", "dose", "hazard").sum(),
        pl.len().cast(pl.Int64).alias("n_meetings"),
    )


def _places(log: PackedLog, stays: PlaceTable, cases: Infectors) -> pl.DataFrame:
    rows = pl.DataFrame(
        {
            "case": cases.person[stays.case],
            "cell": stays.cell,
            "start": stays.start,
            "end": stays.end,
            "n_people": stays.n_people,
            "n_known": stays.n_known,
            "hazard": stays.hazard,
            "dose": stays.dose,
        }
    )
    frame = _with_cells(log, rows).with_columns(case_id=persons(log, rows["case"])).sort("case_id", "start", "end")
    place = ["case_id", "place_id", "place_kind"]
    frame = frame.with_columns(minutes=uncounted(pl.col("start"), pl.col("end"), place))
    summed = frame.group_by(place).agg(
        (pl.col("minutes").sum() / 60).round(2).alias("hours"),
        pl.col("start").min(),
        pl.col("end").max(),
        pl.col("n_people").max().alias("n_candidates"),
        pl.col("n_known").max(),
        (pl.col("hazard").sum() * NANO).alias("hazard_sum"),
        (pl.col("dose").sum() * DOSE_UNIT).alias("known_hazard_sum"),
    )
    return summed.with_columns(
        start=instants(pl.col("start"), log.timezone), end=instants(pl.col("end"), log.timezone)
    ).sort(
        ["case_id", "known_hazard_sum", "hazard_sum", "place_id"],
        descending=[False, True, True, False],
        nulls_last=True,
    )


def _common(log: PackedLog, found: CommonExposures) -> pl.DataFrame:
    """Write out the shared slots, each with its cases; codes hold no space, so spaces part them."""
    members = pl.DataFrame({"row": found.member_row, "person": found.member_person})
    who = (
        members.with_columns(code=persons(log, members["person"]))
        .group_by("row")
        .agg(pl.col("code").sort().str.join(" ").alias("case_ids"))
    )
    rows = pl.DataFrame(dict(zip(found.table._fields, found.table, strict=True))).with_columns(
        row=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    frame = _with_cells(log, rows.join(who, on="row", how="left", maintain_order="left"))
    return frame.select(
        "place_id",
        "place_kind",
        "zone",
        instants(pl.col("start"), log.timezone).alias("hour_from"),
        instants(pl.col("end"), log.timezone).alias("hour_to"),
        "n_cases",
        pl.col("n_units").alias("n_households"),
        "n_visitors",
        "expected",
        "p_value",
        "q_value",
        "case_ids",
    )


def _with_places(log: PackedLog, rows: pl.DataFrame) -> pl.DataFrame:
    """Add the number of the place of each meeting, null for encounters, as ``drop_repeated`` wants it."""
    own = rows["cell"].to_numpy() < len(log.cells.place)
    place = np.full(rows.height, NO_ONE, np.uint32)
    place[own] = log.cells.place[rows["cell"].to_numpy()[own]]
    return rows.with_columns(place=pl.Series(place).set(pl.Series(~own), None), source=pl.lit(None, pl.UInt16))


def _with_cells(log: PackedLog, rows: pl.DataFrame) -> pl.DataFrame:
    """Add place_id, zone and place_kind; null for the cells that stand for encounters."""
    own = rows["cell"] < log.cells.place.shape[0]
    cells = rows["cell"].set(~own, None)
    place, zone, kind = cell_texts(log, cells)
    return rows.with_columns(place_id=place, zone=zone, kind=kind).with_columns(place_kind=kind_names())
