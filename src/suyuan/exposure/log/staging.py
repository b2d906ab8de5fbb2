"""Where rows wait during a change, era by era: in memory while they are few, in files once they are many."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from suyuan.exposure.compiled import compiled
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.numbering import NumberedVisits
from suyuan.exposure.log.texts import I64, U32
from suyuan.exposure.segment import ERA_MINUTES, U16, ArrivalRows

ROWS_IN_MEMORY = 2_000_000
"""24 MB; a larger import goes through files, so that its memory does not grow with it."""


class Staging:
    """Rows by era, in order of arrival."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._folder: Path | None = None
        self._held: dict[int, list[ArrivalRows]] = {}
        self._n_held = 0
        self.counts: dict[int, int] = {}

    def add(self, visits: NumberedVisits) -> None:
        """Take visits in."""
        for era, rows in rows_by_era(visits).items():
            self.add_rows(era, rows)

    def add_rows(self, era: int, rows: ArrivalRows) -> None:
        """Take rows of one era in."""
        if not len(rows.person):
            return
        self._held.setdefault(era, []).append(rows)
        self.counts[era] = self.counts.get(era, 0) + len(rows.person)
        self._n_held += len(rows.person)
        if self._n_held > ROWS_IN_MEMORY:
            self._spill()

    def rows(self, era: int) -> ArrivalRows:
        """All rows of an era, mapped or in memory."""
        if self._folder is not None:
            self._spill()
            columns = [
                np.memmap(self._folder / f"{era}.{name}", dtype, mode="r")
                for name, dtype in zip(ArrivalRows._fields, ("u4", "u4", "u2", "u2"), strict=True)
            ]
            return ArrivalRows(*(np.asarray(column) for column in columns))
        return join_rows(self._held.get(era, []))

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = self._change.new_file("staging", "")
            self._folder.mkdir()
        for era, parts in self._held.items():
            for i, name in enumerate(ArrivalRows._fields):
                with (self._folder / f"{era}.{name}").open("ab") as file:
                    for part in parts:
                        file.write(np.ascontiguousarray(part[i]).data)
        self._held = {}
        self._n_held = 0


def join_rows(parts: list[ArrivalRows]) -> ArrivalRows:
    """Put rows one behind the other."""
    if len(parts) == 1:
        return parts[0]
    kinds = (np.uint32, np.uint32, np.uint16, np.uint16)
    return ArrivalRows(
        *(np.concatenate([np.zeros(0, kind), *(part[i] for part in parts)]) for i, kind in enumerate(kinds))
    )


def rows_by_era(visits: NumberedVisits) -> dict[int, ArrivalRows]:
    """Turn seconds into minutes of the era in which each visit begins; the order of arrival is kept."""
    if not len(visits.t_in):
        return {}
    eras = np.empty(len(visits.t_in), np.int32)
    first, last = _eras(visits.t_in, eras)
    found = range(first, last + 1) if last - first < 4 else np.unique(eras).tolist()
    made: dict[int, ArrivalRows] = {}
    for era in found:
        person, cell, t_in, t_out = _pack(visits.person, visits.cell, visits.t_in, visits.t_out, (eras, era))
        if len(person):
            made[era] = ArrivalRows(person, cell, t_in, t_out)
    return made


@compiled
def _eras(t_in: I64, eras: np.ndarray) -> tuple[int, int]:
    first = t_in[0] // (60 * ERA_MINUTES)
    last = first
    for i in range(t_in.shape[0]):
        era = t_in[i] // (60 * ERA_MINUTES)
        eras[i] = era
        first = min(first, era)
        last = max(last, era)
    return first, last


@compiled
def _pack(person: U32, cell: U32, t_in: I64, t_out: I64, wanted: tuple[np.ndarray, int]) -> tuple[U32, U32, U16, U16]:
    eras, era = wanted
    n = 0
    for i in range(eras.shape[0]):
        n += eras[i] == era
    persons, cells = np.empty(n, np.uint32), np.empty(n, np.uint32)
    starts, ends = np.empty(n, np.uint16), np.empty(n, np.uint16)
    epoch = era * ERA_MINUTES
    at = 0
    for i in range(eras.shape[0]):
        if eras[i] == era:
            persons[at] = person[i]
            cells[at] = cell[i]
            starts[at] = t_in[i] // 60 - epoch
            ends[at] = t_out[i] // 60 - epoch
            at += 1
    return persons, cells, starts, ends
