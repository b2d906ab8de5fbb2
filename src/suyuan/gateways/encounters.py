"""Encounters: two people met, according to a device, an interview or a class list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from suyuan.exposure.log.batch import EncounterBatch
from suyuan.gateways.checks import check_span, check_time
from suyuan.gateways.columnar import TableSource
from suyuan.gateways.columns import ENCOUNTERS, find_columns
from suyuan.gateways.faults import Faults
from suyuan.gateways.joining import concatenate, join_records
from suyuan.gateways.opening import open_source
from suyuan.gateways.options import ReadOptions
from suyuan.gateways.reading import Chunk, Counts, Reading, Source, count_chunk, gather_rejects
from suyuan.gateways.rejects import Rejects, together
from suyuan.gateways.texts import (
    NO_KIND,
    UNKNOWN_KIND,
    TextColumn,
    TextShape,
    check_decoded,
    check_people,
    constant_text,
    kinds_of,
    read_text_column,
)
from suyuan.gateways.times import TimeColumn, Times
from suyuan.terms import PLACE_KINDS, PlaceKind

OTHER = PLACE_KINDS.index(PlaceKind.OTHER)

Checked = tuple[EncounterBatch, Rejects]


def read_encounters(path: str | Path, options: ReadOptions) -> Reading[EncounterBatch]:
    """Read an encounter file (CSV, Parquet, Excel), every row checked; device records are joined if so mapped.

    Returns
    -------
    Reading
        Iterates over ``(EncounterBatch, Rejects)``; its ``counts`` add up.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used.

    Notes
    -----
    Joining keeps the joined encounters in memory until the file's end, because records may come in any order.
    """
    return _reading(open_source(path, options.mapping), options)


def encounters_from_table(table: Any, options: ReadOptions) -> Reading[EncounterBatch]:
    """Read encounters from a pyarrow, polars or pandas table, with the same checks as a file.

    Raises
    ------
    BadInput
        If the object is no table, or a column is missing, named twice or of a wrong type.
    """
    return _reading(TableSource(table), options)


def _reading(source: Source, options: ReadOptions) -> Reading[EncounterBatch]:
    wanted = ENCOUNTERS
    if options.mapping.records.duration_seconds is not None:
        wanted = wanted._replace(required=("person_a", "person_b", "start"))
    found = find_columns(source.path, source.headers, wanted, options.mapping)

    def begin(counts: Counts) -> Iterator[Checked]:
        check = EncounterCheck(source.path, found, options)
        checked = _checked(source, check, counts)
        gap = options.mapping.records.merge_gap_seconds
        return checked if gap is None else _joined(checked, gap, counts, options.batch_rows)

    return Reading(source.path, begin)


def _checked(source: Source, check: EncounterCheck, counts: Counts) -> Iterator[Checked]:
    for chunk in source.chunks(check.found, check.options.batch_rows):
        batch, faults = check(chunk)
        rejects = gather_rejects(chunk, faults, check.found, check.options)
        count_chunk(counts, chunk, rejects)
        yield batch, rejects


def _joined(checked: Iterator[Checked], gap: int, counts: Counts, batch_rows: int) -> Iterator[Checked]:
    parts: list[EncounterBatch] = []
    rejects = together([], ())
    for batch, rejects in checked:
        parts.append(join_records(batch, gap))
        yield batch.take(np.zeros(0, np.intp)), rejects
    if not parts:
        return
    whole = join_records(concatenate(parts), gap)
    counts.n_joined = counts.n_good - len(whole)
    nothing = together([], [name for name in rejects.original.column_names if name != "line"])
    for start in range(0, len(whole), batch_rows):
        yield whole.take(np.arange(start, min(start + batch_rows, len(whole)))), nothing


class EncounterCheck:
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
        self.found, self.options = found, options
        self.shape = TextShape(path, options.mapping.file.missing, options.mapping.values)
        self.clocks = {name: TimeColumn(path, found.get(name, name), options) for name in ("start", "end")}

    def __call__(self, chunk: Chunk) -> tuple[EncounterBatch, Faults]:
        """Check one chunk; returns its good rows and all faults."""
        faults = Faults(len(chunk.rows))
        one, other = self._text(chunk, "person_a", faults), self._text(chunk, "person_b", faults)
        check_people(faults, one)
        check_people(faults, other)
        faults.mark("same_person", _same(one, other))
        start, end = self._span(chunk, faults)
        setting = kinds_of(self._text(chunk, "setting", faults))
        faults.mark("unknown_kind", setting == UNKNOWN_KIND)
        setting[setting >= NO_KIND] = OTHER
        source = self._text(chunk, "source", faults)
        batch = EncounterBatch(one.coded, other.coded, source.coded, setting, start.seconds, end.seconds)
        return (batch.take(faults.good()) if faults.any() else batch), faults

    def _text(self, chunk: Chunk, name: str, faults: Faults) -> TextColumn:
        if name not in chunk.columns:
            return constant_text(self.options.mapping.constants.get(name, ""), faults.rows)
        column = read_text_column(chunk.columns[name], name, self.shape)
        check_decoded(faults, column)
        return column

    def _span(self, chunk: Chunk, faults: Faults) -> tuple[Times, Times]:
        start = self.clocks["start"].read(chunk.columns["start"])
        fine = check_time(faults, start, self.options)
        if "end" not in chunk.columns:
            return start, Times(start.seconds + (self.options.mapping.records.duration_seconds or 0), start.fault)
        end = self.clocks["end"].read(chunk.columns["end"])
        fine_end = check_time(faults, end, self.options)
        both = fine if fine_end is None else fine_end if fine is None else fine & fine_end
        check_span(faults, start, end, both, self.options)
        return start, end


def _same(one: TextColumn, other: TextColumn) -> npt.NDArray[np.bool_]:
    if not len(one.coded.texts) or not len(other.coded.texts):
        return np.zeros(len(one.coded.codes), np.bool_)
    where = np.asarray(pc.index_in(other.coded.texts, value_set=one.coded.texts).fill_null(-1))
    same: npt.NDArray[np.bool_] = where[other.coded.codes] == one.coded.codes
    return same if one.missing is None else same & ~one.missing
