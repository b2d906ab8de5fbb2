"""What every page of a Word file carries: a line at the top with the page number, one at the bottom, the mark."""

from __future__ import annotations

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from suyuan.reporting.documents.model import Marking
from suyuan.reporting.markup import escaped

TEXT_MM = 166.0
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
# the text path that office programs know as number 136: letters stretched between two parallel lines
TEXT_PATH = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
    '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
)
PLACING = (
    "position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:120pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)


def mark_pages(section: Section, marking: Marking) -> None:
    """Put a document's marking on every page of a section."""
    top = section.header.paragraphs[0]
    top.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_MM), WD_TAB_ALIGNMENT.RIGHT)
    top.add_run(f"{marking.header}\t")
    for piece in marking.page.replace("{pages}", "\x00NUMPAGES\x00").replace("{page}", "\x00PAGE\x00").split("\x00"):
        if piece in {"PAGE", "NUMPAGES"}:
            _field(top, piece)
        elif piece:
            top.add_run(piece)
    section.footer.paragraphs[0].add_run(marking.footer)
    if marking.watermark:
        _watermark(top, marking.watermark)


def _field(paragraph: Paragraph, name: str) -> None:
    """Add a field that the office program fills in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" {name} ")
    shown = paragraph.add_run("1")
    paragraph._p.append(field)
    field.append(shown._r)


def _watermark(paragraph: Paragraph, word: str) -> None:
    width = min(470, 130 * len(word) if not word.isascii() else 75 * len(word))
    picture = parse_xml(
        f"<w:pict {NAMESPACES}>{TEXT_PATH}"
        f'<v:shape id="SuyuanMark" o:spid="_x0000_s2049" type="#_x0000_t136" style="{PLACING.format(width=width)}" '
        f'o:allowincell="f" fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string="{escaped(word)}"/>'
        "</v:shape></w:pict>"
    )
    paragraph.add_run()._r.append(picture)
