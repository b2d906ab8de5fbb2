"""Found a city: households, schools, work, amenities, lines, in this order."""

from __future__ import annotations

import numpy as np

from suyuan.terms import BadUsage, PlaceKind
from suyuan.twin.amenities import bind_lines, deliver_goods, found_amenities, lay_lines
from suyuan.twin.city import KIND, City, People, Role
from suyuan.twin.draft import CityDraft
from suyuan.twin.ground import PlaceBook, lay_quarters
from suyuan.twin.households import found_households
from suyuan.twin.scenario import CityPlan, Scenario
from suyuan.twin.schools import found_boarding_school, found_schools
from suyuan.twin.workplaces import fill_posts, find_workers, found_workplaces

FEWEST_PEOPLE = 200
MOST_PEOPLE = 9_999_999
"""Codes have seven digits."""
HOMES_PER_BUILDING = 36


def make_city(n_people: int, scenario: Scenario, rng: np.random.Generator) -> City:
    """Found a city of a given size.

    Parameters
    ----------
    n_people
        Number of people, 200 to 9,999,999.
    scenario
        Its structure.
    rng
        Source of chance; the same seed gives the same city.

    Raises
    ------
    BadUsage
        If the number of people is out of this range.
    """
    if not FEWEST_PEOPLE <= n_people <= MOST_PEOPLE:
        raise BadUsage("twin.people_range", least=FEWEST_PEOPLE, most=MOST_PEOPLE, people=n_people)
    plan = scenario.city
    quarters = lay_quarters(n_people, plan.quarter_people, plan.people_per_km2, rng)
    book = PlaceBook(quarters)
    draft = settle(n_people, plan, book, rng)
    posts = found_schools(draft, book, plan, rng).and_more(found_boarding_school(draft, book, plan, rng))
    find_workers(draft, quarters, plan, rng)
    posts = posts.and_more(found_amenities(book, plan, n_people, rng))
    found_workplaces(draft, book, plan, fill_posts(draft, posts, rng), rng)
    lines = lay_lines(draft, book, plan, rng)
    places = book.close()
    people = People(
        draft.age, draft.household, draft.quarter, draft.role, book.numbers(draft.home), draft.home_zone,
        book.numbers(draft.day), draft.day_zone, book.numbers(draft.canteen), draft.work_quarter,
    )  # fmt: skip
    row = places.first_of_kind[KIND[PlaceKind.MARKET]]
    goods = deliver_goods(range(int(row[0]), int(row[-1])), plan, rng)
    where = (plan.longitude, plan.latitude)
    return City(people, places, bind_lines(book, lines), goods, scenario.start_time(), *where)


def settle(n_people: int, plan: CityPlan, book: PlaceBook, rng: np.random.Generator) -> CityDraft:
    """Put people into homes, and boarders, who come from elsewhere, at the end of the list."""
    n_boarders = min(plan.boarding_pupils, n_people // 2)
    household, age = found_households(n_people - n_boarders, plan.household_size_shares, rng)
    n_households = int(household[-1]) + 1
    n_quarters = len(book.quarters.x_km)
    household_quarter = (np.arange(n_households, dtype=np.int64) * n_quarters // n_households).astype(np.int32)
    building = np.arange(n_households) // HOMES_PER_BUILDING
    corner = np.searchsorted(building, np.arange(int(building[-1]) + 1))
    position = book.quarters.scatter(household_quarter[corner], rng)[:, building]
    homes = book.enter(PlaceKind.HOME, household_quarter, np.zeros(n_households, np.int32), position)
    role = np.zeros(n_people, dtype=np.uint8)
    role[n_people - n_boarders :] = Role.BOARDER
    own = np.arange(n_households, n_households + n_boarders, dtype=np.int32)
    far = np.full(n_boarders, n_quarters // 2, dtype=np.int32)
    nowhere = np.full(n_boarders, -1, dtype=np.int64)
    none = np.full(n_people, -1, dtype=np.int64)
    return CityDraft(
        age=np.concatenate([age, np.zeros(n_boarders, np.uint8)]),
        household=np.concatenate([household, own]),
        quarter=np.concatenate([household_quarter[household], far]),
        role=role,
        home=np.concatenate([homes[household], nowhere]),
        home_zone=np.full(n_people, -1, dtype=np.int16),
        day=none.copy(),
        day_zone=np.full(n_people, -1, dtype=np.int16),
        canteen=none.copy(),
        work_quarter=np.zeros(n_people, dtype=np.int32),
    )
