"""HTML and SVG as values: every text is escaped unless it is already markup."""

from __future__ import annotations

import re
from html import escape

# control characters are illegal in XML, and direction overrides let a hostile place name rewrite its neighbours
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
VOID = frozenset({"meta", "input", "br", "hr", "link", "img"})


class Markup(str):
    """Text that is already safe to stand in a page."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """Make a text safe to stand in a page or an attribute.

    Examples
    --------
    >>> escaped('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    >>> escaped(Markup("<b>"))
    '<b>'
    """
    if isinstance(text, Markup):
        return text
    return Markup(escape(UNPRINTABLE.sub("\ufffd", text), quote=True))


def el(tag: str, *children: str | None, **attributes: object) -> Markup:
    """Build one element.

    Parameters
    ----------
    tag
        Name of the element.
    children
        Markup stays as it is, text is escaped, None is left out.
    attributes
        ``class_`` stands for ``class``, other underscores for hyphens; None and False leave the attribute out,
        True writes it without a value, floats are written with one decimal.

    Examples
    --------
    >>> el("p", "a < b", class_="note", data_n=3, hidden=True)
    '<p class="note" data-n="3" hidden>a &lt; b</p>'
    """
    opening = tag + "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{''.join(escaped(child) for child in children if child is not None)}</{tag}>")


def _attribute(name: str, value: object) -> str:
    name = name.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    return f' {name}="{escaped(text)}"'


def together(*pieces: str | None) -> Markup:
    """Put pieces one after the other without an element around them."""
    return Markup("".join(escaped(piece) for piece in pieces if piece is not None))
