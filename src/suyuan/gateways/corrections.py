"""Corrections: a visit on record was wrong, never happened, or was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np

from suyuan.gateways.columns import CORRECTIONS, find_columns
from suyuan.gateways.dates import Instants, read_optional
from suyuan.gateways.faults import Faults
from suyuan.gateways.opening import open_source
from suyuan.gateways.options import ReadOptions
from suyuan.gateways.reading import Chunk, gather_rejects
from suyuan.gateways.rejects import Rejects, together
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
    read_text_column,
)
from suyuan.gateways.times import TimeColumn
from suyuan.terms import PLACE_KINDS, PlaceKind

ACTIONS = ("correct", "withdraw", "add")
TIMES = ("t_in", "t_out", "new_t_in", "new_t_out")
TEXTS = ("action", "person_id", "place_id", "zone", "source", "place_kind", "new_place_id", "new_zone", "reason")


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction; ``person_id`` to ``source`` name the visit on record (or, for ``add``, the new one).

    Parameters
    ----------
    t_in, t_out, new_t_in, new_t_out
        Seconds since 1970 UTC; a new one is None where it stays as it was.
    zone, source
        None where the row does not say: any zone or source is meant.
    place_kind
        For ``add``: the kind of the place, None where not said.
    row
        Number of the row in the file.
    """

    action: Literal["correct", "withdraw", "add"]
    person_id: str
    place_id: str
    t_in: int
    t_out: int
    reason: str
    row: int
    zone: str | None = None
    source: str | None = None
    place_kind: PlaceKind | None = None
    new_place_id: str | None = None
    new_zone: str | None = None
    new_t_in: int | None = None
    new_t_out: int | None = None


def read_corrections(path: str | Path, options: ReadOptions) -> tuple[list[Correction], Rejects]:
    """Read a file of corrections: ``action``, the visit it is about, what is new, and the reason.

    Returns
    -------
    list of Correction
        In the order of the file.
    Rejects
        Rows that cannot be used.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used.
    """
    source = open_source(path, options.mapping)
    found = find_columns(source.path, source.headers, CORRECTIONS, options.mapping)
    clocks = {name: TimeColumn(source.path, found[name], options) for name in TIMES if name in found}
    shape = TextShape(source.path, options.mapping.file.missing, options.mapping.values)
    kept: list[Correction] = []
    rejects: list[Rejects] = []
    for chunk in source.chunks(found, options.batch_rows):
        faults = Faults(len(chunk.rows))
        texts = _texts(chunk, shape, faults, options)
        instants = {name: read_optional(chunk, clocks.get(name), name, faults, options, dates=False) for name in TIMES}
        _check(texts, instants, faults, options)
        kept.extend(_rows(chunk, texts, instants, faults))
        rejects.append(gather_rejects(chunk, faults, found, options))
    return kept, together(rejects, found.values())


def _texts(chunk: Chunk, shape: TextShape, faults: Faults, options: ReadOptions) -> dict[str, TextColumn]:
    columns = {}
    for name in TEXTS:
        if name in chunk.columns:
            columns[name] = read_text_column(chunk.columns[name], name, shape)
            check_decoded(faults, columns[name])
        else:
            columns[name] = constant_text(options.mapping.constants.get(name, ""), faults.rows)
    return columns


def _check(texts: dict[str, TextColumn], instants: dict[str, Instants], faults: Faults, options: ReadOptions) -> None:
    check_people(faults, texts["person_id"])
    for name, reason in (("place_id", "missing_place"), ("reason", "missing_reason")):
        missing = texts[name].missing
        if missing is not None:
            faults.mark(reason, missing)
    for name in ("place_id", "zone", "new_place_id", "new_zone"):
        check_labels(faults, texts[name])
    faults.mark("unknown_kind", kinds_of(texts["place_kind"]) == UNKNOWN_KIND)
    action = np.array(texts["action"].coded.decode().to_pylist(), object)
    faults.mark("unknown_action", ~np.isin(action.astype(str), ACTIONS))
    faults.mark("missing_time", ~(instants["t_in"].given & instants["t_out"].given))
    news = [instants["new_t_in"].given, instants["new_t_out"].given]
    for name in ("new_place_id", "new_zone"):
        missing = texts[name].missing
        news.append(np.ones(faults.rows, np.bool_) if missing is None else ~missing)
    faults.mark("missing_new", (action == "correct") & ~np.any(news, axis=0))
    _check_spans(instants, faults, options)


def _check_spans(instants: dict[str, Instants], faults: Faults, options: ReadOptions) -> None:
    t_in, t_out = instants["t_in"], instants["t_out"]
    begin = np.where(instants["new_t_in"].readable, instants["new_t_in"].seconds, t_in.seconds)
    end = np.where(instants["new_t_out"].readable, instants["new_t_out"].seconds, t_out.seconds)
    both = t_in.readable & t_out.readable
    for length in (t_out.seconds - t_in.seconds, end - begin):
        faults.mark("end_before_start", both & (length < 0))
        faults.mark("too_long", both & (length > options.max_stay_days * 86_400))


def _rows(
    chunk: Chunk, texts: dict[str, TextColumn], instants: dict[str, Instants], faults: Faults
) -> Iterator[Correction]:
    written = {name: column.coded.decode().to_pylist() for name, column in texts.items()}
    kinds = kinds_of(texts["place_kind"])
    for row in np.flatnonzero(faults.good()):
        said = {name: str(column[row]) or None for name, column in written.items()}
        at = {name: int(column.seconds[row]) if column.given[row] else None for name, column in instants.items()}
        yield Correction(
            action=cast("Literal['correct', 'withdraw', 'add']", said["action"]),
            person_id=str(said["person_id"]),
            place_id=str(said["place_id"]),
            t_in=int(instants["t_in"].seconds[row]),
            t_out=int(instants["t_out"].seconds[row]),
            reason=str(said["reason"]),
            row=int(chunk.rows[row]),
            zone=said["zone"],
            source=said["source"],
            place_kind=None if kinds[row] == NO_KIND else PLACE_KINDS[kinds[row]],
            new_place_id=said["new_place_id"],
            new_zone=said["new_zone"],
            new_t_in=at["new_t_in"],
            new_t_out=at["new_t_out"],
        )
