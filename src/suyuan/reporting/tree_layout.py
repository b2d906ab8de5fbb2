"""Who exposed whom as a layered tree that stays readable with thousands of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from suyuan.reporting.forest import grow_forest
from suyuan.reporting.shapes import TraceTables

MAX_BRANCHES = 36
MAX_SINGLE = 60


@dataclass
class Branch:
    """One person of the tree as drawn.

    ``n_grouped`` children are not drawn singly; ``n_behind`` people come after those.
    """

    person_id: str
    generation: int
    since: datetime | None
    children: list[Branch] = field(default_factory=list)
    n_grouped: int = 0
    n_behind: int = 0
    row: float = 0.0
    group_row: int = 0


@dataclass(frozen=True)
class Layout:
    """Roots with their rows set, the number of rows, and how many people stand in each generation."""

    roots: list[Branch]
    n_rows: int
    sizes: dict[int, int]
    n_roots_hidden: int


def generation_table(result: TraceTables) -> pl.DataFrame:
    """Take the table of generations, or make one from cases and contacts where the tracing went one step."""
    columns = ["person_id", "generation", "first_exposure", "infector_id"]
    table = result.generations.select(columns)
    if not table.height:
        table = result.contacts.filter(pl.col("ring").is_in(["close", "contact_of_contact"])).select(columns)
    zero = pl.lit(0, dtype=table.schema["generation"])
    cases = result.cases.select("person_id", zero.alias("generation"))
    missing = cases.filter(~pl.col("person_id").is_in(table["person_id"].implode()))
    return pl.concat([missing, table], how="diagonal_relaxed").unique("person_id", keep="first", maintain_order=True)


def lay_out(table: pl.DataFrame) -> Layout:
    """Choose what is drawn singly and give everything a row.

    Notes
    -----
    Someone who exposed others always has more people after them than anyone behind them, so the branches with most
    people after them hang together; the largest 36 are drawn and the rest is told as a number.
    """
    people = {
        row[0]: row[1:] for row in table.select("person_id", "generation", "first_exposure", "infector_id").iter_rows()
    }
    names = list(people)
    forest = grow_forest(names, [_infector_of(people, person) for person in names])
    children = {names[place]: [names[child] for child in below] for place, below in enumerate(forest.children) if below}
    roots = [names[place] for place in forest.roots]
    after = {names[place]: size - 1 for place, size in enumerate(forest.size)}
    drawn = set(sorted(children, key=lambda person: (-after[person], person))[:MAX_BRANCHES])
    roots.sort(key=lambda person: (-after[person], person))
    single = len(people) <= MAX_SINGLE
    shown = roots if single else roots[:MAX_BRANCHES]
    grower = _Grower(people, children, after, drawn, single=single)
    trees = [grower.grow(person) for person in shown]
    rows = 0
    for tree in trees:
        rows = _set_rows(tree, rows)
    sizes = dict(table.group_by("generation").len().sort("generation").iter_rows())
    return Layout(trees, rows, sizes, len(roots) - len(shown))


Person = tuple[int, datetime | None, str | None]


@dataclass(frozen=True)
class _Grower:
    people: dict[str, Person]
    children: dict[str, list[str]]
    after: dict[str, int]
    drawn: set[str]
    single: bool

    def grow(self, person: str) -> Branch:
        generation, since, _ = self.people[person]
        branch = Branch(person, generation, since)
        hidden = []
        for child in sorted(self.children.get(person, []), key=lambda name: (-self.after[name], name)):
            if self.single or (child in self.drawn and person in self.drawn):
                branch.children.append(self.grow(child))
            else:
                hidden.append(child)
        if len(hidden) == 1 and not self.after[hidden[0]]:  # one person needs no circle with a number
            branch.children.append(self.grow(hidden[0]))
            return branch
        branch.n_grouped = len(hidden)
        branch.n_behind = sum(self.after[child] for child in hidden)
        return branch


def _infector_of(people: dict[str, Person], person: str) -> str | None:
    """Take the infector, if it stands in an earlier generation: tables may name one who was found later."""
    generation, _, infector = people[person]
    return infector if infector in people and people[infector][0] < generation else None


def _set_rows(branch: Branch, row: int) -> int:
    """Give a branch and everything after it rows from ``row`` on; return the next free row."""
    start = row
    for child in branch.children:
        row = _set_rows(child, row)
    if branch.n_grouped:
        branch.group_row = row
        row += 1
    if row == start:
        branch.row = start
        return start + 1
    branch.row = (start + row - 1) / 2
    return row
