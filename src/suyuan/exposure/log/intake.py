"""Taking visits in: number them, put them on record, index them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from suyuan.exposure.log.batch import VisitBatch
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.index import take_in
from suyuan.exposure.log.numbering import Numbering
from suyuan.exposure.log.outcome import OnRefusal, Outcome, RefusalList
from suyuan.exposure.log.record import VISITS, RecordWriter, Stamp, fold_records
from suyuan.exposure.log.staging import Staging


def take_visits(
    change: Change, batches: Iterable[VisitBatch], recorded_at: int, on_refusal: OnRefusal | None
) -> Outcome:
    """Bring visits into a change, streaming: memory does not grow with their number.

    Parameters
    ----------
    recorded_at
        Seconds since 1970: when the log learnt of them.
    on_refusal
        Told of each row that cannot go in; None to find them in the outcome.
    """
    refusals = RefusalList(on_refusal)
    numbering, staging, record = Numbering(change), Staging(change), RecordWriter(change)
    n_rows = 0
    for batch in batches:
        visits = numbering.number(batch, refusals, n_rows)
        n_rows += len(batch)
        record.add_visits(visits, Stamp("add", recorded_at))
        staging.add(visits)
    numbering.save(change)
    made = record.close()
    if made:
        change.manifest.records.append(made)
        fold_records(change, change.manifest.records, VISITS)
    duplicates = take_in(change, staging)
    counted = Outcome(rows=n_rows, duplicates=duplicates, visits=n_rows - refusals.count - duplicates)
    return replace(counted, n_refused=refusals.count, refused=tuple(refusals.kept))
