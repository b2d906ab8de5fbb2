"""Word and PDF files of a case report."""

from __future__ import annotations

import re
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PageObject, PdfReader
from pypdf.generic import NameObject

from suyuan.reporting.case_report import NamedContact, Stop, Trail
from suyuan.reporting.case_report_compose import compose
from suyuan.reporting.documents import FONT_VARIABLE, Document, Font, find_font, write_docx, write_pdf
from suyuan.terms import LANGUAGES, NothingFound

sys.path.insert(0, str(Path(__file__).parent))
from case_report_example import BARE, FULL, HEADING, at


@pytest.fixture(scope="module")
def font() -> Font:
    """A font with Chinese characters, or a skip that says why."""
    try:
        return find_font()
    except NothingFound as absent:
        pytest.skip(absent.sentence("en"))


def pdf_of(document: Document, font: Font) -> bytes:
    """The PDF as bytes."""
    stream = BytesIO()
    write_pdf(document, stream, font)
    return stream.getvalue()


def pages_of(made: bytes) -> list[PageObject]:
    """The pages, readable also if the machine's font has another outline format than the package's.

    fpdf2 gives fonts with cubic outlines a code table of their own, which pypdf cannot read; the table back to Unicode
    is all that is needed, and it is the same for both.
    """
    pages = list(PdfReader(BytesIO(made)).pages)
    for page in pages:
        for reference in page["/Resources"]["/Font"].values():
            reference.get_object()[NameObject("/Encoding")] = NameObject("/Identity-H")
    return pages


def word_of(document: Document) -> bytes:
    """The Word file as bytes."""
    stream = BytesIO()
    write_docx(document, stream)
    return stream.getvalue()


def squeezed(text: str) -> str:
    """A text without blanks and line feeds, which line breaking moves about."""
    return re.sub(r"\s+", "", text)


def texts_of(document: Document) -> list[str]:
    """Every text of a document's sections."""
    found = []
    for section in document.sections:
        found.append(section.title)
        for block in section.blocks:
            found += (
                [block.text] if hasattr(block, "text") else [*block.heading, *(c for row in block.rows for c in row)]
            )
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_is_in_the_pdf(lang, font):
    """What the document says can be found and copied in the PDF, Chinese and Latin."""
    document = compose(replace(FULL, heading=replace(HEADING, state="reviewed")), lang)
    pages = pages_of(pdf_of(document, font))
    whole = squeezed("".join(page.extract_text() for page in pages))
    words = {word for text in texts_of(document) for word in re.findall(r"[\u4e00-\u9fff]{2,4}|[A-Za-z0-9]{4,}", text)}
    assert len(words) > 100
    assert {word for word in words if word not in whole and len(word) <= 3} == set()


def test_every_page_carries_number_version_and_confidentiality(font):
    """Header, footer, page number and mark stand on each page of an unreviewed report."""
    pages = pages_of(pdf_of(compose(FULL, "zh"), font))
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        text = squeezed(page.extract_text())
        assert squeezed(f"第 {number} 页，共 3 页") in text
        assert "病例JW-0305-001" in text
        assert "第2版" in text
        assert "不得复制、外传或公开" in text


def test_the_mark_is_drawn_until_the_review(font):
    """The large word is in the PDF of a draft and not in that of a reviewed report."""
    draft = pdf_of(compose(BARE, "en"), font)
    reviewed = pdf_of(compose(replace(BARE, heading=replace(BARE.heading, state="reviewed")), "en"), font)
    assert "DRAFT" in pages_of(draft)[0].extract_text()
    assert "DRAFT" not in pages_of(reviewed)[0].extract_text()


def test_only_used_glyphs_are_embedded(font):
    """A file of three pages stays small although the font has ten megabytes, and no font is left outside."""
    made = pdf_of(compose(FULL, "zh"), font)
    assert len(made) < 200_000
    fonts = pages_of(made)[0]["/Resources"]["/Font"]
    for reference in fonts.values():
        descriptor = reference.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_equal_reports_are_equal_files(font):
    """Nothing in the files is taken from the clock."""
    document = compose(FULL, "zh")
    assert pdf_of(document, font) == pdf_of(document, font)
    assert word_of(document) == word_of(document)


def test_thousands_of_contacts_fit(font):
    """A list of 5,000 contacts is whole in both files, and each page repeats the heading."""
    many = tuple(
        NamedContact(f"P{number:06d}", "close", "张某", "同事", at(4, 9), "好味餐馆大厅", "已转运集中隔离")
        for number in range(5000)
    )
    document = compose(replace(BARE, contacts=many), "zh")
    made = pdf_of(document, font)
    assert len(made) < 2_000_000
    pages = pages_of(made)
    assert "P004999" in pages[-1].extract_text()
    assert "人员编号" in squeezed(pages[-1].extract_text())
    written = word_of(document)
    assert len(written) < 1_000_000
    with zipfile.ZipFile(BytesIO(written)) as package:
        assert package.read("word/document.xml").count(b"<w:tr>") == 5000 + 1 + 6


def test_a_row_taller_than_a_page_is_cut_not_lost(font):
    """A statement of 8,000 characters in one cell goes over several pages."""
    stop = Stop(at(2, 8), at(2, 9), "市场", what="逐摊询问" * 2000 + "终")
    document = compose(replace(BARE, trail=Trail(stops=(stop,))), "zh")
    pages = pages_of(pdf_of(document, font))
    whole = squeezed("".join(page.extract_text() for page in pages))
    assert whole.count("终") >= 1
    assert len(pages) > 5


def test_characters_the_font_lacks_are_listed(font, caplog):
    """A box in the text is explained at the end, and the character, part of a name perhaps, is in no log."""
    report = replace(BARE, person=replace(BARE.person, address="村口 \U00013000 号"))
    with caplog.at_level("DEBUG"):
        pages = pages_of(pdf_of(compose(report, "en"), font))
    assert "U+13000" in pages[-1].extract_text()
    assert "村口□号" in squeezed(pages[0].extract_text())
    assert "\U00013000" not in caplog.text


def test_hostile_text_breaks_no_file(font):
    """Control characters, direction overrides, markup and page variables stay text."""
    nasty = "a\x00b\u202ec <w:p> & {nb} {page}\r\nd"
    document = compose(replace(BARE, own={"basics": nasty}, person=replace(BARE.person, address=nasty)), "en")
    text = squeezed("".join(page.extract_text() for page in pages_of(pdf_of(document, font))))
    assert "<w:p>&{nb}{page}" in text
    shown = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(word_of(document))).paragraphs)
    assert "<w:p> & {nb} {page}" in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_word_file_opens_with_everything_in_it(lang):
    """Every heading, paragraph and cell can be read back; styles name fonts for both scripts."""
    document = compose(FULL, lang)
    word = docx.Document(BytesIO(word_of(document)))
    whole = "\n".join(
        [paragraph.text for paragraph in word.paragraphs]
        + [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    )
    assert not [text for text in texts_of(document) if text not in whole]
    fonts = word.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "宋体"
    assert fonts.get(qn("w:eastAsiaTheme")) is None
    assert word.core_properties.author == "Suyuan"
    assert word.core_properties.title == document.title


def test_every_page_of_the_word_file_is_marked():
    """Header with number, version and page fields, footer with the confidentiality line, mark until the review."""
    word = docx.Document(BytesIO(word_of(compose(FULL, "zh"))))
    header = word.sections[0].header
    assert "JW-0305-001 · 第 2 版" in header.paragraphs[0].text
    xml = header.paragraphs[0]._p.xml
    assert [name for name in (" PAGE ", " NUMPAGES ") if f'w:instr="{name}"' in xml] == [" PAGE ", " NUMPAGES "]
    assert 'string="待审核"' in xml
    assert "不得复制" in word.sections[0].footer.paragraphs[0].text
    reviewed = docx.Document(BytesIO(word_of(compose(replace(FULL, heading=replace(HEADING, state="reviewed")), "zh"))))
    assert "textpath" not in reviewed.sections[0].header.paragraphs[0]._p.xml


def test_tables_of_the_word_file_repeat_their_heading():
    """The first row of each list is a heading row, the box of particulars has none."""
    tables = docx.Document(BytesIO(word_of(compose(FULL, "en")))).tables
    repeated = [table._tbl.findall(f".//{qn('w:tblHeader')}") for table in tables]
    assert [len(rows) for rows in repeated] == [0] + [1] * (len(tables) - 1)


def test_the_packaged_font_comes_first_then_the_machines(tmp_path, monkeypatch):
    """Variable, package, folders in the order of preference; with none of them the problem says how to mend it."""
    monkeypatch.delenv(FONT_VARIABLE, raising=False)
    packaged, folder = tmp_path / "packaged.ttf", tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(NothingFound) as absent:
        find_font([folder, tmp_path / "no such folder"], packaged)
    assert FONT_VARIABLE in absent.value.sentence("zh")
    (folder / "wqy-zenhei.ttc").touch()
    (folder / "NotoSansCJK-Regular.ttc").touch()
    assert find_font([folder], packaged) == Font(folder / "NotoSansCJK-Regular.ttc", 2)
    packaged.touch()
    assert find_font([folder], packaged) == Font(packaged)
    monkeypatch.setenv(FONT_VARIABLE, str(folder / "wqy-zenhei.ttc"))
    assert find_font([folder], packaged).path.name == "wqy-zenhei.ttc"
    monkeypatch.setenv(FONT_VARIABLE, str(tmp_path / "gone.ttf"))
    with pytest.raises(NothingFound, match="gone"):
        find_font([folder], packaged)
