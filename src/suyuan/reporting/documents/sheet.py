"""Pages of a PDF on fpdf2: marks on every page, lines and rows of text in one embedded font."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fpdf import FPDF

from suyuan.reporting.documents.fonts import Font
from suyuan.reporting.documents.model import Document, Marking
from suyuan.reporting.documents.wrapping import wrap

MARGIN_MM, TOP_MM, BOTTOM_MM = 22.0, 21.0, 20.0
LEADING = 1.55
BASELINE = 1.13
POINT_MM = 25.4 / 72
SMALL_PT, WATERMARK_PT, MARK_PT = 8.5, 96.0, 8.0
CELL_MM = 1.4
NUMBER_MM = 36.0
INK, DIM, RULE, SHADE, PALE = (20, 24, 31), (95, 102, 112), (176, 182, 190), (241, 243, 246), (233, 235, 238)
FAMILY = "cjk"


class Sheet(FPDF):
    """A4 pages that carry a document's marking.

    Parameters
    ----------
    document
        Whose marking, title and language the file carries.
    font
        Font with Chinese characters; only the glyphs that are used enter the file.
    """

    def __init__(self, document: Document, font: Font) -> None:
        super().__init__(format="A4", unit="mm")
        self.marking: Marking = document.marking
        self.lacking: set[str] = set()
        self._widths: dict[str, float] = {}
        self.set_margins(MARGIN_MM, TOP_MM, MARGIN_MM)
        self.set_auto_page_break(auto=False)
        self.add_font(FAMILY, fname=font.path, collection_font_number=font.face)
        self.set_font(FAMILY, size=SMALL_PT)
        self._box = "□" if self._has("□") else "?"
        self.set_title(document.title)
        self.set_lang("zh-CN" if document.lang == "zh" else "en")
        self.set_creator("Suyuan")
        self.set_creation_date(document.made_at)

    def header(self) -> None:
        """Mark a new page; called by fpdf2 before anything else is drawn on it."""
        if self.marking.watermark:
            self._watermark(self.marking.watermark)
        number = self.marking.page.format(page=self.page, pages=self.str_alias_nb_pages)
        self.set_text_color(*DIM)
        self.set_font(FAMILY, size=MARK_PT)
        self.set_xy(self.w - MARGIN_MM - NUMBER_MM, 9)
        self.cell(NUMBER_MM, MARK_PT * POINT_MM * LEADING, number, align="R")
        self.draw(self.lines(self.marking.header, MARK_PT, self.epw - NUMBER_MM)[:2], MARK_PT, MARGIN_MM, 9)
        self.draw(self.lines(self.marking.footer, MARK_PT, self.epw)[:2], MARK_PT, MARGIN_MM, self.h - 15)
        self.set_text_color(*INK)
        self.set_xy(MARGIN_MM, TOP_MM)

    def _watermark(self, word: str) -> None:
        size = min(WATERMARK_PT, WATERMARK_PT * 190 / self.width(word, WATERMARK_PT))
        self.set_text_color(*PALE)
        with self.rotation(50, x=self.w / 2, y=self.h / 2):
            left = (self.w - self.width(word, size)) / 2
            self.draw([word], size, left, self.h / 2 - size * POINT_MM * LEADING / 2)

    def lines(self, text: str, size: float, room: float, first: float = 0) -> list[str]:
        """Break a text into lines of at most ``room`` millimetres, the first one indented."""
        return wrap(text, room / size, self._one, first / size)

    def width(self, line: str, size: float) -> float:
        """Width of a line in millimetres."""
        return sum(map(self._one, line)) * size

    def _one(self, character: str) -> float:
        """Width of a character at one point; asked of the font once for each."""
        width = self._widths.get(character)
        if width is None:
            if not self._has(character):
                self.lacking.add(character)
            kept = self.font_size_pt
            self.set_font_size(100)
            shown = self._box if character in self.lacking else character
            width = self._widths[character] = self.get_string_width(shown) / 100
            self.set_font_size(kept)
        return width

    def _has(self, character: str) -> bool:
        return character.isspace() or ord(character) in getattr(self.fonts[FAMILY], "cmap", {})

    def draw(self, lines: Sequence[str], size: float, x: float, y: float) -> None:
        """Draw lines below each other, the first with its top at ``y``."""
        self.set_font(FAMILY, size=size)
        boxes = dict.fromkeys(map(ord, self.lacking), self._box)  # fpdf2 would write the characters into its log
        for number, line in enumerate(lines):
            if line:
                self.text(x, y + (number * LEADING + BASELINE) * size * POINT_MM, line.translate(boxes))

    def put(self, text: str, size: float, *, indent: float = 0, first: float = 0, centred: bool = False) -> None:
        """Write a paragraph at the present height and go below it."""
        height = size * POINT_MM * LEADING
        for number, line in enumerate(self.lines(text, size, self.epw - indent, first)):
            self.keep(height)
            left = (self.epw - self.width(line, size)) / 2 if centred else indent + (0 if number else first)
            self.draw([line], size, MARGIN_MM + left, self.y)
            self.set_xy(MARGIN_MM, self.y + height)

    def keep(self, height: float) -> bool:
        """Begin a new page unless this much fits; say whether one was begun."""
        if self.y + height <= self.h - BOTTOM_MM:
            return False
        self.add_page()
        return True

    def row(self, cells: Sequence[str], widths: Sequence[float], shaded: Sequence[int], heading: Sequence[str]) -> None:
        """Draw a row of a table; on a new page its heading comes first, and a row taller than a page is cut."""
        broken = [self.lines(cell, SMALL_PT, width - 2 * CELL_MM) for cell, width in zip(cells, widths, strict=True)]
        most = int((self.h - TOP_MM - BOTTOM_MM - 30) / (SMALL_PT * POINT_MM * LEADING))
        for part in _parts(broken, most):
            height = max(map(len, part)) * SMALL_PT * POINT_MM * LEADING + CELL_MM
            if self.keep(height) and heading:
                self.row(heading, widths, range(len(widths)), ())
            self._boxes(part, widths, height, shaded)

    def _boxes(
        self, cells: Sequence[Sequence[str]], widths: Sequence[float], height: float, shaded: Sequence[int]
    ) -> None:
        x, y = MARGIN_MM, self.y
        self.set_draw_color(*RULE)
        self.set_fill_color(*SHADE)
        self.set_line_width(0.15)
        for number, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            self.rect(x, y, width, height, style="DF" if number in shaded else "D")
            self.draw(lines, SMALL_PT, x + CELL_MM, y + CELL_MM / 2)
            x += width
        self.set_xy(MARGIN_MM, y + height)


def _parts(cells: Sequence[Sequence[str]], most: int) -> Iterator[list[Sequence[str]]]:
    for start in range(0, max(map(len, cells)), most):
        yield [lines[start : start + most] for lines in cells]
