"""Make a simulated city, let it live, and write its truth and what was seen of it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

from suyuan.terms import BadUsage
from suyuan.twin.columns import CityColumns
from suyuan.twin.days import Progress, Story, World, ask_cases, build_world, live_days, open_diary
from suyuan.twin.epidemic_genomes import write_genomes
from suyuan.twin.epidemic_tables import EpidemicTables, tables_of
from suyuan.twin.scenario import load_scenario
from suyuan.twin.write import write_structure

MOST_DAYS = 400


def make_twin(
    people: int | None, days: int | None, seed: int, scenario: str | Path, out: Path, progress: Progress | None
) -> dict[str, object]:
    """Make a city and an outbreak, and write both to a folder.

    Parameters
    ----------
    people, days
        Size and length; None takes the scenario's.
    seed
        The same seed gives the same files.
    scenario
        Name of a scenario, or the path of one's own.
    out
        Folder that is made; it may not hold anything yet.
    progress
        Called as the work goes on, or None.

    Returns
    -------
    dict
        What ``about.json`` holds: scenario, seed, parameters, and the number of rows of each file.

    Raises
    ------
    BadUsage
        If the scenario, the number of people or days, the seed, or the folder cannot be used.
    BadInput
        If the scenario file is wrong.
    """
    plan = load_scenario(scenario)
    tell: Progress = progress or (lambda _key, _done, _all: None)
    n_days = plan.city.days if days is None else days
    if not 1 <= n_days <= MOST_DAYS:
        raise BadUsage("twin.few_days", most=MOST_DAYS, days=n_days)
    if seed < 0:
        raise BadUsage("twin.bad_seed", seed=seed)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadUsage("twin.out_taken", path=out)
    rng = np.random.default_rng(seed)
    tell("building", 0, 1)
    world = build_world(plan, plan.city.people if people is None else people, rng)
    for folder in ("observed", "truth"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    columns = CityColumns(world.city)
    write_structure(world.city, columns, out)
    tell("building", 1, 1)
    with ExitStack() as open_files:
        diary = open_diary(world, columns, out, open_files)
        statuses = live_days(world, diary, n_days, tell)
        tables = tables_of(world.epidemic, n_days) if world.epidemic else None
        if tables is not None and len(tables.cases):
            ask_cases(world, diary, Story(statuses, tables.cases), rng, tell)
        rows = diary.rows()
    rows |= write_epidemic(world, tables, n_days, out, rng)
    return write_about(world, n_days, seed, rows, out)


def write_epidemic(
    world: World, tables: EpidemicTables | None, n_days: int, out: Path, rng: np.random.Generator
) -> dict[str, int]:
    """Write who infected whom, tests, cases, symptoms and genomes; return the number of rows of each."""
    if world.epidemic is None or tables is None:
        no_cases = {"person_id": pl.String, "date_onset": pl.Date, "date_sampling": pl.Date, "isolated_at": pl.Datetime}
        pl.DataFrame(schema=no_cases).write_csv(out / "observed" / "cases.csv")
        return {"cases": 0}
    for name in ("infections", "contaminations", "quarantined"):
        getattr(tables, name).write_parquet(out / "truth" / f"{name}.parquet")
    for name in ("cases", "tests", "symptoms"):
        getattr(tables, name).write_csv(out / "observed" / f"{name}.csv", datetime_format="%Y-%m-%dT%H:%M:%S%:z")
    n_genomes = write_genomes(world.epidemic, n_days, out / "truth" / "genomes.fasta", rng)
    return {"genomes": n_genomes} | {name: len(table) for name, table in tables._asdict().items()}


def write_about(world: World, n_days: int, seed: int, rows: dict[str, int], out: Path) -> dict[str, object]:
    """Write and return what this folder is: scenario, seed, parameters, rows of each file."""
    about: dict[str, object] = {
        "scenario": world.scenario.id,
        "seed": seed,
        "people": world.city.n_people,
        "days": n_days,
        "start": world.city.start.date().isoformat(),
        "timezone": world.scenario.city.timezone,
        "rows": rows,
        "parameters": json.loads(msgspec.json.encode(world.scenario)),
    }
    (out / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return about
