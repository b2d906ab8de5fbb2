"""Timing the packed log: build, open, cold and warm questions, generations, appends, common exposures."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from suyuan.cli.bench_city import TimedCity, TimedLog, late_visits, part_of, planted_cases, save_tables
from suyuan.exposure.generations import Course, Reached, find_generations
from suyuan.exposure.match import sum_close_contacts
from suyuan.exposure.segment import ArrivalRows, Segment, open_segment
from suyuan.exposure.segment_build import build_segment
from suyuan.exposure.visit_log import Digest, digest_of

ROUNDS = {1: 101, 10: 51, 100: 31, 500: 11}
COURSE = Course(latent_minutes=2 * 1440, infectious_minutes=7 * 1440)
N_LATE = 100_000
COMMON_CASES = 500


def build(folder: Path, rows: ArrivalRows, timed: TimedCity) -> dict[str, float]:
    """Build the segment file from arrival order; figures per row."""
    build_segment(folder / "segment.bin", part_of(rows, slice(1000)), timed.shape)  # compile before the clock starts
    begin_cpu, begin = time.process_time(), time.perf_counter()
    build_segment(folder / "segment.bin", rows, timed.shape)
    cpu, wall = time.process_time() - begin_cpu, time.perf_counter() - begin
    save_tables(folder, timed)
    return {
        "visits": len(rows.person),
        "bytes_per_visit": (folder / "segment.bin").stat().st_size / len(rows.person),
        "build_rows_per_s": len(rows.person) / cpu,
        "build_cpu_s": cpu,
        "build_wall_s": wall,
    }


def ask_cold(folder: Path, timed: TimedCity, k: int) -> dict[str, Any]:
    """Ask one question in a fresh process with the files dropped from the page cache."""
    command = [sys.executable, "-m", "suyuan.cli.bench_cold", str(folder), str(timed.n_persons), str(k)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own module
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def open_warm(folder: Path, timed: TimedCity) -> TimedLog:
    """Open the segment and touch each page, so that the first questions pay for no page.

    The file is read in order first, as after an import: pages fetched one by one, at random, lie scattered in memory
    and cost small questions up to three times as much (a miss of the page table at each step).
    """
    with (folder / "segment.bin").open("rb") as file:
        while file.read(1 << 24):
            pass
    segment = open_segment(folder / "segment.bin")
    for column in (segment.person_rows, segment.cell_rows, segment.person_offsets, segment.cell_offsets):
        np.add.reduce(column[:: 4096 // column.itemsize])
    return TimedLog((segment,), timed.cells, timed.n_persons)


def ask_warm(log: TimedLog, timed: TimedCity, k: int) -> tuple[float, list[Digest]]:
    """Median CPU seconds of close contacts over fresh groups, and the digests of the first answers."""
    groups = timed.groups(k, ROUNDS[k], seed=0)
    for group in timed.groups(k, 3, seed=1):
        sum_close_contacts(log, group, timed.rules)
    seconds: list[float] = []
    digests: list[Digest] = []
    gc.collect()
    for group in groups:
        begin = time.process_time()
        entries = sum_close_contacts(log, group, timed.rules)
        seconds.append(time.process_time() - begin)
        if len(digests) < 3:
            digests.append(digest_of(entries))
    return float(np.median(seconds)), digests


def follow(log: TimedLog, timed: TimedCity, n_generations: int) -> tuple[float, Reached]:
    """Median CPU seconds of following 10 cases, and the answer for the first group."""
    groups = timed.groups(10, 3, seed=2)
    answers, seconds = [], []
    find_generations(log, timed.groups(1, 1, seed=2)[0], timed.rules, COURSE, 1)
    for group in groups:
        begin = time.process_time()
        answers.append(find_generations(log, group, timed.rules, COURSE, n_generations))
        seconds.append(time.process_time() - begin)
    return float(np.median(seconds)), answers[0]


def append(folder: Path, log: TimedLog, timed: TimedCity) -> dict[str, float]:
    """Time until a delta beside the base is in an answer (wall, with the disk), and what it costs later questions."""
    rows = late_visits(timed, N_LATE)
    group = timed.groups(10, 1, seed=3)[0]
    seconds, delta = [], log.segments[0]
    for _ in range(4):  # the first one loads compiled routines
        begin = time.perf_counter()
        delta = _append_once(folder, rows, timed)
        sum_close_contacts(log._replace(segments=(*log.segments, delta)), group, timed.rules)
        seconds.append(time.perf_counter() - begin)
    both = log._replace(segments=(*log.segments, delta))
    return {
        "delta_100k_visible_s": float(np.median(seconds[1:])),
        "base_and_delta_ratio": _ratio(both, log, timed),
    }


def _append_once(folder: Path, rows: ArrivalRows, timed: TimedCity) -> Segment:
    build_segment(folder / "delta.bin", rows, timed.shape._replace(dense=False))
    return open_segment(folder / "delta.bin")


def _ratio(one: TimedLog, other: TimedLog, timed: TimedCity) -> float:
    """How much longer the same questions take, asked in turn."""
    seconds: dict[int, list[float]] = {0: [], 1: []}
    for group in timed.groups(100, 21, seed=4):
        sum_close_contacts(one, group, timed.rules)
        for which, log in enumerate((one, other)):
            begin = time.process_time()
            sum_close_contacts(log, group, timed.rules)
            seconds[which].append(time.process_time() - begin)
    return float(np.median(seconds[0]) / np.median(seconds[1]))


def search_common(log: TimedLog, timed: TimedCity) -> dict[str, float]:
    """Time the search for common exposures, and say at which rank a planted cluster comes out."""
    from suyuan.exposure.common import find_common_exposures

    cases, shop = planted_cases(timed, log, COMMON_CASES)
    seconds = []
    for _ in range(4):
        begin = time.process_time()
        found = find_common_exposures(log, cases)
        seconds.append(time.process_time() - begin)
    ranks = np.flatnonzero(found.table.cell == shop)
    return {
        "common_exposures_500_cpu_ms": 1000 * float(np.median(seconds[1:])),
        "planted_cluster_rank": int(ranks[0]) + 1 if len(ranks) else 0,
    }
