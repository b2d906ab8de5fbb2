"""The contact list as an Excel workbook that an officer can work in and print."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from suyuan.reporting.figures import order_contacts
from suyuan.reporting.shapes import TraceTables
from suyuan.reporting.voice import Voice, civil_day
from suyuan.reporting.whole_files import whole_file

WIDTHS = {"ring": 16, "first_exposure": 17, "last_exposure": 17, "rule": 22, "quarantine": 34, "quarantine_until": 14}
NUMBER_FORMATS = {"p_infection": "0.0%", "minutes_together": "#,##0", "minutes_lingering": "#,##0"}
CIVIL_DAYS = frozenset({"date_onset", "date_sampling"})
RING_FILLS = {"close": "#F6D5C6", "contact_of_contact": "#D3E5F4", "general": "#E6E9ED", "colocated": "#F7F7F7"}
MAX_ROWS = 1_048_575
A4 = 9


def write_workbook(result: TraceTables, path: Path, voice: Voice, about: list[str]) -> Path:
    """Write contacts (and cases) as an Excel file.

    Text never becomes a formula or a link. Instants are written on the clock of the place, because Excel knows no
    time zones; the sheet of notes names the zone.

    Parameters
    ----------
    about
        Sentences for the sheet of notes.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with whole_file(path) as part:
        book = xlsxwriter.Workbook(str(part), options)
        contacts = order_contacts(result.contacts)
        _write_sheet(book, voice.say("sheet_contacts"), contacts.head(MAX_ROWS), voice)
        _write_sheet(book, voice.say("sheet_cases"), result.cases, voice)
        notes = book.add_worksheet(voice.say("sheet_notes"))
        notes.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
        if contacts.height > MAX_ROWS:
            about = [*about, voice.say("sheet_cut", shown=f"{MAX_ROWS:,}", total=f"{contacts.height:,}")]
        for row, sentence in enumerate(about):
            notes.write_string(row, 0, sentence)
        book.close()
    return path


def _write_sheet(book: Any, name: str, table: pl.DataFrame, voice: Voice) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#22313F", "font_color": "white"}
    )
    sheet.set_row(0, 32)
    for column, field in enumerate(table.columns):
        sheet.set_column(column, column, WIDTHS.get(field, 13))
        sheet.write_string(0, column, voice.heading(field), head)
    if table.height:
        sheet.autofilter(0, 0, table.height, table.width - 1)
    fills = {ring: book.add_format({"bg_color": colour, "bold": True}) for ring, colour in RING_FILLS.items()}
    formats = [_format(book, field, kind) for field, kind in table.schema.items()]
    # constant memory: rows must be written in order, one after the other
    for row, values in enumerate(table.iter_rows(), start=1):
        for column, value in enumerate(values):
            field = table.columns[column]
            style = fills.get(str(value)) if field == "ring" else formats[column]
            _write_cell(sheet, (row, column), _spoken(field, value, voice), style)


def _format(book: Any, field: str, kind: pl.DataType) -> Any:
    if kind == pl.Date or field in CIVIL_DAYS:
        return book.add_format({"num_format": "yyyy-mm-dd"})
    if isinstance(kind, pl.Datetime):
        return book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    return book.add_format({"num_format": NUMBER_FORMATS[field]}) if field in NUMBER_FORMATS else None


def _spoken(field: str, value: object, voice: Voice) -> object:
    if field == "ring" and isinstance(value, str):
        return voice.ring(value)
    if field == "rule" and isinstance(value, str):
        return voice.rule_name(value)
    if field == "quarantine":
        return voice.quarantine(value if isinstance(value, str) else None)
    if field in CIVIL_DAYS and isinstance(value, date):
        return civil_day(value, voice.timezone)
    return voice.local(value).replace(tzinfo=None) if isinstance(value, datetime) else value


def _write_cell(sheet: Any, cell: tuple[int, int], value: object, style: object) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(*cell, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(*cell, value, style)
    else:
        sheet.write_string(*cell, str(value), style)
