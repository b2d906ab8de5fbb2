"""When people leave home, work and rest: the customs of the city, per person and day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from suyuan.exposure.compiled import compiled
from suyuan.twin.chance import fixed, share
from suyuan.twin.city import MINUTES_A_DAY, Role

# Purposes of chance: each question has its own random numbers, so no answer leans on another.
LEAVING, HABIT, REST, STAY, DINNER, DAY_PLAN, COMMUTE = range(7)

PUPIL, BOARDER, WORKER, TEACHER = int(Role.PUPIL), int(Role.BOARDER), int(Role.WORKER), int(Role.TEACHER)
SHOP_STAFF, RESTAURANT_STAFF = int(Role.SHOP_STAFF), int(Role.RESTAURANT_STAFF)
STALL_HOLDER, WARD_STAFF = int(Role.STALL_HOLDER), int(Role.WARD_STAFF)
HOURS = np.zeros((len(Role), 2), dtype=np.int64)
HOURS[TEACHER] = 465, 1030
HOURS[RESTAURANT_STAFF] = 600, 1260
HOURS[STALL_HOLDER] = 345, 930
HOURS[WARD_STAFF] = 470, 1020
"""Start and end of work by role, in minutes after midnight (assumed)."""
NIGHT_EVERY = 4
"""A ward's staff work every fourth shift at night (assumed)."""


class Who(NamedTuple):
    """One person as plain numbers; compiled code passes these far faster than arrays."""

    number: int
    age: int
    role: int
    household: int
    quarter: int
    home_place: int
    home_zone: int
    day_place: int
    day_zone: int
    canteen_place: int
    line: int


class Ways(NamedTuple):
    """Shares of the city's habits, see `scenario.Habits`; ``outings`` is the sum of all errands per free day."""

    weekend_work: float
    far_share: float
    family_dinner: float
    inpatient_share: float
    outings: float


class Today(NamedTuple):
    """The day that is planned."""

    seed: int
    day: int
    weekday: int


@compiled
def works_on(who: Who, ways: Ways, today: Today) -> bool:
    """Tell whether a person goes to school or work on a day.

    Notes
    -----
    Schools and most offices rest on Saturday and Sunday; a share of workers, and all who serve the public, rest on two
    days in a row that differ from person to person; stall holders rest on one.
    """
    if who.day_place < 0:
        return False
    role = who.role
    chance = share(fixed(today.seed, 0, who.number, REST))
    if role in (PUPIL, TEACHER) or (role == WORKER and chance >= ways.weekend_work):
        return today.weekday < 5
    rest = int(chance * 7919.0) % 7
    return (today.weekday - rest) % 7 >= (1 if role == STALL_HOLDER else 2)


@compiled
def night_shift(who: Who, today: Today) -> bool:
    """Tell whether a nurse or doctor works at night on a day."""
    return who.role == WARD_STAFF and (who.number + today.day) % NIGHT_EVERY == 0


@compiled
def hours_of(who: Who, today: Today) -> tuple[int, int]:
    """Return start and end of a person's school or work, in minutes after midnight."""
    if who.role == PUPIL:
        return (500, 970) if who.age < 6 else (480, 960 if who.age < 12 else 1060)
    if who.role == SHOP_STAFF:
        return (510, 960) if (who.number + today.day) % 2 == 0 else (780, 1260)
    if who.role == WORKER:
        start = 480 + 30 * int(share(fixed(today.seed, 0, who.day_place, HABIT)) * 4.0)
        return start, start + 570
    return int(HOURS[who.role, 0]), int(HOURS[who.role, 1])


@compiled
def commute_minutes(who: Who, today: Today) -> int:
    """Return the minutes from door to door; short for children, longest by bus and train."""
    chance = share(fixed(today.seed, 0, who.number, COMMUTE))
    if who.line >= 0:
        return 22 + int(chance * 33.0)
    return 6 + int(chance * (9.0 if who.role == PUPIL else 24.0))


@compiled
def leaving(who: Who, ways: Ways, today: Today) -> int:
    """Return the minute after midnight at which a person's day begins; the night before ends there.

    Notes
    -----
    It depends on seed, day and person only: the evening before can ask for it.
    """
    chance = share(fixed(today.seed, today.day, who.number, LEAVING))
    if who.role == BOARDER:
        return 400 + int(chance * 20.0)
    if works_on(who, ways, today) and not night_shift(who, today):
        start, _ = hours_of(who, today)
        return start - commute_minutes(who, today) - int(chance * 10.0)
    return 480 + int(chance * 150.0)


@compiled
def tomorrow(today: Today) -> Today:
    """Return the next day."""
    return Today(today.seed, today.day + 1, (today.weekday + 1) % 7)


@compiled
def night_ends(who: Who, ways: Ways, today: Today) -> int:
    """Return the minute, counted from day 0, at which the night after this day ends."""
    return (today.day + 1) * MINUTES_A_DAY + leaving(who, ways, tomorrow(today))


@compiled
def lies_in_ward(who: Who, ways: Ways, today: Today) -> bool:
    """Tell whether a person is an inpatient this week; the old are four times as likely (assumed)."""
    factor = 2.4 if who.age >= 60 else 0.6
    if who.role == BOARDER:
        return False
    return share(fixed(today.seed, today.day // 7, who.number, STAY)) < ways.inpatient_share * factor
