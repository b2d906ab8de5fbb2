"""Timing appends to a real log: from the call until the late visits are in an answer, the disk included."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from suyuan.cli.bench_city import TimedCity, late_visits, part_of
from suyuan.exposure.log import Coded, LogWriter, VisitBatch, create_log, open_log
from suyuan.exposure.match import sum_close_contacts
from suyuan.exposure.segment import ArrivalRows

MOST_BEFORE = 10_000_000
BATCH = 1_000_000
N_LATE = 100_000


def append_to_log(folder: Path, rows: ArrivalRows, timed: TimedCity) -> dict[str, float]:
    """Import the first visits (at most ten million) into a log, then append 100,000 late ones a few times.

    Returns
    -------
    dict
        Wall and CPU seconds of one append, its opening and the first answer; and how fast the import was.
    """
    create_log(folder / "log", "UTC")
    n = min(len(rows.person), MOST_BEFORE)
    persons = pa.array([f"P{number}" for number in range(timed.n_persons)])
    places = pa.array([f"C{number}" for number in range(len(timed.cells.kind))])
    begin = time.process_time()
    with LogWriter(folder / "log") as writer:
        parts = (part_of(rows, slice(first, min(first + BATCH, n))) for first in range(0, n, BATCH))
        writer.import_batches((_batch(part, timed, persons, places) for part in parts), "bench")
    import_cpu = time.process_time() - begin
    group = timed.groups(10, 1, seed=3)[0]
    wall, cpu = [], []
    for i in range(4):  # the first one loads compiled routines
        whole = _batch(late_visits(timed, N_LATE + i), timed, persons, places)
        batch = replace(whole, person=_as_read(whole.person), place=_as_read(whole.place))
        with LogWriter(folder / "log") as writer:
            begin, begin_cpu = time.perf_counter(), time.process_time()
            writer.append(batch)
            sum_close_contacts(open_log(folder / "log"), group, timed.rules)
            wall.append(time.perf_counter() - begin)
            cpu.append(time.process_time() - begin_cpu)
    return {
        "append_100k_visible_s": float(np.median(wall[1:])),
        "append_100k_visible_cpu_s": float(np.median(cpu[1:])),
        "append_log_visits": n,
        "import_rows_per_s": n / import_cpu,
    }


def _as_read(column: Coded) -> Coded:
    """Keep only the texts that occur, as a file that was read has them."""
    return Coded.of(column.decode())


def _batch(rows: ArrivalRows, timed: TimedCity, persons: pa.Array, places: pa.Array) -> VisitBatch:
    n = len(rows.person)
    return VisitBatch(
        person=Coded(rows.person.astype(np.int32), persons),
        place=Coded(rows.cell.astype(np.int32), places),
        zone=Coded.constant("", n),
        source=Coded.constant("check-in", n),
        kind=timed.cells.kind[rows.cell],
        t_in=rows.t_in.astype(np.int64) * 60,
        t_out=rows.t_out.astype(np.int64) * 60,
        confidence=np.ones(n, np.float32),
    )
