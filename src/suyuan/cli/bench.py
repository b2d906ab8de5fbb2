"""`suyuan bench`: what this machine does with a log of a given size, beside DuckDB on the same questions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from suyuan.cli.options import common_options
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
