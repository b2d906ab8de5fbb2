"""From texts to numbers: a batch of visits becomes persons, cells and seconds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from suyuan.exposure.log.arrays import map_arrays, write_arrays
from suyuan.exposure.log.batch import Coded, VisitBatch
from suyuan.exposure.log.cells import EMPTY, UNSAID, WEAK_SOURCES, CellTable, extend_cells, settle_kinds
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.dictionary import GrowingDictionary, dictionary_of
from suyuan.exposure.log.manifest import DICTIONARIES
from suyuan.exposure.log.outcome import RefusalList
from suyuan.exposure.log.texts import I64, NO_ONE, U8, U32, texts_of, texts_of_keys
from suyuan.terms import PLACE_KINDS

MAX_STAY_SECONDS = 17 * 86400
"""Longer stays do not fit the 16-bit minutes of an era of 28 days."""

MOST_SPOTS = 1 << 22
"""Up to so many combinations of a batch's places, zones and sources, each is looked up once and not once per row."""

EARLIEST, LATEST = -(2**36), 2**36
"""Years -208 to 4147: beyond lies a unit error (milliseconds), not a visit."""


class NumberedVisits(NamedTuple):
    """Visits as numbers, one row each; times in seconds since 1970."""

    person: U32
    cell: U32
    t_in: I64
    t_out: I64
    confidence: npt.NDArray[np.float32]

    def take(self, rows: Any) -> NumberedVisits:
        """Keep some rows."""
        return NumberedVisits(*(column[rows] for column in self))


class Numbering:
    """The writer's dictionaries and cells during one change."""

    def __init__(self, change: Change) -> None:
        manifest = change.manifest
        known = {name: dictionary_of(change, name) for name in DICTIONARIES}
        self.of = {name: GrowingDictionary(name, dictionary) for name, dictionary in known.items()}
        for name in ("zones", "sources"):
            self.of[name].numbers(texts_of(pa.array([""])))  # "not known" is number 0
        self.table = CellTable.of(map_arrays(change.path / manifest.cells)) if manifest.cells else EMPTY
        self._place_kind: U8 = self.table.place_kind
        self._kinds_changed = False

    @property
    def place_kind(self) -> U8:
        """Kinds of all places, new ones included, in memory and writable."""
        n_places = self.of["places"].count
        if len(self._place_kind) < n_places or not self._place_kind.flags.writeable:
            larger = np.full(max(n_places, len(self._place_kind)), UNSAID, np.uint8)
            larger[: len(self._place_kind)] = self._place_kind
            self._place_kind = larger
        return self._place_kind

    def number(self, batch: VisitBatch, refusals: RefusalList, row: int) -> NumberedVisits:
        """Turn a batch into numbers; rows that cannot stand in the log are refused.

        Parameters
        ----------
        refusals
            Where refused rows go.
        row
            Position of the batch's first row among all rows of the call.
        """
        fits = self._refuse_times(batch, refusals, row)
        rows: Any = slice(None) if fits is None else np.flatnonzero(fits)
        kept = batch if fits is None else batch.take(rows)
        place = self.coded("places", kept.place)
        bad = self._refuse_kinds(kept, place, refusals, row + (np.arange(len(batch))[rows]))
        if bad is not None:
            kept, place = kept.take(~bad), place[~bad]
        cell = self._cells(kept, place)
        person = self.coded("persons", kept.person)
        return NumberedVisits(person, cell, kept.t_in, kept.t_out, kept.confidence)

    def coded(self, name: str, column: Coded) -> U32:
        """Turn a text column into numbers; texts that no row uses get none."""
        used = np.zeros(len(column.texts), bool)
        used[column.codes] = True
        if used.all():
            return self.of[name].numbers(texts_of(column.texts))[column.codes]
        numbers = np.full(len(used), NO_ONE, np.uint32)
        numbers[used] = self.of[name].numbers(texts_of(column.texts.filter(pa.array(used))))
        return numbers[column.codes]

    def _cells(self, batch: VisitBatch, place: U32) -> U32:
        zone, source = self.coded("zones", batch.zone), self.coded("sources", batch.source)
        n_zones, n_sources = len(batch.zone.texts), len(batch.source.texts)
        n_spots = len(batch.place.texts) * n_zones * n_sources
        if n_spots > max(MOST_SPOTS, len(batch)):
            return self.of["cells"].numbers(texts_of_keys(np.stack([place, zone, source], axis=1)))
        spots = (batch.place.codes.astype(np.int64) * n_zones + batch.zone.codes) * n_sources + batch.source.codes
        first = np.full(n_spots, -1, np.int64)
        first[spots] = np.arange(len(spots))  # some row of each spot that occurs
        rows = first[first >= 0]
        keys = np.stack([place[rows], zone[rows], source[rows]], axis=1)
        numbers = np.full(n_spots, NO_ONE, np.uint32)
        numbers[first >= 0] = self.of["cells"].numbers(texts_of_keys(keys))
        cells: U32 = numbers[spots]
        return cells

    def find(self, name: str, column: Coded) -> U32:
        """Look a text column up without giving new numbers."""
        if not len(column.texts):
            return np.zeros(0, np.uint32)
        return self.of[name].known.numbers(texts_of(column.texts))[column.codes]

    def set_kind(self, place: int, kind: int) -> None:
        """Replace the kind of a place."""
        if self.place_kind[place] != kind:
            self.place_kind[place] = kind
            self._kinds_changed = True

    def save(self, change: Change) -> None:
        """Write new texts, new cells and new kinds."""
        cells, n_places = self.of["cells"], self.of["places"].count
        if cells.n_new or n_places > len(self.table.place_kind) or self._kinds_changed:
            keys = cells.new_texts.data.view(np.uint32).reshape(-1, 3)
            sources = self.of["sources"]
            weak = {int(sources.numbers(texts_of(pa.array([text])))[0]) for text in WEAK_SOURCES}
            path = change.new_file("table")
            write_arrays(path, extend_cells(self.table, keys, self.place_kind[:n_places], weak).arrays())
            change.manifest.cells = path.name
        for dictionary in self.of.values():
            dictionary.save(change)

    def _refuse_times(self, batch: VisitBatch, refusals: RefusalList, row: int) -> npt.NDArray[np.bool_] | None:
        stay = batch.t_out - batch.t_in
        if not len(stay) or (
            stay.min() >= 0
            and stay.max() <= MAX_STAY_SECONDS
            and batch.t_in.min() >= EARLIEST
            and batch.t_in.max() <= LATEST
        ):
            return None
        absurd = (batch.t_in < EARLIEST) | (batch.t_in > LATEST) | (batch.t_out < EARLIEST) | (batch.t_out > LATEST)
        for i in np.flatnonzero(absurd):
            refusals.add(row + i, "log.instant_absurd", instant=int(batch.t_in[i]))
        for i in np.flatnonzero(~absurd & (stay < 0)):
            refusals.add(row + i, "log.ends_before_start")
        for i in np.flatnonzero(~absurd & (stay > MAX_STAY_SECONDS)):
            refusals.add(row + i, "log.stay_too_long", days=round(int(stay[i]) / 86400, 1), most=17)
        fits: npt.NDArray[np.bool_] = ~absurd & (stay >= 0) & (stay <= MAX_STAY_SECONDS)
        return fits

    def _refuse_kinds(
        self, batch: VisitBatch, place: U32, refusals: RefusalList, rows: I64
    ) -> npt.NDArray[np.bool_] | None:
        bad = np.zeros(len(batch), np.uint8)
        kinds = self.place_kind
        n_bad, n_learnt = settle_kinds(place, np.ascontiguousarray(batch.kind), kinds, bad)
        self._kinds_changed |= n_learnt > 0
        if not n_bad:
            return None
        for i in np.flatnonzero(bad):
            text = batch.place.texts[int(batch.place.codes[i])].as_py()
            said, known = (str(PLACE_KINDS[kind]) for kind in (batch.kind[i], kinds[place[i]]))
            refusals.add(rows[i], "log.kind_contradicts", place=text, said=said, known=known)
        return bad.astype(bool)
