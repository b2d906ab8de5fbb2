"""Text tables: commas, tabs or semicolons, in UTF-8, UTF-16 or GB18030, read in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from suyuan.gateways.columns import KNOWN_COLUMNS
from suyuan.gateways.mapping import Mapping as TableMapping
from suyuan.gateways.reading import Chunk
from suyuan.gateways.survey import Recoder, choose_delimiter, first_record, read_head, survey_text
from suyuan.terms import BadInput

SMALLEST_BLOCK, LARGEST_BLOCK = 1 << 16, 1 << 22  # Arrow reads up to 32 blocks ahead: this bounds the memory
BYTES_A_ROW = 64


class DelimitedSource:
    """A text table.

    Parameters
    ----------
    path
        The file.
    mapping
        May declare delimiter, encoding, and that there is no header.

    Raises
    ------
    BadInput
        If the file is empty or no text.
    """

    def __init__(self, path: str, mapping: TableMapping) -> None:
        self.path = path
        self._survey = survey_text(path, mapping.file.encoding)
        head = read_head(path, self._survey)
        names = {str(mapping.columns.get(name, name)) for name in KNOWN_COLUMNS}
        self._delimiter = mapping.file.delimiter or choose_delimiter(head, names)
        cells, lines = first_record(head, self._delimiter)
        self._header_lines = lines if mapping.file.header else 0
        self.headers = cells if mapping.file.header else [str(place) for place in range(1, len(cells) + 1)]

    def chunks(self, found: Mapping[str, str], batch_rows: int) -> Iterator[Chunk]:
        """Read blocks of about ``batch_rows`` rows."""
        waiting: list[tuple[int, str]] = []
        next_row = self._header_lines + 1
        for batch in _gathered(self._batches(found, batch_rows, waiting), batch_rows):
            rows = _row_numbers(next_row, len(batch), [row for row, _ in waiting])
            next_row = int(rows[-1]) + 1 if len(rows) else next_row
            n_met = sum(row < next_row for row, _ in waiting)
            met = tuple(waiting[:n_met])
            del waiting[:n_met]
            columns = {ours: batch.column(place) for place, ours in enumerate(found)}
            yield _without_blank(Chunk(columns, rows, met))
        if waiting:
            empty = {ours: pa.array([], pa.string()) for ours in found}
            yield Chunk(empty, np.zeros(0, np.int64), tuple(waiting))

    def _batches(
        self, found: Mapping[str, str], batch_rows: int, misfits: list[tuple[int, str]]
    ) -> Iterator[pa.RecordBatch]:
        def set_aside(row: Any) -> str:
            misfits.append((row.number, row.text))
            return "skip"

        places = [self.headers.index(theirs) for theirs in found.values()]
        names = [f"c{place}" for place in places]
        block = min(max(batch_rows * BYTES_A_ROW, SMALLEST_BLOCK), LARGEST_BLOCK)
        try:
            yield from pacsv.open_csv(
                self._stream(),
                pacsv.ReadOptions(
                    use_threads=False,
                    block_size=block,
                    skip_rows=self._header_lines,
                    column_names=[f"c{place}" for place in range(len(self.headers))],
                ),
                pacsv.ParseOptions(
                    delimiter=self._delimiter,
                    newlines_in_values=self._survey.quoted,
                    ignore_empty_lines=False,
                    invalid_row_handler=set_aside,
                ),
                pacsv.ConvertOptions(
                    check_utf8=False,  # the survey has done it
                    include_columns=names,
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as fault:
            if "Empty CSV" not in str(fault) and "Could not skip" not in str(fault):  # a header and nothing below it
                raise BadInput("reading.broken_text", path=self.path, detail=fault) from fault

    def _stream(self) -> pa.NativeFile:
        if not self._survey.clean:
            return pa.PythonFile(Recoder(self.path, self._survey), mode="r")
        file = pa.OSFile(self.path)
        file.seek(self._survey.n_mark_bytes)
        return file


def _gathered(batches: Iterator[pa.RecordBatch], batch_rows: int) -> Iterator[pa.RecordBatch]:
    """Put blocks together until they hold about ``batch_rows`` rows."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= batch_rows:
            yield pa.concat_batches(held)
            held = []
    if held:
        yield pa.concat_batches(held)


def _row_numbers(first: int, n_rows: int, left_out: list[int]) -> npt.NDArray[np.int64]:
    """Give numbers to ``n_rows`` kept rows from ``first`` on, stepping over the row numbers that were set aside."""
    kept = np.arange(n_rows, dtype=np.int64)
    # the i-th row set aside has (its number - first - i) kept rows before it
    kept_before = np.array(left_out, np.int64) - first - np.arange(len(left_out))
    return first + kept + np.searchsorted(kept_before, kept, side="right")


def _without_blank(chunk: Chunk) -> Chunk:
    """Leave out rows in which every column that is read is empty; they are counted."""
    blank = np.ones(len(chunk.rows), np.bool_)
    for column in chunk.columns.values():
        if not blank.any():
            return chunk
        blank &= np.asarray(pc.equal(column, ""))
    if not blank.any():
        return chunk
    keep = pa.array(~blank)
    columns = {name: column.filter(keep) for name, column in chunk.columns.items()}
    return Chunk(columns, chunk.rows[~blank], chunk.misfits, int(blank.sum()))
