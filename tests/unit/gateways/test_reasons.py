"""Every reason for which a row of visits is refused, and the rows just inside the border."""

from __future__ import annotations

import csv

import numpy as np
import pyarrow as pa
import pytest

from suyuan.gateways import Mapping, Places, batches_from_table, read_visits, write_rejects
from suyuan.gateways.faults import REASONS
from suyuan.terms import LANGUAGES, PLACE_KINDS, say

GOOD = {
    "person_id": "P1",
    "place_id": "S1",
    "t_in": "2022-06-28 08:00",
    "t_out": "2022-06-28 09:00",
    "place_kind": "shop",
    "zone": "A",
    "source": "door",
    "confidence": "1",
}
BAD = [
    ({"person_id": ""}, "missing_person"),
    ({"person_id": "王小明"}, "person_name"),
    ({"person_id": "Wang Xiaoming"}, "person_name"),
    ({"person_id": "x" * 65}, "person_name"),
    ({"person_id": "_x"}, "person_name"),
    ({"person_id": "13912345678"}, "person_telephone"),
    ({"person_id": "8613912345678"}, "person_telephone"),
    ({"person_id": "86-13912345678"}, "person_telephone"),
    ({"person_id": "+8613912345678"}, "person_telephone"),
    ({"person_id": "11010519491231002X"}, "person_resident_number"),
    ({"place_id": ""}, "missing_place"),
    ({"place_id": " S1"}, "blank_around"),
    ({"zone": "A "}, "blank_around"),
    ({"place_id": "S\ufffd"}, "undecodable"),
    ({"place_kind": "castle"}, "unknown_kind"),
    ({"t_in": ""}, "missing_time"),
    ({"t_out": "  "}, "missing_time"),
    ({"t_in": "yesterday"}, "unparsable_time"),
    ({"t_in": "2022-02-30 08:00"}, "unparsable_time"),
    ({"t_in": "28/06/2022 08:00"}, "unparsable_time"),
    ({"t_in": "2022-06-28 08:00:60"}, "unparsable_time"),
    ({"t_in": "2022-06-28 08:00x"}, "unparsable_time"),
    ({"t_in": "1656374400"}, "unparsable_time"),
    ({"t_in": "2022-06-28"}, "date_without_time"),
    ({"t_in": "1999-12-31 23:59Z", "t_out": "2000-01-01 00:00Z"}, "too_early"),
    ({"t_out": "2022-07-02 20:01", "t_in": "2022-07-02 19:00"}, "in_the_future"),
    ({"t_in": "2022-06-28 09:01"}, "end_before_start"),
    ({"t_in": "2022-06-21 08:59:59"}, "too_long"),
    ({"confidence": "1.01"}, "confidence"),
    ({"confidence": "-0.1"}, "confidence"),
    ({"confidence": "high"}, "confidence"),
    ({"confidence": "nan"}, "confidence"),
]
FINE = [
    {"t_in": "2022-06-28 09:00"},
    {"t_in": "2022-06-21 09:00"},
    {"t_in": "2000-01-01 00:00Z", "t_out": "2000-01-01 00:00Z"},
    {"t_out": "2022-07-02 20:00", "t_in": "2022-07-02 19:00"},
    {"t_out": "2022-06-28 24:00"},
    {"confidence": ""},
    {"confidence": "0"},
    {"person_id": "110105194912310021"},
    {"person_id": "12912345678"},
    {"person_id": "x" * 64},
    {"place_id": "人民路 1 号"},
]


def rows_of(*changes: dict[str, str]) -> pa.Table:
    return pa.Table.from_pylist([{**GOOD, **change} for change in changes])


@pytest.mark.parametrize(("change", "reason"), BAD, ids=[f"{reason}-{i}" for i, (_, reason) in enumerate(BAD)])
def test_bad_row(options, read_all, change, reason):
    """A row with one fault comes back with that reason and no other; its neighbours go in."""
    rows, rejects = read_all(batches_from_table(rows_of({}, change, {}), options()))
    assert [row["person_id"] for row in rows] == ["P1", "P1"]
    assert (rejects[0].all_reasons(), rejects[0].rows.tolist()) == ([(reason,)], [2])
    original = rejects[0].original.to_pylist()[0]
    assert original == {**GOOD, **change, "line": None}


@pytest.mark.parametrize("change", FINE, ids=lambda change: " ".join(change.values())[:30])
def test_fine_row(options, read_all, change):
    """Rows on the good side of each border go in."""
    rows, rejects = read_all(batches_from_table(rows_of(change), options()))
    assert len(rows) == 1, rejects[0].all_reasons()


def test_clock_changes(options, read_all):
    """A local time that did not exist or happened twice is bad, unless its offset is given."""
    stays = [
        ("2022-03-27 02:30", "2022-03-27 04:00"),
        ("2021-10-31 01:00", "2021-10-31 02:30"),
        ("2021-10-31 01:00", "2021-10-31T02:30+02:00"),
        ("2021-10-31T02:30+02:00", "2021-10-31T02:30+01:00"),
        ("2021-10-31 01:59", "2021-10-31 03:00"),
    ]
    table = rows_of(*({"t_in": t_in, "t_out": t_out} for t_in, t_out in stays))
    rows, rejects = read_all(batches_from_table(table, options(timezone="Europe/Berlin")))
    assert rejects[0].all_reasons() == [("nonexistent_time",), ("ambiguous_time",)]
    assert [row["t_out"] - row["t_in"] for row in rows] == [5400, 3600, 7260]


def test_missing_texts_and_words(options, read_all, mapping):
    """Nulls, empty texts and the words the mapping names all mean missing."""
    table = rows_of({"zone": "NA", "person_id": "NA"}, {"zone": "NA", "source": None}, {"place_kind": None})
    stated = options(mapping=mapping('file.missing = ["NA"]'))
    rows, rejects = read_all(batches_from_table(table, stated))
    assert rejects[0].all_reasons() == [("missing_person",)]
    assert [(row["zone"], row["source"], PLACE_KINDS[row["kind"]]) for row in rows] == [
        ("", "", "shop"),
        ("A", "door", "other"),
    ]


def test_places_known(options, read_all):
    """A closed list of places refuses others; it fills in kinds and contradicts different ones."""
    places = Places(pa.array(["S1", "S2"]), np.array([6, 3], np.uint8), np.full(2, np.nan), np.full(2, np.nan))
    table = rows_of({}, {"place_id": "S2"}, {"place_id": "S2", "place_kind": ""}, {"place_id": "S3"})
    rows, rejects = read_all(batches_from_table(table, options(places=places, places_closed=True)))
    assert rejects[0].all_reasons() == [("kind_differs",), ("unknown_place",)]
    assert [row["kind"] for row in rows] == [6, 3]
    rows, _ = read_all(batches_from_table(table, options(places=places)))
    assert [row["place_id"] for row in rows] == ["S1", "S2", "S3"]


def test_all_reasons_of_a_row(options, read_all):
    """A row with several faults names them all, the first counts."""
    table = rows_of({"person_id": None, "t_in": "x", "confidence": "7"})
    reading = batches_from_table(table, options())
    _, rejects = read_all(reading)
    assert rejects[0].all_reasons() == [("missing_person", "unparsable_time", "confidence")]
    assert dict(reading.counts.reasons) == {"missing_person": 1}


def test_undecodable_text_in_files(tmp_path, options, read_all):
    """Bytes that make no sense spoil their row only, in UTF-8 and in GB18030."""
    head, good = b"person_id,place_id,t_in,t_out\n", ",2022-06-28 08:00,2022-06-28 09:00\n"
    for encoding in ("utf-8", "gb18030"):
        rows = [f"P{i},市场{i}楼{good}".encode(encoding) for i in range(5)]
        rows[2] = b"P2,\xff\xfe\xff" + good.encode()
        (tmp_path / "v.csv").write_bytes(head + b"".join(rows))
        kept, rejects = read_all(read_visits(tmp_path / "v.csv", options()))
        assert ([row["place_id"] for row in kept], rejects[0].all_reasons()) == (
            ["市场0楼", "市场1楼", "市场3楼", "市场4楼"],
            [("undecodable",)],
        )


def test_invalid_utf8_in_parquet_and_tables(options, read_all):
    """A text column that holds other bytes spoils its row only."""
    raw = pa.array([b"S1", b"\xff\xfe", b"S3"])
    texts = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    table = rows_of({}, {}, {}).set_column(1, "place_id", texts)
    kept, rejects = read_all(batches_from_table(table, options()))
    assert ([row["place_id"] for row in kept], rejects[0].all_reasons()) == (["S1", "S3"], [("undecodable",)])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rejects_file(write, options, tmp_path, lang):
    """The rejects file holds row, codes, sentences, the read columns and lines that did not fit."""
    path = write(
        "姓名编号,place_id,t_in,t_out,telephone\nP1,S,2022-06-28 08:00,x,12345\nP2,S\n"
        "P3,S,2022-06-28 08:00,2022-06-28 09:00,1\n"
    )
    reading = read_visits(path, options(mapping=Mapping(columns={"person_id": "姓名编号"})))
    n_rows = write_rejects(tmp_path / "bad.csv", (bad for _, bad in reading), lang)
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert n_rows == 2
    assert found[0] == ["row", "reason", "why", "姓名编号", "place_id", "t_in", "t_out", "line"]
    assert found[1][:2] + found[1][3:] == ["2", "unparsable_time", "P1", "S", "2022-06-28 08:00", "x", ""]
    assert found[1][2] == say("reject.unparsable_time", lang)
    assert found[2][:2] + found[2][3:] == ["3", "wrong_columns", "", "", "", "", "P2,S"]


def test_no_rejects_file_without_bad_rows(tmp_path, options):
    """Without bad rows there is no file, and an older one is gone."""
    (tmp_path / "bad.csv").write_text("old")
    reading = batches_from_table(rows_of({}), options())
    assert write_rejects(tmp_path / "bad.csv", (bad for _, bad in reading)) == 0
    assert not (tmp_path / "bad.csv").exists()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_sentence(options, reason, lang):
    """Each reason can be said in each language with the values a reader gives."""
    from suyuan.gateways.reading import told

    assert "{" not in say(f"reject.{reason}", lang, **told(options()))
