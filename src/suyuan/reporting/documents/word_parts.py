"""Styles, properties and tables of a Word file."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import UTC

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from suyuan.reporting.documents.model import Document
from suyuan.reporting.markup import escaped

LATIN, SONG, HEI, KAI = "Times New Roman", "宋体", "黑体", "楷体"
INK, DIM = RGBColor(20, 24, 31), RGBColor(95, 102, 112)
TEXT_MM = 166.0
CELL_PT = 9
TWIPS_PER_MM = 1440 / 25.4
# name, size in points, East Asian face, colour
STYLES = (
    ("Normal", 10.5, SONG, INK),
    ("Title", 20, HEI, INK),
    ("Subtitle", 11, SONG, DIM),
    ("Heading 1", 14, HEI, INK),
    ("Caption", 9, SONG, DIM),
    ("Quote", 10.5, KAI, INK),
    ("List Bullet", 10.5, SONG, INK),
    ("Header", 8.5, SONG, DIM),
    ("Footer", 8.5, SONG, DIM),
)


def set_styles(word: WordDocument) -> None:
    """Give the styles fonts for both scripts and set the paper to A4."""
    for name, size, face, colour in STYLES:
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name = LATIN
        style.font.size = Pt(size)
        style.font.color.rgb = colour
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
        fonts.set(qn("w:eastAsia"), face)
        _remove(style.element, "w:link", "w:pBdr")  # the template's own blue and slanted twins
        if name == "Subtitle":
            _remove(style.element, "w:numPr")
    _space(word)
    word.styles["Header"].paragraph_format.tab_stops.clear_all()
    _set_own_words(word)
    for name in ("Title", "Subtitle"):
        word.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(22)


def _set_own_words(word: WordDocument) -> None:
    """Put a bar beside the investigator's words, so that the reader knows whose sentence it is."""
    style = word.styles["Quote"]
    assert isinstance(style, ParagraphStyle)
    style.paragraph_format.left_indent = Pt(14)
    bar = '<w:left w:val="single" w:sz="12" w:space="6" w:color="5F6670"/>'
    style.element.get_or_add_pPr().insert(0, parse_xml(f"<w:pBdr {nsdecls('w')}>{bar}</w:pBdr>"))


def _space(word: WordDocument) -> None:
    for name, before, after in (("Normal", 0, 4), ("Heading 1", 14, 4), ("Caption", 4, 2), ("Title", 0, 6)):
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.keep_with_next = name in {"Heading 1", "Caption"}


def _remove(element: BaseOxmlElement, *names: str) -> None:
    for name in names:
        for found in list(element.iter(qn(name))):
            found.getparent().remove(found)


def set_properties(word: WordDocument, document: Document) -> None:
    """Write title, language and the document's own time into the file; the library's template has others."""
    properties = word.core_properties
    made = document.made_at
    made = (made if made.tzinfo is None else made.astimezone(UTC)).replace(tzinfo=None, microsecond=0)
    properties.title = document.title
    properties.subject = document.subtitle
    properties.author = properties.last_modified_by = "Suyuan"
    properties.comments = ""
    properties.language = "zh-CN" if document.lang == "zh" else "en-GB"
    properties.created = properties.modified = made


def add_grid(
    word: WordDocument,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    heading: bool = False,
    shaded: Sequence[int] = (),
) -> None:
    """Add a table with fixed columns.

    Rows are written as XML: through the library's cells five thousand rows take fifteen times as long.
    """
    grid = word.add_table(rows=0, cols=len(widths), style="Table Grid")
    twips = [round(TEXT_MM * width / sum(widths) * TWIPS_PER_MM) for width in widths]
    for column, width in zip(grid._tbl.tblGrid.findall(qn("w:gridCol")), twips, strict=True):
        column.set(qn("w:w"), str(width))
    _fix_layout(grid._tbl.tblPr)
    written = [
        _row(row, twips, range(len(row)) if heading and number == 0 else shaded, repeated=heading and number == 0)
        for number, row in enumerate(rows)
    ]
    for row in list(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(written)}</w:tbl>")):
        grid._tbl.append(row)
    after = word.add_paragraph()
    after.paragraph_format.space_after = Pt(0)


def _fix_layout(properties: BaseOxmlElement) -> None:
    for old in properties.findall(qn("w:tblLayout")):
        properties.remove(old)
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    look = properties.find(qn("w:tblLook"))
    properties.insert(len(properties) if look is None else properties.index(look), layout)


def _row(cells: Sequence[str], twips: Sequence[int], shaded: Container[int], *, repeated: bool) -> str:
    inside = "".join(
        _cell(text, width, shaded=number in shaded)
        for number, (text, width) in enumerate(zip(cells, twips, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if repeated else ''}</w:trPr>{inside}</w:tr>"


def _cell(text: str, twips: int, *, shaded: bool) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F1F3F6"/>' if shaded else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escaped(line)}</w:t>' for line in text.split("\n"))
    spacing = '<w:pPr><w:spacing w:before="30" w:after="30"/></w:pPr>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p>{spacing}<w:r><w:rPr><w:sz w:val="{CELL_PT * 2}"/></w:rPr>{lines}</w:r></w:p></w:tc>'
    )
