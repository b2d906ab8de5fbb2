"""Sexes and names for the people of a simulated city, so that a family looks like one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

GENERATION_YEARS = 16
"""An age gap in a household from which on two neighbours in age are of different generations."""
FOREIGN_SHARE = 0.003
"""Share of households from elsewhere; assumed."""
COUPLE_SHARE = 0.92
"""Of two grown people of one generation in a household, the share who are man and wife; assumed."""
MOTHER_SHARE = 0.8
"""Of single parents, the share who are mothers; assumed."""
MALE_AT_BIRTH = 0.52
"""About 111 boys to 100 girls: Seventh National Population Census of China 2020, rounded."""
ADULT = 20


class Families(NamedTuple):
    """One entry per person, in the order of the people given."""

    female: NDArray[np.bool_]
    own_surname: NDArray[np.bool_]
    """Whether the person married in: has not the household's surname."""
    origin: NDArray[np.int8]
    """Number of the foreign origin in ``names/people.toml``, -1 for people from here."""


@cache
def name_lists() -> dict[str, Any]:
    """Read the lists of names."""
    return tomllib.loads((files("suyuan.twin") / "names" / "people.toml").read_text("utf-8"))


def found_families(people: pl.DataFrame, rng: np.random.Generator) -> Families:
    """Say who is husband, wife, child or grandparent in each household.

    Parameters
    ----------
    people
        ``household_id``, ``age``.
    rng
        Source of chance.

    Notes
    -----
    Generations of a household are told apart by gaps of age. Of two grown people of one generation, most are a
    couple: the elder is the husband, the wife keeps her own surname, as is usual in China. Children, and the grown
    child among parents and grandparents, have the household's surname.
    """
    ranked = _ranked(people)
    rank, in_generation = ranked["rank"].to_numpy(), ranked["in_generation"].to_numpy()
    youngest = ranked["generation"].to_numpy() == 0
    several = ranked["generations"].to_numpy() > 1
    grown = people["age"].to_numpy() >= ADULT
    household = people["household_id"].to_numpy()
    n_households = int(household.max()) + 1
    child = youngest & several
    couple_here = (rng.random(n_households) < COUPLE_SHARE)[household]
    couple = grown & (in_generation == 2) & ~child & (couple_here | several)
    alone_with_child = ~child & several & (in_generation == 1)
    female = rng.random(len(household)) >= MALE_AT_BIRTH
    female = np.where(couple, rank == 1, female)
    female = np.where(alone_with_child, rng.random(len(household)) < MOTHER_SHARE, female)
    unrelated = ~several & (rank > 0) & ~couple & grown
    own_surname = (couple & female) | (alone_with_child & female) | unrelated
    foreign = rng.random(n_households) < FOREIGN_SHARE
    origin = np.where(foreign, rng.integers(0, len(name_lists()["foreign"]), n_households), -1).astype(np.int8)
    return Families(female, own_surname, origin[household])


def _ranked(people: pl.DataFrame) -> pl.DataFrame:
    """Count generation in the household (0 the youngest), rank in it by age, and how many there are of each."""
    gap = (pl.col("age") - pl.col("age").shift(1).over("household_id")).fill_null(0)
    return (
        people.select("household_id", pl.col("age").cast(pl.Int16))
        .with_row_index("row")
        .sort("household_id", "age", "row")
        .with_columns(step=(gap >= GENERATION_YEARS).cast(pl.Int8))
        .with_columns(generation=pl.col("step").cum_sum().over("household_id"))
        .with_columns(
            generations=pl.col("generation").max().over("household_id") + 1,
            in_generation=pl.len().over("household_id", "generation"),
            rank=pl.col("age").rank("ordinal", descending=True).over("household_id", "generation") - 1,
        )
        .sort("row")
    )


def give_names(
    families: Families, household: NDArray[np.int64], born: NDArray[np.int64], rng: np.random.Generator
) -> pl.Series:
    """Name everybody.

    Parameters
    ----------
    families
        Sexes, marriages and origins.
    household
        Number of the household of each.
    born
        Year of birth of each.
    rng
        Source of chance.
    """
    lists = name_lists()
    texts = pl.Series([name for name, _ in lists["surnames"]])
    shares = np.array([share for _, share in lists["surnames"]], dtype=float)
    shares /= shares.sum()
    of_household = rng.choice(len(texts), size=int(household.max()) + 1, p=shares)
    own = rng.choice(len(texts), size=len(household), p=shares)
    surname = texts.gather(np.where(families.own_surname, own, of_household[household]))
    named = pl.select(pl.concat_str(surname, *_given(lists["cohorts"], families.female, born, rng)).alias("name"))
    return _with_foreigners(named["name"], families, household, lists["foreign"], rng)


def _given(
    cohorts: list[dict[str, Any]], female: NDArray[np.bool_], born: NDArray[np.int64], rng: np.random.Generator
) -> tuple[pl.Series, pl.Series]:
    """First and second character of each given name; the second is empty where the name has one."""
    n = len(born)
    chance = rng.random((3, n))
    alphabet = "".join(sorted({letter for cohort in cohorts for sex in ("male", "female") for letter in cohort[sex]}))
    number = {letter: place for place, letter in enumerate(alphabet)}
    codes = np.zeros((2, n), dtype=np.int64)
    cohort_of = np.searchsorted([cohort["until"] for cohort in cohorts], born)
    single = np.array([cohort["single"] for cohort in cohorts])[cohort_of]
    for place, cohort in enumerate(cohorts):
        for sex in ("male", "female"):
            rows = np.flatnonzero((cohort_of == place) & (female == (sex == "female")))
            letters = np.array([number[letter] for letter in cohort[sex]])
            codes[:, rows] = letters[(chance[:2, rows] * len(letters)).astype(np.int64)]
    second = np.where(chance[2] < single, len(alphabet), codes[1])
    return pl.Series(list(alphabet)).gather(codes[0]), pl.Series([*alphabet, ""]).gather(second)


def _with_foreigners(
    names: pl.Series,
    families: Families,
    household: NDArray[np.int64],
    origins: list[dict[str, Any]],
    rng: np.random.Generator,
) -> pl.Series:
    """Put Latin names, given name first, in place of those of people from elsewhere."""
    rows = np.flatnonzero(families.origin >= 0)
    told = []
    for row in rows.tolist():
        origin = origins[families.origin[row]]
        given = origin["female" if families.female[row] else "male"]
        family = origin["family"][int(household[row]) % len(origin["family"])]
        told.append(f"{given[int(rng.integers(len(given)))]} {family}")
    return names.scatter(rows, told) if told else names
