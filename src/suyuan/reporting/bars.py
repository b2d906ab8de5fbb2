"""Contacts by setting and ring as stacked bars."""

from __future__ import annotations

from suyuan.reporting.drawing import QUIET, RING_COLOURS, picture, words
from suyuan.reporting.figures import Figures
from suyuan.reporting.markup import Markup, el
from suyuan.reporting.voice import RINGS, Voice

WIDTH = 900.0
GUTTER = 128.0
ROW = 26.0
INSIDE = 26.0


def setting_bars(figures: Figures, voice: Voice) -> Markup:
    """Draw one bar per setting, its parts in the order of the rings, its total at the end."""
    rows = list(figures.settings.iter_rows(named=True))
    most = max((sum(row[ring] for ring in RINGS) for row in rows), default=1)
    scale = (WIDTH - GUTTER - 64) / max(most, 1)
    pieces: list[Markup] = []
    for number, row in enumerate(rows):
        y = 4 + ROW * number
        pieces.append(words(GUTTER - 10, y + 15, voice.kind(row["setting"]), anchor="end"))
        x = GUTTER
        for ring in RINGS:
            pieces += _part(ring, row[ring], (x, y), scale, voice)
            x += row[ring] * scale
        pieces.append(words(x + 6, y + 15, f"{sum(row[ring] for ring in RINGS):,}", font_weight="bold"))
    return picture(WIDTH, 8 + ROW * len(rows), voice.say("bars_label"), *pieces)


def _part(ring: str, number: int, corner: tuple[float, float], scale: float, voice: Voice) -> list[Markup]:
    if not number:
        return []
    x, y = corner
    told = el("title", voice.count(ring, number))
    stroke = QUIET if ring == "colocated" else None
    pieces = [
        el(
            "rect",
            told,
            x=x,
            y=y + 2,
            width=max(number * scale, 1.0),
            height=18,
            fill=RING_COLOURS[ring],
            stroke=stroke,
        )
    ]
    if number * scale >= INSIDE + 6 * len(str(number)):
        colour = "#ffffff" if ring in ("close", "contact_of_contact") else "#1c2733"
        pieces.append(words(x + 6, y + 15, f"{number:,}", fill=colour, font_size=11, pointer_events="none"))
    return pieces
