"""Chains of transmission get places that can be drawn, whatever stands in the data."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from suyuan.reporting.chain_layout import ChainLayout, lay_out_chain
from suyuan.reporting.forest import grow_forest
from suyuan.terms import LANGUAGES

DAY0 = date(2022, 5, 1)


def listed(rows: list[tuple[str, str | None, int | None]]) -> pl.DataFrame:
    """Cases from (id, infector, day of onset)."""
    return pl.DataFrame(
        {
            "id": [row[0] for row in rows],
            "infector_id": pl.Series([row[1] for row in rows], dtype=pl.String),
            "onset": pl.Series(
                [None if row[2] is None else DAY0 + timedelta(days=row[2]) for row in rows], dtype=pl.Date
            ),
        }
    )


def grown(n: int, seed: int) -> pl.DataFrame:
    """Draw a random forest of n cases in which everybody falls ill after their infector or on the same day."""
    rng = np.random.default_rng(seed)
    days: list[int] = []
    rows: list[tuple[str, str | None, int | None]] = []
    for number in range(n):
        parent = int(rng.integers(max(0, number - 40), number)) if number and rng.random() < 0.9 else None
        days.append(int(rng.integers(0, 20)) if parent is None else days[parent] + int(rng.poisson(2)))
        rows.append((f"C{number}", None if parent is None else f"C{parent}", days[-1]))
    return listed(rows)


def places_of(layout: ChainLayout) -> dict[str, tuple[int, int]]:
    return {code: (x, y) for code, x, y in layout.nodes.select("id", "x", "y").iter_rows()}


@pytest.mark.parametrize("axis", ["onset", "generation"])
@pytest.mark.parametrize("seed", range(4))
def test_nobody_stands_on_somebody_else(axis: str, seed: int):
    """Every case has a place of its own within the height told."""
    layout = lay_out_chain(grown(400, seed), axis)
    places = list(places_of(layout).values())
    assert len(set(places)) == 400
    assert max(y for _, y in places) == layout.n_rows - 1
    assert min(y for _, y in places) == 0


@pytest.mark.parametrize("seed", range(3))
def test_elbows_do_not_cross(seed: int):
    """Along the row of one infectee no other infector's upright line passes."""
    layout = lay_out_chain(grown(150, seed))
    places = places_of(layout)
    elbows = [(places[one], places[two]) for one, two in layout.links.select("from", "to").iter_rows()]
    for (from_a, to_a), (from_b, to_b) in combinations(elbows, 2):
        for (start, end), (left, right) in (((from_a, to_a), (from_b, to_b)), ((from_b, to_b), (from_a, to_a))):
            inside = left[0] < start[0] < right[0] and min(start[1], end[1]) < right[1] < max(start[1], end[1])
            assert not inside


def test_the_first_child_goes_on_along_the_row():
    """A chain without branches is one row; a second child takes the next; the larger branch stands further away."""
    rows = [("a", None, 0), ("b", "a", 2), ("c", "b", 4), ("d", "a", 3), ("e", None, 9)]
    places = places_of(lay_out_chain(listed(rows)))
    assert places == {"a": (0, 0), "d": (3, 0), "b": (2, 1), "c": (4, 1), "e": (9, 2)}


def test_an_infectee_of_the_same_day_stands_below():
    """Two cases of one day cannot share a place, so the infectee takes the next row."""
    assert places_of(lay_out_chain(listed([("a", None, 3), ("b", "a", 3)]))) == {"a": (0, 0), "b": (0, 1)}


def test_an_infectee_of_the_same_day_comes_after_the_others():
    """No other child of the infector stands below one of the same day, who would seem to be its infector."""
    rows = [("a", None, 3), ("b", "a", 3), ("c", "a", 4), ("d", "c", 5), ("e", "b", 6)]
    places = places_of(lay_out_chain(listed(rows)))
    assert places == {"a": (0, 0), "c": (1, 0), "d": (2, 0), "b": (0, 1), "e": (3, 1)}


def test_cases_without_a_link_share_rows():
    """Fifty unlinked cases on fifty days need one row."""
    layout = lay_out_chain(listed([(f"C{day}", None, day) for day in range(50)]))
    assert layout.n_rows == 1


def test_the_answer_has_the_shape_of_the_page():
    """Keys, ticks and columns given by the caller arrive as they are, ready for JSON."""
    cases = listed([("a", None, 0), ("b", "a", 40)]).with_columns(
        label=pl.lit("L"), url=pl.lit("/c"), state=pl.lit("isolated"), p=pl.Series([None, 0.75])
    )
    told = json.loads(json.dumps(lay_out_chain(cases).as_dict()))
    assert told["nodes"][1] == {
        "id": "b", "label": "L", "x": 40, "y": 0, "generation": 1,
        "state": "isolated", "onset": "2022-06-10", "url": "/c",
    }  # fmt: skip
    assert told["links"] == [{"from": "a", "to": "b", "p": 0.75}]
    assert told["axis"]["kind"] == "onset"
    assert told["axis"]["ticks"][:2] == [{"x": 0, "label": "05-01"}, {"x": 7, "label": "05-08"}]
    assert told["problems"] == []


def test_generations_are_counted_or_taken():
    """A generation given goes before the one counted from the tree; labels come in both languages."""
    cases = listed([("a", None, 0), ("b", "a", 2), ("c", "b", 4)])
    assert lay_out_chain(cases, "generation").nodes["generation"].to_list() == [0, 1, 2]
    given = cases.with_columns(generation=pl.Series([1, None, None], dtype=pl.Int64))
    layout = lay_out_chain(given, "generation", "zh")
    assert layout.nodes["generation"].to_list() == [1, 2, 3]
    assert layout.axis["ticks"][0] == {"x": 0, "label": "第 1 代"}


def test_a_report_date_stands_in_for_onset():
    """Without onset the day of report is used; with neither the case stands a day after its infector and is told."""
    cases = listed([("a", None, 0), ("b", "a", None), ("c", "a", None)]).with_columns(
        reported=pl.Series([None, DAY0 + timedelta(days=5), None], dtype=pl.Date)
    )
    layout = lay_out_chain(cases)
    assert {code: place[0] for code, place in places_of(layout).items()} == {"a": 0, "b": 5, "c": 1}
    assert [(one["kind"], one["ids"]) for one in layout.problems] == [("no_date", ["c"])]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_wrong_links_are_told_and_the_rest_is_drawn(lang: str):
    """A circle, an unknown infector, a doubled case and one who infected herself: all are drawn, three are told."""
    rows = [("a", "c", 3), ("b", "a", 1), ("c", "b", 2), ("d", "x", 4), ("d", None, 5), ("e", "e", 6)]
    layout = lay_out_chain(listed(rows), lang=lang)
    assert set(places_of(layout)) == {"a", "b", "c", "d", "e"}
    assert {one["kind"]: set(one["ids"]) for one in layout.problems} == {
        "twice": {"d"},
        "unknown_infector": {"d"},
        "circle": {"a", "b", "c"},
    }
    circle = next(one for one in layout.problems if one["kind"] == "circle")
    assert circle["ids"][0] == "b"  # the earliest of the three has no infector in the picture
    assert all(code in circle["text"] for code in "abc")
    assert set(layout.links.select("from", "to").iter_rows()) == {("b", "c"), ("c", "a")}


def test_nothing_gives_an_empty_picture():
    """No cases and no dates are no fault."""
    assert lay_out_chain(listed([])).as_dict()["nodes"] == []
    assert lay_out_chain(pl.DataFrame({"id": ["a"]}), "onset").axis == {"kind": "onset", "ticks": []}


def test_a_chain_of_thousands_is_laid_out():
    """Depth has no limit: ten thousand people in one line stand in one row."""
    n = 10_000
    layout = lay_out_chain(listed([(f"C{i}", f"C{i - 1}" if i else None, i) for i in range(n)]))
    assert layout.n_rows == 1
    assert len(layout.axis["ticks"]) < 30


def test_several_circles_are_cut_once_each():
    """Two circles and what hangs on them become two trees; everybody comes after their infector."""
    forest = grow_forest(list("abcdef"), ["b", "a", "d", "c", "a", "e"])
    assert [sorted(circle) for circle in forest.circles] == [[0, 1], [2, 3]]
    assert forest.roots == [0, 2]
    place = {person: position for position, person in enumerate(forest.order)}
    assert all(parent < 0 or place[parent] < place[person] for person, parent in enumerate(forest.parent))
    assert forest.size[0] == 4
