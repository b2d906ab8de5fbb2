"""The parts of a page: words in both languages, coverage, map, tree."""

import ast
import re
from datetime import UTC, datetime, timedelta
from math import hypot
from pathlib import Path
from string import Formatter

import polars as pl
import pytest

import suyuan.reporting
from suyuan.protocols import load, names
from suyuan.reporting.edition_words import edition_lines, source_lines
from suyuan.reporting.evidence_words import meeting_words, rule_words
from suyuan.reporting.limits import cover_window
from suyuan.reporting.page import render_page
from suyuan.reporting.place_map import WIDTH, fit_projection, place_map, scale_bar
from suyuan.reporting.shapes import TraceTables
from suyuan.reporting.tree_layout import generation_table, lay_out
from suyuan.reporting.voice import Voice
from suyuan.terms import PLACE_KINDS, Quarantine
from suyuan.terms.wording import sentences

ENGLISH, CHINESE = Voice("en", "Asia/Shanghai", 2022), Voice("zh", "Asia/Shanghai", 2022)
NOON = datetime(2022, 7, 12, 12, tzinfo=UTC)


def own_sentences(lang: str) -> dict[str, str]:
    return {key: text for key, text in sentences(lang).items() if key.split(".")[0].startswith("report")}


def test_both_languages_say_everything_with_the_same_values():
    """Every sentence exists in both languages with the same placeholders, and none is empty."""
    english, chinese = own_sentences("en"), own_sentences("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert text
        fields = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in (text, chinese[key])]
        assert fields[0] == fields[1], key


def test_every_sentence_the_room_says_exists():
    """Each literal key in the room's code names a sentence."""
    folder = Path(suyuan.reporting.__file__).parent
    known = own_sentences("en")
    # the case report and 7-1-7 speak with voices of their own, which their own tests check
    for file in (each for each in folder.glob("*.py") if not each.name.startswith(("case_report", "timeliness"))):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                key = node.args[0]
                prefix = {"say": "report.", "heading": "report_column."}.get(node.func.attr)
                if prefix and isinstance(key, ast.Constant):
                    assert prefix + key.value in known, (file.name, key.value)


def test_closed_lists_have_names():
    """Every kind of place and every kind of quarantine has its word in both languages."""
    for voice in (ENGLISH, CHINESE):
        assert len({voice.kind(kind) for kind in PLACE_KINDS}) == len(PLACE_KINDS)
        assert all(voice.step(kind.value, 3) for kind in Quarantine)


def test_columns_of_the_workbook_have_headings(traced):
    """Every column of contacts and cases has a heading in both languages."""
    for column in traced.contacts.columns + traced.cases.columns:
        assert ENGLISH.heading(column) != CHINESE.heading(column)


@pytest.mark.parametrize("name", names())
def test_every_edition_of_the_house_can_be_told(name, traced):
    """Rules, clocks and sources of each edition are told in both languages without an address."""
    edition = load(name)
    for voice in (ENGLISH, CHINESE):
        told = edition_lines(edition, voice) + source_lines(edition, voice)
        told += [
            rule_words(f"{kind}.{level}", edition, voice) for kind in PLACE_KINDS for level in ("close", "general")
        ]
        assert all(told)
        assert "http" not in "".join(told)
        traced.protocol = edition
        assert "</html>" in render_page(traced, voice.lang)


def test_quarantine_is_told_in_both_languages():
    """The steps of a quarantine are translated, with the singular where it belongs."""
    assert ENGLISH.quarantine("facility 7 d + home 1 d") == "7 days in facility quarantine + 1 day in home quarantine"
    assert CHINESE.quarantine("facility 7 d + monitoring 3 d") == "集中隔离 7 天 + 健康监测 3 天"


def test_instants_are_told_on_the_clock_of_the_place():
    """An instant in UTC is told on the local clock, across midnight with both days."""
    assert ENGLISH.span(NOON, NOON + timedelta(hours=1)) == "12 Jul 20:00–21:00"
    assert CHINESE.span(NOON, NOON + timedelta(hours=6)) == "7月12日 20:00 – 7月13日 02:00"


def test_an_encounter_without_place_is_told(traced):
    """A meeting whose place is not known says so instead of naming none."""
    row = {**traced.evidence.row(0, named=True), "place_id": None, "zone": "", "source": ""}
    assert "place not recorded" in meeting_words(row, traced.protocol, ENGLISH)
    assert "地点未记录" in meeting_words(row, traced.protocol, CHINESE)


def test_coverage_counts_overlapping_stays_once():
    """Two stays over the same hours cover them once, and a stay beyond the window counts only inside."""
    window = (NOON, NOON + timedelta(hours=20))
    stays = [
        (NOON - timedelta(hours=5), NOON + timedelta(hours=4)),
        (NOON + timedelta(hours=2), NOON + timedelta(hours=6)),
    ]
    found = cover_window("P1", window, stays)
    assert found.share == pytest.approx(6 / 20)
    assert found.gaps == ((NOON + timedelta(hours=6), window[1]),)
    assert cover_window("P1", window, []).gaps == (window,)


def test_the_scale_bar_is_as_long_as_it_says():
    """The bar's length in the drawing is its number times the scale."""
    for scale in (0.5, 3.0, 40.0, 900.0):
        bar, *rest = scale_bar(scale, ENGLISH)
        x1, x2 = (float(value) for value in re.findall(r'x[12]="([\d.]+)"', bar))
        text = next(piece for piece in rest if " km<" in piece or " m<" in piece)
        number, unit = re.search(r">([\d.e+]+) (km|m)<", text).groups()
        kilometres = float(number) / (1 if unit == "km" else 1000)
        assert (x2 - x1) / scale == pytest.approx(kilometres, rel=0.01)
        assert x2 - x1 <= WIDTH / 4 + 0.1


def test_the_map_keeps_distances():
    """One degree of latitude is 111.2 km on the map, and one of longitude is its cosine."""
    rows = [
        {"longitude": 121.0, "latitude": 60.0},
        {"longitude": 121.2, "latitude": 60.0},
        {"longitude": 121.0, "latitude": 60.1},
    ]
    projection, inside = fit_projection(rows)
    assert len(inside) == 3
    points = [projection.point(row["longitude"], row["latitude"]) for row in rows]
    east = hypot(points[1][0] - points[0][0], points[1][1] - points[0][1]) / projection.scale
    north = hypot(points[2][0] - points[0][0], points[2][1] - points[0][1]) / projection.scale
    assert north == pytest.approx(11.12, rel=0.001)
    assert east == pytest.approx(0.2 * 111.195 * 0.5, rel=0.002)


def test_a_city_across_the_date_line_stays_together():
    """Places on both sides of the date line lie beside each other."""
    rows = [{"longitude": lon, "latitude": 0.0} for lon in (179.99, -179.99, 179.98)]
    projection, inside = fit_projection(rows)
    xs = [projection.plane(row["longitude"], 0.0)[0] for row in inside]
    assert max(xs) - min(xs) < 5


def test_one_far_place_does_not_shrink_the_city(traced):
    """A place a thousand kilometres away is left out of the drawing, and the page says so."""
    far = traced.places.head(1).with_columns(
        pl.lit("FAR").alias("place_id"), pl.lit(100.0).alias("longitude"), pl.lit(25.0).alias("latitude")
    )
    svg, note = place_map(pl.concat([traced.places, far]), ENGLISH)
    assert svg is not None
    assert note is not None
    assert note.startswith("1 place ")
    assert place_map(traced.places, ENGLISH)[1] is None


def test_the_tree_counts_everyone(make_traced):
    """People drawn singly, people in groups and people behind groups add up to the table of generations."""
    for size in ((3, 10, 10), (25, 300, 900)):
        table = generation_table(make_traced(*size))
        layout = lay_out(table)

        def count(branch) -> int:
            return 1 + branch.n_grouped + branch.n_behind + sum(count(child) for child in branch.children)

        assert (
            sum(count(root) for root in layout.roots) + layout.n_roots_hidden
            == table.height
            == sum(layout.sizes.values())
        )


def test_the_tree_gives_every_branch_its_own_row(make_traced):
    """No two people without successors share a row, so no label covers another."""
    layout = lay_out(generation_table(make_traced(4, 20, 20)))
    rows = []

    def walk(branch) -> None:
        rows.extend([branch.row] if not (branch.children or branch.n_grouped) else [])
        rows.extend([branch.group_row] if branch.n_grouped else [])
        for child in branch.children:
            walk(child)

    for root in layout.roots:
        walk(root)
    assert len(rows) == len(set(rows)) == layout.n_rows


def test_without_generations_the_tree_comes_from_the_contacts(traced):
    """A tracing of one step draws its tree from cases and contacts."""
    expected = generation_table(traced)["person_id"].n_unique()
    traced.generations = traced.generations.clear()
    assert generation_table(traced)["person_id"].n_unique() == expected


def test_the_engines_result_is_what_reporting_asks_for():
    """The dataclasses of the tracing room carry every table that reporting reads."""
    from suyuan.exposure.result import BackwardResult, TraceResult
    from suyuan.reporting.shapes import BackwardTables

    for wanted, given in ((TraceTables, TraceResult), (BackwardTables, BackwardResult)):
        asked = {name for name in vars(wanted) if not name.startswith("_")}
        assert asked <= set(given.__dataclass_fields__) | set(vars(given))
