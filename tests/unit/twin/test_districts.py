"""Districts, streets and communities fill the city evenly, and their codes nest."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from suyuan.twin.city import City
from suyuan.twin.columns import CityColumns
from suyuan.twin.districts import LEVELS, WIDTHS, Area, Divisions, divide_city
from suyuan.twin.districts_cut import Part, cut_even, outline


def places_of(city: City) -> pl.DataFrame:
    columns = CityColumns(city)
    longitude, latitude = city.lon_lat()
    residents = np.bincount(city.people.home_place, minlength=city.n_places)
    return pl.DataFrame(
        {
            "place_id": pl.Series(columns.places),
            "longitude": pl.Series(longitude).fill_nan(None),
            "latitude": pl.Series(latitude).fill_nan(None),
            "n": residents,
        }
    )


@pytest.fixture(scope="module")
def divisions(town: City) -> Divisions:
    return divide_city(places_of(town), np.random.default_rng(3))


def of_level(divisions: Divisions, level: str) -> list[Area]:
    return [area for area in divisions.areas if area.level == level]


def size_of(corners: np.ndarray) -> float:
    x, y = (corners - corners[0]).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2)


def test_codes_have_their_width_and_begin_with_their_parents(divisions: Divisions):
    """2, 4, 6, 9 and 12 digits; every parent exists; the province is one that no country has."""
    codes = {area.code for area in divisions.areas}
    assert len(codes) == len(divisions.areas)
    for area in divisions.areas:
        assert len(area.code) == WIDTHS[area.level]
        assert area.code.isdigit()
        assert area.code.startswith("99")
        assert area.parent == "" or area.parent in codes


@pytest.mark.parametrize("level", LEVELS)
def test_everybody_lives_in_one_area_of_each_level(divisions: Divisions, town: City, level: str):
    """Populations of a level add up to the city, and lie within a fifth of each other's mean."""
    people = np.array([area.population for area in of_level(divisions, level)])
    assert people.sum() == town.n_people
    assert np.all(np.abs(people / people.mean() - 1) < 0.2)


@pytest.mark.parametrize("level", ["street", "community"])
def test_areas_meet_without_gaps(divisions: Divisions, level: str):
    """The areas of a level have together the size of the city."""
    city = size_of(of_level(divisions, "city")[0].corners)
    assert sum(size_of(area.corners) for area in of_level(divisions, level)) == pytest.approx(city, rel=1e-3)


def test_homes_lie_inside_their_community(divisions: Divisions, town: City):
    """The polygon of the code given to a place holds the place."""
    corners = {area.code: area.corners for area in of_level(divisions, "community")}
    table = divisions.place_table().join(places_of(town), on="place_id").sample(300, seed=1)
    for code, longitude, latitude in table.select("area_code", "longitude", "latitude").iter_rows():
        own = corners[code] - np.array([longitude, latitude])
        turn = np.roll(own, -1, axis=0)
        assert np.all(own[:, 0] * turn[:, 1] - own[:, 1] * turn[:, 0] > -1e-7)


def test_names_are_told_once_in_both_languages(divisions: Divisions):
    """No two areas of a level share a name."""
    for level in LEVELS:
        areas = of_level(divisions, level)
        assert len({area.zh for area in areas}) == len(areas)
        assert all(area.en and area.zh for area in areas)


def test_the_same_seed_divides_alike(divisions: Divisions, town: City):
    """Codes of places depend on the city and the seed only; another seed draws other lines."""
    same = divide_city(places_of(town), np.random.default_rng(3))
    other = divide_city(places_of(town), np.random.default_rng(4))
    assert same.code.equals(divisions.code)
    assert not other.code.equals(divisions.code)


@pytest.mark.parametrize("n_points", [1, 2, 3, 50])
def test_few_points_are_cut_too(n_points: int):
    """Land with hardly anybody on it, or nobody, is cut into as many pieces as asked, no point lost."""
    rng = np.random.default_rng(1)
    points = rng.random((n_points, 2))
    whole = Part(outline(points, 0.1), np.arange(n_points))
    parts = cut_even(whole, 4, points, np.zeros(n_points), rng)
    assert len(parts) == 4
    assert sorted(np.concatenate([part.inside for part in parts]).tolist()) == list(range(n_points))
    assert sum(size_of(part.corners) for part in parts) == pytest.approx(size_of(whole.corners))
