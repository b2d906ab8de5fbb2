"""`import suyuan` in a notebook: five lines from a table to the contacts, whatever kind of table it is."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pytest

import suyuan
from suyuan.terms import BadInput, BadUsage, Case, PersonId

VISITS = pl.DataFrame(
    {
        "person_id": ["P1", "P2", "P3"],
        "place_id": ["C1", "C1", "C2"],
        "place_kind": ["classroom"] * 3,
        "t_in": ["2022-07-01 08:00"] * 3,
        "t_out": ["2022-07-01 12:00"] * 3,
    }
)
CASES = pl.DataFrame({"person_id": ["P1"], "date_onset": ["2022-07-02"]})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Make a log of three visits."""
    suyuan.import_visits(tmp_path / "a.log", VISITS, timezone="Asia/Shanghai")
    return tmp_path / "a.log"


def test_five_lines(tmp_path: Path):
    """From a table of visits and a table of cases to a table of contacts, in both directions."""
    taken = suyuan.import_visits(tmp_path / "a.log", VISITS, timezone="Asia/Shanghai")
    log = suyuan.open_log(tmp_path / "a.log")
    result = suyuan.trace(log, CASES, protocol="covid19-9")
    assert taken.n_new == 3
    assert result.contacts.select("person_id", "ring").rows() == [("P2", "close")]
    assert result.contacts.to_arrow().num_rows == len(result.contacts.to_pandas()) == 1
    back = suyuan.trace_backward(log, CASES, protocol=suyuan.load_protocol("covid19-9"))
    assert back.places["place_id"].to_list() == ["C1"]


@pytest.mark.parametrize("kind", ["polars", "pandas", "arrow", "cases", "csv", "parquet"])
def test_cases_in_every_shape(kind: str, log: Path, tmp_path: Path):
    """Cases may be a file, a list or any table, and the answer is the same."""
    CASES.write_csv(tmp_path / "cases.csv")
    CASES.write_parquet(tmp_path / "cases.parquet")
    onset = datetime(2022, 7, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    given: dict[str, Any] = {
        "polars": CASES,
        "pandas": pd.DataFrame({"person_id": ["P1"], "date_onset": pd.to_datetime(["2022-07-02"])}),
        "arrow": CASES.to_arrow(),
        "cases": [Case(PersonId("P1"), onset, None)],
        "csv": tmp_path / "cases.csv",
        "parquet": str(tmp_path / "cases.parquet"),
    }
    assert suyuan.trace(log, given[kind]).contacts["person_id"].to_list() == ["P2"]


@pytest.mark.parametrize("kind", ["polars", "pandas", "arrow", "csv"])
def test_visits_in_every_shape_go_in_once(kind: str, tmp_path: Path):
    """Visits may be a file or any table; the same visits a second time change nothing."""
    VISITS.write_csv(tmp_path / "visits.csv")
    given: dict[str, Any] = {
        "polars": VISITS,
        "pandas": VISITS.to_pandas(),
        "arrow": VISITS.to_arrow(),
        "csv": tmp_path / "visits.csv",
    }
    first = suyuan.import_visits(tmp_path / "a.log", given[kind], timezone="Asia/Shanghai")
    again = suyuan.import_visits(tmp_path / "a.log", given[kind])
    assert (first.n_new, first.already, again.already) == (3, False, True)


def test_bad_visits_come_back_in_a_file(tmp_path: Path):
    """Bad rows of a table stand with their reasons in a file next to the log."""
    bad = VISITS.with_columns(t_out=pl.lit("2022-07-01 07:00"))
    taken = suyuan.import_visits(tmp_path / "a.log", bad, timezone="Asia/Shanghai")
    assert taken.bad_rows is not None
    assert taken.n_bad == pl.read_csv(taken.bad_rows).height == 3


def test_what_cannot_be_used_is_told(log: Path, tmp_path: Path):
    """A wrong object, a bad case, an unknown edition, an absent log and a missing time zone each raise a sentence."""
    with pytest.raises(BadInput, match="Cases must be a file"):
        suyuan.trace(log, 5)
    with pytest.raises(BadInput, match="Both date_onset and date_sampling are missing"):
        suyuan.trace(log, CASES.with_columns(date_onset=pl.lit("")))
    with pytest.raises(BadUsage, match="no edition called"):
        suyuan.trace(log, CASES, protocol="covid19-7")
    with pytest.raises(BadInput, match="no visit log"):
        suyuan.open_log(tmp_path / "none")
    with pytest.raises(BadUsage, match="time zone"):
        suyuan.import_visits(tmp_path / "new.log", VISITS)
    with pytest.raises(BadInput, match="A table was expected"):
        suyuan.import_visits(tmp_path / "new.log", 5, timezone="Asia/Shanghai")
    with pytest.raises(AttributeError, match="frobnicate"):
        _ = suyuan.frobnicate
