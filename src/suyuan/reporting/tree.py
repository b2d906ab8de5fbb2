"""The generation tree as a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from suyuan.reporting.drawing import HALO, INK, QUIET, RING_COLOURS, line, picture, words
from suyuan.reporting.markup import Markup, el
from suyuan.reporting.tree_layout import Branch, Layout
from suyuan.reporting.voice import Voice

WIDTH = 900.0
TOP = 46.0
ROW = 20.0
COLOURS = (INK, RING_COLOURS["close"], RING_COLOURS["contact_of_contact"], "#5f7d4f")


@dataclass(frozen=True)
class _Sheet:
    """Where generations and rows stand in the drawing."""

    first: int
    column: float
    voice: Voice
    largest: int

    def x(self, generation: int) -> float:
        return 24 + (generation - self.first) * self.column

    def y(self, row: float) -> float:
        return TOP + (row + 0.5) * ROW

    def colour(self, generation: int) -> str:
        return COLOURS[min(generation, len(COLOURS) - 1)]


def draw_tree(layout: Layout, voice: Voice) -> Markup:
    """Draw the tree, generations from left to right, people who are not drawn singly as one circle with a number."""
    generations = list(layout.sizes) or [0]
    columns = max(generations) - min(generations) + 1
    largest = max((branch.n_grouped for root in layout.roots for branch in _walk(root)), default=1)
    sheet = _Sheet(min(generations), min((WIDTH - 190) / max(columns - 1, 1), 330.0), voice, max(largest, 1))
    bottom = TOP + layout.n_rows * ROW
    pieces = []
    for generation, size in layout.sizes.items():
        x = sheet.x(generation)
        name = voice.say("tree_cases") if generation == 0 else voice.say("tree_generation", n=generation)
        pieces.append(line((x, TOP - 6), (x, bottom), stroke="#eef1f4"))
        pieces.append(words(x - 6, 16, name, font_weight="bold", fill=sheet.colour(generation)))
        pieces.append(words(x - 6, 31, voice.count("people", size), fill=QUIET, font_size=11))
    for root in layout.roots:
        pieces += _edges(root, sheet)
    for root in layout.roots:
        pieces += [piece for branch in _walk(root) for piece in _node(branch, sheet)]
    return picture(WIDTH, bottom + 10, voice.say("tree_label"), *pieces)


def _walk(branch: Branch) -> list[Branch]:
    return [branch, *(found for child in branch.children for found in _walk(child))]


def _edges(branch: Branch, sheet: _Sheet) -> list[Markup]:
    start = (sheet.x(branch.generation), sheet.y(branch.row))
    ends = [(sheet.x(child.generation), sheet.y(child.row)) for child in branch.children]
    if branch.n_grouped:
        ends.append((sheet.x(branch.generation + 1), sheet.y(branch.group_row)))
    pieces = [_curve(start, end) for end in ends]
    return pieces + [piece for child in branch.children for piece in _edges(child, sheet)]


def _curve(start: tuple[float, float], end: tuple[float, float]) -> Markup:
    bend = (start[0] + end[0]) / 2
    path = f"M{start[0]:.1f} {start[1]:.1f}C{bend:.1f} {start[1]:.1f} {bend:.1f} {end[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    return el("path", d=path, fill="none", stroke="#b4bfc9", stroke_width="1.2")


def _node(branch: Branch, sheet: _Sheet) -> list[Markup]:
    x, y = sheet.x(branch.generation), sheet.y(branch.row)
    colour = sheet.colour(branch.generation)
    told = branch.person_id if branch.since is None else f"{branch.person_id} · {sheet.voice.moment(branch.since)}"
    pieces = [el("circle", el("title", told), cx=x, cy=y, r=5.0, fill=colour, stroke="#ffffff")]
    parent = bool(branch.children or branch.n_grouped)
    label = _short(branch.person_id)
    if not parent and branch.since is not None:
        label = f"{label} · {sheet.voice.day(branch.since)}"
    pieces.append(words(x + 8, y - 4 if parent else y + 4, label, font_size=11, **HALO))
    return pieces + (_group(branch, sheet) if branch.n_grouped else [])


def _group(branch: Branch, sheet: _Sheet) -> list[Markup]:
    x, y = sheet.x(branch.generation + 1), sheet.y(branch.group_row)
    radius = 4.0 + 5.0 * sqrt(branch.n_grouped / sheet.largest)
    key = "tree_group_behind" if branch.n_behind else "tree_group"
    told = sheet.voice.say(key, people=sheet.voice.count("people", branch.n_grouped), behind=f"{branch.n_behind:,}")
    colour = sheet.colour(branch.generation + 1)
    return [
        el("circle", cx=x, cy=y, r=radius, fill=colour, fill_opacity="0.35", stroke=colour),
        words(x + 14, y + 4, told, font_size=11, fill=QUIET),
    ]


def _short(code: str) -> str:
    return code if len(code) <= 18 else f"{code[:8]}…{code[-8:]}"
