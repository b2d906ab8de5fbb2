"""Tables that already have columns: Parquet files, tables in memory, Excel sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import fastexcel
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from suyuan.gateways.mapping import Mapping as TableMapping
from suyuan.gateways.reading import Chunk
from suyuan.terms import BadInput


class ParquetSource:
    """A Parquet file, read batch by batch without loading it.

    Raises
    ------
    BadInput
        If it is not Parquet or damaged.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self.headers: list[str] = list(pq.read_schema(path).names)
        except (pa.ArrowInvalid, OSError) as fault:
            raise BadInput("reading.not_parquet", path=path, detail=fault) from fault

    def chunks(self, found: Mapping[str, str], batch_rows: int) -> Iterator[Chunk]:
        """Read ``batch_rows`` rows at a time; text columns come as numbers into their unique texts."""
        schema = pq.read_schema(self.path)
        texts = [name for name in found.values() if _is_text(schema.field(name).type)]
        n_before = 0
        try:
            file = pq.ParquetFile(self.path, read_dictionary=texts, memory_map=True, pre_buffer=False)
            for batch in file.iter_batches(batch_rows, columns=list(dict.fromkeys(found.values())), use_threads=False):
                yield _chunk(batch, found, n_before + 1)
                n_before += len(batch)
        except (pa.ArrowInvalid, OSError) as fault:
            raise BadInput("reading.broken_parquet", path=self.path, row=n_before + 1, detail=fault) from fault


class TableSource:
    """A table in memory: pyarrow, polars, pandas or anything else that exports an Arrow stream.

    Raises
    ------
    BadInput
        If the object is no table.
    """

    def __init__(self, table: Any, name: str = "table") -> None:
        self.path = name
        if isinstance(table, pa.RecordBatchReader):
            self._stream = table
        elif hasattr(table, "__arrow_c_stream__"):
            self._stream = pa.RecordBatchReader.from_stream(table)
        else:
            raise BadInput("reading.no_table", found=type(table).__name__)
        self.headers = list(self._stream.schema.names)

    def chunks(self, found: Mapping[str, str], batch_rows: int) -> Iterator[Chunk]:
        """Hand out slices of at most ``batch_rows`` rows."""
        n_before = 0
        for batch in self._stream:
            for begin in range(0, len(batch), batch_rows):
                part = batch.slice(begin, batch_rows)
                chunk = _chunk(part, found, n_before + 1)
                yield chunk._replace(columns={name: _singly(column) for name, column in chunk.columns.items()})
                n_before += len(part)


class SheetSource:
    """One sheet of an Excel workbook. A sheet ends at row 1,048,576, so it is read whole, as text.

    Raises
    ------
    BadInput
        If it is no workbook, the sheet is absent, or it is empty.
    """

    def __init__(self, path: str, mapping: TableMapping) -> None:
        self.path = path
        try:
            book = fastexcel.read_excel(path)
        except fastexcel.FastExcelError as fault:
            raise BadInput("reading.not_excel", path=path, detail=str(fault).splitlines()[0]) from fault
        sheet = mapping.file.sheet or book.sheet_names[0]
        if sheet not in book.sheet_names:
            raise BadInput("reading.sheet_absent", path=path, sheet=sheet, sheets=", ".join(book.sheet_names))
        cells = pl.read_excel(
            path, sheet_name=sheet, has_header=False, infer_schema_length=0, raise_if_empty=False, drop_empty_rows=False
        )
        if not cells.height:
            raise BadInput("reading.empty", path=path)
        self._first = 1 if mapping.file.header else 0
        first = [str(cell or "").strip() for cell in cells.row(0)]
        self.headers = first if mapping.file.header else [str(place + 1) for place in range(cells.width)]
        self._cells = cells.slice(self._first)

    def chunks(self, found: Mapping[str, str], batch_rows: int) -> Iterator[Chunk]:
        """Hand out the rows, wholly empty ones counted and left out."""
        places = [self._cells.columns[self.headers.index(theirs)] for theirs in found.values()]
        columns = [self._cells[place].cast(pl.String).fill_null("").to_arrow().cast(pa.string()) for place in places]
        filled = np.zeros(self._cells.height, np.bool_)
        for column in columns:
            filled |= np.asarray(pc.not_equal(column, ""))
        for begin in range(0, self._cells.height, batch_rows):
            keep = filled[begin : begin + batch_rows]
            parts = [column.slice(begin, batch_rows).filter(pa.array(keep)) for column in columns]
            rows = np.flatnonzero(keep) + begin + 1 + self._first
            yield Chunk(dict(zip(found, parts, strict=True)), rows, (), int((~keep).sum()))


def _chunk(batch: pa.RecordBatch, found: Mapping[str, str], first_row: int) -> Chunk:
    columns = {ours: _plain(batch.column(theirs)) for ours, theirs in found.items()}
    return Chunk(columns, np.arange(first_row, first_row + len(batch), dtype=np.int64))


def _singly(column: pa.Array) -> pa.Array:
    """Write out a coded column whose list names a text twice; Parquet's own lists never do."""
    if pa.types.is_dictionary(column.type) and len(pc.unique(column.dictionary)) != len(column.dictionary):
        return column.cast(column.type.value_type)
    return column


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _plain(column: pa.Array) -> pa.Array:
    """Give up layouts that few of Arrow's functions know: string views, also inside dictionaries."""
    kind = column.type
    if pa.types.is_dictionary(kind) and pa.types.is_string_view(kind.value_type):
        return pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(pa.string()))
    return column.cast(pa.string()) if pa.types.is_string_view(kind) else column
