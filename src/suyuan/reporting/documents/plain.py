"""A report as plain text: for previews and for comparing two versions line by line."""

from __future__ import annotations

from collections.abc import Iterator

from suyuan.reporting.documents.model import Block, Document, Paragraph, printable


def as_text(document: Document) -> str:
    """Write a document as text, one paragraph or table row a line.

    Page numbers, the watermark and anything that depends on the paper are left out, so that two versions differ only
    where the report does.
    """
    return "\n".join(_lines(printable(document))) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield document.title
    yield document.subtitle
    yield from (
        f"{name}: {value}" if document.lang == "en" else f"{name}：{value}" for name, value in document.particulars
    )
    for section in document.sections:
        yield ""
        yield section.title
        for block in section.blocks:
            yield from _block(block)
    yield ""
    yield document.marking.footer


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"- {block.text}" if block.tone == "item" else block.text
        return
    if block.caption:
        yield block.caption
    for row in (block.heading, *block.rows):
        yield " | ".join(cell.replace("\n", " ") for cell in row)
