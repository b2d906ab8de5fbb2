"""Packed segments hold every row, in both orders, sorted, whatever the order of arrival."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.exposure.segment import ArrivalRows, SegmentShape, open_segment
from suyuan.exposure.segment_build import build_segment, radix_order, segment_in_memory
from suyuan.terms import BadInput

EPOCH = 40_320_000


def rows_of(rng, n, n_persons, n_cells, *, sorted_arrival):
    t_in = rng.integers(0, 40_000, n).astype(np.uint16)
    if sorted_arrival:
        t_in.sort()
    return ArrivalRows(
        rng.integers(0, n_persons, n).astype(np.uint32),
        (n_cells * rng.random(n) ** 3).astype(np.uint32),  # a few crowded cells
        t_in,
        (t_in + rng.integers(0, 2000, n)).astype(np.uint16),
    )


def words(rows, other):
    return (rows.t_in.astype(np.uint64) << np.uint64(48)) | (rows.t_out.astype(np.uint64) << np.uint64(32)) | other


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize("sorted_arrival", [True, False])
@pytest.mark.parametrize("n", [0, 1, 50, 30_000])
def test_both_orders_hold_all_rows_sorted(tmp_path, n, dense, sorted_arrival):
    """The file equals a plain sort by person and by cell, with offsets and longest stays."""
    rng = np.random.default_rng(n)
    rows = rows_of(rng, n, 700, 90, sorted_arrival=sorted_arrival)
    build_segment(tmp_path / "s.bin", rows, SegmentShape(EPOCH, 700, 90, dense))
    segment = open_segment(tmp_path / "s.bin")
    for keys, other, mine, offsets, order in (
        (rows.person, rows.cell, segment.person_keys, segment.person_offsets, segment.person_rows),
        (rows.cell, rows.person, segment.cell_keys, segment.cell_offsets, segment.cell_rows),
    ):
        plain = np.lexsort((words(rows, other), keys))
        assert (words(rows, other)[plain] == order).all()
        present, counts = np.unique(keys, return_counts=True)
        if dense:
            assert (np.diff(offsets.astype(np.int64)) == np.bincount(keys, minlength=len(offsets) - 1)).all()
        else:
            assert (mine == present).all()
            assert (np.diff(offsets.astype(np.int64)) == counts).all()
    longest = np.zeros(90, np.int64)
    np.maximum.at(longest, rows.cell, rows.t_out.astype(np.int64) - rows.t_in)
    assert (segment.cell_max_stay == (longest if dense else longest[np.unique(rows.cell)])).all()


def test_a_file_and_a_segment_in_memory_are_the_same():
    """Slices pulled from another store become the very segment that a file would hold."""
    rows = rows_of(np.random.default_rng(3), 500, 40, 10, sorted_arrival=False)
    shape = SegmentShape(EPOCH, 40, 10, dense=True)
    one, other = segment_in_memory(rows, shape), segment_in_memory(rows, shape._replace(dense=False))
    assert (one.person_rows == other.person_rows).all()
    assert (one.cell_rows == other.cell_rows).all()


@pytest.mark.parametrize("damage", ["absent", "short", "foreign"])
def test_a_damaged_file_is_told_in_a_sentence(tmp_path, damage):
    """An absent, cut or foreign file says what to do, in both languages."""
    path = tmp_path / "s.bin"
    if damage != "absent":
        rows = rows_of(np.random.default_rng(1), 5000, 40, 10, sorted_arrival=True)
        build_segment(path, rows, SegmentShape(EPOCH, 40, 10, dense=True))
        whole = path.read_bytes()
        path.write_bytes(whole[:9000] if damage == "short" else b"x" * 9000)
    with pytest.raises(BadInput) as problem:
        open_segment(path)
    assert all(problem.value.sentence(lang) for lang in ("en", "zh"))


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 3)))
@settings(deadline=None)
def test_radix_order_is_the_stable_order(numbers):
    """Eleven bits at a time give the order that comparing gives, ties in their old order."""
    array = np.array(numbers, np.uint64)
    order, sorted_numbers = radix_order(array)
    assert order.tolist() == np.argsort(array, kind="stable").tolist()
    assert sorted_numbers.tolist() == sorted(numbers)
