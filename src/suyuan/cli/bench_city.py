"""The city that is timed: its visits as they arrive, the questions put to it, and the files that hold it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from suyuan.exposure.kernels.shapes import Cells, Infectors, Rules
from suyuan.exposure.segment import ArrivalRows, Segment, SegmentShape
from suyuan.twin.bench_city import (
    VISITS_PER_PERSON_DAY,
    BenchCity,
    bench_cells,
    bench_days,
    bench_infectors,
    make_bench_city,
)

N_DAYS = 14
SEED = 20_261_122
CLUSTER_DAY = 3


class TimedLog(NamedTuple):
    """Segments as a log."""

    segments: tuple[Segment, ...]
    cells: Cells
    n_persons: int


class TimedCity(NamedTuple):
    """What all engines are asked about."""

    city: BenchCity
    cells: Cells
    rules: Rules

    @property
    def n_persons(self) -> int:
        """People of the city."""
        return len(self.city.home)

    @property
    def shape(self) -> SegmentShape:
        """How to build its base segment."""
        return SegmentShape(0, self.n_persons, len(self.cells.kind), dense=True)

    def groups(self, k: int, n: int, seed: int) -> list[Infectors]:
        """Draw ``n`` fresh groups of ``k`` cases; the same ones for the same numbers."""
        rng = np.random.default_rng([SEED, k, seed])
        return [bench_infectors(self.n_persons, k, rng) for _ in range(n)]


def make_timed_city(n_visits: int, rules: Rules) -> TimedCity:
    """Found a city of about so many visits in fourteen days."""
    city = make_bench_city(round(n_visits / N_DAYS / VISITS_PER_PERSON_DAY), np.random.default_rng(SEED))
    return TimedCity(city, bench_cells(city), rules)


def arriving_visits(timed: TimedCity, n_visits: int) -> ArrivalRows:
    """All visits of the city in the order in which they arrive."""
    capacity = int(n_visits * 1.05) + 10_000
    rows = ArrivalRows(
        np.empty(capacity, np.uint32),
        np.empty(capacity, np.uint32),
        np.empty(capacity, np.uint16),
        np.empty(capacity, np.uint16),
    )
    n = 0
    for day in bench_days(timed.city, N_DAYS, np.random.default_rng(SEED)):
        here = slice(n, n + len(day.person))
        rows.person[here], rows.cell[here], rows.t_in[here], rows.t_out[here] = day
        n = here.stop
    return part_of(rows, slice(n))


def part_of(rows: ArrivalRows, part: slice) -> ArrivalRows:
    """Take some of the rows, without copying."""
    return ArrivalRows(rows.person[part], rows.cell[part], rows.t_in[part], rows.t_out[part])


def late_visits(timed: TimedCity, n: int) -> ArrivalRows:
    """Visits of one more day, as 100,000 check-ins that come in during an evening: people at random."""
    rng = np.random.default_rng([SEED, n])
    start = (rng.integers(0, N_DAYS * 1440 - 120, n)).astype(np.uint16)
    return ArrivalRows(
        rng.integers(0, timed.n_persons, n).astype(np.uint32),
        rng.integers(0, len(timed.cells.kind), n).astype(np.uint32),
        start,
        start + rng.integers(5, 120, n).astype(np.uint16),
    )


def planted_cases(timed: TimedCity, log: TimedLog, k: int) -> tuple[Infectors, int]:
    """Draw ``k`` cases, 30 % of whom were in one shop on one evening; return them and the cell of the shop."""
    from suyuan.exposure.visit_log import PackedSlices

    shop = int(timed.city.first_shop[0]) + 5
    evening = np.array([CLUSTER_DAY * 1440 + 960]), np.array([CLUSTER_DAY * 1440 + 1440])
    there = PackedSlices(log).visits_at(np.array([shop], np.uint32), *(edge.astype(np.int32) for edge in evening))
    rng = np.random.default_rng([SEED, k])
    visitors = np.unique(there.person)
    planted = rng.choice(visitors, min(len(visitors) // 2, k * 3 // 10), replace=False)
    others = np.setdiff1d(rng.choice(timed.n_persons, k, replace=False), planted)[: k - len(planted)]
    person = np.concatenate((planted, others)).astype(np.uint32)
    start = np.zeros(len(person), np.int32)
    return Infectors(person, start, start + np.int32(7 * 1440), start + np.int32(8 * 1440)), shop


def save_tables(folder: Path, timed: TimedCity) -> None:
    """Put the table of cells on disk as a log does, for processes that begin cold."""
    for name, column in timed.cells._asdict().items():
        np.save(folder / f"cells-{name}.npy", column)


def load_tables(folder: Path) -> Cells:
    """Map the table of cells."""
    return Cells(*(np.load(folder / f"cells-{name}.npy", mmap_mode="r").view(np.ndarray) for name in Cells._fields))
