"""Corrections into the log: what was wrong ends and stays on record, what is right begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.cli.bad_rows import BadRows
from suyuan.cli.intake import ImportPlan, bad_path, options_of
from suyuan.exposure.kernels.shapes import Infectors
from suyuan.exposure.log import NO_ONE, Coded, LogWriter, Outcome, PackedLog, Refusal, VisitBatch, open_log
from suyuan.exposure.match import visits_of_infectors
from suyuan.gateways import Correction, read_corrections
from suyuan.terms import PLACE_KINDS, PlaceKind

TIMES = ("t_in", "t_out", "new_t_in", "new_t_out")


@dataclass(frozen=True, slots=True)
class Amended:
    """What became of a file of corrections."""

    file: str
    n_read: int
    n_corrected: int
    n_withdrawn: int
    n_added: int
    n_bad: int
    bad_rows: Path | None
    reasons: list[tuple[int, str]]


def amend_log(file: Path, plan: ImportPlan) -> Amended:
    """Apply a file of corrections in its order.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used, or there is no log.
    """
    options = options_of(plan)
    zone = ZoneInfo(options.zone_name)
    rows, rejects = read_corrections(file, options)
    counts = dict.fromkeys(("correct", "withdraw", "add"), 0)
    with BadRows(bad_path(plan, str(file), "corrections"), plan.lang) as bad, LogWriter(plan.log) as writer:
        bad.add(rejects)
        for action, run in groupby(rows, key=lambda row: row.action):
            part = list(run)
            outcome = _apply(writer, action, part)
            counts[action] += len(part) - outcome.n_refused
            for refusal in outcome.refused:
                _refuse(bad, part[refusal.row], refusal, zone)
    return Amended(
        file=str(file),
        n_read=len(rows) + len(rejects),
        n_corrected=counts["correct"],
        n_withdrawn=counts["withdraw"],
        n_added=counts["add"],
        n_bad=bad.n_rows,
        bad_rows=bad.path if bad.n_rows else None,
        reasons=bad.sentences(),
    )


def _apply(writer: LogWriter, action: str, rows: list[Correction]) -> Outcome:
    if action == "add":
        return writer.append(_batch(rows))
    reasons = [row.reason for row in rows]
    if action == "withdraw":
        return writer.withdraw(_batch(rows), reasons)
    rows = list(_completed(open_log(writer.path), rows))
    return writer.correct(_batch(rows), _batch([_new(row) for row in rows]), reasons)


def _new(row: Correction) -> Correction:
    """Say what the visit should have been; a zone is a part of its place, so another place begins without one."""
    moved = row.new_place_id not in (None, row.place_id)
    return replace(
        row,
        place_id=row.new_place_id or row.place_id,
        zone=row.new_zone or (None if moved else row.zone),
        t_in=row.t_in if row.new_t_in is None else row.new_t_in,
        t_out=row.t_out if row.new_t_out is None else row.new_t_out,
    )


def _completed(log: PackedLog, rows: Sequence[Correction]) -> Iterator[Correction]:
    """Fill in zone and source where a row leaves them open, so that the new version keeps them."""
    for row in rows:
        found = {(zone, source) for zone, source in _on_record(log, row) if row.zone in (None, zone)}
        found = {(zone, source) for zone, source in found if row.source in (None, source)}
        if len(found) == 1:
            zone, source = found.pop()
            yield replace(row, zone=zone or None, source=source or None)
        else:  # none or several: the log refuses the row and says why
            yield row


def _on_record(log: PackedLog, row: Correction) -> list[tuple[str, str]]:
    """Zone and source of the living visits that a row may mean."""
    person = log.person_numbers([row.person_id])
    start, end = row.t_in // 60, row.t_out // 60
    if person[0] == NO_ONE:
        return []
    times = (np.array([minute], np.int32) for minute in (start - 1, end + 1, start))
    visits = visits_of_infectors(log, Infectors(person, *times))
    place = log.place_numbers([row.place_id])[0]
    same = (visits.start == start) & (visits.end == end) & (log.cell_keys(visits.cell)[:, 0] == place)
    cells = visits.cell[same]
    return list(zip(log.cell_zones(cells), log.cell_sources(cells), strict=True))


def _batch(rows: Sequence[Correction]) -> VisitBatch:
    kinds = [PLACE_KINDS.index(row.place_kind or PlaceKind.OTHER) for row in rows]
    return VisitBatch(
        person=Coded.of([row.person_id for row in rows]),
        place=Coded.of([row.place_id for row in rows]),
        zone=Coded.of([row.zone or "" for row in rows]),
        source=Coded.of([row.source or "" for row in rows]),
        kind=np.array(kinds, np.uint8),
        t_in=np.array([row.t_in for row in rows], np.int64),
        t_out=np.array([row.t_out for row in rows], np.int64),
        confidence=np.ones(len(rows), np.float32),
    )


def _refuse(bad: BadRows, row: Correction, refusal: Refusal, zone: ZoneInfo) -> None:
    given = {name: value for name, value in asdict(row).items() if value is not None and name != "row"}
    times = {name: datetime.fromtimestamp(given[name], zone).isoformat() for name in given.keys() & set(TIMES)}
    values = {**given, **times}
    bad.refuse(row.row, (refusal.code, refusal.sentence(bad.lang)), values)
