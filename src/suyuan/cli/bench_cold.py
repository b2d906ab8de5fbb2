"""One question asked in a process that has read nothing yet: run by ``suyuan bench``, prints one JSON object.

The compiled routines are loaded from their cache before the clock starts; what is timed is the disk.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from suyuan.cli.bench_city import TimedLog, load_tables
from suyuan.exposure.kernels.shapes import Cells, Rules
from suyuan.exposure.match import sum_close_contacts
from suyuan.exposure.segment import ArrivalRows, SegmentShape, open_segment
from suyuan.exposure.segment_build import segment_in_memory
from suyuan.twin.bench_city import bench_infectors, bench_rules

WARM_ROUNDS = 20


def main(folder: Path, n_persons: int, k: int) -> None:
    """Ask once with a cold disk, then a few times more, and print times and memory."""
    rules, rng = bench_rules(), np.random.default_rng(k)
    _load_routines(rules, rng)
    groups = [bench_infectors(n_persons, k, rng) for _ in range(1 + WARM_ROUNDS)]
    files = [folder / "segment.bin", *folder.glob("cells-*.npy")]
    dropped = [forget(file) for file in files]
    begin = time.perf_counter()
    log = TimedLog((open_segment(files[0]),), load_tables(folder), n_persons)
    opened = time.perf_counter()
    sum_close_contacts(log, groups[0], rules)
    answered = time.perf_counter()
    memory = anonymous_bytes()
    for group in groups[1:]:
        sum_close_contacts(log, group, rules)
        memory = max(memory, anonymous_bytes())
    print(
        json.dumps(
            {
                "dropped": all(dropped),
                "open_s": opened - begin,
                "query_s": answered - opened,
                "anonymous_bytes": memory,
            }
        )
    )


def forget(file: Path) -> bool:
    """Ask the system to drop a file from its cache of pages; false where it cannot."""
    if not hasattr(os, "posix_fadvise"):
        return False
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


def anonymous_bytes() -> int:
    """Memory of this process that no file stands behind; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = [line for line in status.read_text().splitlines() if line.startswith("RssAnon:")]
    return 1024 * int(lines[0].split()[1]) if lines else 0


def _load_routines(rules: Rules, rng: np.random.Generator) -> None:
    """Answer a question about two people, so that nothing is compiled or loaded later."""
    person, times = np.array([0, 1], np.uint32), np.array([0, 60], np.uint16)
    segment = segment_in_memory(
        ArrivalRows(person, person * 0, times, times + np.uint16(90)), SegmentShape(0, 2, 1, dense=True)
    )
    one = np.zeros(1, np.uint32)
    cells = Cells(one, one, one.astype(np.uint8), one.astype(np.uint8), one)
    frozen = Cells(*(_read_only(column) for column in cells))
    sum_close_contacts(TimedLog((segment,), frozen, 2), bench_infectors(2, 1, rng), rules)


def _read_only(column: np.ndarray) -> np.ndarray:
    column.flags.writeable = False
    return column


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
