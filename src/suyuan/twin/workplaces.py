"""Who works where: commuting, posts in shops and schools, and workplaces of heavy-tailed size with their offices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PlaceKind
from suyuan.twin.city import Role
from suyuan.twin.draft import CityDraft, Posts
from suyuan.twin.ground import PlaceBook, Quarters
from suyuan.twin.scenario import CityPlan

WORKING_AGES = (18, 59)
EARLY_RETIRED_SHARE = 0.4
RETIREMENT_AGE = 65
JOBS_IN_CENTRE = 2.0
"""How many times more jobs than at the edge the city's centre has, beyond equal shares (assumed)."""


def find_workers(draft: CityDraft, quarters: Quarters, plan: CityPlan, rng: np.random.Generator) -> None:
    """Decide who works, and in which quarter: jobs near home are likelier, and the centre has more of them."""
    employed = np.where(draft.age <= WORKING_AGES[1], plan.employed_share, plan.employed_share * EARLY_RETIRED_SHARE)
    free = (draft.role == Role.AT_HOME) & (draft.age >= WORKING_AGES[0])
    works = free & (draft.age < RETIREMENT_AGE) & (rng.random(len(draft.age)) < employed)
    draft.role[free & ~works & (draft.age > WORKING_AGES[1])] = Role.RETIRED
    workers = np.flatnonzero(works)
    draft.role[workers] = Role.WORKER
    cumulative = _commuting(quarters, plan.gravity_km)
    chance = rng.random(len(workers))
    home = draft.quarter[workers]
    for quarter in np.unique(home):
        mine = workers[home == quarter]
        draft.work_quarter[mine] = np.searchsorted(cumulative[quarter], chance[home == quarter])


def _commuting(quarters: Quarters, gravity_km: float) -> NDArray[np.float64]:
    """Cumulative chance of working in each quarter, shape (home quarter, work quarter)."""
    x, y = quarters.x_km, quarters.y_km
    radius = np.hypot(x, y)
    jobs = 1.0 + JOBS_IN_CENTRE * np.exp(-radius / max(float(radius.mean()), 1e-9))
    weight = jobs * np.exp(-np.hypot(x[:, None] - x, y[:, None] - y) / gravity_km)
    cumulative = np.cumsum(weight, axis=1)
    cumulative /= cumulative[:, -1:]
    cumulative[:, -1] = 1.0 + 1e-9
    return cumulative


def fill_posts(draft: CityDraft, posts: Posts, rng: np.random.Generator) -> NDArray[np.int64]:
    """Give posts to workers of their quarter and return the workers left over, ordered by quarter.

    Notes
    -----
    A quarter with more posts than workers leaves the last posts empty.
    """
    workers = np.flatnonzero(draft.role == Role.WORKER)
    quarter = draft.work_quarter[workers]
    order = np.lexsort((rng.random(len(workers)), quarter))
    workers, quarter = workers[order], quarter[order]
    n_quarters = int(max(quarter.max(initial=0), posts.quarter.max(initial=0))) + 1
    rank = np.arange(len(workers)) - np.searchsorted(quarter, quarter)
    shuffled = np.lexsort((rng.random(len(posts.quarter)), posts.quarter))
    n_posts = np.bincount(posts.quarter, minlength=n_quarters)
    first_post = np.cumsum(n_posts) - n_posts
    takes = rank < n_posts[quarter]
    post = shuffled[(first_post[quarter] + rank)[takes]]
    person = workers[takes]
    draft.day[person] = posts.place[post]
    draft.day_zone[person] = posts.zone[post]
    draft.canteen[person] = posts.canteen[post]
    draft.role[person] = posts.role[post]
    return workers[~takes]


def found_workplaces(
    draft: CityDraft, book: PlaceBook, plan: CityPlan, workers: NDArray[np.int64], rng: np.random.Generator
) -> None:
    """Divide the workers of each quarter into workplaces and offices; the large ones have a canteen.

    Parameters
    ----------
    draft
        People; workplace, office and canteen are filled in.
    book
        Receives workplaces and canteens.
    plan
        Sizes.
    workers
        Workers without a post, ordered by quarter of work.
    rng
        Source of chance.

    References
    ----------
    Sizes follow a power law: Axtell 2001, doi:10.1126/science.1062081.
    """
    if len(workers) == 0:
        return
    quarter = draft.work_quarter[workers]
    ends = np.cumsum(_sizes(len(workers), plan, rng))
    drawn = np.searchsorted(ends, np.arange(len(workers)), side="right")
    # a workplace never crosses into the next quarter
    _, first, firm = np.unique(np.stack([quarter, drawn]), axis=1, return_index=True, return_inverse=True)
    firm = firm.ravel()
    size = np.bincount(firm)
    rank = np.arange(len(workers)) - first[firm]
    where = quarter[first].astype(np.int32)
    position = book.quarters.scatter(where, rng)
    offices = np.ceil(size / plan.office_people).astype(np.int32)
    tickets = book.enter(PlaceKind.WORKPLACE, where, offices, position)
    draft.day[workers] = tickets[firm]
    draft.day_zone[workers] = rank * offices[firm] // size[firm]
    large = np.flatnonzero(size >= plan.canteen_from)
    tables = np.maximum(size[large] // (2 * plan.seats_per_table), 4).astype(np.int32)
    canteen = np.full(len(size), -1, dtype=np.int64)
    canteen[large] = book.enter(PlaceKind.CANTEEN, where[large], tables, position[:, large])
    draft.canteen[workers] = canteen[firm]


def _sizes(n_workers: int, plan: CityPlan, rng: np.random.Generator) -> NDArray[np.int64]:
    """Sizes from a power law cut at the largest; enough of them for all workers."""
    least, most, power = plan.smallest_workplace, float(plan.largest_workplace), plan.workplace_exponent
    u = rng.random(int(n_workers / least) + 1)
    tail = (least / most) ** power
    return np.asarray(least * (1.0 - u * (1.0 - tail)) ** (-1.0 / power), dtype=np.int64)
