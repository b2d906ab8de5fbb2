"""The record: every version of every visit that was ever acknowledged, as Parquet, in order of arrival."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from suyuan.exposure.log.arrays import force_to_disk
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.manifest import RecordFile
from suyuan.exposure.log.numbering import NumberedVisits

VERBS = ("add", "withdraw", "replace", "correct")
"""``add`` and ``correct`` bring a version to life; ``withdraw`` and ``replace`` end every equal one before them."""

WORD = pa.dictionary(pa.int32(), pa.string())
STAMP = [
    ("row", pa.int64()),
    ("verb", WORD),
    ("recorded_at", pa.int64()),
    ("supersedes", pa.int64()),
    ("reason", WORD),
]
VISITS = pa.schema(
    [
        *STAMP,
        ("person", pa.uint32()),
        ("cell", pa.uint32()),
        ("t_in", pa.int64()),
        ("t_out", pa.int64()),
        ("confidence", pa.float32()),
    ]
)
ENCOUNTERS = pa.schema(
    [
        *STAMP,
        ("person_a", pa.uint32()),
        ("person_b", pa.uint32()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("setting", pa.uint8()),
        ("source", pa.uint16()),
    ]
)
WHOLE = ("row", "recorded_at", "supersedes", "person", "cell", "t_in", "t_out", "person_a", "person_b", "start", "end")
GROUP_ROWS = 1 << 20


class Stamp(NamedTuple):
    """How versions came to be: the verb, when, which rows of the record they follow from, and why."""

    verb: str
    recorded_at: int
    supersedes: list[int] | None = None
    reasons: Sequence[str] | None = None


class RecordWriter:
    """Writes versions to one new record file as they stream by.

    Notes
    -----
    Whole numbers are delta-encoded and not compressed further: 10.7 bytes a version at 68 ns, where plain columns
    with zstd take 13.0 bytes at 143 ns and lz4 20.9 bytes at 93 ns (one core, a million random visits).
    """

    def __init__(self, change: Change, schema: pa.Schema = VISITS) -> None:
        self._change = change
        self._schema = schema
        self._file: Path | None = None
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._starts: list[int] = []
        self._ends: list[int] = []
        self.n_rows = 0

    def add_visits(self, visits: NumberedVisits, stamp: Stamp) -> int:
        """Record visits.

        Returns
        -------
        int
            Row number of the first of them; the others follow.
        """
        return self.add({name: pa.array(column) for name, column in visits._asdict().items()}, stamp)

    def add(self, columns: dict[str, Any], stamp: Stamp) -> int:
        """Record versions of which the columns after the stamp are given; see :meth:`add_visits`."""
        n = len(next(iter(columns.values())))
        first = self._change.manifest.next_row
        self._change.manifest.next_row += n
        stamped = {
            "row": pa.array(np.arange(first, first + n)),
            "verb": pa.DictionaryArray.from_arrays(np.full(n, VERBS.index(stamp.verb), np.int32), list(VERBS)),
            "recorded_at": pa.array(np.full(n, stamp.recorded_at, np.int64)),
            "supersedes": pa.array(stamp.supersedes, pa.int64()) if stamp.supersedes else pa.nulls(n, pa.int64()),
            "reason": _reasons(stamp.reasons, n),
        }
        table = pa.table({**stamped, **columns}, schema=self._schema)
        self.add_table(table)
        return first

    def add_table(self, table: pa.Table) -> None:
        """Write a table of versions as it is."""
        if not len(table):
            return
        self.n_rows += len(table)
        start, end = (
            table.column(name) for name in (("t_in", "t_out") if self._schema is VISITS else ("start", "end"))
        )
        self._starts.append(pc.min(start).as_py())
        self._ends += pc.min_max(end).as_py().values()
        self._waiting.append(table)
        self._n_waiting += len(table)
        if self._n_waiting >= GROUP_ROWS:
            self._flush()

    def close(self) -> RecordFile | None:
        """Force the file to the disk.

        Returns
        -------
        RecordFile or None
            The manifest's line; None where nothing was recorded.
        """
        if not self.n_rows:
            return None
        self._flush()
        if self._writer is None or self._file is None:
            return None
        self._writer.close()
        force_to_disk(self._file)
        return RecordFile(self._file.name, self.n_rows, min(self._starts), min(self._ends), max(self._ends))

    def _flush(self) -> None:
        if self._writer is None:
            self._file = self._change.new_file("record" if self._schema is VISITS else "met", ".parquet")
            self._writer = pq.ParquetWriter(
                self._file,
                self._schema,
                compression="none",
                use_dictionary=[name for name in self._schema.names if name not in WHOLE],
                column_encoding={name: "DELTA_BINARY_PACKED" for name in WHOLE if name in self._schema.names},
                write_statistics=["t_out", "end"],
            )
        if self._waiting:
            table = pa.concat_tables(self._waiting).unify_dictionaries()
            self._writer.write_table(table, row_group_size=GROUP_ROWS)
        self._waiting = []
        self._n_waiting = 0


def _reasons(reasons: Sequence[str] | None, n: int) -> pa.Array:
    if reasons:
        return pa.array(reasons, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(pa.nulls(n, pa.int32()), pa.array([], pa.string()))


def read_versions(path: Path, entries: list[RecordFile], columns: list[str] | None = None) -> Iterator[pa.Table]:
    """Read record files a row group at a time, oldest first."""
    for entry in entries:
        with pq.ParquetFile(path / entry.file, read_dictionary=["verb", "reason"]) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group, columns=columns, use_threads=False)


def versions_of(path: Path, entries: list[RecordFile], columns: tuple[str, ...], person: int) -> pa.Table:
    """Find all versions that concern a person; ``columns`` name the columns that hold persons."""
    schema = VISITS if columns == ("person",) else ENCOUNTERS
    found = [schema.empty_table()]
    for table in read_versions(path, entries):
        mask = pc.equal(table.column(columns[0]), person)
        for other in columns[1:]:
            mask = pc.or_(mask, pc.equal(table.column(other), person))
        chosen = table.filter(mask)
        if len(chosen):
            found.append(chosen.cast(schema))
    return pa.concat_tables(found).unify_dictionaries()


FOLD_FILES = 8


def fold_records(change: Change, entries: list[RecordFile], schema: pa.Schema, *, whole: bool = False) -> None:
    """Put the latest record files together once eight of one size have come, or (``whole``) all small ones.

    Notes
    -----
    Sizes go in steps of eight, so that a version is copied at most once per step, however many appends there are.
    """
    count = len(entries)
    if whole:
        start = count
        while start and entries[start - 1].rows < GROUP_ROWS:
            start -= 1
    else:
        start = count - FOLD_FILES
        if start < 0 or len({_step(entry.rows) for entry in entries[start:]}) > 1:
            return
    if count - start < 2:
        return
    writer = RecordWriter(change, schema)
    for table in read_versions(change.path, entries[start:]):
        writer.add_table(table.cast(schema))
    made = writer.close()
    if made:
        entries[start:] = [made]


def _step(rows: int) -> int:
    return max(0, (rows.bit_length() - 10) // 3)
