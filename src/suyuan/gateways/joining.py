"""Records of a sampling device put together to encounters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.exposure.log.batch import Coded, EncounterBatch

SPAN = np.int64(1) << np.int64(34)  # seconds; far past any believable instant, so that groups do not touch


def join_records(batch: EncounterBatch, gap_seconds: int) -> EncounterBatch:
    """Join records of one pair, setting and source that overlap or lie no further apart than a gap.

    Parameters
    ----------
    batch
        In any order; who is a and who is b means nothing.
    gap_seconds
        Largest time from the end of one record to the start of the next, 0 or more.

    Returns
    -------
    EncounterBatch
        Sorted by pair and start; each lasts from the first start to the last end of its records.

    Examples
    --------
    >>> ids, at = Coded.of(["a", "a"]), np.array([0, 20])
    >>> two = EncounterBatch(ids, Coded.of(["b", "b"]), Coded.constant("", 2), np.zeros(2, np.uint8), at, at + 20)
    >>> join_records(two, 0).end.tolist()
    [40]
    """
    if not len(batch):
        return batch
    people = pc.unique(pa.concat_arrays([batch.person_a.texts, batch.person_b.texts]))
    one, other = _codes_in(people, batch.person_a), _codes_in(people, batch.person_b)
    low, high = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((batch.start, batch.source.codes, batch.setting, high, low))
    keys = (low[order], high[order], batch.setting[order], batch.source.codes[order])
    start, end = batch.start[order], batch.end[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = _differ(keys) | _apart(_differ(keys), start, end, gap_seconds)
    begins = np.flatnonzero(first)
    return EncounterBatch(
        person_a=Coded(low[order][begins], people),
        person_b=Coded(high[order][begins], people),
        source=Coded(keys[3][begins], batch.source.texts),
        setting=keys[2][begins],
        start=start[begins],
        end=np.maximum.reduceat(end, begins),
    )


def _codes_in(texts: pa.Array, column: Coded) -> npt.NDArray[np.int32]:
    where = np.asarray(pc.index_in(column.texts, value_set=texts)).astype(np.int32)
    return where[column.codes]


def _differ(keys: tuple[npt.NDArray[np.generic], ...]) -> npt.NDArray[np.bool_]:
    differ = np.zeros(len(keys[0]) - 1, np.bool_)
    for key in keys:
        differ |= key[1:] != key[:-1]
    return differ


def _apart(
    differ: npt.NDArray[np.bool_], start: npt.NDArray[np.int64], end: npt.NDArray[np.int64], gap_seconds: int
) -> npt.NDArray[np.bool_]:
    """Whether each record but the first starts after the latest end so far in its group, and the gap."""
    group = np.concatenate([[0], np.cumsum(differ)])
    latest = np.maximum.accumulate(group * SPAN + end) - group * SPAN
    return start[1:] > latest[:-1] + gap_seconds


def concatenate(parts: Sequence[EncounterBatch]) -> EncounterBatch:
    """Put several batches into one; at least one is needed."""
    return EncounterBatch(
        person_a=_one_list([part.person_a for part in parts]),
        person_b=_one_list([part.person_b for part in parts]),
        source=_one_list([part.source for part in parts]),
        setting=np.concatenate([part.setting for part in parts]),
        start=np.concatenate([part.start for part in parts]),
        end=np.concatenate([part.end for part in parts]),
    )


def _one_list(columns: Sequence[Coded]) -> Coded:
    texts = pc.unique(pa.concat_arrays([column.texts for column in columns]))
    return Coded(np.concatenate([_codes_in(texts, column) for column in columns]), texts)
