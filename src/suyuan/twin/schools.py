"""Schools, their classes, and a boarding school with its dormitory."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PlaceKind
from suyuan.twin.city import Role
from suyuan.twin.draft import CityDraft, Posts
from suyuan.twin.ground import PlaceBook
from suyuan.twin.scenario import CityPlan

ROOMS_PER_DORMITORY = 60
BOARDING_AGES = (12, 17)


class Stage(NamedTuple):
    """One stage of schooling: ages, share who attend, quarters that share one school, whether it has a canteen."""

    first_age: int
    last_age: int
    share: float
    quarters: int
    canteen: bool


STAGES = (
    Stage(3, 5, 0.85, 1, canteen=False),
    Stage(6, 11, 1.0, 1, canteen=True),
    Stage(12, 14, 1.0, 2, canteen=True),
    Stage(15, 17, 0.92, 4, canteen=True),
)
"""Kindergarten, primary, middle and high school; attendance of the stages outside compulsory schooling is assumed."""


def found_schools(draft: CityDraft, book: PlaceBook, plan: CityPlan, rng: np.random.Generator) -> Posts:
    """Send children to school by catchment and divide each year of a school into classes of equal size.

    Parameters
    ----------
    draft
        People; their school, class and canteen are filled in.
    book
        Receives schools and canteens.
    plan
        Class sizes by stage.
    rng
        Source of chance.

    Returns
    -------
    Posts
        The teachers' posts, one per ``pupils_per_teacher`` pupils, each with a class of its own to teach.
    """
    posts = Posts.none()
    for stage, size in zip(STAGES, plan.class_size_by_stage, strict=True):
        free = (draft.role == Role.AT_HOME) & (draft.age >= stage.first_age) & (draft.age <= stage.last_age)
        pupils = np.flatnonzero(free & (rng.random(len(draft.age)) < stage.share))
        if len(pupils) == 0:
            continue
        catchment = (draft.quarter[pupils] // stage.quarters).astype(np.int32)
        draft.role[pupils] = Role.PUPIL
        seats = Seats(pupils, catchment, catchment * np.int32(stage.quarters), size, stage.canteen)
        posts = posts.and_more(_seat(draft, book, plan, seats, rng))
    return posts


def found_boarding_school(draft: CityDraft, book: PlaceBook, plan: CityPlan, rng: np.random.Generator) -> Posts:
    """Put the boarders, who come from elsewhere and live in the dormitory, into classes and rooms.

    Notes
    -----
    Rooms are shared within a class as far as its size allows, as schools do.
    """
    boarders = np.flatnonzero(draft.role == Role.BOARDER)
    if len(boarders) == 0:
        return Posts.none()
    draft.age[boarders] = rng.integers(BOARDING_AGES[0], BOARDING_AGES[1] + 1, len(boarders))
    quarter = draft.quarter[boarders]
    seats = Seats(boarders, np.zeros(len(boarders), np.int32), quarter[:1], plan.class_size_by_stage[-1], canteen=True)
    posts = _seat(draft, book, plan, seats, rng)
    order = boarders[np.argsort(draft.day_zone[boarders], kind="stable")]
    room = np.arange(len(order)) // plan.beds_per_room
    building = room // ROOMS_PER_DORMITORY
    n_buildings = int(building.max()) + 1
    where = np.full(n_buildings, quarter[0], dtype=np.int32)
    zones = np.full(n_buildings, ROOMS_PER_DORMITORY, dtype=np.int32)
    tickets = book.enter(PlaceKind.DORMITORY, where, zones, book.quarters.scatter(where, rng))
    draft.home[order] = tickets[building]
    draft.home_zone[order] = room % ROOMS_PER_DORMITORY
    return posts


class Seats(NamedTuple):
    """Pupils of one stage: who, in which school (0, 1, …), the quarter each school stands in, and the class size."""

    pupils: NDArray[np.int64]
    school: NDArray[np.int32]
    quarter: NDArray[np.int32]
    class_size: int
    canteen: bool


def _seat(draft: CityDraft, book: PlaceBook, plan: CityPlan, seats: Seats, rng: np.random.Generator) -> Posts:
    schools, school = np.unique(seats.school, return_inverse=True)
    class_of, n_classes = _classes(school, draft.age[seats.pupils], seats.class_size, rng)
    where = np.zeros(len(schools), dtype=np.int32)
    where[school] = seats.quarter
    position = book.quarters.scatter(where, rng)
    tickets = book.enter(PlaceKind.CLASSROOM, where, n_classes, position)
    draft.day[seats.pupils] = tickets[school]
    draft.day_zone[seats.pupils] = class_of
    n_pupils = np.bincount(school)
    if seats.canteen:
        tables = np.maximum(n_pupils // (2 * plan.seats_per_table), 4).astype(np.int32)
        canteens = book.enter(PlaceKind.CANTEEN, where, tables, position)
        draft.canteen[seats.pupils] = canteens[school]
    else:
        canteens = np.full(len(schools), -1, dtype=np.int64)
    n_teachers = np.maximum(np.round(n_pupils / plan.pupils_per_teacher), 1).astype(np.int64)
    at = np.repeat(np.arange(len(schools)), n_teachers)
    rank = np.arange(len(at)) - np.repeat(np.cumsum(n_teachers) - n_teachers, n_teachers)
    return Posts(where[at], tickets[at], (rank % n_classes[at]).astype(np.int16), canteens[at],
                 np.full(len(at), Role.TEACHER, dtype=np.uint8))  # fmt: skip


def _classes(
    school: NDArray[np.int64], age: NDArray[np.uint8], size: int, rng: np.random.Generator
) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
    """Class of each pupil within the school, and classes per school: years in order, equal classes in a year."""
    years, year = np.unique(school * 256 + age, return_inverse=True)
    n_in_year = np.bincount(year)
    n_classes = np.ceil(n_in_year / size).astype(np.int64)
    order = np.lexsort((rng.random(len(school)), year))
    rank = np.empty(len(school), dtype=np.int64)
    rank[order] = np.arange(len(school)) - np.repeat(np.cumsum(n_in_year) - n_in_year, n_in_year)
    school_of_year = years // 256
    before = np.cumsum(n_classes) - n_classes
    first_of_school = before[np.searchsorted(school_of_year, school_of_year)]
    in_year = rank * n_classes[year] // n_in_year[year]
    per_school = np.bincount(school_of_year, weights=n_classes).astype(np.int32)
    return ((before - first_of_school)[year] + in_year).astype(np.int16), per_school
