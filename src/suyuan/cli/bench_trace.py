"""The course of `suyuan bench trace`: what is measured, in which order, and that both engines agree."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from suyuan.cli import bench_append, bench_duckdb, bench_packed
from suyuan.cli.bench_city import TimedCity, arriving_visits, make_timed_city
from suyuan.exposure.generations import Reached
from suyuan.exposure.visit_log import Digest
from suyuan.twin.bench_city import bench_rules

SIZES = (1, 10, 100, 500)
N_STEPS = 6 + 3 * len(SIZES) + 4
Tell = Callable[..., None]
Warm = dict[int, tuple[float, list[Digest]]]
Chains = dict[int, tuple[float, Reached]]


def measure(n_visits: int, folder: Path, tell: Tell) -> dict[str, Any]:
    """Measure everything in an empty folder.

    Parameters
    ----------
    tell
        Called with the key of a sentence, and its values, before each step.

    Returns
    -------
    dict
        Ready for JSON; figures per number of cases are keyed by the number as text.

    Raises
    ------
    RuntimeError
        If the two engines do not give the same answers.
    """
    tell("bench.step_city")
    timed = make_timed_city(n_visits, bench_rules())
    rows = arriving_visits(timed, n_visits)
    tell("bench.step_build")
    figures: dict[str, Any] = bench_packed.build(folder, rows, timed)
    figures |= {"people": timed.n_persons, "places": len(timed.cells.kind)}
    tell("bench.step_duckdb_fill")
    figures["duckdb_fill_cpu_s"] = bench_duckdb.fill(folder, rows)
    tell("bench.step_log")
    figures |= bench_append.append_to_log(folder, rows, timed)
    del rows
    shutil.rmtree(folder / "log")
    cold = {}
    for k in SIZES:
        tell("bench.step_cold", k=k)
        cold[k] = bench_packed.ask_cold(folder, timed, k)
    figures |= _cold_figures(cold)
    log = bench_packed.open_warm(folder, timed)
    warm: Warm = {}
    for k in SIZES:
        tell("bench.step_warm", k=k)
        warm[k] = bench_packed.ask_warm(log, timed, k)
    figures["q1_cpu_ms"] = {str(k): 1000 * seconds for k, (seconds, _) in warm.items()}
    figures["contacts_per_case"] = warm[100][1][0].persons / 100
    figures["meetings_per_case_day"] = warm[100][1][0].meetings / 100 / 7
    tell("bench.step_generations")
    chains: Chains = {n: bench_packed.follow(log, timed, n) for n in (2, 3)}
    figures |= _chain_figures(chains, "")
    figures["reached_in_three_generations"] = len(chains[3][1].person)
    tell("bench.step_append")
    figures |= bench_packed.append(folder, log, timed)
    tell("bench.step_common")
    figures |= bench_packed.search_common(log, timed)
    return figures | _rival_figures(folder, timed, (warm, chains), tell)


def _rival_figures(folder: Path, timed: TimedCity, ours: tuple[Warm, Chains], tell: Tell) -> dict[str, Any]:
    """Ask DuckDB the same questions and hold its answers against ours."""
    warm, chains = ours
    rival = bench_duckdb.open_rival(folder, timed)
    theirs: Warm = {}
    for k in SIZES:
        tell("bench.step_duckdb", k=k)
        theirs[k] = bench_duckdb.ask(rival, timed, k)
        _agree(warm[k][1], theirs[k][1])
    their_chains: Chains = {}
    for n in (2, 3):
        tell("bench.step_duckdb_generations", n=n)
        their_chains[n] = bench_duckdb.follow(rival, timed, n)
        _agree_on_chain(chains[n][1], their_chains[n][1])
    rival.close()
    return {
        "duckdb_q1_cpu_ms": {str(k): 1000 * seconds for k, (seconds, _) in theirs.items()},
        **_chain_figures(their_chains, "duckdb_"),
        "answers_equal": True,
    }


def _cold_figures(cold: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "q1_cold_ms": {str(k): 1000 * (found["open_s"] + found["query_s"]) for k, found in cold.items()},
        "open_s": float(np.median([found["open_s"] for found in cold.values()])),
        "peak_gb": max(found["anonymous_bytes"] for k, found in cold.items() if k <= 100) / 1e9,
        "cache_dropped": all(found["dropped"] for found in cold.values()),
    }


def _chain_figures(chains: Chains, whose: str) -> dict[str, float]:
    return {
        f"{whose}two_generations_10_cpu_s": chains[2][0],
        f"{whose}three_generations_10_cpu_s": chains[3][0],
    }


def _agree(ours: list[Digest], theirs: list[Digest]) -> None:
    if any(one != other for one, other in zip(ours, theirs, strict=False)):
        raise RuntimeError(f"The packed log and DuckDB disagree: {ours} against {theirs}.")


def _agree_on_chain(ours: Reached, theirs: Reached) -> None:
    for name in ("person", "generation", "first", "infector"):
        if not np.array_equal(getattr(ours, name), getattr(theirs, name)):
            raise RuntimeError(f"The packed log and DuckDB disagree on {name} in a chain.")
