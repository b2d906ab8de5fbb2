"""What cases tell when they are interviewed: where they were, as far as they remember, and whom they met there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from suyuan.terms import PLACE_KINDS, PlaceKind
from suyuan.twin.city import KIND, MINUTES_A_DAY, City, DayVisits
from suyuan.twin.observe import FIRM, Records
from suyuan.twin.scenario import Interviews

ROUTINE_LASTS = 6.0
"""How many times longer people remember home, school and work than a trip (assumed)."""
TABLE_REMEMBERED = 0.4
"""Share of remembered visits outside home, school and work with the table, stall or carriage (assumed)."""
INTERVIEW_CONFIDENCE = 0.8
SHORTEST_MEETING = 5
"""Minutes; shorter meetings are not named."""


class Cases(NamedTuple):
    """People to be interviewed, and the minute at which each was isolated and therefore asked."""

    person: NDArray[np.int32]
    asked_at: NDArray[np.int64]


class Encounters(NamedTuple):
    """Meetings that cases name; times are minutes since 00:00 of day 0."""

    person_a: NDArray[np.int32]
    person_b: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    kind: NDArray[np.uint8]


def nobody_met() -> Encounters:
    """Return no meetings."""
    none = np.zeros(0, dtype=np.int32)
    return Encounters(none, none, none, none, none.astype(np.uint8))


class Interviewer:
    """Asks cases about the days before their isolation.

    Parameters
    ----------
    city
        Where they live.
    plan
        Recall, fading and rounding.
    source
        Number of the source "interview" in the records.
    """

    def __init__(self, city: City, plan: Interviews, source: int) -> None:
        self._city = city
        self._plan = plan
        self._source = source
        self._recall = _by_kind(plan.recall)
        self._names = _by_kind(plan.names)

    def ask(self, cases: Cases, day: int, visits: DayVisits, rng: np.random.Generator) -> tuple[Records, Encounters]:
        """Ask about one day.

        Parameters
        ----------
        cases
            Who was reached.
        day
            The day asked about.
        visits
            All true visits of that day.
        rng
            Source of chance.

        Returns
        -------
        tuple
            Records of the visits that are remembered, and the meetings that are named.
        """
        asked_at = np.full(self._city.n_people, -1, dtype=np.int64)
        days_ago = cases.asked_at // MINUTES_A_DAY - day
        asked = (days_ago >= 0) & (days_ago <= self._plan.days)
        asked_at[cases.person[asked]] = cases.asked_at[asked]
        rows = np.flatnonzero(asked_at[visits.person] > visits.t_in)
        told = rows[rng.random(len(rows)) < self._memory(visits, rows, asked_at, self._recall)]
        until = np.minimum(visits.t_out, asked_at[visits.person].clip(min=0))
        records = self._records(visits, told, until, rng)._replace(
            recorded=asked_at[visits.person[told]].astype(np.int32)
        )
        return records, self._encounters(visits, told, asked_at, rng)

    def _memory(
        self, visits: DayVisits, rows: NDArray[np.int64], asked_at: NDArray[np.int64], at_once: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Chance that a visit is remembered; it fades with the days, more slowly for home, school and work."""
        place, person = visits.place[rows], visits.person[rows]
        days = (asked_at[person] - visits.t_in[rows]) / MINUTES_A_DAY
        lasting = np.where(self._routine(person, place), ROUTINE_LASTS, 1.0) * self._plan.fading_days
        return np.asarray(at_once[self._city.places.kind[place]] * np.exp(-days / lasting))

    def _routine(self, person: NDArray[np.int32], place: NDArray[np.int32]) -> NDArray[np.bool_]:
        people = self._city.people
        return np.asarray((people.home_place[person] == place) | (people.day_place[person] == place))

    def _records(
        self, visits: DayVisits, rows: NDArray[np.int64], until: NDArray[np.int64], rng: np.random.Generator
    ) -> Records:
        person, place = visits.person[rows], visits.place[rows]
        knows_zone = self._routine(person, place) | (rng.random(len(rows)) < TABLE_REMEMBERED)
        t_in = self._blurred(visits.t_in[rows], rng)
        stay = self._blurred((until[rows] - visits.t_in[rows]).astype(np.int32), rng)
        return Records(
            person, place, np.where(knows_zone, visits.zone[rows], -1).astype(np.int16), t_in,
            t_in + np.maximum(stay, 5), np.full(len(rows), self._source, dtype=np.int8),
            np.full(len(rows), FIRM * INTERVIEW_CONFIDENCE, dtype=np.float32), np.zeros(len(rows), dtype=np.int32),
        )  # fmt: skip

    def _blurred(self, minutes: NDArray[np.int32], rng: np.random.Generator) -> NDArray[np.int32]:
        """Shift times and round them as people do, to 5, 15 or 30 minutes."""
        grain = rng.choice(np.asarray(self._plan.rounding_minutes), len(minutes))
        shifted = minutes + rng.normal(0.0, self._plan.shift_sd_minutes, len(minutes))
        return np.maximum(np.round(shifted / grain) * grain, 0).astype(np.int32)

    def _encounters(
        self, visits: DayVisits, told: NDArray[np.int64], asked_at: NDArray[np.int64], rng: np.random.Generator
    ) -> Encounters:
        met = meetings(self._city, visits, told)
        case, other = met["row_a"].to_numpy(), met["row_b"].to_numpy()
        start = np.maximum(visits.t_in[case], visits.t_in[other])
        end = np.minimum(visits.t_out[case], visits.t_out[other])
        end = np.minimum(end, asked_at[visits.person[case]])
        named = rng.random(len(case)) < self._memory(visits, case, asked_at, self._names)
        kept = np.flatnonzero(named & (end - start >= SHORTEST_MEETING))
        begin = self._blurred(start[kept], rng)
        return Encounters(
            visits.person[case[kept]], visits.person[other[kept]], begin,
            begin + np.maximum(self._blurred((end - start)[kept].astype(np.int32), rng), 5),
            self._city.places.kind[visits.place[case[kept]]],
        )  # fmt: skip


def meetings(city: City, visits: DayVisits, rows: NDArray[np.int64]) -> pl.DataFrame:
    """Find who shared a cell with some visits of a day.

    Parameters
    ----------
    city
        Gives the cells.
    visits
        All visits of the day.
    rows
        Visits whose company is asked for.

    Returns
    -------
    DataFrame
        ``row_a`` (one of ``rows``) and ``row_b`` (another person's visit in the same cell that overlaps it), in order.
    """
    cells = city.cells_of(visits.place, visits.zone)
    wanted = np.zeros(city.n_cells, dtype=np.bool_)
    wanted[cells[rows]] = True
    near = np.flatnonzero(wanted[cells])
    mine = pl.DataFrame({"cell": cells[rows], "row_a": rows})
    theirs = pl.DataFrame({"cell": cells[near], "row_b": near})
    pairs = mine.join(theirs, on="cell").sort("row_a", "row_b")
    a, b = pairs["row_a"].to_numpy(), pairs["row_b"].to_numpy()
    together = (visits.t_in[a] < visits.t_out[b]) & (visits.t_in[b] < visits.t_out[a])
    return pairs.filter(pl.Series(together & (visits.person[a] != visits.person[b])))


def _by_kind(shares: dict[PlaceKind, float]) -> NDArray[np.float64]:
    table = np.zeros(len(PLACE_KINDS))
    for kind, chance in shares.items():
        table[KIND[kind]] = chance
    return table
