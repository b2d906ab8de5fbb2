"""Itineraries as swim lanes: where a case was, when, and how many close contacts were met there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from math import sqrt
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from suyuan.reporting.drawing import HALO, RING_COLOURS, RULE, VISIT, WINDOW, TimeAxis, line, picture, whole_days, words
from suyuan.reporting.evidence_words import place_words
from suyuan.reporting.markup import Markup, el
from suyuan.reporting.voice import Voice, civil_day
from suyuan.terms import LOCATION, PLACE_KINDS

WIDTH = 900.0
GUTTER = 128.0
TOP = 26.0
LANE = 30.0
TOLD_VISITS = 8
MARKS = ("onset", "sampling", "isolation")
MARK_COLOURS = {"onset": "#7b1fa2", "sampling": "#00695c", "isolation": "#1c2733"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Lane:
    """One horizontal strip: its name, its visits, and the cases whose marks and windows it shows."""

    name: str
    visits: list[Row]
    case: Row | None = None


@dataclass(frozen=True)
class _Scale:
    """How large a circle is drawn, and whether it carries its number."""

    n_most: int
    largest: float
    told: bool

    def radius(self, n_close: int) -> float:
        return 2.5 + (self.largest - 2.5) * sqrt(n_close / max(self.n_most, 1))


def case_lanes(case: Row, visits: pl.DataFrame, n_most: int, voice: Voice) -> Markup:
    """Draw one case, a lane per kind of place.

    Parameters
    ----------
    n_most
        Largest number of close contacts in one visit over the whole report: the circles of all cases compare.
    """
    order = {kind.value: number for number, kind in enumerate(PLACE_KINDS)}
    rows = list(visits.iter_rows(named=True))
    kinds = sorted({str(row["place_kind"]) for row in rows}, key=lambda kind: order.get(kind, len(order)))
    lanes = [Lane(voice.kind(kind), [row for row in rows if row["place_kind"] == kind]) for kind in kinds]
    axis = _axis([case], rows, voice)
    bottom = TOP + LANE * max(len(lanes), 1)
    label = voice.say("lane_label", case=case["person_id"])
    scale = _Scale(n_most, 13.0, told=True)
    marks = _marks(case, axis, (TOP, bottom), voice)
    pieces = [_window(case, axis, TOP, bottom), *axis.draw(TOP, bottom), *marks, *_lanes(lanes, axis, scale, voice)]
    return picture(WIDTH, bottom + 14 * len(MARKS) + 8, label, *pieces)


def overview_lanes(cases: list[Row], visits: pl.DataFrame, n_most: int, voice: Voice) -> Markup:
    """Draw many cases, one lane each, on one axis of days."""
    rows = list(visits.iter_rows(named=True))
    axis = _axis(cases, rows, voice)
    lanes = [
        Lane(str(case["person_id"]), [row for row in rows if row["person_id"] == case["person_id"]], case)
        for case in cases
    ]
    bottom = TOP + LANE * len(lanes)
    pieces: list[Markup] = []
    for number, case in enumerate(cases):
        pieces.append(_window(case, axis, TOP + LANE * number + 2, TOP + LANE * (number + 1) - 2))
    pieces += axis.draw(TOP, bottom)
    pieces += _lanes(lanes, axis, _Scale(n_most, 8.0, told=False), voice)
    for number, case in enumerate(cases):
        pieces += _glyphs(case, axis, TOP + LANE * number, voice)
    return picture(WIDTH, bottom + 8, voice.say("lanes_label"), *pieces)


def _axis(cases: list[Row], rows: list[Row], voice: Voice) -> TimeAxis:
    instants = [case[name] for case in cases for name in ("window_from", "window_to")]
    instants += [instant for case in cases for instant in mark_instants(case, voice).values()]
    instants += [row[name] for row in rows for name in ("t_in", "t_out")]
    start, end = whole_days(instants, voice)
    return TimeAxis(start, end, GUTTER, WIDTH - 8, voice)


def mark_instants(case: Row, voice: Voice) -> dict[str, datetime]:
    """Place onset and sampling (civil days) at their noon, isolation at its instant."""
    found: dict[str, datetime] = {}
    for mark, column in (("onset", "date_onset"), ("sampling", "date_sampling")):
        day: date | None = civil_day(case[column], voice.timezone)
        if day is not None:
            found[mark] = datetime.combine(day, time(12), tzinfo=ZoneInfo(voice.timezone))
    if case["isolated_at"] is not None:
        found["isolation"] = voice.local(case["isolated_at"])
    return found


def _window(case: Row, axis: TimeAxis, top: float, bottom: float) -> Markup:
    left, right = axis.x(case["window_from"]), axis.x(case["window_to"])
    return el("rect", x=left, y=top, width=max(right - left, 1.0), height=bottom - top, fill=WINDOW)


def _lanes(lanes: list[Lane], axis: TimeAxis, scale: _Scale, voice: Voice) -> list[Markup]:
    pieces = []
    shown = sorted((row["n_close"] for lane in lanes for row in lane.visits), reverse=True)[:TOLD_VISITS]
    smallest_told = max(shown[-1], 1) if shown else 1
    for number, lane in enumerate(lanes):
        middle = TOP + LANE * (number + 0.5)
        pieces.append(line((0, middle + LANE / 2), (axis.right, middle + LANE / 2), stroke=RULE))
        pieces.append(words(GUTTER - 10, middle + 4, _short(lane.name), anchor="end"))
        pieces += [_bar(row, axis, middle, voice) for row in lane.visits]
        by_size = sorted(lane.visits, key=lambda row: -int(row["n_close"]))
        pieces += [_circle(row, axis, middle, scale) for row in by_size if row["n_close"]]
        told = [row for row in by_size if scale.told and row["n_close"] >= smallest_told]
        pieces += [_number(row, axis, middle, scale) for row in told]
    return pieces


def _bar(row: Row, axis: TimeAxis, middle: float, voice: Voice) -> Markup:
    left, right = axis.x(row["t_in"]), axis.x(row["t_out"])
    told = voice.say(
        "visit_told",
        place=place_words(row, voice),
        span=voice.span(row["t_in"], row["t_out"]),
        close=voice.count("close", row["n_close"]),
    )
    weak = row["source"] == LOCATION
    return el(
        "rect",
        el("title", told),
        x=left,
        y=middle - 4,
        width=max(right - left, 1.5),
        height=8,
        fill="#ffffff" if weak else VISIT,
        stroke=VISIT if weak else None,
        stroke_dasharray="3 2" if weak else None,
    )


def _middle(row: Row, axis: TimeAxis) -> float:
    return (axis.x(row["t_in"]) + axis.x(row["t_out"])) / 2


def _circle(row: Row, axis: TimeAxis, middle: float, scale: _Scale) -> Markup:
    radius = scale.radius(row["n_close"])
    colour = RING_COLOURS["close"]
    return el(
        "circle", cx=_middle(row, axis), cy=middle, r=radius, fill=colour, stroke="#ffffff", pointer_events="none"
    )


def _number(row: Row, axis: TimeAxis, middle: float, scale: _Scale) -> Markup:
    radius = scale.radius(row["n_close"])
    text, x = str(row["n_close"]), _middle(row, axis)
    if radius >= 4 + 3.2 * len(text):
        return words(
            x,
            middle + 3.6,
            text,
            anchor="middle",
            fill="#ffffff",
            font_size=10.5,
            font_weight="bold",
            pointer_events="none",
        )
    return Markup("")


def _marks(case: Row, axis: TimeAxis, edges: tuple[float, float], voice: Voice) -> list[Markup]:
    lines, texts = [], []
    top, bottom = edges
    instants = mark_instants(case, voice)
    for number, mark in enumerate(MARKS):
        if mark not in instants:
            continue
        x, y = axis.x(instants[mark]), bottom + 14 * (number + 1)
        colour = MARK_COLOURS[mark]
        late = x > WIDTH - 170
        told = voice.moment(instants[mark]) if mark == "isolation" else voice.day(instants[mark])
        dash = {"onset": None, "sampling": "5 3", "isolation": "1.5 2.5"}[mark]
        lines.append(line((x, top), (x, y), stroke=colour, stroke_width=1.6, stroke_dasharray=dash))
        texts.append(
            words(
                x - 5 if late else x + 5,
                y,
                voice.say(f"mark_{mark}", when=told),
                anchor="end" if late else None,
                fill=colour,
                **HALO,
            )
        )
    return lines + texts


def _glyphs(case: Row, axis: TimeAxis, top: float, voice: Voice) -> list[Markup]:
    pieces = []
    for mark, instant in mark_instants(case, voice).items():
        x = axis.x(instant)
        told = el(
            "title",
            voice.say(f"mark_{mark}", when=voice.moment(instant) if mark == "isolation" else voice.day(instant)),
        )
        shape = {"onset": "M-4 0h8l-4 8z", "sampling": "M0 0l4 4.5-4 4.5-4-4.5z", "isolation": "M-3.5 0h7v8h-7z"}[mark]
        pieces.append(
            el(
                "path",
                told,
                d=shape,
                transform=f"translate({x:.1f} {top + 1:.1f})",
                fill=MARK_COLOURS[mark],
                stroke="#fff",
            )
        )
    return pieces


def lane_key(voice: Voice) -> list[tuple[str, str]]:
    """Explain the marks of the overview: glyph and word."""
    return [(glyph, voice.say(f"mark_word_{mark}")) for glyph, mark in zip("▼◆■", MARKS, strict=True)]


def _short(name: str) -> str:
    return name if len(name) <= 18 else f"{name[:8]}…{name[-8:]}"
