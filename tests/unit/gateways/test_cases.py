"""Line lists."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from suyuan.gateways import read_cases, read_exposure_windows
from suyuan.terms import Case, PersonId

ZONE = ZoneInfo("Asia/Shanghai")
HEADER = "person_id,date_onset,date_sampling,isolated_at,exposure_from,exposure_to\n"


def at(*parts: int) -> datetime:
    return datetime(2022, *parts, tzinfo=ZONE)


def test_dates_and_instants(write, options):
    """Dates become the start of the civil day, instants stay, empty cells are None."""
    text = f"{HEADER}P1,2022-06-27,2022/6/28,2022-06-28 14:30,,\nP2,,2022-06-28T01:00:00Z,,2022-06-20,2022-06-25\n"
    path = write(text)
    cases, rejects = read_cases(path, options())
    assert cases == [
        Case(PersonId("P1"), at(6, 27), at(6, 28), at(6, 28, 14, 30)),
        Case(PersonId("P2"), None, at(6, 28, 9), None),
    ]
    assert len(rejects) == 0
    assert read_exposure_windows(path, options()) == {"P2": (at(6, 20), at(6, 25))}


def test_day_that_begins_late(write, options):
    """Where the clocks spring over midnight, the day begins with its first instant."""
    cases, _ = read_cases(write("person_id,date_onset\nP1,2022-04-24\n"), options(timezone="Africa/Cairo"))
    assert cases[0].onset == datetime(2022, 4, 24, tzinfo=ZoneInfo("Africa/Cairo"))
    cases, _ = read_cases(write("person_id,date_onset\nP1,2018-11-04\n"), options(timezone="America/Sao_Paulo"))
    assert cases[0].onset == datetime(2018, 11, 4, 1, tzinfo=ZoneInfo("America/Sao_Paulo"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("P1,,,2022-06-28,,", "missing_date"),
        ("P1,x,2022-06-28,,,", "unparsable_time"),
        ("P1,2022-06-31,,,,", "unparsable_time"),
        (",2022-06-28,,,,", "missing_person"),
        ("13912345678,2022-06-28,,,,", "person_telephone"),
        ("P1,1999-06-28,,,,", "too_early"),
        ("P1,2022-07-04,,,,", "in_the_future"),
        ("P1,2022-06-28,,,2022-06-25,2022-06-24", "dates_contradict"),
        ("P1,2022-06-28,,,2022-06-29,", "dates_contradict"),
        ("P0,2022-06-28,,,,", "person_twice"),
        ("P1,2022-06-28,,", "wrong_columns"),
    ],
)
def test_bad_rows(write, options, row, reason):
    """Each faulty row of a line list comes back with its reason, the others go in."""
    cases, rejects = read_cases(write(f"{HEADER}P0,2022-06-28,,,,\n{row}\nP2,2022-06-28,,,,\n"), options())
    assert [case.person.code for case in cases] == ["P0", "P2"]
    assert (rejects.all_reasons(), rejects.rows.tolist()) == ([(reason,)], [3])


def test_sampled_in_quarantine(write, options):
    """People found positive in quarantine were isolated before they were sampled; a date alone ends with its day."""
    cases, rejects = read_cases(
        write(f"{HEADER}P1,,2022-06-28,2022-06-25,,\nP2,,2022-06-28,2022-06-25 09:30,,\n"), options()
    )
    assert [case.isolated for case in cases] == [at(6, 26), at(6, 25, 9, 30)]
    assert len(rejects) == 0


def test_excel_dates(tmp_path, options):
    """Date cells of Excel are read."""
    frame = pl.DataFrame({"person_id": ["P1"], "date_onset": [at(6, 28).date()], "date_sampling": [None]})
    frame.write_excel(tmp_path / "c.xlsx")
    assert read_cases(tmp_path / "c.xlsx", options())[0][0].onset == at(6, 28)


def test_parquet_dates(tmp_path, options):
    """Date columns of Parquet are read."""
    frame = pl.DataFrame({"person_id": ["P1", "P2"], "date_sampling": [at(6, 28).date(), None]})
    frame.write_parquet(tmp_path / "c.parquet")
    cases, rejects = read_cases(tmp_path / "c.parquet", options())
    assert ([case.sampled for case in cases], rejects.all_reasons()) == ([at(6, 28)], [("missing_date",)])


def test_other_headers(write, options, mapping):
    """A mapping serves line lists as well."""
    stated = options(
        mapping=mapping('columns = {person_id = "编号", date_onset = "发病日期"}\ntime.format = "%Y年%m月%d日"')
    )
    cases, _ = read_cases(write("编号,发病日期,姓名\nP1,2022年6月28日,王\n"), stated)
    assert cases[0].onset == at(6, 28)
