"""Layout of transmission chains for a page: everybody gets a place, ten thousand people in a moment.

Draw a link as an elbow: from the infector up or down at the infector's x, then along the infectee's row.
Drawn so, links of one tree do not cross while nobody falls ill before their infector.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from suyuan.reporting.forest import Forest, grow_forest
from suyuan.terms import say

Axis = Literal["onset", "generation"]
STEPS = (1, 2, 7, 14, 28, 91, 364)
MOST_TICKS = 12
MOST_NAMED = 5
TEXTS = ("label", "state", "url")
OPTIONAL = {
    "onset": pl.Date, "reported": pl.Date, "generation": pl.Int64, "infector_id": pl.String, "p": pl.Float64,
    "label": pl.String, "state": pl.String, "url": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class ChainLayout:
    """Places and links of a transmission forest.

    Parameters
    ----------
    nodes
        Table with ``id, label, x, y, generation, state, onset, url``; x in days from the first tick's origin or in
        generations, y in rows from the top.
    links
        Table with ``from, to, p``.
    axis
        ``{"kind", "ticks": [{"x", "label"}]}``.
    n_rows
        Height in rows.
    problems
        ``{"kind", "ids", "text"}`` for what in the data could not be drawn as it stands.
    """

    nodes: pl.DataFrame
    links: pl.DataFrame
    axis: dict[str, Any]
    n_rows: int
    problems: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """Rows ready for JSON; dates are ISO texts."""
        nodes = self.nodes.with_columns(pl.col("onset").cast(pl.String)).to_dicts()
        return {
            "nodes": nodes, "links": self.links.to_dicts(), "axis": self.axis, "n_rows": self.n_rows,
            "problems": self.problems,
        }  # fmt: skip


def lay_out_chain(cases: pl.DataFrame, axis: Axis = "onset", lang: str = "en") -> ChainLayout:
    """Give every case a place in the picture of who infected whom.

    Parameters
    ----------
    cases
        One row per case: ``id``; where known ``onset``, ``reported`` (used where onset is missing), ``generation``,
        ``infector_id``, ``p`` (probability of that link); and for the page ``label``, ``state``, ``url``.
    axis
        Whether x is the day of onset or the generation.
    lang
        Of labels and problems.

    Notes
    -----
    Each subtree is one block of rows, smaller subtrees nearer to their infector, those of the same day last. The
    first child stands on its infector's row when it lies to the right of it, so rows number about as many as people
    who infected nobody. Trees come by their first date; cases without any link share rows at the bottom, one column
    a day.

    Examples
    --------
    >>> import polars as pl
    >>> layout = lay_out_chain(pl.DataFrame({"id": ["a", "b", "c"], "infector_id": [None, "a", "a"]}), "generation")
    >>> layout.nodes.select("id", "x", "y").rows()
    [('a', 0, 0), ('b', 1, 0), ('c', 1, 1)]
    """
    table, twice = _complete(cases)
    dates, day0 = _days(table)
    infectors, ids = table["infector_id"].to_list(), table["id"].to_list()
    forest = grow_forest(ids, infectors, [float("inf") if day is None else day for day in dates])
    generation = _generations(table["generation"].to_list(), forest)
    undated = [place for place, day in enumerate(dates) if day is None]
    days = _fill(dates, forest)
    first = min(generation, default=0)
    x = days if axis == "onset" else [number - first for number in generation]
    rows, n_rows = _rows(forest, x)
    nodes = table.select("id", "label").with_columns(
        pl.Series("x", x, pl.Int64), pl.Series("y", rows, pl.Int64), pl.Series("generation", generation, pl.Int64),
        table["state"], table["onset"], table["url"],
    )  # fmt: skip
    ticks = (
        _date_ticks(day0, x)
        if axis == "onset"
        else _generation_ticks(range(first, max(generation, default=-1) + 1), lang)
    )
    told = [("twice", twice), ("unknown_infector", [ids[place] for place in forest.unknown])]
    told += [("circle", [ids[place] for place in circle]) for circle in forest.circles]
    told += [("no_date", [ids[place] for place in undated])] if axis == "onset" else []
    problems = [_problem(kind, names, lang) for kind, names in told if names]
    return ChainLayout(nodes, _links(table, forest), {"kind": axis, "ticks": ticks}, n_rows, problems)


def _complete(cases: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Add the columns that were not given, and keep the first row of each id; also the ids that came twice."""
    missing = [pl.lit(None, kind).alias(name) for name, kind in OPTIONAL.items() if name not in cases.columns]
    texts = [pl.col(name).cast(pl.String) for name in ("id", "infector_id")]
    table = cases.with_columns(missing).with_columns(texts).with_columns(pl.col("onset", "reported").cast(pl.Date))
    # an infector is never the case itself: such a row means that nobody is known
    named = table["infector_id"].is_in(["", None]) | (table["infector_id"] == table["id"])
    table = table.with_columns(
        infector_id=pl.when(~named.fill_null(value=True)).then("infector_id"),
        label=pl.col("label").fill_null(pl.col("id")),
        state=pl.col("state").fill_null(""),
        url=pl.col("url").fill_null(""),
    )
    twice = table.filter(pl.col("id").is_duplicated())["id"].unique(maintain_order=True).to_list()
    return table.unique("id", keep="first", maintain_order=True), twice


def _days(table: pl.DataFrame) -> tuple[list[int | None], date | None]:
    """Days from the earliest date, by onset, else by report."""
    day = table.select(pl.coalesce("onset", "reported")).to_series()
    first = day.min()
    if not isinstance(first, date):
        return [None] * table.height, None
    return (day - first).dt.total_days().to_list(), first


def _generations(given: list[int | None], forest: Forest) -> list[int]:
    """Take the generation given, else one more than the infector's; 0 at a root."""
    found = [0] * len(given)
    for place in forest.order:
        own, parent = given[place], forest.parent[place]
        found[place] = own if own is not None else found[parent] + 1 if parent >= 0 else 0
    return found


def _fill(dates: list[int | None], forest: Forest) -> list[int]:
    """Put people without any date one day after their infector, roots on the first day."""
    filled = [0] * len(dates)
    for place in forest.order:
        own, parent = dates[place], forest.parent[place]
        filled[place] = own if own is not None else filled[parent] + 1 if parent >= 0 else 0
    return filled


def _rows(forest: Forest, x: list[int]) -> tuple[list[int], int]:
    """Row of everybody, and the number of rows."""
    row = [0] * len(x)
    roots = sorted(forest.roots, key=lambda place: (x[place], -forest.size[place], place))
    free = 0
    for root in roots:
        if forest.size[root] > 1:
            free = _block(forest, x, root, row, free)
    in_column: dict[int, int] = {}
    for root in roots:
        if forest.size[root] == 1:
            row[root] = free + in_column.setdefault(x[root], 0)
            in_column[x[root]] += 1
    return row, free + max(in_column.values(), default=0)


def _block(forest: Forest, x: list[int], root: int, row: list[int], free: int) -> int:
    """Give one tree its rows from ``free`` on, depth first; return the next free row."""
    waiting = [(root, False)]
    while waiting:
        place, shares = waiting.pop()
        row[place] = row[forest.parent[place]] if shares else free
        free = max(free, row[place] + 1)
        # who fell ill on the infector's own day comes last: the upright line would run on through them
        keys = [(x[child] <= x[place], forest.size[child], x[child], child) for child in forest.children[place]]
        children = [key[-1] for key in sorted(keys)]
        below = [(child, False) for child in children]
        if below and x[children[0]] > x[place]:
            below[0] = (children[0], True)
        waiting += reversed(below)
    return free


def _links(table: pl.DataFrame, forest: Forest) -> pl.DataFrame:
    drawn = table.filter(pl.Series([parent >= 0 for parent in forest.parent], dtype=pl.Boolean))
    return drawn.select(pl.col("infector_id").alias("from"), pl.col("id").alias("to"), pl.col("p").cast(pl.Float64))


def _date_ticks(first: date | None, x: list[int]) -> list[dict[str, Any]]:
    if first is None:
        return []
    last = max(x)
    step = next((step for step in STEPS if last // step < MOST_TICKS), STEPS[-1])
    form = "%Y-%m-%d" if (first + timedelta(days=last)).year != first.year else "%m-%d"
    return [{"x": day, "label": (first + timedelta(days=day)).strftime(form)} for day in range(0, last + 1, step)]


def _generation_ticks(generations: range, lang: str) -> list[dict[str, Any]]:
    return [{"x": place, "label": say("chain.generation", lang, n=number)} for place, number in enumerate(generations)]


def _problem(kind: str, ids: list[str], lang: str) -> dict[str, Any]:
    named = ", ".join(ids[:MOST_NAMED]) + (" …" if len(ids) > MOST_NAMED else "")
    return {"kind": kind, "ids": ids, "text": say(f"chain.{kind}", lang, n=len(ids), ids=named)}
