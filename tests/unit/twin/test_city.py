"""The city's structure: households, schools, work, places."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.terms import LANGUAGES, PLACE_KINDS, BadUsage, PlaceKind
from suyuan.twin.city import KIND, PLACE_LETTERS, City, Role, zone_text
from suyuan.twin.columns import CityColumns
from suyuan.twin.founding import make_city
from suyuan.twin.households import TYPES, found_households
from suyuan.twin.scenario import Scenario, load_scenario


def test_households_and_ages_come_out_like_the_census(ordinary):
    """Mean household size is 2.62 within 0.1; shares of the three age bands of the census within 3 points."""
    household, age = found_households(50_000, ordinary.city.household_size_shares, np.random.default_rng(2))
    assert abs(len(age) / (household[-1] + 1) - 2.62) < 0.1
    shares = np.histogram(age, [0, 15, 60, 200])[0] / len(age)
    assert np.abs(shares - [0.1795, 0.6335, 0.1870]).max() < 0.03


def test_household_types_of_each_size_add_up_and_have_that_many_members():
    """Shares of the types of one size sum to 1, and a type of size n lists n members."""
    for size in range(1, 7):
        assert sum(kind.share for kind in TYPES if kind.size == size) == pytest.approx(1.0)
    assert all(len(kind.members) == kind.size for kind in TYPES)


def test_children_live_with_adults():
    """Nobody under 15 lives in a household without a grown-up, unless the last household was cut off."""
    household, age = found_households(30_000, (0.25, 0.3, 0.2, 0.15, 0.06, 0.04), np.random.default_rng(3))
    has_adult = np.bincount(household, weights=age >= 18) > 0
    alone = ~has_adult[household] & (age < 15)
    assert set(household[alone]) <= {household[-1]}


def test_one_household_has_one_home(town):
    """All members of a household share one place of kind home, and no two households share it."""
    people = town.people
    pairs = np.unique(np.stack([people.household, people.home_place]), axis=1)
    assert len(pairs[0]) == len(np.unique(pairs[0])) == len(np.unique(pairs[1]))
    assert (town.places.kind[people.home_place] == KIND[PlaceKind.HOME]).all()


def test_a_class_has_one_year_and_at_most_the_planned_size(town, ordinary):
    """Pupils of one class were born in one year; no class is above its stage's size."""
    pupils = np.flatnonzero(town.people.role == Role.PUPIL)
    cells = town.cells_of(town.people.day_place[pupils], town.people.day_zone[pupils])
    age = town.people.age[pupils]
    for cell in np.unique(cells):
        years = age[cells == cell]
        assert len(set(years)) == 1
        stage = 0 if years[0] < 6 else 1 if years[0] < 12 else 2 if years[0] < 15 else 3
        assert len(years) <= ordinary.city.class_size_by_stage[stage]


def test_every_child_of_school_age_goes_to_school(town):
    """All children of 6 to 14 years are pupils."""
    school_age = (town.people.age >= 6) & (town.people.age <= 14)
    assert (town.people.role[school_age] == Role.PUPIL).all()


def test_offices_are_small_and_workplaces_heavy_tailed(ordinary):
    """An office has at most its planned people; a tenth of the workplaces employ more than half the workers."""
    city = make_city(40_000, ordinary, np.random.default_rng(4))
    workers = np.flatnonzero(city.people.role == Role.WORKER)
    offices = np.bincount(city.cells_of(city.people.day_place[workers], city.people.day_zone[workers]))
    assert offices.max() <= ordinary.city.office_people
    sizes = np.sort(np.unique(city.people.day_place[workers], return_counts=True)[1])[::-1]
    assert sizes[: len(sizes) // 10].sum() > sizes.sum() / 2
    assert sizes[0] <= ordinary.city.largest_workplace


def test_places_are_numbered_by_kind_and_quarter(town):
    """The table of first numbers finds, for each kind and quarter, exactly the places of that kind and quarter."""
    first, places = town.places.first_of_kind, town.places
    for kind in range(len(PLACE_KINDS)):
        for quarter in range(first.shape[1] - 1):
            rows = np.arange(first[kind, quarter], first[kind, quarter + 1])
            assert (places.kind[rows] == kind).all()
            assert (places.quarter[rows] == quarter).all()
    assert first[-1, -1] == town.n_places


def test_zones_exist_in_their_places(town):
    """A person's zone is below the place's number of zones, and -1 exactly where the place has none."""
    people = town.people
    busy = people.day_place >= 0
    n_zones = town.places.zone_count[people.day_place[busy]]
    zone = people.day_zone[busy]
    assert ((zone >= 0) == (n_zones > 0)).all()
    assert (zone < np.maximum(n_zones, 1)).all()


def test_cells_number_every_place_and_zone_once(town):
    """Cells of all (place, zone) are different and fill 0 to n_cells."""
    n = np.maximum(town.places.zone_count, 1)
    place = np.repeat(np.arange(town.n_places), n)
    zone = np.arange(len(place)) - np.repeat(np.cumsum(n) - n, n)
    assert np.array_equal(town.cells_of(place, zone), np.arange(town.n_cells))


def test_codes_made_in_bulk_equal_those_made_singly(town):
    """The Arrow dictionaries hold the same codes as person_id and place_id, and no code occurs twice."""
    columns = CityColumns(town)
    for number in (0, 17, town.n_people - 1):
        assert columns.people[number].as_py() == town.person_id(number)
    for number in (0, 4321, town.n_places - 1):
        assert columns.places[number].as_py() == town.place_id(number)
        assert columns.places[number].as_py()[0] == PLACE_LETTERS[town.places.kind[number]]
    assert len(columns.places.unique()) == town.n_places


def test_each_kind_has_its_own_letter():
    """Place letters are as many as kinds, all different, and none of them a person's or an object's."""
    assert not set(PLACE_LETTERS) & set("PG")
    assert len(set(PLACE_LETTERS)) == len(PLACE_LETTERS) == len(PLACE_KINDS)


def test_zone_words_by_column_equal_zone_text(town):
    """The zone column says for every kind and zone what zone_text says."""
    columns = CityColumns(town)
    markets = town.places_of_kind(PlaceKind.MARKET)
    places = np.array([0, markets[0], markets[0]], dtype=np.int32)
    zones = np.array([-1, -1, 7], dtype=np.int16)
    assert columns.zone(places, zones).to_pylist() == ["", "", zone_text(KIND[PlaceKind.MARKET], 7)]


def test_the_same_seed_builds_the_same_city(ordinary, town):
    """Two cities from one seed are equal in every array; another seed gives another city."""
    again = make_city(12_000, ordinary, np.random.default_rng(1))
    other = make_city(12_000, ordinary, np.random.default_rng(2))
    assert all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(town.places, again.places, strict=True)
    )
    assert all(np.array_equal(a, b) for a, b in zip(town.people, again.people, strict=True))
    assert not np.array_equal(town.people.age, other.people.age)


def test_boarders_sleep_in_rooms_with_classmates_nearby():
    """A boarding school of 4,000: rooms of at most six, classes of at most 48, everyone between 12 and 17."""
    scenario = load_scenario("omicron-boarding-school")
    city = make_city(20_000, scenario, np.random.default_rng(5))
    people = city.people
    boarders = np.flatnonzero(people.role == Role.BOARDER)
    assert len(boarders) == 4000
    assert people.age[boarders].min() == 12
    assert people.age[boarders].max() == 17
    assert (city.places.kind[people.home_place[boarders]] == KIND[PlaceKind.DORMITORY]).all()
    rooms = city.cells_of(people.home_place[boarders], people.home_zone[boarders])
    assert np.bincount(rooms).max() == scenario.city.beds_per_room
    classes = city.cells_of(people.day_place[boarders], people.day_zone[boarders])
    assert np.bincount(classes).max() <= 48
    classes_in_room = [len(set(classes[rooms == room])) for room in np.unique(rooms)]
    assert np.mean(classes_in_room) < 1.5


def test_a_small_city_keeps_half_its_people_out_of_the_boarding_school():
    """With fewer people than the school wants, at most half of them board."""
    city = make_city(1000, load_scenario("omicron-boarding-school"), np.random.default_rng(5))
    assert (city.people.role == Role.BOARDER).sum() == 500


def test_the_smallest_city_stands(ordinary):
    """200 people are a city with a market, a ward and a school."""
    city = make_city(200, ordinary, np.random.default_rng(6))
    for kind in (PlaceKind.MARKET, PlaceKind.WARD, PlaceKind.CLASSROOM, PlaceKind.VEHICLE):
        assert len(city.places_of_kind(kind)) >= 1


@pytest.mark.parametrize("n_people", [199, 10_000_000])
def test_too_few_or_many_people_are_refused_in_both_languages(ordinary, n_people):
    """Outside 200 to 9,999,999 people the sentence names the range and the number, in English and Chinese."""
    with pytest.raises(BadUsage) as problem:
        make_city(n_people, ordinary, np.random.default_rng(7))
    for lang in LANGUAGES:
        for number in (200, 9_999_999, n_people):
            assert str(number) in problem.value.sentence(lang)


def test_goods_lie_on_stalls_of_markets(town, ordinary):
    """Every consignment is on an existing stall of a market and leaves after it came."""
    goods = town.goods
    assert len(goods.place) == ordinary.city.goods_per_market * len(town.places_of_kind(PlaceKind.MARKET))
    assert (town.places.kind[goods.place] == KIND[PlaceKind.MARKET]).all()
    assert (goods.zone < town.places.zone_count[goods.place]).all()
    assert (goods.last_day > goods.first_day).all()
    assert town.object_id(3) == "G00003"


def test_places_lie_around_the_centre_and_vehicles_nowhere(town, ordinary):
    """Fixed places are within a few kilometres of the centre; vehicles have no position."""
    longitude, latitude = town.lon_lat()
    moving = town.places.kind == KIND[PlaceKind.VEHICLE]
    assert np.isnan(longitude[moving]).all()
    assert np.abs(longitude[~moving] - ordinary.city.longitude).max() < 0.1
    assert np.abs(latitude[~moving] - ordinary.city.latitude).max() < 0.1


def test_most_people_work_near_home():
    """In a city of many quarters the mean way to work is shorter than between two random quarters."""
    city = make_city(300_000, load_scenario("delta-market"), np.random.default_rng(8))
    workers = np.flatnonzero(city.people.role == Role.WORKER)
    home, work = city.people.home_place[workers], city.people.day_place[workers]

    def mean_km(a, b):
        return float(
            np.hypot(city.places.x_km[a] - city.places.x_km[b], city.places.y_km[a] - city.places.y_km[b]).mean()
        )

    shuffled = np.random.default_rng(9).permutation(work)
    assert mean_km(home, work) < 0.9 * mean_km(home, shuffled)


def test_only_large_cities_have_a_metro():
    """Trains with six carriages run from 200,000 people on."""
    scenario = load_scenario("delta-market")
    assert carriages_in(100_000, scenario) == 0
    assert carriages_in(200_000, scenario) == 6


def carriages_in(n_people: int, scenario: Scenario) -> int:
    city: City = make_city(n_people, scenario, np.random.default_rng(10))
    return int(city.places.zone_count[list(city.places_of_kind(PlaceKind.VEHICLE))].max())


def test_weekdays_follow_the_calendar(town):
    """Day 0 of the ordinary scenario, 7 June 2021, is a Monday; day 5 a Saturday."""
    assert (town.weekday(0), town.weekday(5), town.weekday(7)) == (0, 5, 0)
