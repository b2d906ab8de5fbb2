"""Line lists: the infected and the dates that tracing needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.gateways.columns import CASES, find_columns
from suyuan.gateways.dates import Instants, end_of_day, is_before, read_optional
from suyuan.gateways.faults import Faults
from suyuan.gateways.opening import open_source
from suyuan.gateways.options import ReadOptions
from suyuan.gateways.reading import Chunk, gather_rejects
from suyuan.gateways.rejects import Rejects, together
from suyuan.gateways.texts import TextShape, check_decoded, check_people, constant_text, read_text_column
from suyuan.gateways.times import TimeColumn
from suyuan.terms import Case, PersonId

DATES = CASES.optional


class CaseRow(NamedTuple):
    """One good row of a line list."""

    case: Case
    exposure_from: datetime | None
    exposure_to: datetime | None


def read_cases(path: str | Path, options: ReadOptions) -> tuple[list[Case], Rejects]:
    """Read a line list: ``person_id`` and ``date_onset`` or ``date_sampling`` or both, ``isolated_at`` if isolated.

    Returns
    -------
    list of Case
        In the order of the file. A date without a time of day stands for the first instant of that day.
    Rejects
        Rows that cannot be used; a person named again is refused, the first row holds.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used.
    """
    rows, rejects = _read(path, options)
    return [row.case for row in rows], rejects


def read_exposure_windows(path: str | Path, options: ReadOptions) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Read from a line list when each case may have caught it, where the investigators wrote it down.

    Returns
    -------
    dict
        ``person_id`` to (``exposure_from``, ``exposure_to``), only for good rows that give at least one.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used.
    """
    rows, _ = _read(path, options)
    windows = {row.case.person.code: (row.exposure_from, row.exposure_to) for row in rows}
    return {code: window for code, window in windows.items() if window != (None, None)}


def _read(path: str | Path, options: ReadOptions) -> tuple[list[CaseRow], Rejects]:
    source = open_source(path, options.mapping)
    wanted = CASES
    if not {"date_onset", "date_sampling"} & {name for name in DATES if _stands_in(name, source.headers, options)}:
        wanted = wanted._replace(required=("person_id", "date_onset"))
    found = find_columns(source.path, source.headers, wanted, options.mapping)
    clocks = {name: TimeColumn(source.path, theirs, options) for name, theirs in found.items() if name in DATES}
    kept: list[CaseRow] = []
    rejects: list[Rejects] = []
    seen: set[str] = set()
    shape = TextShape(source.path, options.mapping.file.missing, options.mapping.values)
    for chunk in source.chunks(found, options.batch_rows):
        faults = Faults(len(chunk.rows))
        people = _people(chunk, shape, faults, options)
        columns = {name: read_optional(chunk, clocks.get(name), name, faults, options, dates=True) for name in DATES}
        faults.mark("missing_date", ~(columns["date_onset"].given | columns["date_sampling"].given))
        kept.extend(_rows(people, columns, faults, seen, options))
        rejects.append(gather_rejects(chunk, faults, found, options))
    return kept, together(rejects, found.values())


def _stands_in(name: str, headers: list[str], options: ReadOptions) -> bool:
    return str(options.mapping.columns.get(name, name)) in headers


def _people(chunk: Chunk, shape: TextShape, faults: Faults, options: ReadOptions) -> list[str]:
    if "person_id" in chunk.columns:
        column = read_text_column(chunk.columns["person_id"], "person_id", shape)
    else:
        column = constant_text(options.mapping.constants["person_id"], faults.rows)
    check_decoded(faults, column)
    check_people(faults, column)
    return [str(text) for text in column.coded.decode().to_pylist()]


def _rows(
    people: list[str], columns: dict[str, Instants], faults: Faults, seen: set[str], options: ReadOptions
) -> Iterator[CaseRow]:
    zone = ZoneInfo(options.zone_name)
    contradicts, again = np.zeros(faults.rows, np.bool_), np.zeros(faults.rows, np.bool_)
    kept: list[CaseRow] = []
    for row in np.flatnonzero(faults.good()):
        onset, sampled, isolated, begin, end = (columns[name].at(int(row), zone) for name in DATES)
        # isolated before sampling is no contradiction: people in quarantine are found positive there
        contradicts[row] = is_before(end, begin) or is_before(onset, begin)
        again[row] = people[row] in seen
        if not contradicts[row] and not again[row]:
            seen.add(people[row])
            case = Case(PersonId(people[row]), onset, sampled, end_of_day(isolated))
            kept.append(CaseRow(case, begin, end))
    faults.mark("dates_contradict", contradicts)
    faults.mark("person_twice", again)
    return iter(kept)
