"""One person's day as visits, compiled: work and school days, free days, days on a closed campus, days in bed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.exposure.compiled import compiled
from suyuan.terms import PlaceKind
from suyuan.twin.chance import Die, between, draw, fixed, share
from suyuan.twin.city import KIND, MINUTES_A_DAY, Status
from suyuan.twin.customs import (
    BOARDER,
    DAY_PLAN,
    DINNER,
    PUPIL,
    STAY,
    TEACHER,
    WARD_STAFF,
    Today,
    Ways,
    Who,
    commute_minutes,
    hours_of,
    leaving,
    lies_in_ward,
    night_ends,
    night_shift,
    works_on,
)  # fmt: skip

ERRANDS = ("shop", "market", "restaurant", "leisure", "clinic", "outdoor", "friend")
ERRAND_KINDS = np.array(
    [KIND[PlaceKind(name)] if name != "friend" else KIND[PlaceKind.HOME] for name in ERRANDS], dtype=np.int64
)
SHORTEST = np.array([5.0, 10.0, 30.0, 50.0, 25.0, 20.0, 50.0])
LONGEST = np.array([35.0, 35.0, 85.0, 140.0, 110.0, 75.0, 170.0])
"""Stay in minutes by errand (assumed)."""
HOME, RESTAURANT, WARD = KIND[PlaceKind.HOME], KIND[PlaceKind.RESTAURANT], KIND[PlaceKind.WARD]
AWAY, AT_HOME, IN_WARD = int(Status.AWAY), int(Status.AT_HOME), int(Status.IN_WARD)
LAST_OUTING = 1170
"""Minute after midnight from which nobody sets out on another errand; the latest ends before midnight."""
MOST_ROWS = 16
"""No plan of a day has more visits."""
CANTEEN_TABLES_PER_CLASS = 6
CANTEEN_SHARE = 0.75
LUNCH_OUT_SHARE = 0.3
AFTER_WORK = 0.7
"""Outings on a work day relative to a free day."""
CHILD_OUTINGS = 0.5
ANY_OUTING, ANOTHER_OUTING, MOST_OUTINGS = 1.4, 0.3, 4
"""Together they give about the planned mean of outings, four of five people going out on a free day (assumed)."""
FIRST_TABLE = 1
"""Zone 0 of a restaurant is the counter, of a ward the nurses' room."""
FIRST_ZONE = np.array([FIRST_TABLE if name == "restaurant" else 0 for name in ERRANDS], dtype=np.int64)


class Town(NamedTuple):
    """What the planner needs of the city's places."""

    zone_count: NDArray[np.int32]
    quarter: NDArray[np.int32]
    first_of_kind: NDArray[np.int32]
    lines: NDArray[np.int32]
    """Shape (line, 3): first vehicle, number of vehicles, headway in minutes."""
    rates: NDArray[np.float64]
    """Outings per free day by errand, in the order of `ERRANDS`."""


class Sheet(NamedTuple):
    """Where the visits are written."""

    rows: NDArray[np.int32]
    """Shape (row, 5): person, place, zone, t_in, t_out."""
    used: NDArray[np.int64]
    """One number: how many rows are written."""
    die: Die


@compiled
def put(sheet: Sheet, who: Who, where: tuple[int, int], t_in: int, t_out: int) -> int:
    """Write one visit to (place, zone) unless it is empty, and return its end."""
    if t_out > t_in:
        row = sheet.used[0]
        sheet.rows[row, 0] = who.number
        sheet.rows[row, 1] = where[0]
        sheet.rows[row, 2] = where[1]
        sheet.rows[row, 3] = t_in
        sheet.rows[row, 4] = t_out
        sheet.used[0] = row + 1
    return max(t_in, t_out)


@compiled
def home_of(who: Who) -> tuple[int, int]:
    """Return (place, zone) of a person's home or dormitory room."""
    return who.home_place, who.home_zone


@compiled
def choose_place(town: Town, kind: int, quarter: int, chance: float) -> int:
    """Choose a place of a kind in a quarter, the first ones likelier; the nearest one if the quarter has none.

    Notes
    -----
    The weight of the place at rank r falls like (r + 10)^-0.7 (assumed); drawn by the inverse of its integral.
    """
    row = town.first_of_kind[kind]
    first, n = row[quarter], row[quarter + 1] - row[quarter]
    if n == 0:
        n_all = row[-1] - row[0]
        return row[0] + min(int((quarter + 0.5) * n_all / (len(row) - 1)), n_all - 1)
    if kind == HOME:
        return first + int(chance * n)
    low, high = 10.0**0.3, (n + 10.0) ** 0.3
    return first + min(int((low + chance * (high - low)) ** (1.0 / 0.3) - 10.0), n - 1)


@compiled
def choose_zone(town: Town, place: int, first: int, die: Die) -> int:
    """Choose a zone of a place, not below the first that is open to guests; -1 if it has no zones."""
    n = town.zone_count[place]
    return first + int(draw(die) * (n - first)) if n > first else -1


@compiled
def ride(town: Town, who: Who, start: int, minutes: int, sheet: Sheet) -> int:
    """Travel and return the arrival; those who take a line spend most of the time in one of its vehicles."""
    line = who.line
    if line < 0 or minutes < 12:
        return start + minutes
    board = start + between(sheet.die, 4.0, 9.0)
    slot = board // town.lines[line, 2]
    outward = 1 if (start % MINUTES_A_DAY) < 720 else 0
    vehicle = town.lines[line, 0] + (2 * slot + outward) % town.lines[line, 1]
    put(sheet, who, (vehicle, choose_zone(town, vehicle, 0, sheet.die)), board, start + minutes - 3)
    return start + minutes


@compiled
def errand(town: Town, who: Who, far_share: float, start: int, sheet: Sheet) -> int:
    """Do one errand from where the person is and return when it is over."""
    which, chance = 0, draw(sheet.die) * town.rates.sum()
    while which < len(town.rates) - 1 and chance >= town.rates[which]:
        chance -= town.rates[which]
        which += 1
    quarter = who.quarter
    far = draw(sheet.die) < far_share
    if far:
        quarter = int(draw(sheet.die) * (town.first_of_kind.shape[1] - 1))
    place = choose_place(town, ERRAND_KINDS[which], quarter, draw(sheet.die))
    if place == who.home_place:
        return start
    t = ride(town, who, start, between(sheet.die, 18.0, 40.0), sheet) if far else start + between(sheet.die, 4.0, 12.0)
    stay = between(sheet.die, SHORTEST[which], LONGEST[which])
    return put(sheet, who, (place, choose_zone(town, place, FIRST_ZONE[which], sheet.die)), t, t + stay)


@compiled
def lunch(town: Town, who: Who, start: int, sheet: Sheet) -> int:
    """Eat at the canteen, in a restaurant or where one is, and return the end of lunch."""
    canteen = who.canteen_place
    if canteen >= 0 and draw(sheet.die) < (1.0 if who.role in (PUPIL, BOARDER) else CANTEEN_SHARE):
        table = who.day_zone * CANTEEN_TABLES_PER_CLASS + int(draw(sheet.die) * CANTEEN_TABLES_PER_CLASS)
        t_in = start + between(sheet.die, 2.0, 6.0)
        where = (canteen, int(table % town.zone_count[canteen]))
        return put(sheet, who, where, t_in, t_in + between(sheet.die, 18.0, 30.0)) + 3
    if who.role in (PUPIL, BOARDER) or canteen >= 0 or draw(sheet.die) >= LUNCH_OUT_SHARE:
        return start
    quarter = town.quarter[who.day_place]
    place = choose_place(town, RESTAURANT, quarter, draw(sheet.die))
    t_in = start + between(sheet.die, 3.0, 9.0)
    where = (place, choose_zone(town, place, FIRST_TABLE, sheet.die))
    return put(sheet, who, where, t_in, t_in + between(sheet.die, 25.0, 45.0)) + 5


@compiled
def at_work(town: Town, who: Who, start: int, end: int, sheet: Sheet) -> int:
    """Spend the hours at school or work with a break for lunch; teachers and nurses change room after it."""
    place, zone = who.day_place, who.day_zone
    noon = start + (end - start) * 45 // 100 + 10 * (zone % 4)
    t = put(sheet, who, (place, zone), start, noon)
    before = sheet.used[0]
    t = lunch(town, who, t, sheet)
    rooms = town.zone_count[place]
    if who.role in (TEACHER, WARD_STAFF) and rooms > 1:
        zone = int(draw(sheet.die) * rooms)
    elif sheet.used[0] == before:
        # nobody went anywhere: one visit, not two that touch
        sheet.rows[before - 1, 4] = end
        return end
    return put(sheet, who, (place, zone), t, end)


@compiled
def evening(town: Town, who: Who, ways: Ways, today: Today, t: int, sheet: Sheet) -> None:
    """Spend what is left of the day: dinner out with the household on some days, then home until the morning."""
    household = who.household
    chance = share(fixed(today.seed, today.day, household, DINNER))
    until = night_ends(who, ways, today)
    if chance < ways.family_dinner * (2.0 if today.weekday >= 5 else 0.6):
        word = fixed(today.seed, today.day, household, DINNER + 100)
        sit = today.day * MINUTES_A_DAY + 1050 + int(share(word) * 90.0)
        place = choose_place(town, RESTAURANT, who.quarter, share(fixed(today.seed, today.day, household, STAY)))
        if t < sit - 12:
            put(sheet, who, home_of(who), t, sit - 12)
            tables = town.zone_count[place] - FIRST_TABLE
            table = FIRST_TABLE + int(share(word) * 7919.0) % tables
            t = put(sheet, who, (place, table), sit, sit + 45 + int(chance * 1e6) % 40) + 12
    put(sheet, who, home_of(who), t, until)


@compiled
def work_day(town: Town, who: Who, ways: Ways, today: Today, t: int, sheet: Sheet) -> None:
    """Go to school or work, perhaps do an errand on the way home, and spend the evening."""
    _, end = hours_of(who, today)
    base = today.day * MINUTES_A_DAY
    travel = commute_minutes(who, today)
    if night_shift(who, today):
        put(sheet, who, home_of(who), t, base + 1170 - travel)
        arrival = ride(town, who, base + 1170 - travel, travel, sheet)
        where = (who.day_place, who.day_zone)
        put(sheet, who, where, arrival, night_ends(who, ways, today) - travel)
        return
    arrival = ride(town, who, t, travel, sheet)
    over = at_work(town, who, arrival, base + end + between(sheet.die, 0.0, 15.0), sheet)
    appetite = AFTER_WORK * (CHILD_OUTINGS if who.age < 14 else 1.0)
    back = ride(town, who, over, travel, sheet)
    if draw(sheet.die) < ways.outings * appetite and back < base + LAST_OUTING:
        back = errand(town, who, 0.0, back, sheet) + between(sheet.die, 4.0, 12.0)
    evening(town, who, ways, today, back, sheet)


@compiled
def free_day(town: Town, who: Who, ways: Ways, today: Today, t: int, sheet: Sheet) -> None:
    """Spend a day without school or work: errands, each with or without a stop at home before the next."""
    age = who.age
    want = ways.outings * (CHILD_OUTINGS if age < 14 or age >= 78 else 1.0)
    base = today.day * MINUTES_A_DAY
    n = 1 if draw(sheet.die) < 1.0 - np.exp(-ANY_OUTING * want) else 0
    while 0 < n < MOST_OUTINGS and draw(sheet.die) < ANOTHER_OUTING * want:
        n += 1
    for _ in range(n):
        rest = between(sheet.die, 20.0, 260.0) if draw(sheet.die) < 0.6 else 0
        if t + rest >= base + LAST_OUTING:
            break
        t = put(sheet, who, home_of(who), t, t + rest)
        t = errand(town, who, ways.far_share, t, sheet) + between(sheet.die, 4.0, 12.0)
    evening(town, who, ways, today, t, sheet)


@compiled
def campus_day(town: Town, who: Who, ways: Ways, today: Today, t: int, sheet: Sheet) -> None:
    """Spend a day on the closed campus: room, canteen three times, class from Monday to Friday."""
    base = today.day * MINUTES_A_DAY
    room = home_of(who)
    day = (who.day_place, who.day_zone)
    lesson = day if today.weekday < 5 else room
    t = put(sheet, who, room, t, base + 412 + between(sheet.die, 0.0, 10.0)) if today.weekday >= 5 else t
    t = lunch(town, who, t, sheet)
    t = put(sheet, who, lesson, max(t, base + 460), base + 720 + 8 * (day[1] % 4))
    t = lunch(town, who, t, sheet)
    t = put(sheet, who, lesson, max(t, base + 770), base + 1050 + 8 * (day[1] % 4))
    t = lunch(town, who, t, sheet)
    t = put(sheet, who, lesson, max(t, base + 1110), base + 1280)
    put(sheet, who, room, t + 8, night_ends(who, ways, today))


@compiled
def live(town: Town, who: Who, ways: Ways, today: Today, status: int, sheet: Sheet) -> None:
    """Write all visits of one person that begin on one day."""
    base = today.day * MINUTES_A_DAY
    sheet.die[0] = fixed(today.seed, today.day, who.number, DAY_PLAN)
    t = base + leaving(who, ways, today)
    if status == AWAY:
        return
    if today.day == 0:
        put(sheet, who, home_of(who), 0, t)
    if status == IN_WARD or (status != AT_HOME and lies_in_ward(who, ways, today)):
        ward = choose_place(town, WARD, who.quarter, share(fixed(today.seed, 0, who.number, STAY)))
        bed = FIRST_TABLE + int(fixed(today.seed, 0, who.number, STAY) % np.uint64(town.zone_count[ward] - FIRST_TABLE))
        put(sheet, who, (ward, bed), t, night_ends(who, ways, today))
    elif status == AT_HOME:
        put(sheet, who, home_of(who), t, night_ends(who, ways, today))
    elif who.role == BOARDER:
        campus_day(town, who, ways, today, t, sheet)
    elif works_on(who, ways, today):
        work_day(town, who, ways, today, t, sheet)
    else:
        free_day(town, who, ways, today, t, sheet)
