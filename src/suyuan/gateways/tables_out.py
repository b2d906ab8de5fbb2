"""Tables that leave: CSV line by line, Excel into a file, flat in memory, and nothing in them runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from suyuan.terms import BadInput

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that a spreadsheet takes for a formula, the wide signs of East Asian editions among them."""
MOST_ROWS = 1_048_575
"""Of one Excel sheet, below its header."""
AT_ONCE = 200


def guarded(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run; ``import_fields.Row`` takes it off again.

    Examples
    --------
    >>> guarded("=1+1"), guarded("+8613912345678"), guarded("'=x"), guarded(-3), guarded("ward 3")
    ("'=1+1", "'+8613912345678", "''=x", -3, 'ward 3')
    """
    if not isinstance(value, str):
        return value
    risky = value.startswith(FORMULA) or (value.startswith("'") and value[1:].startswith((*FORMULA, "'")))
    return f"'{value}" if risky else value


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Write a table as CSV, some lines at a time; it begins with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    yield b"\xef\xbb\xbf"
    for n, row in enumerate(rows, 1):
        writer.writerow(["" if value is None else guarded(value) for value in row])
        if n % AT_ONCE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def write_sheet(path: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table as an Excel file and return how many rows it has.

    Raises
    ------
    BadInput
        If there are more rows than a sheet takes.
    """
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        head = book.add_format({"bold": True, "bg_color": "#22313F", "font_color": "white"})
        for column, word in enumerate(header):
            sheet.set_column(column, column, 18)
            sheet.write_string(0, column, word, head)
        return _write_rows(sheet, rows)
    finally:
        book.close()


def _write_rows(sheet: Any, rows: Iterable[Sequence[Any]]) -> int:
    n = 0
    for n, row in enumerate(rows, 1):
        if n > MOST_ROWS:
            raise BadInput("exports.sheet_full", most=f"{MOST_ROWS:,}")
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(n, column, value)
            elif value:
                sheet.write_string(n, column, guarded(str(value)))
    return n
