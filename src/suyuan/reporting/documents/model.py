"""What a report consists of, before it is Word, PDF or text: sections of paragraphs and tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from suyuan.reporting.markup import UNPRINTABLE

Tone = Literal["fact", "own", "missing", "item"]


@dataclass(frozen=True, repr=False)
class Paragraph:
    """One paragraph.

    Parameters
    ----------
    text
        What it says; line feeds break the line.
    tone
        ``fact`` (written by the system), ``own`` (the investigator's words), ``missing`` (says what is not known yet)
        or ``item`` (one entry of a list).
    """

    text: str
    tone: Tone = "fact"


@dataclass(frozen=True, repr=False)
class Table:
    """One table.

    Parameters
    ----------
    caption
        Stands above it.
    heading
        Titles of the columns; repeated on every page.
    rows
        One text per column.
    widths
        Share of the line each column gets; any positive unit.

    Raises
    ------
    ValueError
        If a row or the widths have another number of columns than the heading: a mistake of the program.
    """

    caption: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]

    def __post_init__(self) -> None:
        if {len(self.heading)} != {len(self.widths), *map(len, self.rows)}:
            raise ValueError("Every row of a table needs one text per column.")


Block = Paragraph | Table


@dataclass(frozen=True, repr=False)
class Section:
    """A heading and what stands under it; ``key`` names the section in every language."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, repr=False)
class Marking:
    """What every page carries.

    Parameters
    ----------
    header
        Line at the top: the report's number, version and state.
    footer
        Line at the bottom: whose eyes it is for.
    page
        Sentence with ``{page}`` and ``{pages}``.
    watermark
        Large pale word across each page; empty when the report is reviewed.
    """

    header: str
    footer: str
    page: str
    watermark: str = ""


@dataclass(frozen=True, repr=False)
class Document:
    """A whole report in one language.

    Parameters
    ----------
    title, subtitle
        Stand on top of the first page.
    particulars
        Name and value of each line of the box under the title.
    sections
        In order.
    marking
        What every page carries.
    lang
        ``en`` or ``zh``; decides fonts and line breaking.
    made_at
        When the report was made; written into the file instead of the clock, so that equal reports are equal files.
    """

    title: str
    subtitle: str
    particulars: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    marking: Marking
    lang: str
    made_at: datetime

    def section(self, key: str) -> Section:
        """Return the section with this key."""
        return next(section for section in self.sections if section.key == key)


def printable(document: Document) -> Document:
    """Return the document with characters that no file may hold shown as the replacement character.

    Control characters are illegal in Word files, and direction overrides let a hostile name rewrite its neighbours.
    """
    marking = document.marking
    return replace(
        document,
        title=clean(document.title),
        subtitle=clean(document.subtitle),
        particulars=tuple((clean(name), clean(value)) for name, value in document.particulars),
        sections=tuple(
            Section(section.key, clean(section.title), tuple(_clean_block(block) for block in section.blocks))
            for section in document.sections
        ),
        marking=Marking(clean(marking.header), clean(marking.footer), marking.page, clean(marking.watermark)),
    )


def clean(text: str) -> str:
    r"""Return a text with one kind of line feed and nothing that cannot be printed.

    Examples
    --------
    >>> clean("a\r\nb\tc\x00")
    'a\nb c�'
    """
    return UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def _clean_block(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(clean(block.text), block.tone)
    return Table(
        clean(block.caption),
        tuple(clean(cell) for cell in block.heading),
        tuple(tuple(clean(cell) for cell in row) for row in block.rows),
        block.widths,
    )
