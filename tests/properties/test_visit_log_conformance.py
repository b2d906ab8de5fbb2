"""One suite for every implementation of the visit log: the same answers, row for row, as the packed log.

A new store joins by a line in ``STORES``: a function from a packed log, its visits and a folder to a ``VisitLog``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from random_logs import PackedFake, packed_infectors, packed_rules, random_infectors, random_log, random_rules

from suyuan.exposure import pull as pulling
from suyuan.exposure.duckdb_log import DuckDBLog, fill_tables, open_duckdb_log, write_duckdb_files
from suyuan.exposure.duckdb_sums import sum_contacts_in_duckdb
from suyuan.exposure.generations import Course, find_generations
from suyuan.exposure.kernels.shapes import Infectors
from suyuan.exposure.log import NO_ONE, Coded, LogWriter, VisitBatch, create_log, open_log
from suyuan.exposure.match import ONLY_CLOSE, list_meetings, sum_close_contacts
from suyuan.exposure.pull import pull, pull_generations
from suyuan.exposure.segment import ArrivalRows, SegmentShape, open_segment
from suyuan.exposure.segment_build import build_segment
from suyuan.exposure.visit_log import PackedSlices, Visits, digest_of
from suyuan.twin.bench_city import bench_cells, bench_days, bench_infectors, bench_rules, make_bench_city


def in_memory(log, visits, folder):
    return PackedSlices(log)


def duckdb_files(log, visits, folder):
    write_duckdb_files(folder, visits, log.cells, log.n_persons)
    return open_duckdb_log(folder)


def duckdb_tables(log, visits, folder):
    import duckdb

    connection = duckdb.connect()
    fill_tables(connection, pa.table(visits._asdict()))
    return DuckDBLog(connection, log.cells, log.n_persons)


class Renumbered:
    """A packed log on disk under the numbers of the visits it was made from: it numbers by order of appearance."""

    def __init__(self, log, cells, n_persons):
        self.log, self.cells, self.n_persons, self.slices = log, cells, n_persons, PackedSlices(log)
        self.person = log.person_numbers([f"P{number}" for number in range(n_persons)])
        self.cell = log.place_numbers([f"C{number}" for number in range(len(cells.kind))])  # one cell a place

    def visits_of(self, persons, window):
        known = self.person[persons]
        return self._named(self.slices.visits_of(known[known != NO_ONE], window))

    def visits_at(self, cells, from_, to):
        known = self.cell[cells]
        here = known != NO_ONE
        return self._named(self.slices.visits_at(known[here], from_[here], to[here]))

    def _named(self, visits):
        persons, cells = self.log.person_codes(visits.person), self.log.cell_places(visits.cell)
        numbers = (np.array([int(code[1:]) for code in codes], np.uint32) for codes in (persons, cells))
        return Visits(*numbers, visits.t_in, visits.t_out)


def packed_files(log, visits, folder):
    create_log(folder / "log", "UTC")
    cut = 9 * len(visits.person) // 10
    with LogWriter(folder / "log") as writer:
        writer.import_batches([_batch(visits, log.cells, slice(cut))], "base")
        writer.append(_batch(visits, log.cells, slice(cut, None)))
    return Renumbered(open_log(folder / "log"), log.cells, log.n_persons)


def _batch(visits, cells, part):
    person, cell, t_in, t_out = (column[part] for column in visits)
    return VisitBatch(
        person=Coded.of([f"P{number}" for number in person]),
        place=Coded.of([f"C{number}" for number in cell]),
        zone=Coded.constant("", len(person)),
        source=Coded.constant("check-in", len(person)),
        kind=cells.kind[cell],
        t_in=t_in.astype(np.int64) * 60,
        t_out=t_out.astype(np.int64) * 60,
        confidence=np.ones(len(person), np.float32),
    )


CITY_STORES = pytest.mark.parametrize("store", [in_memory, packed_files, duckdb_files, duckdb_tables])
STORES = pytest.mark.parametrize("store", [in_memory, duckdb_files, duckdb_tables])
SOME = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def problems(draw):
    stays, _, n_persons, log = draw(random_log())
    columns = np.array(stays, np.int64).reshape(-1, 4).T
    visits = Visits(*(c.astype(t) for c, t in zip(columns, (np.uint32, np.uint32, np.int32, np.int32), strict=True)))
    rules, infectors = packed_rules(draw(random_rules())), packed_infectors(draw(random_infectors(n_persons)))
    return log, visits, rules, infectors


@pytest.fixture(scope="module")
def bench_log(tmp_path_factory):
    """Lay out a bench city of a few days as a dense segment file and a sparse delta, its visits, rules and people."""
    city = make_bench_city(16_000, np.random.default_rng(1))
    days = list(bench_days(city, 4, np.random.default_rng(2)))
    rows = ArrivalRows(*(np.concatenate(columns) for columns in zip(*days, strict=True)))
    shape = SegmentShape(0, len(city.home), len(city.kind), dense=True)
    segments, cut = [], 9 * len(rows.person) // 10
    for part, dense in ((slice(cut), True), (slice(cut, None), False)):
        file = tmp_path_factory.mktemp("bench") / "segment.bin"
        build_segment(file, ArrivalRows(*(column[part] for column in rows)), shape._replace(dense=dense))
        segments.append(open_segment(file))
    log = PackedFake(tuple(segments), bench_cells(city), len(city.home))
    return log, Visits(rows.person, rows.cell, rows.t_in.astype(np.int32), rows.t_out.astype(np.int32))


@STORES
@given(problem=problems())
@SOME
def test_close_contacts_are_the_same(store, problem):
    """Sums over close contacts do not depend on the store."""
    log, visits, rules, infectors = problem
    with tempfile.TemporaryDirectory() as folder:
        pulled = pull(store(log, visits, Path(folder)), infectors, rules, ONLY_CLOSE)
    assert same_rows(sum_close_contacts(pulled, infectors, rules), sum_close_contacts(log, infectors, rules))


@STORES
@given(problem=problems())
@SOME
def test_meetings_are_the_same(store, problem):
    """Every meeting of every ring is listed, whatever store stands behind."""
    log, visits, rules, infectors = problem
    with tempfile.TemporaryDirectory() as folder:
        pulled = pull(store(log, visits, Path(folder)), infectors, rules)
    assert sorted_rows(list_meetings(pulled, infectors, rules)) == sorted_rows(list_meetings(log, infectors, rules))


@pytest.mark.parametrize("push_from", [0, 1 << 30], ids=["pushed", "pulled"])
@STORES
@given(problem=problems(), latent=st.integers(0, 3000), duration=st.integers(1, 9000))
@SOME
def test_generations_are_the_same(store, push_from, problem, latent, duration):
    """Generation, first exposure and infector do not depend on the store, pulled or pushed down."""
    log, visits, rules, infectors = problem
    course = Course(latent, duration)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pulling, "PUSH_FROM", push_from)
        found = pull_generations(store(log, visits, Path(folder)), infectors, rules, course, 4)
    assert same_columns(found, find_generations(log, infectors, rules, course, 4))


@STORES
@given(problem=problems(), since=st.integers(-100, 5000), length=st.integers(1, 3000))
@SOME
def test_reads_hold_what_touches_the_window(store, problem, since, length):
    """Both reads return every living visit that touches its window, once, and no other."""
    log, visits, _, infectors = problem
    start = int(infectors.start.min()) + since
    persons = np.unique(infectors.person)
    cells = np.arange(len(log.cells.kind), dtype=np.uint32)[::2]
    with tempfile.TemporaryDirectory() as folder:
        behind = store(log, visits, Path(folder))
        of = behind.visits_of(persons, (start, start + length))
        windows = [np.full(len(cells), edge, np.int32) for edge in (start, start + length)]
        at = behind.visits_at(cells, *windows)
    touching = [v for v in zip(*visits, strict=True) if v[2] < start + length and v[3] > start and v[3] > v[2]]
    assert sorted_rows(of) == sorted(tuple(map(int, v)) for v in touching if v[0] in persons)
    assert sorted_rows(at) == sorted(tuple(map(int, v)) for v in touching if v[1] in cells)


@CITY_STORES
@pytest.mark.parametrize("k", [1, 30])
def test_a_city_has_one_digest(store, k, bench_log, tmp_path):
    """On a city of 280,000 visits, close contacts agree row for row and in their digest."""
    log, visits = bench_log
    rules, infectors = bench_rules(), bench_infectors(log.n_persons, k, np.random.default_rng(k), n_days=4)
    ours = sum_close_contacts(log, infectors, rules)
    found = sum_close_contacts(pull(store(log, visits, tmp_path), infectors, rules, ONLY_CLOSE), infectors, rules)
    assert len(ours) > 50 * k  # enough to differ in
    assert digest_of(found) == digest_of(ours)
    assert same_rows(found, ours)


@given(problem=problems())
@SOME
def test_plain_sql_has_the_same_opinion(problem):
    """One SQL query that shares no arithmetic with the compiled routines finds the same sums."""
    log, visits, rules, infectors = problem
    once = Infectors(*(column[np.unique(infectors.person, return_index=True)[1]] for column in infectors))
    with tempfile.TemporaryDirectory() as folder:
        found = sum_contacts_in_duckdb(duckdb_tables(log, visits, Path(folder)), once, rules)
    assert same_rows(found, sum_close_contacts(log, once, rules))


@pytest.mark.parametrize("push_from", [20, 1 << 30], ids=["pushed", "pulled"])
@CITY_STORES
def test_a_city_has_one_chain(store, push_from, bench_log, tmp_path, monkeypatch):
    """On a city of 280,000 visits, three generations agree row for row."""
    log, visits = bench_log
    rules, cases = bench_rules(), bench_infectors(log.n_persons, 3, np.random.default_rng(3), n_days=1)
    monkeypatch.setattr(pulling, "PUSH_FROM", push_from)
    course = Course(600, 1440)
    found = pull_generations(store(log, visits, tmp_path), cases, rules, course, 3)
    ours = find_generations(log, cases, rules, course, 3)
    assert set(ours.generation) == {1, 2, 3}
    assert same_columns(found, ours)


def test_nobody_asked_nothing_pulled():
    """No infector is no question, not an error."""
    nobody = np.empty(0, np.uint32)
    times = nobody.view(np.int32)
    log = PackedFake((), bench_cells(make_bench_city(100, np.random.default_rng(0))), 100)
    infectors = Infectors(nobody, times, times, times)
    assert len(sum_close_contacts(pull(PackedSlices(log), infectors, bench_rules()), infectors, bench_rules())) == 0


def same_rows(one, other):
    return np.array_equal(np.sort(one, order="person"), np.sort(other, order="person"))


def same_columns(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("person", "generation", "first", "infector")
    )


def sorted_rows(table):
    return sorted(tuple(map(int, row)) for row in zip(*table, strict=True))
