"""Where a line may end: Chinese breaks between characters, Latin between words, and punctuation never stands alone."""

from __future__ import annotations

import re
from collections.abc import Callable

# a run of Latin letters and digits with what hangs on it, blanks, or any other single character
PIECES = re.compile(r"[^\W\u2e80-\U0010ffff]+(?:[.,:/%°+\-–'’@&#_]+[^\W\u2e80-\U0010ffff]*)*|\s|.", re.DOTALL)
NEVER_FIRST = frozenset("，。、；：？！）】》”’」』…—,.;:?!)]}%℃·")
NEVER_LAST = frozenset("（【《“‘「『([{")

Width = Callable[[str], float]


def wrap(text: str, room: float, width: Width, first: float = 0.0) -> list[str]:
    """Break a text into lines that fit.

    Parameters
    ----------
    text
        May hold line feeds; each begins a new line.
    room
        Width of a line, in the unit of ``width``.
    width
        Width of one character.
    first
        How far the first line is indented.

    Returns
    -------
    list of str
        At least one line; no line is wider than the room unless a single character is.

    Examples
    --------
    >>> wrap("密接已转运，共 12 人。", 5, lambda character: 1)
    ['密接已转', '运，共', '12 人。']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, room, width, first)
        first = 0.0
    return lines


def _wrap_paragraph(paragraph: str, room: float, width: Width, used: float) -> list[str]:
    lines: list[list[str]] = []
    line: list[str] = []
    for piece in _pieces(paragraph, room, width):
        taken = sum(map(width, piece))
        if line and used + taken > room and not piece.isspace():
            full, line = _cut(line, piece)
            lines.append(full)
            used = _sum(line, width)
            if line and used + taken > room:
                lines.append(line)
                line, used = [], 0.0
        if line or not piece.isspace():
            line.append(piece)
            used += taken
    return ["".join(pieces).rstrip() for pieces in (*lines, line)]


def _cut(line: list[str], piece: str) -> tuple[list[str], list[str]]:
    """Decide what of a full line goes down with the piece that no longer fits."""
    sequence = [*line, piece]
    for end in range(len(line), max(0, len(line) - 4), -1):
        if sequence[end][0] not in NEVER_FIRST and sequence[end - 1][-1] not in NEVER_LAST:
            down = line[end:]
            return line[:end], down[1:] if down and down[0].isspace() else down
    return line, []


def _sum(pieces: list[str], width: Width) -> float:
    return sum(width(character) for piece in pieces for character in piece)


def _pieces(paragraph: str, room: float, width: Width) -> list[str]:
    pieces: list[str] = []
    for piece in PIECES.findall(paragraph):
        if len(piece) > 1 and sum(map(width, piece)) > room:
            pieces += piece  # a word longer than the line is broken anywhere
        else:
            pieces.append(piece)
    return pieces
