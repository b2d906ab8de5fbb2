"""CSV that a spreadsheet cannot be tricked with."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from suyuan.reporting.whole_files import whole_file

# a cell that begins with one of these is run as a formula when the file is opened by a double click; the full-width
# forms are folded to the plain ones by East Asian editions of the spreadsheet programs
FORMULA_START = "^[=+\\-@\t\r\n＝＋－＠]"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def guarded(table: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe in front of every text that a spreadsheet would run as a formula.

    References
    ----------
    OWASP, "CSV Injection". The apostrophe makes the cell text; Parquet and Excel outputs keep the bare value.
    """
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    risky = [pl.col(name).str.contains(FORMULA_START) for name in texts]
    return table.with_columns(
        pl.when(test).then(pl.concat_str(pl.lit("'"), pl.col(name))).otherwise(pl.col(name)).alias(name)
        for name, test in zip(texts, risky, strict=True)
    )


def write_csv(table: pl.DataFrame, path: Path, *, marked: bool = False) -> Path:
    """Write a table as CSV (UTF-8, comma, local times as ISO 8601 with offset).

    Parameters
    ----------
    marked
        Begin with a byte order mark. Chinese Excel takes an unmarked file for GBK and shows rubbish; R's
        ``read.csv`` takes the mark for a part of the first heading. So files for officers carry it in Chinese,
        files for programs never.
    """
    with whole_file(path) as part, part.open("wb") as file:
        if marked:
            file.write(BYTE_ORDER_MARK)
        guarded(table).write_csv(file, datetime_format="%Y-%m-%dT%H:%M:%S%:z", float_precision=6)
    return path


def write_parquet(table: pl.DataFrame, path: Path) -> Path:
    """Write a table as Parquet (zstd)."""
    with whole_file(path) as part:
        table.write_parquet(part, compression="zstd")
    return path
