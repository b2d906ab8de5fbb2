"""Real face-to-face contacts of a conference, imported with the shipped mapping and traced (Génois et al. 2019)."""

import json
import os
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from suyuan.cli.root import suyuan

DATA = Path(os.environ.get("SUYUAN_DATA", Path(__file__).parents[3] / "shared" / "data"))
RECORDS = DATA / "face_to_face_ws16" / "tij.tsv"
CASES = "person_id,date_onset\n7,2016-12-01\n125,2016-12-01\n"

pytestmark = pytest.mark.skipif(not RECORDS.is_file(), reason=f"public data absent: {RECORDS}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a log of the conference and trace two of its members with an onset on 1 December 2016."""
    folder = tmp_path_factory.mktemp("conference")
    (folder / "cases.csv").write_text(CASES)
    log = ["--log", str(folder / "log")]
    how = ["--kind", "encounters", "--mapping", "sociopatterns", "--timezone", "Europe/Berlin"]
    for words in (
        ["log", "import", *log, *how, str(RECORDS), "--json"],
        ["log", "import", *log, *how, str(RECORDS), "--json"],
        ["trace", *log, "--cases", str(folder / "cases.csv"), "--out", str(folder / "out"), "--json"],
    ):
        answer = CliRunner().invoke(suyuan, words, catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        with (folder / "answers.jsonl").open("a") as kept:
            kept.write(answer.stdout)
    return folder


def answers(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text().splitlines()]


def test_every_record_goes_in_once(folder: Path):
    """All 153,371 records of 20 seconds are read, joined to encounters, and a second import changes nothing."""
    first, again, _ = (answer["files"] if "kind" not in answer else answer for answer in answers(folder))
    assert first[0]["n_read"] == 153_371
    assert first[0]["n_bad"] == 0
    assert first[0]["n_new"] + first[0]["n_joined"] == 153_371
    assert again[0]["already"]


def test_close_contacts_are_those_of_fifteen_minutes_a_day(folder: Path):
    """The close contacts are exactly the people who met a case for 15 minutes or more on one civil day.

    A record stands for 20 seconds; records at most 20 seconds apart are one encounter, as the mapping says.
    """
    told = pl.read_csv(RECORDS, separator="\t", has_header=False, new_columns=["t", "a", "b"])
    sides = [told.select("t", case=one, person=other) for one, other in (("a", "b"), ("b", "a"))]
    met = pl.concat(sides).filter(pl.col("case").is_in([7, 125]), ~pl.col("person").is_in([7, 125]))
    moment = (pl.col("t") * 1_000_000).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone("Europe/Berlin")
    gap = pl.col("t").sort().diff()
    days = met.group_by("case", "person", day=moment.dt.date()).agg(
        seconds=pl.when(gap <= 40).then(gap).otherwise(20).sum()
    )
    enough = days.filter(pl.col("seconds") >= 15 * 60)["person"].unique().cast(pl.String).sort().to_list()
    contacts = pl.read_parquet(folder / "out" / "contacts.parquet")
    close = contacts.filter(pl.col("ring").cast(pl.String) == "close")
    assert sorted(close["person_id"]) == enough
    assert close["rule"].unique().to_list() == ["meeting.close"]
    assert close["person_id"][0] == "130"  # with person 7 for more than three hours in all
    assert not set(contacts["person_id"]) & {"7", "125"}


def test_the_report_is_there(folder: Path):
    """The report is one page that names both cases and loads nothing from elsewhere."""
    page = (folder / "out" / "report.html").read_text("utf-8")
    assert "125" in page
    assert 'src="http' not in page
    assert 'href="http' not in page.replace('href="https://doi.org', "")
