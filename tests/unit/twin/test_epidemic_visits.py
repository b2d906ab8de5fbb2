"""The visit-driven epidemic on a real small city of the twin."""

from functools import cache

import numpy as np
import polars as pl
import pytest

from suyuan.terms import BadInput
from suyuan.twin.city import DayVisits, Status
from suyuan.twin.epidemic import Epidemic, start_epidemic
from suyuan.twin.epidemic_genomes import write_genomes
from suyuan.twin.epidemic_people import NEVER, Cause
from suyuan.twin.epidemic_settings import EpidemicSettings, hazard_table, read_epidemic
from suyuan.twin.epidemic_tables import infections_table, join_infections, tables_of
from suyuan.twin.founding import make_city
from suyuan.twin.scenario import load_scenario, scenario_names
from suyuan.twin.visits import DailyLife

PEOPLE, DAYS = 4000, 10


def simulate(name: str, seed: int, people: int = PEOPLE, days: int = DAYS) -> tuple[Epidemic, DayVisits]:
    scenario = load_scenario(name)
    rng = np.random.default_rng(seed)
    city = make_city(people, scenario, rng)
    life = DailyLife(city, scenario.habits, seed)
    settings = read_epidemic(dict(scenario.epidemic or {}), name)
    epidemic = start_epidemic(city, settings, life.visits_of_day, rng)
    happened = [epidemic.advance(day, life.visits_of_day(day, epidemic.status(day))) for day in range(days)]
    return epidemic, DayVisits(*(np.concatenate(column) for column in zip(*happened, strict=True)))


@cache
def delta() -> tuple[Epidemic, DayVisits]:
    return simulate("delta-market", 3)


@cache
def norovirus() -> tuple[Epidemic, DayVisits]:
    return simulate("norovirus-canteen", 2)


def stays_at(visits: DayVisits, person: int, place: int, minute: int) -> np.ndarray:
    return np.flatnonzero(
        (visits.person == person) & (visits.place == place) & (visits.t_in <= minute) & (minute < visits.t_out)
    )


@pytest.mark.parametrize("outbreak", [delta, norovirus])
def test_infector_and_infectee_were_really_there(outbreak):
    """For every infection the infectee was in its place at that minute, the infector there or just before."""
    epidemic, visits = outbreak()
    new = join_infections(epidemic)
    table = hazard_table(epidemic.settings)
    assert (new.cause == Cause.PERSON).sum() > 20
    for person, at, cause, infector, place in zip(new.person, new.at, new.cause, new.infector, new.place, strict=True):
        assert len(stays_at(visits, person, place, at)) == 1
        if cause != Cause.PERSON:
            continue
        lingering = int(table.lingering_minutes[epidemic.city.places.kind[place]])
        rows = np.flatnonzero((visits.person == infector) & (visits.place == place))
        assert ((visits.t_in[rows] <= at) & (at < visits.t_out[rows] + lingering)).any()
        assert epidemic.people.infectious_from[infector] <= at


def test_an_object_was_contaminated_before_it_infected():
    """Whoever a surface infected was in its place and zone after the named contaminator had touched it."""
    epidemic, visits = norovirus()
    new = join_infections(epidemic)
    rows = np.flatnonzero(new.cause == Cause.OBJECT)
    assert len(rows) > 0
    things = epidemic.deposits
    for row in rows:
        deposit = int(new.deposit[row])
        assert things.at[deposit] <= new.at[row]
        assert things.place[deposit] == new.place[row]
        assert things.zone[deposit] == new.zone[row]
        assert things.by[deposit] == new.infector[row] >= 0
        assert len(stays_at(visits, things.by[deposit], things.place[deposit], things.at[deposit])) == 1


def test_nobody_is_infected_twice_and_generations_count_on():
    """Every person appears once; a generation is one more than the infector's."""
    table = infections_table(delta()[0])
    assert table["person_id"].is_unique().all()
    infector = pl.coalesce("infector_id", "contaminated_by")
    links = table.with_columns(by=infector).join(
        table.select(by="person_id", before="generation", earlier="infected_at"), on="by"
    )
    assert (links["generation"] == links["before"] + 1).all()
    assert (links["earlier"] < links["infected_at"]).all()


def test_the_isolated_meet_nobody():
    """After isolation a case makes no visit."""
    epidemic, visits = delta()
    isolated = epidemic.casebook.case_isolated_at
    assert (isolated < NEVER).any()
    assert not (visits.t_out > isolated[visits.person]).any()


def test_the_goods_begin_the_delta_outbreak():
    """The first people are infected by an object that nobody in the city contaminated, at its stall."""
    epidemic, _ = delta()
    table = infections_table(epidemic)
    first = table.filter(pl.col("generation") == 0)
    assert (first["kind"] == "object").all()
    assert first["contaminated_by"].null_count() == len(first)
    goods = {epidemic.city.object_id(number) for number in range(len(epidemic.city.goods.place))}
    assert set(first["object_id"].to_list()) <= goods


def test_false_alarms_infect_nobody():
    """Nothing spreads, yet tests are taken and what few positives there are become cases."""
    epidemic, _ = simulate("false-alarms", 1, days=14)
    tables = tables_of(epidemic, 14)
    assert len(tables.infections) == 0
    assert len(tables.tests) > 500
    assert set(tables.cases["person_id"]) <= set(tables.tests.filter("positive")["person_id"])
    assert tables.cases["date_onset"].null_count() == len(tables.cases)


def test_tables_have_the_columns_of_the_formats():
    """Truth and observed tables carry the agreed columns and instants in the city's time zone."""
    tables = tables_of(delta()[0], DAYS)
    assert tables.cases.columns == ["person_id", "date_onset", "date_sampling", "isolated_at"]
    assert {"person_id", "infector_id", "object_id", "place_id", "infected_at", "kind"} <= set(
        tables.infections.columns
    )
    assert str(tables.infections.schema["infected_at"]) == "Datetime(time_unit='us', time_zone='Asia/Shanghai')"
    assert tables.symptoms.columns == ["person_id", "date_onset"]
    assert len(tables.symptoms) > 0
    assert len(tables.contaminations) > 0
    assert len(tables.quarantined) > 0


def test_instants_follow_the_first_midnight():
    """Minute 0 is 00:00 of the first day on the city's clock."""
    epidemic, _ = delta()
    table = infections_table(epidemic)
    new = join_infections(epidemic)
    first = table["infected_at"][0]
    assert (first - epidemic.city.start).total_seconds() / 60 == new.at[0]


def test_the_fit_reaches_the_published_mean_and_dispersion():
    """The hazard found for a city gives the scenario's r0, and k within a fifth."""
    fit, history = delta()[0].fit, delta()[0].settings.history
    assert fit.r0 == pytest.approx(history.r0, rel=1e-3)
    assert fit.offspring_k == pytest.approx(history.dispersion_k, rel=0.2)


def test_the_same_seed_gives_the_same_epidemic():
    """A run is a function of its seed."""
    again, _ = simulate("norovirus-canteen", 2)
    assert infections_table(again).equals(infections_table(norovirus()[0]))


def test_genomes_are_written_for_sampled_cases(tmp_path):
    """The file holds the reference and every infected case with a sample, all of the pathogen's length."""
    epidemic, _ = delta()
    n = write_genomes(epidemic, DAYS, tmp_path / "genomes.fasta", np.random.default_rng(1))
    records = (tmp_path / "genomes.fasta").read_text().split(">")[1:]
    assert n == len(records) - 1 > 0
    assert {len("".join(record.splitlines()[1:])) for record in records} == {29_903}
    cases = set(tables_of(epidemic, DAYS).cases["person_id"])
    sampled = {record.splitlines()[0] for record in records[1:]}
    assert sampled == cases & set(infections_table(epidemic)["person_id"])


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_has_an_epidemic(name):
    """The [epidemic] table of every scenario is read, and its curve has its largest value at 1."""
    settings = read_epidemic(dict(load_scenario(name).epidemic or {}), name)
    assert max(settings.history.infectiousness) == 1.0
    assert settings.history.source
    assert settings.genome.source


def test_a_wrong_table_is_refused_with_its_key():
    """An unknown key is named together with the scenario."""
    table = dict(load_scenario("delta-market").epidemic or {})
    table["hystory"] = 1
    with pytest.raises(BadInput, match=r"scenario mine.*hystory"):
        read_epidemic(table, "mine")


def test_r0_out_of_reach_is_refused():
    """If a city's people meet too few others, the sentence says what could be reached."""
    table = dict(load_scenario("delta-market").epidemic or {})
    table["history"] = {**table["history"], "r0": 1e6}
    with pytest.raises(BadInput, match=r"r0 = 1000000.*at most"):
        _start(read_epidemic(table, "delta-market"))


def test_seeds_need_a_place_that_is_visited():
    """First cases cannot be put into a kind of place that this city does not have."""
    table = dict(load_scenario("delta-market").epidemic or {})
    table["seeds"] = {"n": 1, "place_kind": "meeting"}
    epidemic, life = _start(read_epidemic(table, "delta-market"))
    with pytest.raises(BadInput, match="kind meeting on day 0"):
        epidemic.advance(0, life.visits_of_day(0))


def _start(settings: EpidemicSettings) -> tuple[Epidemic, DailyLife]:
    scenario = load_scenario("delta-market")
    rng = np.random.default_rng(1)
    city = make_city(1000, scenario, rng)
    life = DailyLife(city, scenario.habits, 1)
    return start_epidemic(city, settings, life.visits_of_day, rng), life


def test_the_ill_stay_home_and_lie_in_wards():
    """Where the scenario says so, some of the ill stay at home and some are admitted, after their onset."""
    epidemic, _ = simulate("ebola-ward", 1, days=20)
    people = epidemic.people
    admitted = np.flatnonzero(people.ward_from < NEVER)
    assert len(admitted) > 0
    assert (people.ward_from[admitted] >= people.onset_at[admitted]).all()
    day = int(people.ward_from[admitted].min()) // 1440 + 1
    assert (epidemic.status(day) == Status.IN_WARD).any()


def test_symptoms_known_are_those_of_people_who_came():
    """Observed symptoms tell of people tested because they felt ill, not of everybody ill in truth, nor from what."""
    epidemic, _ = delta()
    tables = tables_of(epidemic, DAYS)
    came = tables.tests.filter(pl.col("reason").is_in(["symptoms", "other_illness"]))
    assert set(tables.symptoms["person_id"]) == set(came["person_id"])
    assert set(tables.symptoms["person_id"]) - set(tables.infections["person_id"])


def test_an_epidemic_that_has_not_begun_has_empty_tables():
    """Before the first day all tables are there and empty, but for goods that lie there already."""
    epidemic, _ = _start(delta()[0].settings)
    tables = tables_of(epidemic, 0)
    assert {name for name, table in tables._asdict().items() if len(table)} <= {"contaminations"}
    assert str(tables.tests.schema["sampled_at"]).startswith("Datetime")
