"""One small visit table, written in every way people write tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suyuan.gateways import batches_from_table, read_visits

ZONE = ZoneInfo("Asia/Shanghai")
IN = [dt.datetime.fromisoformat("2022-06-28T08:05:07"), dt.datetime.fromisoformat("2022-06-28T23:59")]
OUT = [dt.datetime.fromisoformat("2022-06-28T09:00"), dt.datetime.fromisoformat("2022-06-29T00:01:30")]
T_IN = [int(each.replace(tzinfo=ZONE).timestamp()) for each in IN]
T_OUT = [int(each.replace(tzinfo=ZONE).timestamp()) for each in OUT]
HEADER = ["person_id", "place_id", "t_in", "t_out", "place_kind", "zone", "source", "confidence", "note"]
EXPECTED = [
    {"person_id": "P1", "place_id": "一号楼", "zone": "A", "source": "door", "kind": 6, "confidence": 0.5},
    {"person_id": "P2", "place_id": "市场", "zone": "", "source": "", "kind": 7, "confidence": 1.0},
]
EXPECTED = [{**row, "t_in": i, "t_out": o} for row, i, o in zip(EXPECTED, T_IN, T_OUT, strict=True)]


def lines(delimiter: str = ",", end: str = "\n") -> str:
    rows = [
        HEADER,
        ["P1", "一号楼", "2022-06-28 08:05:07", "2022-06-28 09:00", "shop", "A", "door", "0.5", "x"],
        ["P2", "市场", "2022/6/28 23:59", "2022-06-28T16:01:30Z", "market", "", "", "", ""],
    ]
    return end.join(delimiter.join(row) for row in rows) + end


def table() -> dict[str, list[object]]:
    return {
        "person_id": ["P1", "P2"],
        "place_id": ["一号楼", "市场"],
        "t_in": list(IN),
        "t_out": list(OUT),
        "place_kind": ["shop", "market"],
        "zone": ["A", None],
        "source": ["door", None],
        "confidence": [0.5, None],
        "note": ["x", None],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_tables(write, options, read_all, encoding, delimiter, end):
    """Every usual encoding, delimiter and line end gives the same visits."""
    path = write(lines(delimiter, end), encoding=encoding)
    assert read_all(read_visits(path, options()))[0] == EXPECTED


def test_declared_encoding(write, options, read_all, mapping):
    """An encoding that is not recognised can be stated."""
    text = "person_id,place_id,t_in,t_out\nP1,市場,2022-06-28 08:00,2022-06-28 09:00\n"
    stated = options(mapping=mapping('file.encoding = "big5"'))
    assert read_all(read_visits(write(text, encoding="big5"), stated))[0][0]["place_id"] == "市場"


def test_quoted_line_ends_and_doubled_quotes(write, options, read_all):
    """A value in quotation marks may hold delimiters, line ends and quotation marks."""
    path = write('person_id,place_id,t_in,t_out\nP1,"a, ""b""\nc",2022-06-28 08:00,2022-06-28 09:00\n')
    assert read_all(read_visits(path, options()))[0][0]["place_id"] == 'a, "b"\nc'


def test_small_blocks_number_rows_right(write, options, read_all):
    """Row numbers of rejects are those of the file, whatever the block size, beside misfits and blank lines."""
    text = ["person_id,place_id,t_in,t_out"]
    for row in range(2, 9000):
        if row % 7 == 0:
            text.append("")
        elif row % 5 == 0:
            text.append(f"P{row},too,few")
        elif row % 3 == 0:
            text.append(f"P{row},S,2022-06-28 09:00,2022-06-28 08:00")
        else:
            text.append(f"P{row},S,2022-06-28 09:00,2022-06-28 10:00")
    reading = read_visits(write("\n".join(text) + "\n"), options(batch_rows=100))
    rows, rejects = read_all(reading)
    numbers = [int(row) for part in rejects for row in part.rows]
    assert numbers == [row for row in range(2, 9000) if row % 7 and (row % 5 == 0 or row % 3 == 0)]
    assert [int(row["person_id"][1:]) for row in rows] == [r for r in range(2, 9000) if r % 7 and r % 5 and r % 3]
    assert reading.counts.n_blank == len([row for row in range(2, 9000) if row % 7 == 0])
    assert len(rejects) > 3


def test_header_only(write, options, read_all):
    """A table without rows is read as no rows."""
    assert read_all(read_visits(write("person_id,place_id,t_in,t_out\n"), options())) == ([], [])


def parquet_columns() -> dict[str, tuple[object, object]]:
    naive_in, naive_out = pa.array(IN), pa.array(OUT)
    return {
        "naive": (naive_in, naive_out),
        "naive in ns": (naive_in.cast(pa.timestamp("ns")), naive_out.cast(pa.timestamp("ns"))),
        "with zone": (
            pa.array([t * 1000 for t in T_IN]).cast(pa.timestamp("ms", "Europe/Berlin")),
            pa.array([t * 1000 for t in T_OUT]).cast(pa.timestamp("ms", "Europe/Berlin")),
        ),
        "seconds": (pa.array(T_IN), pa.array(T_OUT)),
        "seconds and fractions": (pa.array([t + 0.5 for t in T_IN]), pa.array([t + 0.25 for t in T_OUT])),
        "milliseconds": (pa.array([t * 1000 for t in T_IN]), pa.array([t * 1000 for t in T_OUT])),
        "text": (pa.array([str(t) for t in IN]), pa.array([str(t) for t in OUT])),
        "coded text": (
            pa.array([str(t) for t in IN]).dictionary_encode(),
            pa.array([f"{t.isoformat()}+08:00" for t in OUT]).dictionary_encode(),
        ),
    }


@pytest.mark.parametrize("form", sorted(parquet_columns()))
def test_parquet(tmp_path, options, read_all, form):
    """Parquet with every kind of time column gives the same visits."""
    t_in, t_out = parquet_columns()[form]
    pq.write_table(pa.table({**table(), "t_in": t_in, "t_out": t_out}), tmp_path / "v.parquet")
    assert read_all(read_visits(tmp_path / "v.parquet", options()))[0] == EXPECTED


def test_parquet_in_small_batches(tmp_path, options, read_all):
    """Batch borders lose nothing and number rows from 1."""
    n = 1000
    columns = {"person_id": [f"P{i}" for i in range(n)], "place_id": ["S"] * n, "t_in": [IN[0]] * n}
    columns["t_out"] = [OUT[0] if i != 700 else None for i in range(n)]
    pq.write_table(pa.table(columns), tmp_path / "v.parquet", row_group_size=300)
    reading = read_visits(tmp_path / "v.parquet", options(batch_rows=64))
    rows, rejects = read_all(reading)
    assert [row["person_id"] for row in rows] == [f"P{i}" for i in range(n) if i != 700]
    assert [int(row) for part in rejects for row in part.rows] == [701]


def test_excel(tmp_path, options, read_all):
    """Excel date cells, whole numbers as codes and empty cells are read as they are shown."""
    frame = pl.DataFrame(table()).with_columns(pl.Series("person_id", [17, 18]))
    frame.write_excel(tmp_path / "v.xlsx")
    rows, _ = read_all(read_visits(tmp_path / "v.xlsx", options()))
    assert rows == [{**row, "person_id": code} for row, code in zip(EXPECTED, ["17", "18"], strict=True)]


def test_excel_sheet_and_blank_rows(tmp_path, options, read_all, mapping):
    """A sheet is chosen by name; empty rows are counted, and numbers are those Excel shows."""
    cells = pl.DataFrame(
        {
            "person_id": ["P1", None, "P3"],
            "place_id": ["S", None, "S"],
            "t_in": ["2022-06-28 08:00", None, "2022-06-28 08:00"],
            "t_out": ["2022-06-28 09:00", None, "2022-06-28 07:00"],
        }
    )
    cells.write_excel(tmp_path / "v.xlsx", worksheet="访问")
    reading = read_visits(tmp_path / "v.xlsx", options(mapping=mapping('file.sheet = "访问"')))
    rows, rejects = read_all(reading)
    assert (len(rows), reading.counts.n_blank, [int(row) for row in rejects[0].rows]) == (1, 1, [4])


@pytest.mark.parametrize("kind", ["pyarrow", "polars", "pandas", "categorical", "reader"])
def test_tables_in_memory(options, read_all, kind):
    """Tables from Python give the same visits as files."""
    made = {
        "pyarrow": lambda: pa.table(table()),
        "polars": lambda: pl.DataFrame(table()),
        "pandas": lambda: pd.DataFrame(table()),
        "categorical": lambda: pl.DataFrame(table()).with_columns(pl.col("person_id", "place_id").cast(pl.Categorical)),
        "reader": lambda: pa.table(table()).to_reader(),
    }[kind]()
    assert read_all(batches_from_table(made, options()))[0] == EXPECTED


def test_shipped_files_are_read_again(write, options, read_all, tmp_path: Path):
    """A mended rejects file can be imported as it is."""
    from suyuan.gateways import write_rejects

    path = write("person_id,place_id,t_in,t_out\nP1,S,2022-06-28 09:00,2022-06-28 08:00\n")
    write_rejects(tmp_path / "bad.csv", (bad for _, bad in read_visits(path, options())))
    mended = (tmp_path / "bad.csv").read_text("utf-8-sig").replace("08:00", "10:00")
    rows, _ = read_all(read_visits(write(mended, "mended.csv"), options()))
    assert [row["person_id"] for row in rows] == ["P1"]


@pytest.mark.parametrize(
    ("text", "n_rows"),
    [
        ("person_id,place_id,t_in,t_out", 0),
        ("\n\nperson_id,place_id,t_in,t_out\nP1,S,2022-06-28 08:00,2022-06-28 09:00", 1),
        ('"person_id" , "place_id",t_in,t_out,\nP1,S,2022-06-28 08:00,2022-06-28 09:00,', 1),
        ("person_id,place_id,t_in,t_out\rP1,S,2022-06-28 08:00,2022-06-28 09:00\r", 1),
    ],
)
def test_odd_but_clear_text_tables(write, options, read_all, text, n_rows):
    """No last line end, blank lines before the header, blanks around headers and old line ends are understood."""
    assert len(read_all(read_visits(write(text), options()))[0]) == n_rows
