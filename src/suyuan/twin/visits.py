"""The visits of a day, for the whole city or for some of its people."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.exposure.compiled import compiled
from suyuan.twin.city import City, DayVisits, People, Status
from suyuan.twin.customs import Today, Ways, Who
from suyuan.twin.itinerary import ERRANDS, MOST_ROWS, Sheet, Town, live
from suyuan.twin.scenario import Habits

ROOM_PER_PERSON = 6


class DailyLife:
    """Plans days. The plan of a person's day depends on seed, day, person and status only.

    Parameters
    ----------
    city
        Where people live.
    habits
        How often they go out.
    seed
        0 up to 2^63 - 1.
    """

    def __init__(self, city: City, habits: Habits, seed: int) -> None:
        rates = np.array([getattr(habits, name) for name in ERRANDS], dtype=np.float64)
        self.city = city
        lines = np.stack(city.lines, axis=1) if len(city.lines.headway_minutes) else np.zeros((0, 3), np.int32)
        town = Town(city.places.zone_count, city.places.quarter, city.places.first_of_kind, lines, rates)
        ways = Ways(habits.weekend_work, habits.far_share, habits.family_dinner, habits.inpatient_share,
                          float(rates.sum()))  # fmt: skip
        self._planner = Planner(town, ways, city.people)
        self._seed = seed
        self._everyone = np.arange(city.n_people, dtype=np.int32)
        self._free = np.full(city.n_people, Status.FREE, dtype=np.uint8)

    def visits_of_day(self, day: int, present: NDArray[np.uint8] | None = None) -> DayVisits:
        """Return all visits that begin on a day, ordered by person and time.

        Parameters
        ----------
        day
            0 for the first.
        present
            `Status` of each person on that day, shape (person,); everybody free if None.
        """
        return self.visits_of_people(day, self._everyone, present)

    def visits_of_people(
        self, day: int, people: NDArray[np.int32], present: NDArray[np.uint8] | None = None
    ) -> DayVisits:
        """Return the visits of some people on a day: the same rows as `visits_of_day` has for them.

        Parameters
        ----------
        day
            0 for the first.
        people
            Person numbers.
        present
            `Status` of each person of the whole city on that day, shape (person,).
        """
        today = Today(self._seed, day, self.city.weekday(day))
        status = self._free if present is None else present
        room = len(people) * ROOM_PER_PERSON + MOST_ROWS
        while True:
            sheet = Sheet(np.empty((room, 5), np.int32), np.zeros(1, np.int64), np.zeros(1, np.uint64))
            if _plan(self._planner, today, people, status, sheet):
                return _columns(sheet.rows[: int(sheet.used[0])])
            room *= 2


class Planner(NamedTuple):
    """What stays the same from day to day."""

    town: Town
    ways: Ways
    people: People


def _columns(rows: NDArray[np.int32]) -> DayVisits:
    """Split the sheet into its columns."""
    person, place, zone, t_in, t_out = (np.ascontiguousarray(column) for column in rows.T)
    return DayVisits(person, place, zone.astype(np.int16), t_in, t_out)


@compiled
def _plan(planner: Planner, today: Today, people: NDArray[np.int32], status: NDArray[np.uint8], sheet: Sheet) -> bool:
    """Plan the day of each person; False if the sheet is too short."""
    all_of = planner.people
    for person in people:
        if sheet.used[0] + MOST_ROWS > len(sheet.rows):
            return False
        who = Who(
            int(person), int(all_of.age[person]), int(all_of.role[person]), int(all_of.household[person]),
            int(all_of.quarter[person]), int(all_of.home_place[person]), int(all_of.home_zone[person]),
            int(all_of.day_place[person]), int(all_of.day_zone[person]), int(all_of.canteen_place[person]),
            int(all_of.line[person]),
        )  # fmt: skip
        live(planner.town, who, planner.ways, today, int(status[person]), sheet)
    return True
