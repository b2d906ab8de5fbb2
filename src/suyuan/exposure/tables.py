"""From numbers to the tables that people read: codes for numbers, instants for minutes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from suyuan.exposure.evidence import KIND_NAMES
from suyuan.exposure.kernels.gather import gather_visits
from suyuan.exposure.kernels.shapes import Infectors
from suyuan.exposure.log.packed import PackedLog
from suyuan.exposure.match import visits_of_infectors
from suyuan.exposure.result import RING_NAMES
from suyuan.exposure.rings import quarantine_of
from suyuan.exposure.rules import probability_of
from suyuan.exposure.window import Window
from suyuan.protocols import Protocol
from suyuan.terms import Case, Ring

RINGS = pl.Enum(list(RING_NAMES.values()))


def instants(minutes: pl.Expr, timezone: str) -> pl.Expr:
    """Turn minutes since 1970 into instants in a time zone."""
    microseconds = minutes.cast(pl.Int64) * 60_000_000
    return microseconds.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(timezone)


def ring_names() -> pl.Expr:
    """Write ``ring`` out."""
    return pl.col("ring").cast(pl.Int64).replace_strict(RING_NAMES, return_dtype=pl.String).cast(RINGS)


def kind_names() -> pl.Expr:
    """Write ``kind`` out; null where no kind is known."""
    names = dict(enumerate(KIND_NAMES.to_list()))
    return pl.col("kind").cast(pl.Int64).replace_strict(names, return_dtype=pl.String)


def rule_names() -> pl.Expr:
    """Name the rule that was met, for example ``classroom.close``."""
    rule = pl.when(pl.col("ring") == Ring.COLOCATED).then(pl.lit("location")).otherwise(ring_names().cast(pl.String))
    return pl.concat_str([kind_names(), rule], separator=".")


def persons(log: PackedLog, numbers: pl.Series) -> pl.Series:
    """Write out person numbers, null for null."""
    return _texts(log, "persons", numbers)


def cell_texts(log: PackedLog, cells: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Write out place and zone of cells, with the number of the place's kind; null for null."""
    keys = _cell_keys(log, cells)
    return _texts(log, "places", keys[0]), _texts(log, "zones", keys[1]), _kinds(log, cells)


def cases_table(log: PackedLog, cases: Sequence[Case], windows: Sequence[Window], infectors: Infectors) -> pl.DataFrame:
    """Tell for each case its dates, its window and how many visits the log holds in it."""
    visits = visits_of_infectors(log, infectors)
    counts = np.bincount(visits.infector, minlength=len(infectors.person))
    n_visits = dict(zip(log.person_codes(infectors.person), counts.tolist(), strict=True))
    when = pl.Datetime("us", log.timezone)
    return pl.DataFrame(
        {
            "person_id": [case.person.code for case in cases],
            "date_onset": [case.onset for case in cases],
            "date_sampling": [case.sampled for case in cases],
            "isolated_at": [case.isolated for case in cases],
            "window_from": [window.start for window in windows],
            "window_to": [window.end for window in windows],
            "n_visits": [n_visits.get(case.person.code, 0) for case in cases],
        },
        schema_overrides=dict.fromkeys(
            ("isolated_at", "window_from", "window_to", "date_onset", "date_sampling"), when
        ),
    ).with_columns(pl.col("date_onset", "date_sampling").dt.date())


def contacts_table(log: PackedLog, contacts: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Write contacts out, sorted by ring, then probability, with the quarantine that the edition asks for."""
    quarantines = {int(ring): quarantine_of(ring, protocol) for ring in Ring}
    days = (
        pl.col("ring").cast(pl.Int64).replace_strict({k: v[1] for k, v in quarantines.items()}, return_dtype=pl.Int64)
    )
    text = (
        pl.col("ring").cast(pl.Int64).replace_strict({k: v[0] for k, v in quarantines.items()}, return_dtype=pl.String)
    )
    last = instants(pl.col("last"), log.timezone)
    frame = contacts.with_columns(
        person_id=persons(log, contacts["person"]),
        infector_id=persons(log, contacts["infector_number"]),
        first_exposure=instants(pl.col("first"), log.timezone),
        last_exposure=last,
        rule=pl.coalesce(rule_names(), pl.lit("contact_of_contact")),
        quarantine=text,
        quarantine_until=pl.when(days > 0).then(last.dt.date() + pl.duration(days=days)).cast(pl.Date),
    )
    return (
        frame.with_columns(ring=ring_names())
        .select(
            "person_id",
            "ring",
            "generation",
            "n_meetings",
            "minutes_together",
            "minutes_lingering",
            "first_exposure",
            "last_exposure",
            "p_infection",
            "infector_id",
            "rule",
            "quarantine",
            "quarantine_until",
        )
        .sort(["ring", "p_infection", "person_id"], descending=[False, True, False])
    )


def evidence_table(log: PackedLog, evidence: pl.DataFrame, infectors: Infectors) -> pl.DataFrame:
    """Write the meetings of cases out."""
    keys, own_keys = _cell_keys(log, evidence["cell"]), _cell_keys(log, evidence["own_cell"])
    zone, own_zone = (_texts(log, "zones", part[1]) for part in (keys, own_keys))
    source, own_source = (_texts(log, "sources", part[2]) for part in (keys, own_keys))
    met = _texts(log, "sources", evidence["source"])
    frame = evidence.with_columns(
        infector_id=persons(log, pl.Series(infectors.person[evidence["infector"].to_numpy()])),
        person_id=persons(log, evidence["person"]),
        place_id=_texts(log, "places", keys[0]),
        zone=pl.when(zone != "").then(zone).otherwise(own_zone),
        source=pl.when(evidence["cell"].is_null())
        .then(met)
        .when(source == own_source)
        .then(source)
        .otherwise(own_source + " / " + source),
        p_infection=probability_of(evidence["dose"].to_numpy()),
    )
    return _evidence_columns(frame, log.timezone)


def first_meetings(log: PackedLog, contacts: pl.DataFrame) -> pl.DataFrame:
    """Show where and when each contact of contact first met the close contact, the one meeting that made the ring."""
    first = contacts["first"].to_numpy().astype(np.int32)
    moment = Infectors(contacts["person"].to_numpy(), first, first + np.int32(1), first)
    pieces = [gather_visits(segment, moment) for segment in log.segments]
    rows = np.concatenate([piece.infector for piece in pieces]) if pieces else np.empty(0, np.uint32)
    cells = np.concatenate([piece.cell for piece in pieces]) if pieces else np.empty(0, np.uint32)
    at = pl.DataFrame({"row": rows.astype(np.int64), "cell": cells}).unique("row", keep="first", maintain_order=True)
    frame = contacts.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64)).join(at, on="row", how="left")
    keys = _cell_keys(log, frame["cell"])
    frame = frame.with_columns(
        kind=_kinds(log, frame["cell"]),
        infector_id=persons(log, frame["infector_number"]),
        person_id=persons(log, frame["person"]),
        place_id=_texts(log, "places", keys[0]),
        zone=_texts(log, "zones", keys[1]),
        source=_texts(log, "sources", keys[2]),
        start=pl.col("first"),
        together=pl.col("minutes_together").cast(pl.Int32),
        lingering=pl.col("minutes_lingering").cast(pl.Int32),
    )
    return _evidence_columns(frame, log.timezone, end=pl.col("last"))


def itinerary_table(log: PackedLog, infectors: Infectors, evidence: pl.DataFrame) -> pl.DataFrame:
    """Write out the stays of the cases in their windows, with the close contacts met in each."""
    visits = visits_of_infectors(log, infectors)
    stays = pl.DataFrame(
        {"infector": visits.infector, "own_cell": visits.cell, "t_in": visits.start, "t_out": visits.end}
    ).sort("t_in", "infector", "own_cell")
    close = evidence.filter((pl.col("ring") == Ring.CLOSE) & pl.col("own_cell").is_not_null()).sort("start")
    found = close.join_asof(
        stays.with_columns(stay_in=pl.col("t_in")),
        left_on="start",
        right_on="t_in",
        by=["infector", "own_cell"],
        check_sortedness=False,
    )
    met = found.group_by("infector", "own_cell", pl.col("stay_in").alias("t_in")).agg(
        pl.col("person").n_unique().cast(pl.Int64).alias("n_close")
    )
    frame = stays.join(met, on=["infector", "own_cell", "t_in"], how="left").sort("infector", "t_in", "own_cell")
    keys = _cell_keys(log, frame["own_cell"])
    return frame.with_columns(
        person_id=persons(log, pl.Series(infectors.person[frame["infector"].to_numpy()])),
        place_id=_texts(log, "places", keys[0]),
        zone=_texts(log, "zones", keys[1]),
        source=_texts(log, "sources", keys[2]),
        kind=_kinds(log, frame["own_cell"]),
    ).select(
        "person_id",
        "place_id",
        kind_names().alias("place_kind"),
        "zone",
        instants(pl.col("t_in"), log.timezone).alias("t_in"),
        instants(pl.col("t_out"), log.timezone).alias("t_out"),
        pl.col("n_close").fill_null(0),
        "source",
    )


def places_table(log: PackedLog, infectors: Infectors, evidence: pl.DataFrame) -> pl.DataFrame:
    """Sum up the places of the cases: how many cases, close contacts, and minutes of cases in each."""
    visits = visits_of_infectors(log, infectors)
    place = log.cells.place[visits.cell] if len(visits.cell) else np.empty(0, np.uint32)
    stays = pl.DataFrame({"place": place, "infector": visits.infector, "minutes": visits.end - visits.start})
    per_place = stays.group_by("place").agg(
        pl.col("infector").n_unique().cast(pl.Int64).alias("n_cases"),
        pl.col("minutes").sum().cast(pl.Int64).alias("case_minutes"),
    )
    close = evidence.filter((pl.col("ring") == Ring.CLOSE) & pl.col("cell").is_not_null())
    met_at = log.cells.place[close["cell"].to_numpy()] if close.height else np.empty(0, np.uint32)
    met = (
        close.with_columns(place=pl.Series(met_at, dtype=pl.UInt32))
        .group_by("place")
        .agg(pl.col("person").n_unique().cast(pl.Int64).alias("n_close"))
    )
    frame = per_place.join(met, on="place", how="left").sort(
        ["n_close", "place"], descending=[True, False], nulls_last=True
    )
    numbers = frame["place"].to_numpy()
    where = log.place_coordinates(numbers)
    return frame.with_columns(
        place_id=_texts(log, "places", frame["place"]),
        kind=pl.Series(log.place_kinds[numbers] if frame.height else np.empty(0, np.uint8), dtype=pl.UInt8),
        longitude=pl.Series(where[:, 0]).fill_nan(None),
        latitude=pl.Series(where[:, 1]).fill_nan(None),
    ).select(
        "place_id",
        kind_names().alias("place_kind"),
        "longitude",
        "latitude",
        "n_cases",
        pl.col("n_close").fill_null(0),
        "case_minutes",
    )


def generations_table(log: PackedLog, rows: pl.DataFrame) -> pl.DataFrame:
    """Write generations out, in order of generation and time."""
    return (
        rows.with_columns(
            person_id=persons(log, rows["person"]),
            infector_id=persons(log, rows["infector_number"]),
            first_exposure=instants(pl.col("first"), log.timezone),
        )
        .select("person_id", "generation", "first_exposure", "infector_id")
        .sort("generation", "first_exposure", "person_id")
    )


def _evidence_columns(frame: pl.DataFrame, timezone: str, end: pl.Expr | None = None) -> pl.DataFrame:
    until = pl.col("start") + pl.col("together") + pl.col("lingering") if end is None else end
    return frame.select(
        ring_names().alias("ring"),
        "infector_id",
        "person_id",
        "place_id",
        kind_names().alias("place_kind"),
        "zone",
        instants(pl.col("start"), timezone).alias("start"),
        instants(until, timezone).alias("end"),
        pl.col("together").alias("minutes_together"),
        pl.col("lingering").alias("minutes_lingering"),
        pl.coalesce(rule_names(), pl.lit("contact_of_contact")).alias("rule"),
        "p_infection",
        "source",
    ).sort("ring", "start", "infector_id", "person_id", "place_id")


def _cell_keys(log: PackedLog, cells: pl.Series) -> list[pl.Series]:
    """Numbers of place, zone and source of cells; null for null."""
    keys = log.cell_keys(cells.drop_nulls().to_numpy()) if cells.len() > cells.null_count() else np.empty((0, 3))
    return [_spread(cells, keys[:, i].astype(np.uint32)) for i in range(3)]


def _kinds(log: PackedLog, cells: pl.Series) -> pl.Series:
    """Kinds of cells; null for null."""
    known = cells.drop_nulls().to_numpy()
    return _spread(cells, log.cells.kind[known] if len(known) else np.empty(0, np.uint8))


def _spread(cells: pl.Series, values: np.ndarray) -> pl.Series:
    """Put the values of the known cells in their rows; the other rows are null."""
    rows = np.flatnonzero(cells.is_not_null().to_numpy())
    found = pl.Series(values)
    return pl.repeat(None, len(cells), dtype=found.dtype, eager=True).scatter(rows, found)


def _texts(log: PackedLog, dictionary: str, numbers: pl.Series) -> pl.Series:
    if not len(numbers) or numbers.null_count() == len(numbers):
        return pl.Series([None] * len(numbers), dtype=pl.String)
    texts = pl.Series(log.strings(dictionary, numbers.fill_null(numbers.drop_nulls()[0]).to_numpy()))
    return texts.cast(pl.String).set(numbers.is_null(), None)
