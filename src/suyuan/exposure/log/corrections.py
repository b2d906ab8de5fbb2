"""Corrections and withdrawals: the earlier version ends, stays on record, and a new one may follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from suyuan.exposure.locate import locate_rows
from suyuan.exposure.log.batch import VisitBatch
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.index import mark_dead, part_of, take_in
from suyuan.exposure.log.numbering import NumberedVisits, Numbering
from suyuan.exposure.log.outcome import OnRefusal, Outcome, RefusalList
from suyuan.exposure.log.record import VISITS, RecordWriter, Stamp, fold_records
from suyuan.exposure.log.staging import Staging
from suyuan.exposure.log.texts import I64, NO_ONE, U32, texts_of_keys
from suyuan.exposure.segment import ERA_MINUTES, ArrivalRows, DeadRows


@dataclass(frozen=True, slots=True)
class Corrections:
    """Visits to withdraw, or to replace by others.

    Parameters
    ----------
    old
        The visits as they stand on record: person, place and minutes must agree; an empty zone or source means any.
    new
        What they should have been, row by row; None to withdraw.
    reasons
        Why, one for each row.
    """

    old: VisitBatch
    new: VisitBatch | None
    reasons: list[str]


class Spot(NamedTuple):
    """A living visit: its person and cell, its segment's file and its positions in the two orders."""

    person: int
    cell: int
    file: str
    by_person: int
    by_cell: int


def supersede(
    change: Change, corrections: Corrections, recorded_at: int, on_refusal: OnRefusal | None = None
) -> Outcome:
    """Withdraw or replace visits: first all named visits end, then all new ones begin.

    Parameters
    ----------
    recorded_at
        Seconds since 1970.
    on_refusal
        Told of each row that names no living visit, or several, or whose new version cannot go in.
    """
    refusals, numbering = RefusalList(on_refusal), Numbering(change)
    spots = _find_spots(change, numbering, corrections.old, refusals)
    fresh = _number_new(numbering, corrections.new, spots, refusals) if corrections.new else None
    rows = sorted(spots)
    duplicates = 0
    if rows:
        _end(change, list(spots.values()))
        numbering.save(change)
        _put_on_record(change, corrections, spots, fresh, recorded_at)
        if fresh is not None:
            staging = Staging(change)
            staging.add(fresh)
            duplicates = take_in(change, staging)
    return Outcome(
        rows=len(corrections.old),
        visits=0 if fresh is None else len(rows) - duplicates,
        duplicates=duplicates,
        superseded=len(rows),
        n_refused=refusals.count,
        refused=tuple(refusals.kept),
    )


def _find_spots(change: Change, numbering: Numbering, old: VisitBatch, refusals: RefusalList) -> dict[int, Spot]:
    person = numbering.find("persons", old.person)
    found: dict[int, Spot] = {}
    taken: set[tuple[str, int]] = set()
    asked = NumberedVisits(person, _exact_cells(numbering, old), old.t_in, old.t_out, old.confidence)
    exact = _locate(change, asked)
    finder = CellFinder(numbering, old)
    for row in range(len(old)):
        spots = [spot for spot in (exact.get(row),) if spot and (spot.file, spot.by_person) not in taken]
        if not spots and finder.is_open(row):
            around = _locate(change, _spread(asked, row, finder.cells(row)))
            spots = [spot for spot in around.values() if (spot.file, spot.by_person) not in taken]
        if len(spots) == 1:
            found[row] = spots[0]
            taken.add((spots[0].file, spots[0].by_person))
        else:
            place = old.place.texts[int(old.place.codes[row])].as_py()
            refusals.add(row, "log.visit_ambiguous" if spots else "log.visit_unknown", place=place)
    return found


def _exact_cells(numbering: Numbering, batch: VisitBatch) -> U32:
    columns = (("places", batch.place), ("zones", batch.zone), ("sources", batch.source))
    keys = np.stack([numbering.find(name, column) for name, column in columns], axis=1)
    return numbering.of["cells"].known.numbers(texts_of_keys(keys))


def _spread(asked: NumberedVisits, row: int, cells: list[int]) -> NumberedVisits:
    one = asked.take(np.full(len(cells), row))
    return one._replace(cell=np.array(cells, np.uint32))


def _locate(change: Change, visits: NumberedVisits) -> dict[int, Spot]:
    """Find living visits by person, cell and minutes; the answer is by row."""
    starts, ends = visits.t_in // 60, visits.t_out // 60
    eras = starts // ERA_MINUTES
    sound = (visits.person != NO_ONE) & (visits.cell != NO_ONE) & (ends - eras * ERA_MINUTES <= 0xFFFF)
    sound &= ends >= starts
    found: dict[int, Spot] = {}
    for entry in change.manifest.segments:
        rows: I64 = np.flatnonzero(sound & (eras == entry.era))
        if not rows.size:
            continue
        epoch = entry.era * ERA_MINUTES
        wanted = ArrivalRows(
            visits.person[rows],
            visits.cell[rows],
            (starts[rows] - epoch).astype(np.uint16),
            (ends[rows] - epoch).astype(np.uint16),
        )
        by_person, by_cell = locate_rows(part_of(change, entry), wanted)
        for i in np.flatnonzero(by_person >= 0):
            at = (int(by_person[i]), int(by_cell[i]))
            found[int(rows[i])] = Spot(int(wanted.person[i]), int(wanted.cell[i]), entry.file, *at)
    return found


class CellFinder:
    """Which cells a row may mean when it leaves the zone or the source open."""

    def __init__(self, numbering: Numbering, batch: VisitBatch) -> None:
        self._table = numbering.table
        self._keys = numbering.of["cells"].known
        self._place = numbering.find("places", batch.place)
        self._zone = numbering.find("zones", batch.zone)
        self._source = numbering.find("sources", batch.source)

    def is_open(self, row: int) -> bool:
        """Whether a row leaves the zone or the source of a known place open."""
        known = int(self._place[row]) < len(self._table.first_cell)
        return known and (self._zone[row] == 0 or self._source[row] == 0)

    def cells(self, row: int) -> list[int]:
        """List the cells of the row's place that agree with what the row says."""
        found: list[int] = []
        first = cell = int(self._table.first_cell[self._place[row]])
        while first != NO_ONE:
            _, zone, source = self._keys.texts(np.array([cell], np.uint32)).data.view(np.uint32).tolist()
            if self._zone[row] in (0, zone) and self._source[row] in (0, source):
                found.append(cell)
            cell = int(self._table.cells.sibling[cell])
            if cell == first:
                break
        return found


def _number_new(numbering: Numbering, new: VisitBatch, spots: dict[int, Spot], refusals: RefusalList) -> NumberedVisits:
    """Give the new versions numbers; a row whose new version is refused leaves ``spots``: its old one stands."""
    rows = sorted(spots)
    local = RefusalList(None)
    fresh = numbering.number(new.take(np.array(rows, np.intp)), local, 0)
    for refusal in local.kept:
        refusals.add(rows[refusal.row], refusal.code, **refusal.details)
        del spots[rows[refusal.row]]
    return fresh


def _end(change: Change, spots: list[Spot]) -> None:
    for entry in change.manifest.segments:
        mine = [spot for spot in spots if spot.file == entry.file]
        if mine:
            by_person = np.array([spot.by_person for spot in mine], np.int64)
            mark_dead(change, entry, DeadRows(by_person, np.array([spot.by_cell for spot in mine], np.int64)))


def _put_on_record(
    change: Change, corrections: Corrections, spots: dict[int, Spot], fresh: NumberedVisits | None, recorded_at: int
) -> None:
    rows = sorted(spots)
    old = corrections.old.take(np.array(rows, np.intp))
    persons = np.array([spots[row].person for row in rows], np.uint32)
    cells = np.array([spots[row].cell for row in rows], np.uint32)
    reasons = [corrections.reasons[row] for row in rows]
    record = RecordWriter(change)
    ended = NumberedVisits(persons, cells, old.t_in, old.t_out, old.confidence)
    first = record.add_visits(ended, Stamp("withdraw" if fresh is None else "replace", recorded_at, None, reasons))
    if fresh is not None:
        follows = [first + i for i in range(len(rows))]
        record.add_visits(fresh, Stamp("correct", recorded_at, follows, reasons))
    made = record.close()
    if made:
        change.manifest.records.append(made)
        fold_records(change, change.manifest.records, VISITS)
