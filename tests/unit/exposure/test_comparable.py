"""Comparable people live where the cases live, whatever else they do."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.exposure.comparable import comparable_persons
from suyuan.exposure.kernels.shapes import Cells, Infectors
from suyuan.exposure.segment import ArrivalRows, SegmentShape
from suyuan.exposure.segment_build import segment_in_memory
from suyuan.terms import PLACE_KINDS, PlaceKind

HOME, DORMITORY, SHOP = (PLACE_KINDS.index(kind) for kind in (PlaceKind.HOME, PlaceKind.DORMITORY, PlaceKind.SHOP))
PER_HOME = 2


class Town:
    """Person p lives in home p // 2; everybody also visits one shop, the last place."""

    def __init__(self, degrees, kind=HOME):
        n_homes, shop = len(degrees), len(degrees)
        self.n_persons = PER_HOME * n_homes
        person = np.arange(self.n_persons, dtype=np.uint32)
        rows = [(person, person // PER_HOME, 0, 480), (person, np.full(self.n_persons, shop), 600, 630)]
        # a visit to somebody else's home is shorter than the nights at one's own
        rows.append((person, (person // PER_HOME + 1) % n_homes, 700, 800))
        columns = zip(*((*pair, np.full(len(person), a), np.full(len(person), b)) for *pair, a, b in rows), strict=True)
        types = np.uint32, np.uint32, np.uint16, np.uint16
        arrivals = ArrivalRows(*(np.concatenate(c).astype(t) for c, t in zip(columns, types, strict=True)))
        cells = np.arange(n_homes + 1, dtype=np.uint32)
        kinds = np.array([kind] * n_homes + [SHOP], np.uint8)
        self.cells = Cells(cells, np.zeros_like(cells), kinds, np.zeros(len(cells), np.uint8), cells)
        self.segments = (segment_in_memory(arrivals, SegmentShape(0, self.n_persons, len(cells), dense=True)),)
        self._degrees = np.vstack((degrees, [[np.nan, np.nan]]))

    def place_coordinates(self, places):
        return self._degrees[places]


def cases(persons):
    n = len(persons)
    start = np.zeros(n, np.int32)
    return Infectors(np.asarray(persons, np.uint32), start, np.full(n, 1440, np.int32), start)


def two_villages(n_homes=400):
    """Half of the homes in one village, half in another 30 km to the east."""
    degrees = np.full((n_homes, 2), [116.0, 40.0])
    degrees[n_homes // 2 :, 0] += 0.35
    return degrees


def test_cases_of_one_village_are_compared_with_that_village():
    """Every comparable person lives in the village of the cases, and all of its people are stood for."""
    found = comparable_persons(Town(two_villages()), cases(range(0, 100, 2)))
    assert set(found.tolist()) == set(range(400))
    assert len(found) == pytest.approx(400, rel=0.03)


def test_cases_spread_as_the_people_are_compared_with_all():
    """Nothing is gained and nothing lost by choosing when cases live as everybody does."""
    found = comparable_persons(Town(two_villages()), cases(range(0, 800, 16)))
    assert len(set(found.tolist())) == 800
    assert len(found) == pytest.approx(800, rel=0.03)


def test_residents_are_spread_as_the_cases_are():
    """With three quarters of the cases in one village, three quarters of those compared live there."""
    persons = [*range(0, 180, 2), *range(400, 460, 2)]
    found = comparable_persons(Town(two_villages()), cases(persons))
    assert np.mean(found < 400) == pytest.approx(0.75, abs=0.01)


def test_a_crowded_quarter_decides_how_many_are_comparable():
    """Half of the cases in a small village count as a crowd there, not as a crowd thinned by the city."""
    persons = [*range(0, 360, 2), *range(400, 5000, 26)]
    degrees = np.full((2500, 2), [116.0, 40.0])
    degrees[200:, 0] += 0.35
    found = comparable_persons(Town(degrees), cases(persons))
    # 180 households among 400 people: at that density all 357 households would need 793
    assert len(found) == pytest.approx(793, rel=0.2)


def test_members_of_a_household_count_once_and_residents_of_a_dormitory_each():
    """A family is one draw, two students in one dormitory are two."""
    whole, pairs = two_villages(), [0, 1, 20, 21, 40, 41, 60, 61, 400, 402, 404, 406]
    family = comparable_persons(Town(whole), cases(pairs))
    assert np.mean(family < 400) == pytest.approx(0.5, abs=0.01)
    students = comparable_persons(Town(whole, DORMITORY), cases(pairs))
    assert np.mean(students < 400) == pytest.approx(2 / 3, abs=0.01)


def test_thin_cells_are_widened_until_they_hold_enough_people():
    """Scattered farms, one to ten kilometres: cases are compared with more than their own farm."""
    degrees = np.array([[116.0 + 0.1 * (i % 20), 40.0 + 0.09 * (i // 20)] for i in range(400)])
    found = comparable_persons(Town(degrees), cases([0, 4, 44, 80]))
    assert len(set(found.tolist())) >= 50


def test_homes_on_one_point_west_and_south_of_zero_are_cells_too():
    """Negative coordinates are coordinates."""
    found = comparable_persons(Town(-two_villages()), cases(range(0, 100, 2)))
    assert set(found.tolist()) == set(range(400))


@pytest.mark.parametrize("known", [0.0, 0.3])
def test_without_coordinates_of_most_homes_there_is_nothing_to_choose_by(known):
    """Where homes of cases or of most people have no coordinates, the whole log is left."""
    degrees = two_villages()
    degrees[int(known * len(degrees)) :] = np.nan
    assert comparable_persons(Town(degrees), cases(range(0, 100, 2))) is None


def test_people_without_a_known_home_are_stood_for_by_the_others():
    """If a quarter of the homes have no coordinates, the number of comparable people stays the same."""
    degrees = two_villages()
    degrees[::4] = np.nan
    found = comparable_persons(Town(degrees), cases(range(0, 400, 2)))
    assert len(found) == pytest.approx(400, rel=0.03)


def test_cases_nobody_saw_have_no_neighbours():
    """Cases without a visit in their windows tell nothing of where they live."""
    town, late = Town(two_villages()), cases([1, 2])
    assert comparable_persons(town, late._replace(start=late.start + 5000, end=late.end + 5000)) is None
    town.segments = ()
    assert comparable_persons(town, cases([1, 2])) is None


def test_one_case_is_compared_with_its_neighbours():
    """A single case has a neighbourhood as well."""
    found = comparable_persons(Town(two_villages()), cases([3]))
    assert set(found.tolist()) == set(range(400))
