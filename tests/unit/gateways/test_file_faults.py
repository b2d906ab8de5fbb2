"""Faults of a whole file: one sentence that says what, where and how to mend it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suyuan.gateways import ReadOptions, batches_from_table, read_cases, read_visits
from suyuan.terms import LANGUAGES, BadInput, BadUsage

HEADER = "person_id,place_id,t_in,t_out\n"
TIMES = "2022-06-28 08:00,2022-06-28 09:00"


def as_parquet(path: Path, **columns: object) -> Path:
    usual = {"person_id": ["P1"], "place_id": ["S"], "t_in": ["x"], "t_out": ["x"]}
    pq.write_table(pa.table({**usual, **columns}), path)
    return path


def damaged_parquet(path: Path) -> Path:
    n = 50_000
    columns = {name: [f"{name}{i}" for i in range(n)] for name in ("person_id", "place_id", "t_in", "t_out")}
    pq.write_table(pa.table(columns), path, compression="zstd")
    content = bytearray(path.read_bytes())
    content[200:5000] = bytes(4800)
    path.write_bytes(content)
    return path


def text_file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def sheet(path: Path) -> Path:
    pl.DataFrame({"a": [1]}).write_excel(path)
    return path


FAULTS = {
    "file.absent": lambda d: d / "nowhere.csv",
    "reading.folder": lambda d: d,
    "reading.empty": lambda d: text_file(d / "v.csv", b""),
    "reading.not_text": lambda d: text_file(d / "v.csv", b"\x01\x02\0\x03"),
    "reading.packed": lambda d: text_file(d / "v.csv.gz", b"\x1f\x8b\x08\0rest"),
    "reading.old_excel": lambda d: text_file(d / "v.xls", b"\xd0\xcf\x11\xe0rest"),
    "reading.not_excel": lambda d: text_file(d / "v.xlsx", b"PK\x03\x04rest"),
    "reading.not_parquet": lambda d: text_file(d / "v.parquet", b"person_id"),
    "reading.broken_parquet": lambda d: damaged_parquet(d / "v.parquet"),
    "reading.broken_text": lambda d: text_file(
        d / "v.csv", HEADER.encode() + f'"P1,S,{TIMES}\n'.encode() + b"P2,S\n" * 40000
    ),
    "reading.encoding_unknown": lambda d: text_file(d / "v.csv", HEADER.encode() + b"\xff\xff\xff\n" * 20),
    "reading.column_missing": lambda d: text_file(d / "v.csv", b"person,place_id,t_in,t_out\n"),
    "reading.column_twice": lambda d: text_file(d / "v.csv", b"person_id,person_id,place_id,t_in,t_out\n"),
    "reading.column_type": lambda d: as_parquet(d / "v.parquet", person_id=[1.5]),
    "reading.epoch_mixed": lambda d: as_parquet(
        d / "v.parquet", person_id=["P1"] * 2, place_id=["S"] * 2, t_in=[1656374400, 1656374400000], t_out=["x"] * 2
    ),
}


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_fault_is_named(tmp_path, options, code):
    """Each broken file raises its own sentence, in both languages, with the file's name in it."""
    path = FAULTS[code](tmp_path)
    with pytest.raises(BadInput) as raised:
        for _ in read_visits(path, options(batch_rows=1000)):
            pass
    assert raised.value.code == code
    for lang in LANGUAGES:
        sentence = raised.value.sentence(lang)
        assert path.name in sentence
        assert "{" not in sentence


def test_nearest_header_is_suggested(write, options):
    """A missing column names the header that is most like it."""
    with pytest.raises(BadInput, match=r"no column place_id .*nearest header is 'place'") as raised:
        read_visits(write("person_id,place,t_in,t_out\n"), options())
    assert raised.value.details["headers"] == "person_id, place, t_in, t_out"
    with pytest.raises(BadInput, match="'PersonID'"):
        read_visits(write("PersonID,place,time_in,t_out\n"), options())


def test_sheet_absent_and_empty(tmp_path, options, mapping):
    """A missing sheet is answered with the sheets there are; an empty one is called empty."""
    with pytest.raises(BadInput, match="has no sheet Visits; it has: Sheet1"):
        read_visits(sheet(tmp_path / "v.xlsx"), options(mapping=mapping('file.sheet = "Visits"')))
    pl.DataFrame().write_excel(tmp_path / "e.xlsx", include_header=False)
    with pytest.raises(BadInput) as raised:
        read_visits(tmp_path / "e.xlsx", options())
    assert raised.value.code == "reading.empty"


def test_wrong_encoding_name(write, options, mapping):
    """An encoding that Python does not know is named."""
    with pytest.raises(BadInput, match="encoding klingon"):
        read_visits(write(HEADER), options(mapping=mapping('file.encoding = "klingon"')))


def test_no_table(options):
    """Something that is no table is refused with its type."""
    with pytest.raises(BadInput, match="this is a list"):
        batches_from_table([1, 2], options())


def test_time_column_of_wrong_type(options):
    """A column that cannot hold times is named with its type."""
    table = pa.table({"person_id": ["P1"], "place_id": ["S"], "t_in": [True], "t_out": ["x"]})
    with pytest.raises(BadInput, match=r"Column t_in of table holds bool"):
        list(batches_from_table(table, options()))


def test_cases_without_any_date_column(write, options):
    """A line list needs a column of onset or sampling dates."""
    with pytest.raises(BadInput, match="no column date_onset"):
        read_cases(write("person_id,isolated_at\n"), options())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"now": datetime(2022, 7, 1)}, "reading.now_naive"),  # noqa: DTZ001 - the fault under test
        ({"max_stay_days": 15}, "reading.max_stay"),
        ({"max_stay_days": 0}, "reading.max_stay"),
        ({"batch_rows": 0}, "reading.batch_rows"),
        ({"timezone": None}, "reading.timezone_absent"),
        ({"timezone": "Asia/Atlantis"}, "reading.timezone_unknown"),
    ],
)
def test_wrong_options(changes, code):
    """Options that make no sense are refused before any file is opened."""
    with pytest.raises(BadUsage) as raised:
        ReadOptions(**{"now": datetime(2022, 7, 1, tzinfo=UTC), "timezone": "Asia/Shanghai", **changes})
    assert raised.value.code == code


def test_zone_stated_twice(options, mapping):
    """Two different time zones are refused, the same one twice is fine."""
    berlin = mapping('time.timezone = "Europe/Berlin"')
    with pytest.raises(BadUsage, match="Asia/Shanghai, Europe/Berlin"):
        options(mapping=berlin)
    assert options(timezone=None, mapping=berlin).zone_name == "Europe/Berlin"
