"""The population register of a simulated city: names, numbers, addresses of people who do not exist.

What a registry office would hold, kept apart from everything that the science reads: it joins by ``person_id`` only.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from suyuan.terms import BadInput, BadUsage, say
from suyuan.terms.people import Vulnerability
from suyuan.twin.districts import Divisions, write_districts
from suyuan.twin.register_families import Families, found_families, give_names, name_lists
from suyuan.twin.register_numbers import draw_birth_dates, give_telephones, number_passports, number_residents

FLAG = "register-is-invented.txt"
NO_NUMBER = 0.003
"""Share of residents without an identity number, beside half of those below one year; assumed."""
PREGNANT = 0.035
"""Of women aged 20 to 42: about 0.75 births in 100 people a year, three quarters of a year each; assumed."""
BY_AGE = {
    Vulnerability.DIALYSIS: ((30, 0.0004), (60, 0.002)),
    Vulnerability.DISABLED: ((0, 0.004), (40, 0.01), (65, 0.03)),
    Vulnerability.BEDRIDDEN: ((60, 0.005), (80, 0.06)),
    Vulnerability.CHRONIC: ((40, 0.08), (60, 0.30)),
}
"""Shares from an age on; dialysis comes to about 0.06 % of all people; assumed."""
OCCUPATIONS = {
    "boarder": "student", "worker": "office_worker", "teacher": "teacher", "shop_staff": "shop_staff",
    "restaurant_staff": "catering", "stall_holder": "stall_holder", "ward_staff": "health_worker", "retired": "retired",
}  # fmt: skip
HOMES_PER_BUILDING, HOMES_PER_UNIT, HOMES_PER_FLOOR = 36, 12, 2
COLUMNS = (
    "person_id", "name", "sex", "birth_date", "identity_kind", "identity_number", "telephone", "household_id",
    "address", "area_code", "occupation", "vulnerabilities", "language",
)  # fmt: skip


def write_register(folder: str | Path, seed: int) -> dict[str, int]:
    """Write ``observed/register.csv`` for a city that was made before, its divisions, and a notice that it is invented.

    Parameters
    ----------
    folder
        As written by ``make_twin``.
    seed
        The same seed gives the same files.

    Returns
    -------
    dict
        Numbers of people, districts, streets and communities.

    Raises
    ------
    BadInput
        If this is no folder of a simulated city.
    BadUsage
        If the seed is negative.
    """
    city = Path(folder)
    if seed < 0:
        raise BadUsage("register.bad_seed", seed=seed)
    if not (city / "about.json").is_file():
        raise BadInput("register.no_city", path=folder)
    today = date.fromisoformat(json.loads((city / "about.json").read_text("utf-8"))["start"])
    divisions = write_districts(city, seed)
    columns = ["person_id", "age", "role", "household_id", "home_place_id"]
    people = pl.read_parquet(city / "truth" / "people.parquet", columns=columns)
    people = people.with_columns(pl.col("person_id", "role", "home_place_id").cast(pl.String))
    register = make_register(people, divisions, today, np.random.default_rng([seed, 2]))
    register.write_csv(city / "observed" / "register.csv")
    notice = "\n".join(say("register.invented", lang) for lang in ("en", "zh"))
    (city / "observed" / FLAG).write_text(notice + "\n", "utf-8")
    levels = [area.level for area in divisions.areas]
    plurals = {"districts": "district", "streets": "street", "communities": "community"}
    return {"people": len(register)} | {name: levels.count(level) for name, level in plurals.items()}


def make_register(people: pl.DataFrame, divisions: Divisions, today: date, rng: np.random.Generator) -> pl.DataFrame:
    """Make the register.

    Parameters
    ----------
    people
        ``person_id``, ``age``, ``role``, ``household_id`` (whole numbers from 0), ``home_place_id``.
    divisions
        Of the city.
    today
        Date on which people have these ages.
    rng
        Source of chance.
    """
    age = people["age"].cast(pl.Int64).to_numpy()
    household = people["household_id"].cast(pl.Int64).to_numpy()
    families = found_families(people, rng)
    born = draw_birth_dates(age, today, rng)
    foreign = families.origin >= 0
    homes = people.select(place_id="home_place_id").join(
        _addresses(people, divisions), on="place_id", how="left", maintain_order="left"
    )
    kind, number = _identities(homes["area_code"], born, families, age, rng)
    languages = pl.Series([origin["language"] for origin in name_lists()["foreign"]] + ["zh"])
    return pl.DataFrame(
        {
            "person_id": people["person_id"],
            "name": give_names(families, household, born.astype("datetime64[Y]").astype(np.int64) + 1970, rng),
            "sex": pl.Series(["male", "female"]).gather(families.female.astype(np.int64)),
            "birth_date": pl.Series(born).cast(pl.Date),
            "identity_kind": kind,
            "identity_number": number,
            "telephone": give_telephones(household, age, foreign, rng),
            "household_id": household,
            "address": homes["address"],
            "area_code": homes["area_code"],
            "occupation": _occupations(people),
            "vulnerabilities": _vulnerabilities(people, families.female, rng),
            "language": languages.gather(np.where(foreign, families.origin, len(languages) - 1)),
        }
    ).select(COLUMNS)


def _identities(
    area: pl.Series, born: NDArray[np.datetime64], families: Families, age: NDArray[np.int64], rng: np.random.Generator
) -> tuple[pl.Series, pl.Series]:
    """Kind and number of each person's identity: resident number, passport, or none."""
    foreign = families.origin >= 0
    none = ~foreign & ((rng.random(len(age)) < NO_NUMBER) | ((age == 0) & (rng.random(len(age)) < 0.5)))
    numbers = number_residents(area.str.slice(0, 6), born, families.female, rng)
    numbers = numbers.scatter(np.flatnonzero(foreign), number_passports(int(foreign.sum()), rng))
    numbers = numbers.scatter(np.flatnonzero(none), None)
    kind = pl.Series(["resident", "passport", "none"]).gather(np.where(foreign, 1, np.where(none, 2, 0)))
    return kind, numbers


def _addresses(people: pl.DataFrame, divisions: Divisions) -> pl.DataFrame:
    """Address and community code of each place where somebody lives."""
    names = {area.code: area.zh for area in divisions.areas}
    codes = divisions.code.unique()
    long = [names[code[:4]] + names[code[:6]] + names[code[:9]] + names[code] for code in codes.to_list()]
    where = pl.DataFrame({"area_code": codes, "where": pl.Series(long, dtype=pl.String)})
    lived_in = people.select(place_id=pl.col("home_place_id").unique(maintain_order=True))
    order = pl.int_range(pl.len()).over("area_code")
    inside = order % HOMES_PER_BUILDING
    floor = inside % HOMES_PER_UNIT // HOMES_PER_FLOOR + 1
    home = pl.format(
        "{}号楼{}单元{}", order // HOMES_PER_BUILDING + 1, inside // HOMES_PER_UNIT + 1,
        floor * 100 + inside % HOMES_PER_FLOOR + 1,
    )  # fmt: skip
    dormitory = pl.format("集体宿舍{}号", pl.col("place_id").str.slice(1).str.strip_chars_start("0"))
    rooms = pl.when(pl.col("place_id").str.starts_with("D")).then(dormitory).otherwise(home)
    return (
        lived_in.join(divisions.place_table(), on="place_id", how="left", maintain_order="left")
        .join(where, on="area_code", how="left", maintain_order="left")
        .with_columns(address=pl.col("where") + rooms)
        .select("place_id", "area_code", "address")
    )


def _occupations(people: pl.DataFrame) -> pl.Series:
    """Occupation by what a person does on a weekday; the words of the case report card."""
    age, role = pl.col("age"), pl.col("role")
    told = (
        pl.when(role == "pupil")
        .then(pl.when(age < 6).then(pl.lit("kindergarten")).otherwise(pl.lit("pupil")))
        .when(role == "at_home")
        .then(pl.when(age < 7).then(pl.lit("child_at_home")).otherwise(pl.lit("at_home")))
        .otherwise(role.replace(OCCUPATIONS))
    )
    return people.select(occupation=told).to_series()


def _vulnerabilities(people: pl.DataFrame, female: NDArray[np.bool_], rng: np.random.Generator) -> pl.Series:
    """Words of ``terms.Vulnerability`` joined by ``;`` for whoever needs to be thought of first."""
    age = people["age"].cast(pl.Int64).to_numpy()
    alone = people.select(pl.len().over("household_id") == 1).to_series().to_numpy()
    has = {
        Vulnerability.MINOR: age < 18,
        Vulnerability.PREGNANT: female & (age >= 20) & (age <= 42) & (rng.random(len(age)) < PREGNANT),
        Vulnerability.LIVES_ALONE: alone & (age >= 60),
    }
    for word, steps in BY_AGE.items():
        share = np.zeros(len(age))
        for start, value in steps:
            share[age >= start] = value
        has[word] = rng.random(len(age)) < share
    words = [pl.when(pl.Series(mask)).then(pl.lit(word.value)) for word, mask in has.items()]
    return pl.select(pl.concat_str(words, separator=";", ignore_nulls=True).alias("told"))["told"]
