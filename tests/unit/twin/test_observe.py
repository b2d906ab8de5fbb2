"""What is seen of the city, and what is told."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from suyuan.terms import LOCATION, PLACE_KINDS, BadUsage, person_code_fault
from suyuan.twin.city import KIND
from suyuan.twin.interview import Cases, Interviewer, meetings
from suyuan.twin.make import make_twin
from suyuan.twin.observe import Observer

DAY = 3


@pytest.fixture(scope="module")
def visits(life):
    return life.visits_of_day(DAY)


@pytest.fixture(scope="module")
def observer(town, ordinary):
    return Observer(town, ordinary.observation, seed=9)


@pytest.fixture(scope="module")
def records(observer, visits):
    return observer.observe(visits, DAY)


def by_location(observer, records):
    return records.source == observer.sources.index(LOCATION)


def test_compliance_by_kind_is_the_planned_one(observer, records, visits, town, ordinary):
    """Of each kind with 300 visits, the share on record is the plan's, times registration, within 5 sigma."""
    plan = ordinary.observation
    seen = np.bincount(town.places.kind[records.place[~by_location(observer, records)]], minlength=len(KIND))
    true = np.bincount(town.places.kind[visits.place], minlength=len(KIND))
    tried = 0
    for kind in (kind for kind in PLACE_KINDS if true[KIND[kind]] >= 300):
        p = plan.seen[kind].share * (1 - plan.faults.unregistered_people)
        n = true[KIND[kind]]
        # people, not visits, are unregistered: their visits go missing together
        assert abs(seen[KIND[kind]] / n - p) < 5 * np.sqrt(p * (1 - p) / n) + 0.01
        tried += 1
    assert tried >= 6


def test_records_last_and_begin_after_day_zero(records):
    """Every record ends after it begins and none begins before 00:00 of day 0."""
    assert (records.t_out > records.t_in).all()
    assert records.t_in.min() >= 0


def test_unregistered_people_leave_only_location_data(observer, life, ordinary, town):
    """The planned share of people never checks in anywhere, over days."""
    seen = np.zeros(town.n_people, dtype=bool)
    for day in range(4):
        records = observer.observe(life.visits_of_day(day), day)
        seen[records.person[~by_location(observer, records)]] = True
    assert abs((~seen).mean() - ordinary.observation.faults.unregistered_people) < 0.01


def test_location_data_is_coarse_and_knows_no_zone(observer, records, ordinary):
    """Telephone records come in whole grains, without zone, with low confidence, of the planned share of people."""
    rows = by_location(observer, records)
    grain = ordinary.observation.phone.grain_minutes
    assert rows.any()
    assert (records.t_in[rows] % grain == 0).all()
    assert (records.zone[rows] == -1).all()
    assert records.confidence[rows].max() < 0.5
    share = len(np.unique(records.person[rows])) / len(np.unique(records.person))
    assert abs(share - ordinary.observation.phone.people_share) < 0.02


def test_a_guessed_departure_lowers_the_confidence(observer, records, town):
    """Check-ins in restaurants mostly lack the departure: most of them are guessed and say so."""
    rows = (town.places.kind[records.place] == KIND["restaurant"]) & ~by_location(observer, records)
    guessed = records.confidence[rows] < 1
    stays = (records.t_out - records.t_in)[rows]
    assert guessed.mean() > 0.5
    assert np.median(np.abs(stays[guessed] - 60)) <= 2


def test_late_records_arrive_after_the_visit(records):
    """A share of records arrives hours or days late, none before its visit."""
    delay = records.recorded - records.t_in
    assert delay.min() >= 0
    assert 0.02 < (delay > 60).mean() < 0.15


def test_a_day_is_seen_the_same_way_twice(observer, visits, records):
    """The same seed and day give the same records."""
    assert all(np.array_equal(a, b) for a, b in zip(records, observer.observe(visits, DAY), strict=True))


def ask_all(town, ordinary, visits, days_later, plan=None):
    people = np.arange(0, town.n_people, 2, dtype=np.int32)
    cases = Cases(people, np.full(len(people), (DAY + days_later) * 1440 + 720))
    interviewer = Interviewer(town, plan or ordinary.observation.interviews, source=3)
    return interviewer.ask(cases, DAY, visits, np.random.default_rng(4))


def test_memory_fades_with_the_days(town, ordinary, visits):
    """Ten days later fewer visits to shops are told than one day later, while home is still remembered."""
    told = {days: ask_all(town, ordinary, visits, days)[0] for days in (1, 10)}
    shop, home = KIND["shop"], KIND["home"]
    count = {days: np.bincount(town.places.kind[rows.place], minlength=len(KIND)) for days, rows in told.items()}
    assert count[10][shop] < 0.6 * count[1][shop]
    assert count[10][home] > 0.75 * count[1][home]


def test_nobody_is_asked_about_days_beyond_the_plan(town, ordinary, visits):
    """An interview covers the planned number of days and nothing after the isolation."""
    told, met = ask_all(town, ordinary, visits, ordinary.observation.interviews.days + 1)
    assert len(told.person) == len(met.start) == 0
    same_day, _ = ask_all(town, ordinary, visits, 0)
    assert (same_day.person % 2 == 0).all()
    assert same_day.t_in.max() < DAY * 1440 + 720 + 60


def test_told_times_are_rounded(town, ordinary, visits):
    """Told times are multiples of five minutes."""
    told, _ = ask_all(town, ordinary, visits, 2)
    assert (told.t_in % 5 == 0).all()
    assert (told.t_out % 5 == 0).all()


def test_named_companions_were_really_there(town, ordinary, visits):
    """Every named pair shared a place and zone at one time that day."""
    _, met = ask_all(town, ordinary, visits, 1)
    true = meetings(town, visits, np.arange(len(visits.person)))
    pairs = set(zip(visits.person[true["row_a"]].tolist(), visits.person[true["row_b"]].tolist(), strict=True))
    assert len(met.start) > 1000
    assert set(zip(met.person_a.tolist(), met.person_b.tolist(), strict=True)) <= pairs
    assert (met.end > met.start).all()


VISIT_COLUMNS = ["person_id", "place_id", "t_in", "t_out", "place_kind", "zone", "source", "confidence"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("twin") / "city"
    calls = []
    about = make_twin(2000, 10, 3, "delta-market", out, lambda *call: calls.append(call))
    return out, about, calls


def test_a_twin_is_written_with_truth_apart(folder):
    """The folder holds what the contract names; nothing observed names an infector."""
    out, about, calls = folder
    observed = {path.name for path in (out / "observed").iterdir()}
    assert {
        "visits.parquet",
        "late_visits.parquet",
        "encounters.parquet",
        "places.csv",
        "cases.csv",
        "goods.csv",
    } <= observed
    truth = {path.name for path in (out / "truth").iterdir()}
    assert {"people.parquet", "households.parquet", "places.parquet", "visits.parquet", "infections.parquet"} <= truth
    for path in (out / "observed").iterdir():
        header = pl.read_parquet(path).columns if path.suffix == ".parquet" else path.read_text("utf-8").split("\n")[0]
        assert "infector" not in header
    assert json.loads((out / "about.json").read_text("utf-8")) == about
    assert {call[0] for call in calls} == {"building", "day", "asking"}


def test_written_visits_have_the_columns_of_the_log(folder):
    """visits.parquet has the log's columns, times in UTC, kinds from the closed list, codes fit to be a PersonId."""
    visits = pl.read_parquet(folder[0] / "observed" / "visits.parquet")
    assert visits.columns == VISIT_COLUMNS
    assert visits.schema["t_in"] == visits.schema["t_out"] == pl.Datetime("us", "UTC")
    assert set(visits["place_kind"].cast(pl.String)) <= {str(kind) for kind in PLACE_KINDS}
    assert (visits["t_in"] < visits["t_out"]).all()
    assert person_code_fault(visits["person_id"].cast(pl.String)[0]) is None
    assert len(visits) == folder[1]["rows"]["visits"]
    places = pl.read_csv(folder[0] / "observed" / "places.csv")
    assert places.columns == ["place_id", "place_kind", "longitude", "latitude"]
    assert set(visits["place_id"].cast(pl.String)) <= set(places["place_id"])


def test_late_records_say_when_they_came(folder):
    """late_visits.parquet has recorded_at beside the log's columns, always after the last day."""
    late = pl.read_parquet(folder[0] / "observed" / "late_visits.parquet")
    assert late.columns == [*VISIT_COLUMNS, "recorded_at"]
    end = pl.read_parquet(folder[0] / "truth" / "visits.parquet")["t_in"].max()
    assert (late["recorded_at"] > end).all()


def test_cases_and_interviews_fit_together(folder):
    """Interviewed people are cases, and encounters name the interview as their source."""
    out, _, _ = folder
    cases = pl.read_csv(out / "observed" / "cases.csv")
    assert cases.columns == ["person_id", "date_onset", "date_sampling", "isolated_at"]
    told = pl.read_parquet(out / "observed" / "visits.parquet").filter(pl.col("source").cast(pl.String) == "interview")
    met = pl.read_parquet(out / "observed" / "encounters.parquet")
    assert len(told) > 0
    assert set(told["person_id"].cast(pl.String)) <= set(cases["person_id"])
    assert met.columns == ["person_a", "person_b", "start", "end", "setting", "source"]
    assert set(met["person_a"].cast(pl.String)) <= set(cases["person_id"])


def test_the_same_seed_writes_the_same_rows(tmp_path):
    """Two runs with one seed write the same files with the same rows."""
    for name in ("a", "b"):
        make_twin(400, 3, 8, "delta-market", tmp_path / name, None)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert files == sorted(path.relative_to(tmp_path / "b") for path in (tmp_path / "b").rglob("*.*"))
    assert len(files) >= 15
    for file in files:
        one, two = tmp_path / "a" / file, tmp_path / "b" / file
        if file.suffix == ".parquet":
            assert pl.read_parquet(one).equals(pl.read_parquet(two))
        else:
            assert one.read_bytes() == two.read_bytes()


def test_a_city_where_nothing_spreads_needs_no_epidemic(tmp_path):
    """A scenario of one's own without an epidemic gives a city, an empty list of cases and no interviews."""
    own = tmp_path / "quiet.toml"
    own.write_text("[output]\ntruth_visits_up_to_people = 0\n", "utf-8")
    about = make_twin(300, 2, 1, own, tmp_path / "out", None)
    assert (tmp_path / "out" / "observed" / "cases.csv").read_text("utf-8").split() == [
        "person_id,date_onset,date_sampling,isolated_at"
    ]
    assert not (tmp_path / "out" / "truth" / "visits.parquet").exists()
    assert about["rows"]["encounters"] == 0


@pytest.mark.parametrize("days", [0, 401])
def test_days_out_of_range_are_refused(tmp_path, days):
    """Fewer than one day or more than 400 are refused before anything is written."""
    with pytest.raises(BadUsage, match="days"):
        make_twin(300, days, 1, "false-alarms", tmp_path / "out", None)
    assert not (tmp_path / "out").exists()


def test_a_negative_seed_is_refused(tmp_path):
    """A seed below 0 is refused before anything is written."""
    with pytest.raises(BadUsage, match="seed"):
        make_twin(300, 1, -1, "false-alarms", tmp_path / "out", None)
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_not_overwritten(tmp_path):
    """A folder with something in it is refused and left as it was."""
    (tmp_path / "mine.txt").write_text("keep", "utf-8")
    with pytest.raises(BadUsage, match="already holds"):
        make_twin(300, 1, 1, "false-alarms", tmp_path, None)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
