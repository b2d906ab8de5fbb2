"""`suyuan bench`: what this machine does with a log of a given size, beside DuckDB on the same questions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from suyuan.cli.options import FILE, Answer, answering, common_options
from suyuan.terms import BadUsage, say

FEWEST = 50_000
MOST = 2_000_000_000


@click.group()
def bench() -> None:
    """Measure this machine / 性能测试."""


@bench.command()
@click.option(
    "--visits", type=float, default=10e6, show_default=True, help="Visits of the city, such as 100e6 / 到访数."
)
@click.option("--folder", type=click.Path(file_okay=False), help="Where to put up to 60 bytes a visit / 临时目录.")
@common_options
def trace(visits: float, folder: str | None, lang: str, *, as_json: bool, quiet: bool) -> None:
    """Time the matching engine on a synthetic city, and DuckDB beside it / 匹配引擎计时.

    Builds a city of VISITS visits in a temporary folder, asks for close contacts of 1, 10, 100 and 500 cases warm
    and cold, follows generations, appends, and checks that both engines answer alike.
    """
    from suyuan.cli.bench_trace import measure

    if not FEWEST <= visits <= MOST:
        raise BadUsage("bench.visits_out_of_range", visits=f"{visits:,.0f}", fewest=FEWEST, most=MOST)
    with tempfile.TemporaryDirectory(dir=folder, prefix="suyuan-bench-") as place, _progress(lang, quiet=quiet) as tell:
        figures = measure(int(visits), Path(place), tell)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for line in _lines(figures, lang):
        click.echo(line)


@bench.command()
@click.option("--people", type=float, default=1e6, show_default=True, help="People of the city / 人口.")
@click.option("--cases", type=float, default=20_000, show_default=True, help="Cases / 病例.")
@click.option("--contacts", type=float, default=300_000, show_default=True, help="Contacts / 接触者.")
@click.option("--tasks", type=float, default=1e6, show_default=True, help="Tasks / 任务.")
@click.option("--rows", type=float, default=100_000, show_default=True, help="Rows to import, 0 for none / 导入行数.")
@click.option(
    "--database", default="sqlite", show_default=True, help="sqlite, postgresql, both, or postgresql://… / 数据库."
)
@click.option("--users", type=click.IntRange(6, 64), default=16, show_default=True, help="Officers at once / 并发人数.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=60, show_default=True, help="Of each run / 每轮秒数.")
@click.option("--keep", type=FILE, metavar="DIR", help="Keep the installations there and use them again / 保留目录.")
@click.option("--quick", is_flag=True, help="A small city and one short run / 快速.")
@answering
def room(database: str, keep: Path | None, answer: Answer, *, quick: bool, **given: float) -> None:
    """Time the operations room for sixteen officers in a city of a million / 指挥室计时.

    Fills a database, serves it as `suyuan up` does, signs officers of six roles in, and measures lists, searches,
    records, deeds and the board over HTTP: once with a pause of a second between two looks, once without any pause.
    """
    from suyuan.cli.bench_room import Sizes, folder_of, lines_of, measure

    sizes = Sizes.of(given, quick=quick)
    names = ("sqlite", "postgresql") if database == "both" else (database,)
    with folder_of(keep) as folder:
        figures = measure(sizes, names, folder, lambda key, **values: answer.note(say(key, answer.lang, **values)))
    answer.json(figures)
    for line in lines_of(figures, answer.lang):
        answer.text(line)


def _lines(figures: dict[str, Any], lang: str) -> Iterator[str]:
    """Write the figures as a table for people: question, ours, DuckDB, how many times."""
    yield say("bench.city", lang, **figures)
    yield say("bench.built", lang, **figures)
    head = tuple(say(f"bench.head_{name}", lang) for name in ("question", "warm", "cold", "duckdb", "times"))
    yield _row(*head)
    for k, ours in figures["q1_cpu_ms"].items():
        theirs = figures["duckdb_q1_cpu_ms"][k]
        label = say("bench.row_contacts", lang, k=k)
        yield _row(label, f"{ours:.2f}", f"{figures['q1_cold_ms'][k]:.0f}", f"{theirs:.0f}", f"{theirs / ours:.0f}")
    for name in ("two", "three"):
        ours, theirs = (1000 * figures[f"{whose}{name}_generations_10_cpu_s"] for whose in ("", "duckdb_"))
        yield _row(say(f"bench.row_{name}", lang), f"{ours:.0f}", "", f"{theirs:.0f}", f"{theirs / ours:.0f}")
    yield _row(say("bench.row_common", lang), f"{figures['common_exposures_500_cpu_ms']:.1f}", "", "", "")
    yield say("bench.planted", lang, **figures)
    yield say("bench.imported", lang, **figures)
    yield say("bench.appended", lang, **figures)
    yield say("bench.memory", lang, **figures)
    yield say("bench.equal", lang)


def _row(*cells: str) -> str:
    from rich.cells import cell_len

    widths = (34, 12, 12, 12, 8)
    first = cells[0] + " " * max(1, widths[0] - cell_len(cells[0]))
    rest = (" " * max(1, width - cell_len(cell)) + cell for cell, width in zip(cells[1:], widths[1:], strict=True))
    return first + "".join(rest)


@contextmanager
def _progress(lang: str, *, quiet: bool) -> Iterator[Callable[..., None]]:
    """Show on stderr which step is running; nothing when quiet."""
    if quiet:
        yield lambda _key, **_values: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from suyuan.cli.bench_trace import N_STEPS

    shown = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=N_STEPS)

        def tell(key: str, **values: object) -> None:
            progress.update(task, advance=1, description=say(key, lang, **values))

        yield tell
