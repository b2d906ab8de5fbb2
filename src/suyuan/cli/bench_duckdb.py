"""Timing DuckDB on the same questions: native sorted tables, plain hash joins, one thread."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from suyuan.cli.bench_city import TimedCity
from suyuan.cli.bench_packed import COURSE
from suyuan.exposure import pull
from suyuan.exposure.duckdb_log import DuckDBLog, fill_tables
from suyuan.exposure.duckdb_sums import sum_contacts_in_duckdb
from suyuan.exposure.generations import Reached
from suyuan.exposure.segment import ArrivalRows
from suyuan.exposure.visit_log import Digest, digest_of

ROUNDS = {1: 11, 10: 7, 100: 5, 500: 3}
MEMORY = "4GB"


def fill(folder: Path, rows: ArrivalRows) -> float:
    """Load the visits into two sorted tables of a database file; CPU seconds."""
    with _connected(folder) as connection:
        begin = time.process_time()
        fill_tables(connection, pa.table(rows._asdict()))
        return time.process_time() - begin


def open_rival(folder: Path, timed: TimedCity) -> DuckDBLog:
    """Open the database."""
    return DuckDBLog(_connected(folder), timed.cells, timed.n_persons)


def ask(rival: DuckDBLog, timed: TimedCity, k: int) -> tuple[float, list[Digest]]:
    """Median CPU seconds of close contacts over fresh groups, and the digests of the first answers."""
    seconds, digests = [], []
    sum_contacts_in_duckdb(rival, timed.groups(k, 1, seed=1)[0], timed.rules)
    for group in timed.groups(k, ROUNDS[k], seed=0):
        begin = time.process_time()
        entries = sum_contacts_in_duckdb(rival, group, timed.rules)
        seconds.append(time.process_time() - begin)
        digests.append(digest_of(entries))
    return float(np.median(seconds)), digests


def follow(rival: DuckDBLog, timed: TimedCity, n_generations: int) -> tuple[float, Reached]:
    """CPU seconds of following the first group of 10 cases, every hop inside DuckDB, and the answer."""
    before, pull.PUSH_FROM = pull.PUSH_FROM, 0
    try:
        begin = time.process_time()
        cases = timed.groups(10, 1, seed=2)[0]
        found = pull.pull_generations(rival, cases, timed.rules, COURSE, n_generations)
        return time.process_time() - begin, found
    finally:
        pull.PUSH_FROM = before


def _connected(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(folder / "rival.duckdb"))
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET threads = 1")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET temp_directory = $folder", {"folder": str(folder / "spill")})
    return connection
