"""Taking encounters in, and withdrawing them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from suyuan.exposure.log.batch import EncounterBatch
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.encounters import (
    Meetings,
    distinct,
    join_meetings,
    meetings_of,
    open_encounters,
    small_source,
    store_encounters,
    without,
)
from suyuan.exposure.log.numbering import EARLIEST, LATEST, Numbering
from suyuan.exposure.log.outcome import OnRefusal, Outcome, RefusalList
from suyuan.exposure.log.record import ENCOUNTERS, RecordWriter, Stamp, fold_records
from suyuan.exposure.log.texts import NO_ONE


def take_encounters(
    change: Change, batches: Iterable[EncounterBatch], recorded_at: int, on_refusal: OnRefusal | None = None
) -> Outcome:
    """Bring encounters into a change; one equal to a living encounter is kept on record and indexed once."""
    refusals, numbering, record = RefusalList(on_refusal), Numbering(change), RecordWriter(change, ENCOUNTERS)
    parts = [meetings_of(open_encounters(change))]
    n_before, n_rows = len(parts[0].start), 0
    for batch in batches:
        sound = _sound(batch, refusals, n_rows)
        n_rows += len(batch)
        met = _numbered(numbering, batch.take(sound))
        record.add({name: pa.array(column) for name, column in met._asdict().items()}, Stamp("add", recorded_at))
        parts.append(met)
    numbering.save(change)
    _close(change, record)
    whole = distinct(join_meetings(parts))
    store_encounters(change, whole)
    n_new = len(whole.start) - n_before
    return Outcome(
        rows=n_rows,
        visits=n_new,
        duplicates=n_rows - refusals.count - n_new,
        n_refused=refusals.count,
        refused=tuple(refusals.kept),
    )


def end_encounters(
    change: Change, batch: EncounterBatch, reasons: list[str], recorded_at: int, on_refusal: OnRefusal | None = None
) -> Outcome:
    """Withdraw encounters; a row that names none on record is refused."""
    refusals, numbering = RefusalList(on_refusal), Numbering(change)
    asked = _ordered(
        numbering.find("persons", batch.person_a),
        numbering.find("persons", batch.person_b),
        batch,
        np.where((sources := numbering.find("sources", batch.source)) == NO_ONE, 0xFFFF, sources).astype(np.uint32),
    )
    left, present = without(meetings_of(open_encounters(change)), asked)
    for row in np.flatnonzero(~present):
        refusals.add(int(row), "log.encounter_unknown")
    rows = np.flatnonzero(present)
    if rows.size:
        record = RecordWriter(change, ENCOUNTERS)
        columns = {name: pa.array(column) for name, column in asked.take(rows)._asdict().items()}
        record.add(columns, Stamp("withdraw", recorded_at, None, [reasons[row] for row in rows]))
        _close(change, record)
        store_encounters(change, left)
    return Outcome(rows=len(batch), superseded=len(rows), n_refused=refusals.count, refused=tuple(refusals.kept))


def _numbered(numbering: Numbering, batch: EncounterBatch) -> Meetings:
    return _ordered(
        numbering.coded("persons", batch.person_a),
        numbering.coded("persons", batch.person_b),
        batch,
        numbering.coded("sources", batch.source),
    )


def _ordered(a: np.ndarray, b: np.ndarray, batch: EncounterBatch, source: np.ndarray) -> Meetings:
    return Meetings(np.minimum(a, b), np.maximum(a, b), batch.start, batch.end, batch.setting, small_source(source))


def _sound(batch: EncounterBatch, refusals: RefusalList, row: int) -> np.ndarray:
    same = batch.person_a.texts.take(pa.array(batch.person_a.codes)).to_numpy(zero_copy_only=False)
    same = same == batch.person_b.texts.take(pa.array(batch.person_b.codes)).to_numpy(zero_copy_only=False)
    backwards = batch.end < batch.start
    absurd = (batch.start < EARLIEST) | (batch.end > LATEST)
    for i in np.flatnonzero(same | backwards | absurd):
        if same[i]:
            refusals.add(row + i, "log.met_oneself")
        elif absurd[i]:
            refusals.add(row + i, "log.instant_absurd", instant=int(batch.start[i]))
        else:
            refusals.add(row + i, "log.ends_before_start")
    return np.flatnonzero(~(same | backwards | absurd))


def _close(change: Change, record: RecordWriter) -> None:
    made = record.close()
    if made:
        change.manifest.encounter_records.append(made)
        fold_records(change, change.manifest.encounter_records, ENCOUNTERS)
