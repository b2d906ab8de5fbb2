"""The days of the simulated city in order: lived, infected, observed and written, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.twin.city import MINUTES_A_DAY, City, DayVisits
from suyuan.twin.columns import CityColumns
from suyuan.twin.epidemic import Epidemic, start_epidemic
from suyuan.twin.epidemic_people import cut_visits
from suyuan.twin.epidemic_settings import read_epidemic
from suyuan.twin.founding import make_city
from suyuan.twin.interview import Cases, Interviewer, nobody_met
from suyuan.twin.observe import INTERVIEW, Observer
from suyuan.twin.scenario import Scenario
from suyuan.twin.visits import DailyLife
from suyuan.twin.write import DailyFile, encounter_table, record_table, visit_table

Progress = Callable[[str, int, int], None]
"""Called with a key of the sentences ``twin.*``, what is done and what there is to do."""


class World(NamedTuple):
    """Everything that lives through the days."""

    scenario: Scenario
    city: City
    life: DailyLife
    observer: Observer
    epidemic: Epidemic | None


class Diary(NamedTuple):
    """The files that grow day by day; ``truth`` is None where true visits are not kept."""

    columns: CityColumns
    visits: DailyFile
    late: DailyFile
    encounters: DailyFile
    truth: DailyFile | None

    def rows(self) -> dict[str, int]:
        """Rows written so far, by file."""
        files = {"visits": self.visits, "late_visits": self.late, "encounters": self.encounters, "truth": self.truth}
        return {name: file.n_rows for name, file in files.items() if file is not None}


class Story(NamedTuple):
    """What the days left: everybody's status on each day, and the cases."""

    statuses: list[NDArray[np.uint8] | None]
    cases: pl.DataFrame


def build_world(scenario: Scenario, people: int, rng: np.random.Generator) -> World:
    """Found the city and prepare its life, its observer and its epidemic."""
    city = make_city(people, scenario, rng)
    life = DailyLife(city, scenario.habits, int(rng.integers(1 << 62)))
    observer = Observer(city, scenario.observation, int(rng.integers(1 << 62)))
    epidemic = None
    if scenario.epidemic is not None:
        settings = read_epidemic(scenario.epidemic, scenario.id)
        epidemic = start_epidemic(city, settings, life.visits_of_day, rng)
    return World(scenario, city, life, observer, epidemic)


def open_diary(world: World, columns: CityColumns, out: Path, stack: ExitStack) -> Diary:
    """Open the growing files; empty tables give them their columns."""
    nobody = np.zeros(0, dtype=np.int32)
    no_visits = DayVisits(nobody, nobody, nobody.astype(np.int16), nobody, nobody)
    no_records, sources = world.observer.observe(no_visits, 0), world.observer.sources

    def grow(name: str, like: pa.Table) -> DailyFile:
        return stack.enter_context(DailyFile(out / f"{name}.parquet", like.schema))

    small = world.city.n_people <= world.scenario.output.truth_visits_up_to_people
    return Diary(
        columns,
        grow("observed/visits", record_table(columns, no_records, sources)),
        grow("observed/late_visits", record_table(columns, no_records, sources, recorded=True)),
        grow("observed/encounters", encounter_table(columns, nobody_met())),
        grow("truth/visits", visit_table(columns, no_visits)) if small else None,
    )


def live_days(world: World, diary: Diary, n_days: int, tell: Progress) -> list[NDArray[np.uint8] | None]:
    """Live through the days and write each; return everybody's status on each day.

    Notes
    -----
    Records that reach the officers after the last day go to ``late_visits``: they are news for a tracing made then.
    """
    statuses: list[NDArray[np.uint8] | None] = []
    sources = world.observer.sources
    for day in range(n_days):
        tell("day", day, n_days)
        status = world.epidemic.status(day) if world.epidemic else None
        visits = world.life.visits_of_day(day, status)
        if world.epidemic:
            visits = world.epidemic.advance(day, visits)
        statuses.append(status)
        if diary.truth is not None:
            diary.truth.add(visit_table(diary.columns, visits))
        records = world.observer.observe(visits, day)
        late = records.recorded >= n_days * MINUTES_A_DAY
        if late.any():
            diary.late.add_apart(record_table(diary.columns, records.of(late), sources, recorded=True))
            records = records.of(~late)
        diary.visits.add(record_table(diary.columns, records, sources))
    tell("day", n_days, n_days)
    return statuses


def ask_cases(world: World, diary: Diary, story: Story, rng: np.random.Generator, tell: Progress) -> None:
    """Interview the cases that can be reached about the days before their isolation."""
    plan = world.scenario.observation.interviews
    sources = world.observer.sources
    cases = reached(world.city, story.cases, plan.reached_share, rng)
    interviewer = Interviewer(world.city, plan, sources.index(INTERVIEW))
    last = len(story.statuses)
    first = max(int(cases.asked_at.min(initial=last * MINUTES_A_DAY)) // MINUTES_A_DAY - plan.days, 0)
    for day in range(first, last):
        tell("asking", day - first, last - first)
        visits = world.life.visits_of_day(day, story.statuses[day])
        if world.epidemic:
            visits = cut_visits(world.epidemic.people, visits)
        records, met = interviewer.ask(cases, day, visits, rng)
        diary.visits.add_apart(record_table(diary.columns, records, sources))
        diary.encounters.add_apart(encounter_table(diary.columns, met))
    tell("asking", 1, 1)


def reached(city: City, cases: pl.DataFrame, share: float, rng: np.random.Generator) -> Cases:
    """Choose the cases that can be interviewed; each is asked when it is isolated."""
    answers = cases.filter(
        pl.Series(rng.random(len(cases)) < share, dtype=pl.Boolean) & pl.col("isolated_at").is_not_null()
    )
    number = answers["person_id"].str.slice(1).cast(pl.Int32).to_numpy()
    seconds = answers["isolated_at"].dt.epoch("s").to_numpy()
    return Cases(number, (seconds - int(city.start.timestamp())) // 60)
