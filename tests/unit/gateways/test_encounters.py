"""Encounters, and device records joined to encounters."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from msgspec.structs import replace

from suyuan.gateways import encounters_from_table, load_mapping, read_encounters
from suyuan.terms import PLACE_KINDS

TIJ = Path(__file__).parents[4] / "shared/data/face_to_face_ws16/tij.tsv"


def rows_of(reading):
    rows, reasons = [], []
    for batch, bad in reading:
        columns = (batch.person_a.decode().to_pylist(), batch.person_b.decode().to_pylist())
        kinds = [str(PLACE_KINDS[kind]) for kind in batch.setting]
        rows += zip(
            *columns, batch.start.tolist(), batch.end.tolist(), kinds, batch.source.decode().to_pylist(), strict=True
        )
        reasons += bad.all_reasons()
    assert reading.counts.n_read == reading.counts.n_good + reading.counts.n_bad
    assert len(rows) == reading.counts.n_good - reading.counts.n_joined
    return rows, reasons


def test_rows_and_reasons(write, options):
    """Good encounters go in; each bad one has its reasons."""
    text = """person_a,person_b,start,end,setting,source
P1,P2,2022-06-28 08:00,2022-06-28 08:10,classroom,list
P1,P1,2022-06-28 08:00,2022-06-28 08:10,classroom,list
P1,,2022-06-28 08:00,2022-06-28 08:10,,
P1,王,2022-06-28 08:00,2022-06-28 08:10,,
P1,P2,2022-06-28 08:00,,,
P1,P2,2022-06-28 08:10,2022-06-28 08:00,,
P1,P2,2022-06-28 08:00,2022-06-28 08:00,castle,
P3,P2,2022-06-28 08:00,2022-06-28 08:00,,
"""
    rows, reasons = rows_of(read_encounters(write(text), options()))
    assert rows == [
        ("P1", "P2", 1656374400, 1656375000, "classroom", "list"),
        ("P3", "P2", 1656374400, 1656374400, "other", ""),
    ]
    assert reasons == [
        ("same_person",),
        ("missing_person",),
        ("person_name",),
        ("missing_time",),
        ("end_before_start",),
        ("unknown_kind",),
    ]


def test_device_records_are_joined(options):
    """Records of a pair join across order, direction and batches up to the gap, others stay apart."""
    t = 1656374400
    records = [(1, 2, t), (2, 1, t + 20), (1, 2, t + 60), (3, 2, t), (1, 2, t + 101), (2, 2, t)]
    table = pa.table(
        {
            "1": [str(a) for a, _, _ in records],
            "2": [str(b) for _, b, _ in records],
            "0": [at for _, _, at in records],
        }
    )
    table = table.rename_columns(["person_a", "person_b", "start"])
    mapping = load_mapping("sociopatterns")
    stated = options(mapping=replace(mapping, columns={}), batch_rows=2)
    reading = encounters_from_table(table, stated)
    rows, reasons = rows_of(reading)
    assert sorted((sorted(row[:2]), row[2] - t, row[3] - t) for row in rows) == [
        (["1", "2"], 0, 80),
        (["1", "2"], 101, 121),
        (["2", "3"], 0, 20),
    ]
    assert {row[4:] for row in rows} == {("meeting", "proximity device")}
    assert (reasons, reading.counts.n_joined) == ([("same_person",)], 2)


def test_nothing_to_join(write, options):
    """An empty device file gives no encounters."""
    stated = options(mapping=load_mapping("sociopatterns"))
    assert rows_of(read_encounters(write("x\t1\t2\n", "t.tsv"), stated)) == ([], [("unparsable_time",)])


@pytest.mark.skipif(not TIJ.exists(), reason="the public proximity data (Génois et al. 2019) is not on this machine")
def test_real_proximity_data(options):
    """The real conference records come in whole: 138 people, two days, time together kept record by record."""
    reading = read_encounters(TIJ, options(timezone="Europe/Berlin", mapping=load_mapping("sociopatterns")))
    rows, reasons = rows_of(reading)
    assert (reading.counts.n_read, reasons) == (153_371, [])
    assert len({row[0] for row in rows} | {row[1] for row in rows}) == 138
    assert sum(row[3] - row[2] for row in rows) >= 153_371 * 20
