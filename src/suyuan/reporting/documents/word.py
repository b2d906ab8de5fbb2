"""A report as a Word file that any office program can open and finish."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import IO, TYPE_CHECKING

from suyuan.reporting.documents.model import Block, Document, Paragraph, Table, printable

if TYPE_CHECKING:
    from docx.document import Document as WordDocument


def write_docx(document: Document, stream: IO[bytes]) -> None:
    """Write a document as a Word file, A4.

    Parameters
    ----------
    document
        What to write.
    stream
        Receives the file.

    Notes
    -----
    The file names fonts that Chinese office programs have (宋体, 黑体) and embeds none. Equal documents give equal
    bytes: the times inside the file are the document's own.
    """
    import docx

    from suyuan.reporting.documents import word_marks, word_parts

    document = printable(document)
    word = docx.Document()
    word_parts.set_styles(word)
    word_parts.set_properties(word, document)
    word_marks.mark_pages(word.sections[0], document.marking)
    _open(word, document)
    for section in document.sections:
        word.add_heading(section.title, level=1)
        for block in section.blocks:
            _add_block(word, block, document.lang)
    kept = BytesIO()
    word.save(kept)
    _settle(kept, stream)


def _open(word: WordDocument, document: Document) -> None:
    from suyuan.reporting.documents import word_parts

    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.subtitle, style="Subtitle")
    pairs = (*document.particulars, ("", "")) if len(document.particulars) % 2 else document.particulars
    rows = [(*pairs[number], *pairs[number + 1]) for number in range(0, len(pairs), 2)]
    word_parts.add_grid(word, rows, (0.16, 0.34, 0.16, 0.34), shaded=(0, 2))


def _add_block(word: WordDocument, block: Block, lang: str) -> None:
    from suyuan.reporting.documents import word_parts

    if isinstance(block, Table):
        if block.caption:
            word.add_paragraph(block.caption, style="Caption")
        word_parts.add_grid(word, (block.heading, *block.rows), block.widths, heading=True)
        return
    _add_paragraph(word, block, lang)


def _add_paragraph(word: WordDocument, block: Paragraph, lang: str) -> None:
    from docx.shared import Pt, RGBColor

    style = {"own": "Quote", "item": "List Bullet"}.get(block.tone, "Normal")
    paragraph = word.add_paragraph(style=style)
    run = paragraph.add_run(block.text)
    if block.tone == "missing":
        run.font.color.rgb = RGBColor(146, 64, 14)
    elif block.tone == "fact" and lang == "zh":
        paragraph.paragraph_format.first_line_indent = Pt(21)


def _settle(kept: BytesIO, stream: IO[bytes]) -> None:
    """Copy the package with fixed times, which the library takes from the clock."""
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(entry))
