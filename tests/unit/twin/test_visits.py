"""A day of visits."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.terms import PlaceKind
from suyuan.twin.city import KIND, MINUTES_A_DAY, City, DayVisits, Role, Status
from suyuan.twin.founding import make_city
from suyuan.twin.interview import meetings
from suyuan.twin.scenario import load_scenario
from suyuan.twin.visits import DailyLife


def kinds_of(city: City, visits: DayVisits) -> np.ndarray:
    return city.places.kind[visits.place]


def week(life: DailyLife) -> list[DayVisits]:
    return [life.visits_of_day(day) for day in range(7)]


def test_nobody_is_in_two_places_at_once(life):
    """Within a week no two visits of one person overlap, over midnight included, and every visit lasts."""
    days = week(life)
    person = np.concatenate([day.person for day in days])
    t_in = np.concatenate([day.t_in for day in days])
    t_out = np.concatenate([day.t_out for day in days])
    assert (t_out > t_in).all()
    order = np.lexsort((t_in, person))
    same = person[order][1:] == person[order][:-1]
    assert (t_in[order][1:][same] >= t_out[order][:-1][same]).all()


def test_a_boarding_school_has_no_one_in_two_places_either():
    """The same holds on a closed campus, on school days and at the weekend."""
    scenario = load_scenario("omicron-boarding-school")
    city = make_city(3000, scenario, np.random.default_rng(3))
    life = DailyLife(city, scenario.habits, seed=1)
    for day in (0, 5):
        visits = life.visits_of_day(day)
        same = visits.person[1:] == visits.person[:-1]
        assert (visits.t_in[1:][same] >= visits.t_out[:-1][same]).all()
        boarders = city.people.role[visits.person] == Role.BOARDER
        meals = (kinds_of(city, visits) == KIND[PlaceKind.CANTEEN]) & boarders
        assert meals.sum() == 3 * (city.people.role == Role.BOARDER).sum()
        assert ((kinds_of(city, visits) == KIND[PlaceKind.CLASSROOM]) & boarders).any() == (day == 0)


def test_visits_begin_on_their_day_and_in_zones_that_exist(life, town):
    """Every visit of a day begins on it; its zone is one of the place's, -1 where there are none."""
    visits = life.visits_of_day(3)
    assert (visits.t_in // MINUTES_A_DAY == 3).all()
    n_zones = town.places.zone_count[visits.place]
    assert ((visits.zone >= 0) == (n_zones > 0)).all()
    assert (visits.zone < np.maximum(n_zones, 1)).all()


def test_people_make_between_four_and_five_visits_a_day(life, town):
    """The mean over a week, from day 1 on, lies between 3.5 and 5 visits per person and day."""
    n = np.mean([len(life.visits_of_day(day).person) for day in range(1, 8)]) / town.n_people
    assert 3.5 < n < 5.0


def test_nights_are_spent_at_home(life, town):
    """At three in the morning at least 98 of 100 people are at home; the others lie or work in a ward."""
    visits = life.visits_of_day(2)
    three = 3 * MINUTES_A_DAY + 180
    asleep = (visits.t_in <= three) & (visits.t_out > three)
    kinds = kinds_of(town, visits)[asleep]
    assert len(np.unique(visits.person[asleep])) == town.n_people
    assert (kinds == KIND[PlaceKind.HOME]).mean() > 0.98
    assert set(kinds) <= {KIND[PlaceKind.HOME], KIND[PlaceKind.WARD]}


def test_schools_rest_at_the_weekend_and_shops_do_not(life, town):
    """On Saturday nobody is in class, fewer are at work, and more are in shops than on Wednesday."""
    count = {day: np.bincount(kinds_of(town, life.visits_of_day(day)), minlength=len(KIND)) for day in (2, 5)}
    assert count[5][KIND[PlaceKind.CLASSROOM]] == 0
    assert count[5][KIND[PlaceKind.WORKPLACE]] < 0.4 * count[2][KIND[PlaceKind.WORKPLACE]]
    assert count[5][KIND[PlaceKind.SHOP]] > count[2][KIND[PlaceKind.SHOP]]


def test_the_same_day_can_be_lived_again(life, town, ordinary):
    """One seed gives one day, another object or not; another day or seed gives another."""
    again = DailyLife(town, ordinary.habits, seed=5).visits_of_day(4)
    assert all(np.array_equal(a, b) for a, b in zip(life.visits_of_day(4), again, strict=True))
    other = DailyLife(town, ordinary.habits, seed=6).visits_of_day(4)
    assert not np.array_equal(other.t_in[:1000], again.t_in[:1000])


def test_some_people_live_the_same_day_as_with_everybody(life):
    """Visits of some people are exactly their rows among those of the whole city."""
    some = np.array([3, 50, 51, 11_999], dtype=np.int32)
    all_of_them = life.visits_of_day(2)
    rows = np.isin(all_of_them.person, some)
    assert all(
        np.array_equal(column[rows], own)
        for column, own in zip(all_of_them, life.visits_of_people(2, some), strict=True)
    )


def test_a_status_confines_and_leaves_the_others_alone(life, town):
    """Away: no visits. At home: one visit, home. In a ward: one visit, a ward. Everybody else's day is unchanged."""
    status = np.full(town.n_people, Status.FREE, dtype=np.uint8)
    status[[10, 20, 30]] = Status.AWAY, Status.AT_HOME, Status.IN_WARD
    visits = life.visits_of_day(1, status)
    assert not (visits.person == 10).any()
    assert kinds_of(town, visits)[visits.person == 20].tolist() == [KIND[PlaceKind.HOME]]
    assert kinds_of(town, visits)[visits.person == 30].tolist() == [KIND[PlaceKind.WARD]]
    free = life.visits_of_day(1)
    assert np.array_equal(
        visits.t_in[~np.isin(visits.person, [10, 20, 30])], free.t_in[~np.isin(free.person, [10, 20, 30])]
    )


def test_day_zero_begins_at_midnight_at_home(life, town):
    """On day 0 everybody's first visit starts at 00:00 at home."""
    visits = life.visits_of_day(0)
    first = np.unique(visits.person, return_index=True)[1]
    assert len(first) == town.n_people
    assert (visits.t_in[first] == 0).all()
    assert np.array_equal(visits.place[first], town.people.home_place)


def test_a_nurse_works_at_night_every_fourth_day_at_most(life, town):
    """Over eight days some ward visits of staff last past midnight, and no nurse has more than two such nights."""
    staff = np.flatnonzero(town.people.role == Role.WARD_STAFF).astype(np.int32)
    nights = np.zeros(town.n_people, dtype=int)
    for day in range(8):
        visits = life.visits_of_people(day, staff)
        late = (kinds_of(town, visits) == KIND[PlaceKind.WARD]) & (visits.t_out > (day + 1) * MINUTES_A_DAY + 300)
        at_work = visits.place == town.people.day_place[visits.person]
        np.add.at(nights, visits.person[late & at_work & (visits.t_in % MINUTES_A_DAY > 1100)], 1)
    assert nights.sum() > 0
    assert nights.max() <= 2


def test_families_eat_out_at_one_table(life, town):
    """On a Saturday evening most people at a restaurant sit with a member of their household."""
    visits = life.visits_of_day(5)
    evening = (visits.t_in % MINUTES_A_DAY >= 1050) & (kinds_of(town, visits) == KIND[PlaceKind.RESTAURANT])
    evening &= town.people.role[visits.person] != Role.RESTAURANT_STAFF
    guests = np.flatnonzero(evening)
    met = meetings(town, visits, guests)
    family = (
        town.people.household[visits.person[met["row_a"].to_numpy()]]
        == town.people.household[visits.person[met["row_b"].to_numpy()]]
    )
    with_family = np.unique(met["row_a"].to_numpy()[family])
    assert len(with_family) > len(guests) / 4


CONTACTS = {
    "0-4": (0, 5, 6.0, 20.0),
    "5-19": (5, 20, 25.0, 50.0),
    "20-59": (20, 60, 8.0, 20.0),
    "60+": (60, 120, 3.0, 12.0),
}
"""Bands for the mean number of different people met for 15 minutes or more on a weekday, by age.

Diaries give 10.2 contacts a day at 0-4 years, 14.8 to 18.2 at 5-19, 12.3 to 14.1 at 20-59, 9.2 at 60-69 and 6.9 from
70 on (Mossong 2008, table 1, doi:10.1371/journal.pmed.0050074), and 18.6 over all ages in Shanghai, with contacts in
groups (Zhang 2019, doi:10.1038/s41598-019-51609-8). We count everybody in the same room or at the same table, also
those one does not speak with, so pupils, who share a room with 30 to 48 others, come out above a diary.
"""


@pytest.mark.parametrize("band", CONTACTS)
def test_contacts_by_age_lie_in_published_bands(life, town, band):
    """Mean contacts of 15 minutes or more on a Wednesday lie in the band of each age group."""
    low_age, high_age, least, most = CONTACTS[band]
    n = contacts_of(life.visits_of_day(2), town)
    chosen = (town.people.age >= low_age) & (town.people.age < high_age)
    assert least < n[chosen].mean() < most


def test_mean_contacts_lie_between_europe_and_shanghai(life, town):
    """Over all ages and a week the mean lies between 10 and 20 (Mossong 2008: 13.4; Zhang 2019: 18.6)."""
    n = np.mean([contacts_of(life.visits_of_day(day), town).mean() for day in (2, 3, 5)], axis=0)
    assert 10.0 < n < 20.0


def contacts_of(visits: DayVisits, city: City) -> np.ndarray:
    """Different people met for at least 15 minutes in all, per person."""
    met = meetings(city, visits, np.arange(len(visits.person)))
    a, b = met["row_a"].to_numpy(), met["row_b"].to_numpy()
    minutes = np.minimum(visits.t_out[a], visits.t_out[b]) - np.maximum(visits.t_in[a], visits.t_in[b])
    pair = visits.person[a].astype(np.int64) * city.n_people + visits.person[b]
    pairs, at = np.unique(pair, return_inverse=True)
    long = np.bincount(at, weights=minutes) >= 15
    return np.bincount(pairs[long] // city.n_people, minlength=city.n_people)
