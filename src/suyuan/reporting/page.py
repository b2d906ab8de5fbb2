"""The report of a forward tracing result: one file, sentence first, evidence last."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from suyuan.reporting.actions import first_actions, headline
from suyuan.reporting.backward_page import backward_sections
from suyuan.reporting.bars import setting_bars
from suyuan.reporting.contact_rows import contact_section
from suyuan.reporting.drawing import RING_COLOURS, VISIT, WINDOW
from suyuan.reporting.edition_words import edition_section
from suyuan.reporting.figures import Figures, count_figures, voice_for
from suyuan.reporting.frame import drawing, facts_line, listed, plain_table, whole_page
from suyuan.reporting.limits import cover_windows, limit_sentences
from suyuan.reporting.markup import Markup, el, together
from suyuan.reporting.place_map import place_map
from suyuan.reporting.shapes import BackwardTables, TraceTables
from suyuan.reporting.swimlane import case_lanes, lane_key, overview_lanes
from suyuan.reporting.tree import draw_tree
from suyuan.reporting.tree_layout import generation_table, lay_out
from suyuan.reporting.voice import RINGS, Voice

CASES_DRAWN = 6
CASES_IN_OVERVIEW = 40
CASES_LISTED = 100
CASES_OPEN = 12


def render_page(
    result: TraceTables, lang: str = "en", generated_at: datetime | None = None, backward: BackwardTables | None = None
) -> str:
    """Write the whole report as one HTML text.

    Parameters
    ----------
    lang
        ``en`` or ``zh``.
    generated_at
        Printed under the title; left out if None, so that equal results give equal bytes.
    backward
        A backward result of the same cases, told in the same page.
    """
    voice = voice_for(result, lang)
    figures = count_figures(result)
    top = together(
        facts_line(result.protocol.name.text(lang), generated_at, voice),
        *(el("p", sentence, class_="lead") for sentence in headline(figures, voice)),
        _tiles(figures, voice),
    )
    sections = [
        ("first", voice.say("h_first"), _first_section(result, figures, voice)),
        ("cases", voice.say("h_cases"), _case_section(result, voice)),
        ("settings", voice.say("h_settings"), _setting_section(figures, voice)),
        ("map", voice.say("h_map"), _map_section(result.places, voice)),
        ("tree", voice.say("h_tree"), _tree_section(result, voice)),
        ("people", voice.say("h_people"), contact_section(result, voice)),
        *(backward_sections(backward, voice) if backward is not None else []),
        ("limits", voice.say("h_limits"), listed(limit_sentences(result, figures, voice))),
        ("edition", voice.say("h_edition"), edition_section(result.protocol, voice)),
    ]
    return whole_page(voice.say("title"), sections, top, voice)


def _tiles(figures: Figures, voice: Voice) -> Markup:
    tiles = [("case", figures.n_cases, voice.say("tile_cases"))]
    tiles += [
        (ring, figures.rings[ring], voice.say(f"tile_{ring}"))
        for ring in RINGS
        if figures.rings[ring] or ring in RINGS[:2]
    ]
    return el(
        "ul",
        *(
            el("li", el("b", f"{number:,}", data_figure=name, data_n=number), word, class_=name)
            for name, number, word in tiles
        ),
        class_="tiles",
    )


def _first_section(result: TraceTables, figures: Figures, voice: Voice) -> Markup:
    return together(
        listed(first_actions(result, figures, voice), "ol", "todo"),
        el("p", voice.say("do_signature"), class_="note"),
    )


def _case_section(result: TraceTables, voice: Voice) -> Markup:
    if not result.cases.height:
        return el("p", voice.say("cases_none"))
    cases = list(result.cases.sort("window_from", "person_id").iter_rows(named=True))
    most = max(int(str(result.itinerary["n_close"].max() or 1)), 1)
    pieces = [_case_table(result, voice)]
    if len(cases) > CASES_DRAWN:
        shown = cases[:CASES_IN_OVERVIEW]
        visits = result.itinerary.filter(pl.col("person_id").is_in([case["person_id"] for case in shown]))
        note = voice.say("cases_overview", shown=len(shown), cases=voice.count("cases", len(cases)))
        pieces.append(drawing(overview_lanes(shown, visits, most, voice), voice, note, _lane_key(voice, glyphs=True)))
    else:
        pieces.append(_lane_key(voice, glyphs=False))
    for case in _most_contacts(result, cases)[:CASES_DRAWN]:
        visits = result.itinerary.filter(pl.col("person_id") == case["person_id"]).sort("t_in")
        heading = el(
            "h3", voice.say("case_heading", case=case["person_id"], visits=voice.count("visits", visits.height))
        )
        pieces.append(together(heading, drawing(case_lanes(case, visits, most, voice), voice)))
    return together(*pieces)


def _most_contacts(result: TraceTables, cases: list[dict[str, object]]) -> list[dict[str, object]]:
    if len(cases) <= CASES_DRAWN:
        return cases
    met = dict(result.itinerary.group_by("person_id").agg(pl.col("n_close").sum()).iter_rows())
    return sorted(cases, key=lambda case: (-met.get(case["person_id"], 0), str(case["person_id"])))


def _case_table(result: TraceTables, voice: Voice) -> Markup:
    known = {case.person_id: case.share for case in cover_windows(result)}
    rows = []
    for case in result.cases.sort("person_id").head(CASES_LISTED).iter_rows(named=True):
        days = [voice.day(case[name]) if case[name] else "–" for name in ("date_onset", "date_sampling")]
        isolated = voice.moment(case["isolated_at"]) if case["isolated_at"] else voice.say("not_yet")
        window = voice.span(case["window_from"], case["window_to"])
        rows.append(
            [
                case["person_id"],
                *days,
                isolated,
                window,
                f"{case['n_visits']:,}",
                voice.percent(known[case["person_id"]]),
            ]
        )
    headings = ["person_id", "date_onset", "date_sampling", "isolated_at", "window", "n_visits", "covered"]
    names = [voice.heading(name) for name in headings]
    table = plain_table(names, rows, {5, 6})
    if len(rows) > CASES_OPEN:
        table = el("details", el("summary", voice.say("cases_table", cases=voice.count("cases", len(rows)))), table)
    hidden = result.cases.height - len(rows)
    return together(
        table, el("p", voice.say("cases_more", cases=voice.count("cases", hidden)), class_="note") if hidden else None
    )


def _swatch(fill: str, stroke: str | None = None) -> Markup:
    box = el("rect", x=1, y=1, width=14, height=10, fill=fill, stroke=stroke)
    return el("svg", box, width=16, height=12, viewBox="0 0 16 12", aria_hidden="true")


def _lane_key(voice: Voice, *, glyphs: bool) -> Markup:
    entries = [
        el("li", _swatch(WINDOW, "#e6d08f"), voice.say("key_window")),
        el("li", _swatch(VISIT), voice.say("key_visit")),
        el("li", _swatch("#ffffff", VISIT), voice.say("key_weak")),
        el("li", _swatch(RING_COLOURS["close"]), voice.say("key_circle")),
    ]
    entries += [el("li", f"{glyph} {word}") for glyph, word in lane_key(voice)] if glyphs else []
    return el("ul", *entries, class_="key")


def _setting_section(figures: Figures, voice: Voice) -> Markup:
    if not figures.n_contacts:
        return el("p", voice.say("contacts_none"))
    shown = [ring for ring in RINGS if figures.rings[ring]]
    key = el(
        "ul", *(el("li", _swatch(RING_COLOURS[ring], "#5b6875"), voice.ring(ring)) for ring in shown), class_="key"
    )
    headings = [voice.heading("setting"), *(voice.ring(ring) for ring in shown)]
    rows = [
        [voice.kind(row["setting"]), *(f"{row[ring]:,}" for ring in shown)]
        for row in figures.settings.iter_rows(named=True)
    ]
    table = el(
        "details", el("summary", voice.say("as_table")), plain_table(headings, rows, set(range(1, len(headings))))
    )
    return together(drawing(setting_bars(figures, voice), voice, voice.say("bars_caption"), key), table)


def _map_section(places: pl.DataFrame, voice: Voice) -> Markup:
    svg, note = place_map(places, voice)
    if svg is None:
        return el("p", voice.say("map_none"))
    caption = voice.say("map_caption")
    return drawing(svg, voice, f"{caption} {note}" if note else caption)


def _tree_section(result: TraceTables, voice: Voice) -> Markup:
    layout = lay_out(generation_table(result))
    if not layout.roots:
        return el("p", voice.say("cases_none"))
    caption = voice.say("tree_caption")
    if layout.n_roots_hidden:
        caption += " " + voice.say("tree_hidden", people=voice.count("people", layout.n_roots_hidden))
    return drawing(draw_tree(layout, voice), voice, caption)
