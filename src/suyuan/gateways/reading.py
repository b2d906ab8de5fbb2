"""What every reader hands out: checked chunks with their rejects, and the counts that must add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from suyuan.gateways.faults import BITS, Faults
from suyuan.gateways.options import ReadOptions
from suyuan.gateways.rejects import Rejects
from suyuan.terms import PLACE_KINDS

T = TypeVar("T")


class Chunk(NamedTuple):
    """Some rows of a table, as they are.

    Parameters
    ----------
    columns
        Our name to Arrow array, all of one length.
    rows
        int64, shape (rows,): number of each row in the file.
    misfits
        Rows with the wrong number of columns that were met with this chunk: number and text.
    n_blank
        Wholly empty rows left out here.
    """

    columns: dict[str, pa.Array]
    rows: npt.NDArray[np.int64]
    misfits: tuple[tuple[int, str], ...] = ()
    n_blank: int = 0


class Source(Protocol):
    """A table that can be read in chunks."""

    path: str
    headers: list[str]

    def chunks(self, found: Mapping[str, str], batch_rows: int) -> Iterator[Chunk]:
        """Read the columns ``found`` (our name to theirs), about ``batch_rows`` rows at a time."""
        ...


@dataclass(slots=True)
class Counts:
    """What became of the rows; ``n_read == n_good + n_bad`` at every moment.

    Parameters
    ----------
    n_blank
        Wholly empty lines of a text file or sheet: not read as rows.
    n_stay_assumed
        Good rows whose ``t_out`` was missing and taken from the mapping.
    n_joined
        Good device records that were joined to another; encounters handed out = ``n_good - n_joined``.
    reasons
        Bad rows by first reason.
    """

    n_read: int = 0
    n_good: int = 0
    n_bad: int = 0
    n_blank: int = 0
    n_stay_assumed: int = 0
    n_joined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


class Reading(Generic[T]):
    """An iterator of (good rows, rejects) over one table, with running counts.

    Parameters
    ----------
    path
        Name of the table.
    begin
        Starts reading; given the counts to keep. Called once by each iteration.
    """

    def __init__(self, path: str, begin: Callable[[Counts], Iterator[tuple[T, Rejects]]]) -> None:
        self.path, self._begin, self.counts = path, begin, Counts()

    def __iter__(self) -> Iterator[tuple[T, Rejects]]:
        self.counts = Counts()
        return self._begin(self.counts)


def gather_rejects(chunk: Chunk, faults: Faults, found: Mapping[str, str], options: ReadOptions) -> Rejects:
    """Collect the bad rows of a chunk, misfits included, in the order of the file."""
    bad = np.flatnonzero(~faults.good()) if faults.any() else np.zeros(0, np.intp)
    numbers = np.concatenate([chunk.rows[bad], np.array([number for number, _ in chunk.misfits], np.int64)])
    bits = np.concatenate([faults.bits()[bad], np.full(len(chunk.misfits), BITS["wrong_columns"])])
    order = np.argsort(numbers, kind="stable")
    columns: dict[str, pa.Array] = {}
    for ours, theirs in found.items():
        texts = as_text(chunk.columns[ours].take(pa.array(bad)))
        padded = pa.concat_arrays([texts, pa.nulls(len(chunk.misfits), pa.string())])
        columns[theirs] = padded.take(pa.array(order))
    lines = pa.array([None] * len(bad) + [text for _, text in chunk.misfits], pa.string())
    original = pa.table({**columns, "line": lines.take(pa.array(order))})
    return Rejects(numbers[order], bits[order], original, told(options))


def told(options: ReadOptions) -> dict[str, object]:
    """Give the values that the sentences of rejected rows may name."""
    return {
        "max_stay_days": options.max_stay_days,
        "timezone": options.zone_name,
        "now": options.now.isoformat(timespec="minutes"),
        "kinds": ", ".join(PLACE_KINDS),
    }


def count_chunk(counts: Counts, chunk: Chunk, rejects: Rejects) -> None:
    """Add one chunk to the counts."""
    counts.n_read += len(chunk.rows) + len(chunk.misfits)
    counts.n_bad += len(rejects)
    counts.n_good += len(chunk.rows) + len(chunk.misfits) - len(rejects)
    counts.n_blank += chunk.n_blank
    counts.reasons.update(rejects.by_reason())


def as_text(column: pa.Array) -> pa.Array:
    """Write any column as text, the way its owner would recognise it."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
