"""A report as a value, and its forms: Word, PDF and plain text."""

from suyuan.reporting.documents.fonts import FONT_VARIABLE, Font, find_font
from suyuan.reporting.documents.model import Block, Document, Marking, Paragraph, Section, Table
from suyuan.reporting.documents.pdf import write_pdf
from suyuan.reporting.documents.plain import as_text
from suyuan.reporting.documents.word import write_docx

__all__ = [
    "FONT_VARIABLE",
    "Block",
    "Document",
    "Font",
    "Marking",
    "Paragraph",
    "Section",
    "Table",
    "as_text",
    "find_font",
    "write_docx",
    "write_pdf",
]
