"""A report as PDF, with its font inside."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from suyuan.reporting.documents.fonts import Font, find_font
from suyuan.reporting.documents.model import Block, Document, Paragraph, Table, printable
from suyuan.terms import say

if TYPE_CHECKING:
    from suyuan.reporting.documents.sheet import Sheet

TITLE_PT, HEADING_PT, BODY_PT, SMALL_PT = 19.0, 13.0, 10.5, 8.5
INK, DIM, WARN, RULE = (20, 24, 31), (95, 102, 112), (146, 64, 14), (176, 182, 190)


def write_pdf(document: Document, stream: IO[bytes], font: Font | None = None) -> None:
    """Write a document as PDF, A4.

    Parameters
    ----------
    document
        What to write.
    stream
        Receives the file.
    font
        Font with Chinese characters; searched for if None.

    Raises
    ------
    NothingFound
        If no font is given and none is found.

    Notes
    -----
    Characters that the font lacks are drawn as boxes and listed after the last section, so that nobody takes a box for
    a name.
    """
    from suyuan.reporting.documents.sheet import Sheet  # fpdf2 takes most of a second to import

    document = printable(document)
    sheet = Sheet(document, font or find_font())
    sheet.add_page()
    _open(sheet, document)
    for section in document.sections:
        sheet.ln(4)
        sheet.keep(28)
        sheet.put(section.title, HEADING_PT)
        sheet.set_draw_color(*RULE)
        sheet.set_line_width(0.3)
        sheet.line(sheet.l_margin, sheet.y, sheet.w - sheet.r_margin, sheet.y)
        sheet.ln(1.8)
        for block in section.blocks:
            _put_block(sheet, block, document.lang)
    _tell_lacking(sheet, document.lang)
    stream.write(sheet.output())


def _open(sheet: Sheet, document: Document) -> None:
    sheet.put(document.title, TITLE_PT, centred=True)
    sheet.set_text_color(*DIM)
    sheet.put(document.subtitle, BODY_PT, centred=True)
    sheet.set_text_color(*INK)
    sheet.ln(3)
    pairs = document.particulars
    widths = [sheet.epw * share for share in (0.16, 0.34, 0.16, 0.34)]
    for number in range(0, len(pairs), 2):
        second = pairs[number + 1] if number + 1 < len(pairs) else ("", "")
        sheet.row((*pairs[number], *second), widths, (0, 2), ())


def _put_block(sheet: Sheet, block: Block, lang: str) -> None:
    if isinstance(block, Table):
        _put_table(sheet, block)
    elif block.tone == "own":
        _put_own(sheet, block)
    elif block.tone == "item":
        sheet.put(f"• {block.text}", BODY_PT, indent=4)
    elif block.tone == "missing":
        sheet.set_text_color(*WARN)
        sheet.put(block.text, BODY_PT)
        sheet.set_text_color(*INK)
    else:
        sheet.put(block.text, BODY_PT, first=2 * sheet.width("　", BODY_PT) if lang == "zh" else 0)
    sheet.ln(1.2)


def _put_own(sheet: Sheet, paragraph: Paragraph) -> None:
    """Put the investigator's words behind a bar, so that the reader knows whose sentence it is."""
    top, page = sheet.y, sheet.page
    sheet.put(paragraph.text, BODY_PT, indent=4)
    if sheet.page != page:
        top = sheet.t_margin
    sheet.set_draw_color(*DIM)
    sheet.set_line_width(0.7)
    sheet.line(sheet.l_margin + 1, top + 0.6, sheet.l_margin + 1, sheet.y - 0.4)


def _put_table(sheet: Sheet, table: Table) -> None:
    sheet.keep(24)
    if table.caption:
        sheet.set_text_color(*DIM)
        sheet.put(table.caption, SMALL_PT)
        sheet.set_text_color(*INK)
    widths = [sheet.epw * width / sum(table.widths) for width in table.widths]
    sheet.row(table.heading, widths, range(len(widths)), ())
    for row in table.rows:
        sheet.row(row, widths, (), table.heading)
    sheet.ln(2.5)


def _tell_lacking(sheet: Sheet, lang: str) -> None:
    if sheet.lacking:
        listed = " ".join(f"U+{ord(character):04X}" for character in sorted(sheet.lacking))
        sheet.ln(3)
        sheet.set_text_color(*WARN)
        sheet.put(say("document.lacking", lang, characters=listed), SMALL_PT)
