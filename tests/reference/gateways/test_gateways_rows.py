"""Whole readers against slow, obvious twins: nothing is lost, nothing is joined wrongly, nobody slips through."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.exposure.log.batch import Coded, EncounterBatch
from suyuan.gateways import ReadOptions, batches_from_table, read_visits
from suyuan.gateways.faults import Faults
from suyuan.gateways.joining import concatenate, join_records
from suyuan.gateways.texts import PERSON_REASONS, TextColumn, check_people
from suyuan.terms import person_code_fault

NOW = datetime(2022, 7, 1, tzinfo=UTC)
CELLS = {
    "person_id": ["P1", "P2", "", "王", "13912345678", "x y"],
    "place_id": ["S1", "S2", "", " S", '"q,\n"'],
    "t_in": ["2022-06-28 08:00", "2022-06-28", "x", "", "1656374400", "2023-01-01 00:00", "1999-01-01 00:00"],
    "t_out": ["2022-06-28 09:00", "2022-06-28 07:00", "", "2022-06-30T09:00Z", "1656374400000"],
    "place_kind": ["shop", "", "castle"],
    "confidence": ["", "0.5", "2", "x"],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()})


def options(batch_rows: int) -> ReadOptions:
    return ReadOptions(now=NOW, timezone="Asia/Shanghai", batch_rows=batch_rows)


@settings(deadline=None)
@given(rows=st.lists(ROW, max_size=40), batch_rows=st.integers(1, 50))
def test_tables_lose_nothing(rows, batch_rows):
    """Every row of a table is either good or bad, and the good ones come in order, whatever the batch size."""
    table = pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in CELLS]))
    reading = batches_from_table(table, options(batch_rows))
    good, bad = [], {}
    for batch, rejects in reading:
        assert len(batch) + len(rejects) <= batch_rows
        good += batch.to_table().to_pylist()
        bad |= dict(zip(rejects.rows.tolist(), rejects.all_reasons(), strict=True))
    assert reading.counts.n_read == len(rows) == len(good) + len(bad)
    assert (reading.counts.n_good, reading.counts.n_bad) == (len(good), len(bad))
    kept = [row for number, row in enumerate(rows, 1) if number not in bad]
    assert [(row["person_id"], row["place_id"]) for row in good] == [(r["person_id"], r["place_id"]) for r in kept]
    assert all(bad.values())


@settings(deadline=None)
@given(rows=st.lists(ROW, max_size=40), extra=st.lists(st.integers(0, 40), max_size=5), batch_rows=st.integers(1, 2000))
def test_text_files_lose_nothing(rows, extra, batch_rows):
    """Every line of a CSV is good, bad or wholly blank, misfits included."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CELLS)
    n_misfits = 0
    for number, row in enumerate(rows):
        writer.writerow(row[name] for name in CELLS)
        if number in extra:
            writer.writerow(["P9", "too", "few"])
            n_misfits += 1
    n_blank = sum(not any(row.values()) for row in rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "v.csv"
        path.write_text(text.getvalue(), "utf-8")
        reading = read_visits(path, options(batch_rows))
        n_good, n_bad = 0, 0
        for batch, rejects in reading:
            n_good += len(batch)
            n_bad += len(rejects)
    counts = reading.counts
    assert (counts.n_good, counts.n_bad, counts.n_blank) == (n_good, n_bad, n_blank)
    assert counts.n_read == n_good + n_bad == len(rows) + n_misfits - n_blank
    assert counts.reasons["wrong_columns"] == n_misfits


def slow_join(records: list[tuple[str, str, int, int]], gap: int) -> set[tuple[frozenset[str], int, int]]:
    """Join by taking one pair after the other, record by record."""
    found = set()
    for pair in {frozenset(record[:2]) for record in records}:
        spans = sorted(record[2:] for record in records if frozenset(record[:2]) == pair)
        start, end = spans[0]
        for next_start, next_end in spans[1:]:
            if next_start > end + gap:
                found.add((pair, start, end))
                start, end = next_start, next_end
            end = max(end, next_end)
        found.add((pair, start, end))
    return found


RECORD = st.tuples(st.sampled_from("abc"), st.sampled_from("def"), st.integers(0, 60), st.integers(0, 10)).map(
    lambda record: (record[0], record[1], record[2], record[2] + record[3])
)
EITHER_WAY = st.tuples(RECORD, st.booleans()).map(
    lambda pair: (pair[0][1], pair[0][0], *pair[0][2:]) if pair[1] else pair[0]
)


def as_batch(records: list[tuple[str, str, int, int]]) -> EncounterBatch:
    one, other, start, end = zip(*records, strict=True) if records else ((), (), (), ())
    kinds = np.zeros(len(records), np.uint8)
    people = Coded.of(list(one)), Coded.of(list(other))
    return EncounterBatch(
        *people, Coded.constant("", len(records)), kinds, np.array(start, np.int64), np.array(end, np.int64)
    )


@settings(deadline=None)
@given(records=st.lists(EITHER_WAY, min_size=1, max_size=40), gap=st.integers(0, 6), cut=st.integers(0, 40))
def test_joining(records, gap, cut):
    """Joined records are those a record-by-record walk finds, however the file was cut into batches."""
    parts = [part for part in (records[:cut], records[cut:]) if part]
    joined = join_records(concatenate([join_records(as_batch(part), gap) for part in parts]), gap)
    people = zip(joined.person_a.decode().to_pylist(), joined.person_b.decode().to_pylist(), strict=True)
    spans = zip(people, joined.start.tolist(), joined.end.tolist(), strict=True)
    assert sorted((sorted(pair), start, end) for pair, start, end in spans) == sorted(
        (sorted(pair), start, end) for pair, start, end in slow_join(records, gap)
    )


CODES = st.one_of(
    st.from_regex(r"(\+?86-?)?1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_.:\-]{1,66}", fullmatch=True),
    st.text(min_size=1, max_size=4),
    st.sampled_from(["11010519491231002X", "11010519491231002x", "13912345678", "P1"]),
)


@settings(deadline=None)
@given(st.lists(CODES, min_size=1, max_size=20))
def test_people(codes):
    """The column check refuses exactly the codes that the single check refuses."""
    codes = [code.encode("utf-8", "replace").decode() for code in codes]
    faults = Faults(len(codes))
    check_people(faults, TextColumn(Coded.of(codes), None))
    seen = [next((reason for reason in PERSON_REASONS if bits & _bit(reason)), None) for bits in faults.bits().tolist()]
    assert seen == [None if (fault := person_code_fault(code)) is None else f"person_{fault}" for code in codes]


def _bit(reason: str) -> int:
    from suyuan.gateways.faults import BITS

    return int(BITS[reason])
