"""Visits: who was where, from when to when, according to whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.exposure.log.batch import Coded, VisitBatch
from suyuan.gateways.checks import check_span, check_time
from suyuan.gateways.columnar import TableSource
from suyuan.gateways.columns import VISITS, find_columns
from suyuan.gateways.faults import Faults
from suyuan.gateways.opening import open_source
from suyuan.gateways.options import ReadOptions
from suyuan.gateways.reading import Chunk, Counts, Reading, Source, as_text, count_chunk, gather_rejects
from suyuan.gateways.rejects import Rejects
from suyuan.gateways.texts import (
    NO_KIND,
    UNKNOWN_KIND,
    TextColumn,
    TextShape,
    check_decoded,
    check_labels,
    check_people,
    constant_text,
    kinds_of,
    mark_texts,
    read_text_column,
)
from suyuan.gateways.times import MISSING, TimeColumn, Times
from suyuan.terms import LOCATION, PLACE_KINDS, PlaceKind

OTHER = PLACE_KINDS.index(PlaceKind.OTHER)
ASSUMED = "+stay assumed"


def read_visits(path: str | Path, options: ReadOptions) -> Reading[VisitBatch]:
    """Read a visit file (CSV, Parquet, Excel) in batches, every row checked.

    Returns
    -------
    Reading
        Iterates over ``(VisitBatch, Rejects)``; its ``counts`` add up.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used: absent, damaged, a column missing or named twice ...
    """
    return _reading(open_source(path, options.mapping), options)


def batches_from_table(table: Any, options: ReadOptions) -> Reading[VisitBatch]:
    """Read visits from a pyarrow, polars or pandas table, with the same checks as a file.

    Raises
    ------
    BadInput
        If the object is no table, or a column is missing, named twice or of a wrong type.
    """
    return _reading(TableSource(table), options)


def _reading(source: Source, options: ReadOptions) -> Reading[VisitBatch]:
    found = find_columns(source.path, source.headers, _wanted(options), options.mapping)

    def begin(counts: Counts) -> Iterator[tuple[VisitBatch, Rejects]]:
        check = VisitCheck(source.path, found, options)
        for chunk in source.chunks(found, options.batch_rows):
            batch, faults, n_assumed = check(chunk)
            rejects = gather_rejects(chunk, faults, found, options)
            count_chunk(counts, chunk, rejects)
            counts.n_stay_assumed += n_assumed
            yield batch, rejects

    return Reading(source.path, begin)


def _wanted(options: ReadOptions) -> Any:
    if not options.mapping.assumed_stay_minutes:
        return VISITS
    required = tuple(name for name in VISITS.required if name != "t_out")
    return VISITS._replace(required=required, optional=("t_out", *VISITS.optional))


class Stay(NamedTuple):
    """When somebody came and went; rows whose end was assumed."""

    t_in: Times
    t_out: Times
    assumed: npt.NDArray[np.bool_]


class VisitCheck:
    """Checks chunk after chunk of one file.

    Parameters
    ----------
    path
        For sentences.
    found
        Our column to the file's.
    options
        What to hold the rows against.
    """

    def __init__(self, path: str, found: dict[str, str], options: ReadOptions) -> None:
        self.options = options
        self.shape = TextShape(path, options.mapping.file.missing, options.mapping.values)
        self.clocks = {name: TimeColumn(path, found.get(name, name), options) for name in ("t_in", "t_out")}
        minutes = options.mapping.assumed_stay_minutes
        self.assumed_seconds = np.array([minutes.get(str(kind), 0) * 60 for kind in PLACE_KINDS], np.int64)

    def __call__(self, chunk: Chunk) -> tuple[VisitBatch, Faults, int]:
        """Check one chunk; returns its good rows, all faults, and how many good rows have an assumed end."""
        faults = Faults(len(chunk.rows))
        person = self._text(chunk, "person_id", faults)
        check_people(faults, person)
        place = self._place(chunk, faults)
        zone = self._text(chunk, "zone", faults)
        check_labels(faults, zone)
        kind = self._kind(chunk, place, faults)
        stay = self._stay(chunk, kind, faults)
        source = _with_assumption(self._text(chunk, "source", faults).coded, stay.assumed)
        confidence = _confidence(chunk, faults, self.options.mapping.constants.get("confidence", "1"))
        batch = VisitBatch(
            person.coded, place.coded, zone.coded, source, kind, stay.t_in.seconds, stay.t_out.seconds, confidence
        )
        if not faults.any():
            return batch, faults, int(stay.assumed.sum())
        good = faults.good()
        return batch.take(good), faults, int((stay.assumed & good).sum())

    def _text(self, chunk: Chunk, name: str, faults: Faults) -> TextColumn:
        if name not in chunk.columns:
            return constant_text(self.options.mapping.constants.get(name, ""), faults.rows)
        column = read_text_column(chunk.columns[name], name, self.shape)
        check_decoded(faults, column)
        return column

    def _place(self, chunk: Chunk, faults: Faults) -> TextColumn:
        place = self._text(chunk, "place_id", faults)
        if place.missing is not None:
            faults.mark("missing_place", place.missing)
        check_labels(faults, place)
        if self.options.places is not None and self.options.places_closed:
            unknown = ~self.options.places.holds(place.coded.texts) & np.asarray(pc.not_equal(place.coded.texts, ""))
            mark_texts(faults, "unknown_place", unknown, place.coded)
        return place

    def _kind(self, chunk: Chunk, place: TextColumn, faults: Faults) -> npt.NDArray[np.uint8]:
        kind = kinds_of(self._text(chunk, "place_kind", faults))
        faults.mark("unknown_kind", kind == UNKNOWN_KIND)
        absent = kind == NO_KIND
        if self.options.places is not None:
            known = self.options.places.kinds(place.coded.texts)[place.coded.codes]
            faults.mark("kind_differs", ~absent & (known != NO_KIND) & (known != kind) & (kind != UNKNOWN_KIND))
            kind = np.where(absent, known, kind)
            absent = kind == NO_KIND
        return np.where(absent | (kind == UNKNOWN_KIND), OTHER, kind).astype(np.uint8)

    def _stay(self, chunk: Chunk, kind: npt.NDArray[np.uint8], faults: Faults) -> Stay:
        t_in = self.clocks["t_in"].read(chunk.columns["t_in"])
        if "t_out" in chunk.columns:
            t_out = self.clocks["t_out"].read(chunk.columns["t_out"])
        else:
            t_out = Times(np.zeros(faults.rows, np.int64), np.full(faults.rows, MISSING, np.uint8))
        assumed = np.zeros(faults.rows, np.bool_)
        if t_out.fault is not None and self.assumed_seconds.any():
            length = self.assumed_seconds[kind]
            assumed = (t_out.fault == MISSING) & (length > 0)
            t_out = Times(
                np.where(assumed, t_in.seconds + length, t_out.seconds),
                np.where(assumed, 0, t_out.fault).astype(np.uint8),
            )
        fine_in = check_time(faults, t_in, self.options)
        fine_out = check_time(faults, t_out, self.options, skip=assumed)
        check_span(faults, t_in, t_out, _both(fine_in, fine_out), self.options)
        return Stay(t_in, t_out, assumed)


def _both(one: npt.NDArray[np.bool_] | None, other: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.bool_] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _with_assumption(source: Coded, assumed: npt.NDArray[np.bool_]) -> Coded:
    """Let the source say that the end of a stay was assumed; location data keeps its name, it is weak by that name."""
    if not assumed.any():
        return source
    said = [text if text == LOCATION else text + ASSUMED for text in source.texts.to_pylist()]
    texts = pa.concat_arrays([source.texts, pa.array(said, pa.string())])
    codes = np.where(assumed, source.codes + len(source.texts), source.codes)
    return Coded.of(texts.take(pa.array(codes)))


def _confidence(chunk: Chunk, faults: Faults, constant: str) -> npt.NDArray[np.float32]:
    if "confidence" not in chunk.columns:
        value = pl.Series([constant]).cast(pl.Float64, strict=False)[0]
        values = np.full(faults.rows, np.nan if value is None else value)
        faults.mark("confidence", ~((values >= 0) & (values <= 1)))
        return values.astype(np.float32)
    column = chunk.columns["confidence"]
    texts = pl.Series(as_text(column)).str.strip_chars(" ")
    given = (texts.is_not_null() & (texts != "")).to_numpy()
    values = texts.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
    faults.mark("confidence", given & ~((values >= 0) & (values <= 1)))
    return np.where(given, values, 1.0).astype(np.float32)
