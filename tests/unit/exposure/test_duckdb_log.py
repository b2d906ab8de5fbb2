"""DuckDB as a store of visits: its files, its limits, its faults told in sentences."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.exposure import duckdb_log
from suyuan.exposure.duckdb_log import open_duckdb_log, write_duckdb_files
from suyuan.exposure.kernels.shapes import Cells
from suyuan.exposure.visit_log import PushesHops, Visits
from suyuan.terms import BadInput

CELLS = Cells(
    np.array([0, 1], np.uint32),
    np.array([0, 0], np.uint32),
    np.array([0, 6], np.uint8),
    np.array([1, 1], np.uint8),
    np.array([0, 1], np.uint32),
)


def visits(*rows):
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    return Visits(*(c.astype(t) for c, t in zip(columns, (np.uint32, np.uint32, np.int32, np.int32), strict=True)))


@pytest.fixture
def folder(tmp_path):
    """Two people in a shop and one at home, written to files in a folder whose name needs quoting."""
    place = tmp_path / "the city's log"
    write_duckdb_files(place, visits((2, 1, 100, 160), (0, 1, 120, 130), (0, 0, 130, 900)), CELLS, n_persons=7)
    return place


def test_what_is_written_is_what_is_opened(folder):
    """Cells, the number of persons and both orders come back from the files."""
    log = open_duckdb_log(folder)
    assert log.n_persons == 7
    assert all(np.array_equal(one, other) for one, other in zip(log.cells, CELLS, strict=True))
    assert isinstance(log, PushesHops)
    log.close()


@pytest.mark.parametrize("literal_keys", [0, 100], ids=["table of keys", "literal keys"])
def test_both_ways_to_name_keys_read_the_same(folder, literal_keys, monkeypatch):
    """Few keys stand in the query, many in a table; the rows are the same."""
    monkeypatch.setattr(duckdb_log, "LITERAL_KEYS", literal_keys)
    log = open_duckdb_log(folder)
    of = log.visits_of(np.array([0, 5], np.uint32), (125, 131))
    at = log.visits_at(np.array([1, 0], np.uint32), np.array([130, 0], np.int32), np.array([200, 130], np.int32))
    assert sorted(zip(*(column.tolist() for column in of), strict=True)) == [(0, 0, 130, 900), (0, 1, 120, 130)]
    assert list(zip(*(column.tolist() for column in at), strict=True)) == [(2, 1, 100, 160)]


def test_no_keys_read_nothing(folder):
    """Asking for nobody, or for no cell, is answered with no rows."""
    log = open_duckdb_log(folder)
    nobody, no_times = np.empty(0, np.uint32), np.empty(0, np.int32)
    assert len(log.visits_of(nobody, (0, 1000)).person) == 0
    assert len(log.visits_at(nobody, no_times, no_times).person) == 0


@pytest.mark.parametrize("name", ["cells", "by_person", "by_cell"])
def test_a_missing_file_is_named(folder, name):
    """A folder that lacks one of the three files says which, in both languages."""
    (folder / f"{name}.parquet").unlink()
    with pytest.raises(BadInput) as caught:
        open_duckdb_log(folder)
    assert f"{name}.parquet" in caught.value.sentence("en")
    assert f"{name}.parquet" in caught.value.sentence("zh")
