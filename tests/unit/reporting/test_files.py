"""The files of a result: whole, the same numbers everywhere, harmless in a spreadsheet."""

import csv
import json
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from suyuan.reporting import write_backward, write_trace
from suyuan.reporting.delimited import BYTE_ORDER_MARK, guarded, write_csv
from suyuan.reporting.figures import count_figures
from suyuan.reporting.whole_files import whole_file

NAMES = {
    "contacts.parquet",
    "contacts.csv",
    "contacts.xlsx",
    "cases.parquet",
    "evidence.parquet",
    "evidence.csv",
    "epicontacts/linelist.csv",
    "epicontacts/contacts.csv",
    "places.geojson",
    "summary.json",
    "report.html",
}


def test_every_file_is_written_and_named(traced, tmp_path, made_at):
    """The answer lists exactly the files that lie there, and no part of a file is left behind."""
    paths = write_trace(traced, tmp_path, "en", made_at)
    lying = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path).as_posix() for path in paths} == lying == NAMES


def test_writing_again_replaces_and_leaves_others_alone(traced, nothing, tmp_path):
    """A second result replaces the first; a stranger's file in the folder is untouched."""
    (tmp_path / "mine.txt").write_text("mine")
    write_trace(traced, tmp_path)
    write_trace(nothing, tmp_path)
    assert pl.read_parquet(tmp_path / "contacts.parquet").height == 0
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_failure_leaves_the_old_file(tmp_path):
    """When writing breaks off, the earlier file stays whole and no part remains."""
    path = tmp_path / "a.csv"
    path.write_text("old")

    def break_off() -> None:
        with whole_file(path) as part:
            part.write_text("half")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        break_off()
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text() == "old"


def test_tables_hold_the_same_contacts(traced, tmp_path):
    """Parquet, CSV and Excel hold the same people in the same order."""
    write_trace(traced, tmp_path, "zh")
    parquet = pl.read_parquet(tmp_path / "contacts.parquet")
    sheet = pl.read_excel(tmp_path / "contacts.xlsx", sheet_id=1)
    table = pl.read_csv(tmp_path / "contacts.csv")
    assert table.columns == parquet.columns == traced.contacts.columns
    assert table["person_id"].to_list() == parquet["person_id"].to_list() == sheet["人员编号"].to_list()
    assert sheet["圈层"][0] == "密接"
    assert parquet.sort("person_id").equals(traced.contacts.sort("person_id"))


def test_the_workbook_holds_real_dates_on_the_local_clock(traced, tmp_path):
    """Excel sees dates as dates, and an instant as the time that the clock of the place showed."""
    write_trace(traced, tmp_path, "en")
    sheet = pl.read_excel(tmp_path / "contacts.xlsx", sheet_id=1)
    first = pl.read_parquet(tmp_path / "contacts.parquet")["first_exposure"][0]
    assert sheet["First exposure"][0] == first.replace(tzinfo=None, microsecond=0)
    assert sheet.schema["Quarantine until"] in (pl.Date, pl.Datetime("ms"))
    cases = pl.read_excel(tmp_path / "contacts.xlsx", sheet_id=2)
    assert cases.height == traced.cases.height


def test_chinese_tables_for_officers_carry_the_mark_and_programs_files_never(traced, tmp_path):
    """The byte order mark stands in the Chinese contact and evidence tables, and in no epicontacts file."""
    for lang in ("en", "zh"):
        folder = tmp_path / lang
        write_trace(traced, folder, lang)
        assert (folder / "contacts.csv").read_bytes().startswith(BYTE_ORDER_MARK) == (lang == "zh")
        assert not (folder / "epicontacts" / "linelist.csv").read_bytes().startswith(BYTE_ORDER_MARK)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x"])
def test_no_cell_begins_like_a_formula(cell, tmp_path):
    """A text that a spreadsheet would run is written behind an apostrophe; other texts and numbers stay."""
    table = pl.DataFrame({"place_id": [cell, "a=1", None], "n": [-1, 2, 3]})
    with write_csv(table, tmp_path / "a.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["place_id"] == "'" + cell
    assert [row["place_id"] for row in rows[1:]] == ["a=1", ""]
    assert [row["n"] for row in rows] == ["-1", "2", "3"]
    assert guarded(table)["n"].to_list() == [-1, 2, 3]


def test_the_workbook_holds_no_formula_and_no_link(traced, tmp_path):
    """A place named like a formula or an address is plain text in Excel."""
    import zipfile

    codes = pl.Series("person_id", ["=1+1", "https://example.org"] + ["x"] * (traced.contacts.height - 2))
    write_trace(replace(traced, contacts=traced.contacts.with_columns(codes)), tmp_path)
    with zipfile.ZipFile(tmp_path / "contacts.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert "=1+1" in sheet


def test_epicontacts_files_fit_together(traced, tmp_path):
    """Every end of a pair is in the line list, ids are unique, and the first columns are those the package reads."""
    write_trace(traced, tmp_path)
    people = pl.read_csv(tmp_path / "epicontacts" / "linelist.csv", try_parse_dates=True)
    pairs = pl.read_csv(tmp_path / "epicontacts" / "contacts.csv")
    assert people.columns[:2] == ["id", "date_onset"]
    assert pairs.columns[:2] == ["from", "to"]
    assert people["id"].is_unique().all()
    assert set(pairs["from"]) | set(pairs["to"]) <= set(people["id"])
    assert people.schema["date_onset"] == pl.Date
    assert pairs["n_meetings"].sum() == traced.evidence.height


def test_geojson_is_longitude_first_and_holds_located_places_only(traced, tmp_path):
    """Points follow RFC 7946: longitude first, inside the box, and only places that have coordinates."""
    write_trace(traced, tmp_path)
    found = json.loads((tmp_path / "places.geojson").read_text("utf-8"))
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found
    west, south, east, north = found["bbox"]
    assert len(found["features"]) == traced.places["longitude"].is_not_null().sum() < traced.places.height
    for feature in found["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert feature["type"] == "Feature"
        assert west <= longitude <= east
        assert south <= latitude <= north
        assert 121 < longitude < 122
        assert 31 < latitude < 32


def test_impossible_coordinates_are_not_drawn(traced, tmp_path):
    """A latitude of 121 (the two swapped) or a NaN is left out, never written."""
    swapped = traced.places.rename({"longitude": "latitude", "latitude": "longitude"}).select(traced.places.columns)
    not_numbers = swapped.with_columns(pl.lit(float("nan")).alias("latitude"))
    for places in (swapped, not_numbers):
        write_trace(replace(traced, places=places), tmp_path)
        found = json.loads((tmp_path / "places.geojson").read_text("utf-8"))
        assert found == {"type": "FeatureCollection", "features": []}


def test_the_summary_counts_what_the_tables_hold(traced, tmp_path, made_at):
    """Rings and settings of the summary add up to the contacts."""
    write_trace(traced, tmp_path, "en", made_at)
    facts = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    assert facts["n_contacts"] == traced.contacts.height == sum(facts["rings"].values())
    assert sum(sum(v for v in row.values() if isinstance(v, int)) for row in facts["settings"]) == facts["n_contacts"]
    assert datetime.fromisoformat(facts["generated_at"]) == made_at
    assert facts["timezone"] == "Asia/Shanghai"
    assert count_figures(traced).rings == facts["rings"]


def test_an_empty_result_gives_every_file(nothing, tmp_path):
    """Nothing found still gives every file, with headings and no rows."""
    assert len(write_trace(nothing, tmp_path, "zh")) == len(NAMES)
    assert pl.read_csv(tmp_path / "contacts.csv").columns == nothing.contacts.columns


def test_backward_files_hold_their_tables(traced_back, tmp_path):
    """Candidates, places and shared exposures come back from Parquet as they were."""
    paths = write_backward(traced_back, tmp_path)
    assert paths[-1].name == "report.html"
    assert pl.read_parquet(tmp_path / "candidates.parquet").equals(traced_back.candidates)
    assert pl.read_parquet(tmp_path / "common.parquet").equals(traced_back.common)
    assert pl.read_csv(tmp_path / "case-places.csv").height == traced_back.places.height
