"""A compact picture of a result: the numbers and one case's days, as one SVG file for a README or a slide."""

from __future__ import annotations

import polars as pl

from suyuan.reporting.drawing import INK, QUIET, RING_COLOURS, words
from suyuan.reporting.figures import count_figures, voice_for
from suyuan.reporting.markup import Markup, el
from suyuan.reporting.shapes import TraceTables
from suyuan.reporting.swimlane import WIDTH, case_lanes
from suyuan.reporting.voice import RINGS

NAMESPACE = "http://www.w3.org/2000/svg"
TILES = 92.0
FONTS = "Segoe UI, Helvetica Neue, Arial, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"


def render_picture(result: TraceTables, lang: str = "en") -> str:
    """Draw the counts and the itinerary of the case with most close contacts.

    Returns
    -------
    str
        A self-contained SVG document: no script, no outside reference, readable on white.
    """
    voice, figures = voice_for(result, lang), count_figures(result)
    numbers = [(figures.n_cases, voice.say("tile_cases"), INK)]
    numbers += [(figures.rings[ring], voice.say(f"tile_{ring}"), RING_COLOURS[ring]) for ring in RINGS[:2]]
    pieces: list[Markup] = [words(16, 24, voice.say("title"), font_size=15, font_weight="bold")]
    pieces.append(words(WIDTH - 16, 24, result.protocol.name.text(lang), anchor="end", fill=QUIET, font_size=12))
    for place, (number, word, colour) in enumerate(numbers):
        x = 16 + place * 230.0
        pieces.append(words(x, 66, f"{number:,}", font_size=34, font_weight="bold", fill=colour))
        pieces.append(words(x, 84, word, fill=QUIET))
    height = TILES + 16
    case = _busiest(result)
    if case is not None:
        visits = result.itinerary.filter(pl.col("person_id") == case["person_id"]).sort("t_in")
        most = max(int(str(visits["n_close"].max() or 1)), 1)
        lanes = case_lanes(case, visits, most, voice)
        pieces.append(
            words(
                16,
                TILES + 16,
                voice.say("case_heading", case=str(case["person_id"]), visits=voice.count("visits", visits.height)),
                fill=QUIET,
            )
        )
        pieces.append(Markup(lanes.replace("<svg ", f'<svg y="{TILES + 26:.0f}" ', 1)))
        height = TILES + 26 + float(lanes.split(' height="', 1)[1].split('"', 1)[0])
    back = el("rect", width="100%", height="100%", fill="#ffffff")
    box = f"0 0 {WIDTH:.0f} {height:.0f}"
    shape = {"viewBox": box, "width": f"{WIDTH:.0f}", "height": f"{height:.0f}", "font_family": FONTS, "role": "img"}
    return el("svg", el("title", voice.say("title")), back, *pieces, xmlns=NAMESPACE, **shape) + "\n"


def _busiest(result: TraceTables) -> dict[str, object] | None:
    if not result.cases.height:
        return None
    met = result.itinerary.group_by("person_id").agg(pl.col("n_close").sum().alias("met"))
    ranked = result.cases.join(met, on="person_id", how="left").sort(
        "met", "person_id", descending=[True, False], nulls_last=True
    )
    return ranked.row(0, named=True)
