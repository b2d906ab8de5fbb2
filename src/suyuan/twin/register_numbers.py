"""Birth dates, identity numbers and telephones that are well-formed and belong to nobody."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
"""Weights of GB 11643-1999 (ISO 7064, MOD 11-2)."""
CHECKS = tuple("10X98765432")
BORN_ELSEWHERE = 0.25
"""Share of people whose number begins with another (equally fictitious) division; assumed."""
ELSEWHERE = ("970102", "970111", "970203", "980104", "980122", "980305")
"""Divisions of provinces that do not exist: GB/T 2260 assigns 11 to 82."""
MOBILE = "154"
"""A mobile prefix that, as far as known, no operator has been given."""
STEP = 61_803_399
"""Coprime to 10**8, so that consecutive people get telephones far apart and never the same one."""
OWN_TELEPHONE_FROM, OLD = 12, 78
SEQUENCES = 500


def draw_birth_dates(age: NDArray[np.int64], today: date, rng: np.random.Generator) -> NDArray[np.datetime64]:
    """Draw the date of birth of people who are so many years old today."""
    oldest = int(age.max(initial=0)) + 1
    birthdays = np.array([_years_before(today, years).toordinal() for years in range(oldest + 1)])
    latest, earliest = birthdays[age], birthdays[age + 1] + 1
    day = earliest + (rng.random(len(age)) * (latest - earliest + 1)).astype(np.int64)
    return (day - date(1970, 1, 1).toordinal()).astype("datetime64[D]")


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - years)


def number_residents(
    division: pl.Series, born: NDArray[np.datetime64], female: NDArray[np.bool_], rng: np.random.Generator
) -> pl.Series:
    """Give each resident an identity number of 18 characters with a valid check character.

    Parameters
    ----------
    division
        Six-digit codes of where people live; a quarter of them get a number from elsewhere.
    born, female
        Coded in the number: date of birth, and an odd sequence for men.
    rng
        Source of chance.
    """
    n = len(born)
    moved = rng.random(n) < BORN_ELSEWHERE
    other = pl.Series(ELSEWHERE).gather(rng.integers(0, len(ELSEWHERE), n))
    issued = pl.select(pl.when(pl.Series(moved)).then(other).otherwise(division).alias("issued"))["issued"]
    table = pl.DataFrame({"issued": issued, "born": pl.Series(born).cast(pl.Date), "female": female})
    within = table.select(pl.int_range(pl.len()).over("issued", "born", "female")).to_series().to_numpy()
    # each division and day counts from a place of its own, so that the last digits tell people apart as in life
    start = issued.cast(pl.Int64).to_numpy() * 7_919 + born.astype(np.int64) * 104_729 + rng.integers(0, SEQUENCES)
    sequence = (within + start) % SEQUENCES * 2 + np.where(female, 0, 1)
    body = table.select(
        pl.concat_str("issued", pl.col("born").dt.strftime("%Y%m%d"), pl.Series(sequence).cast(pl.String).str.zfill(3))
    ).to_series()
    digits = _digits(body, 17)
    check = (digits.astype(np.int64) @ WEIGHTS) % 11
    last = pl.Series(CHECKS).gather(check)
    return pl.select(pl.concat_str(body, last).alias("identity_number"))["identity_number"]


def _digits(texts: pl.Series, width: int) -> NDArray[np.uint8]:
    """Digits of texts of equal width, shape (text, place)."""
    joined = "".join(texts.to_list()).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(texts), width) - ord("0")


def number_passports(n: int, rng: np.random.Generator) -> list[str]:
    """Give passport numbers of two letters that no country combines so, and seven digits."""
    return [f"ZQ{number:07d}" for number in rng.choice(10**7, size=n, replace=False).tolist()]


def give_telephones(
    household: NDArray[np.int64], age: NDArray[np.int64], foreign: NDArray[np.bool_], rng: np.random.Generator
) -> pl.Series:
    """Give telephones; small children and some of the old share that of the first grown person at home, or have none.

    Parameters
    ----------
    household, age, foreign
        Of each person.
    rng
        Source of chance.
    """
    n = len(age)
    number = (np.arange(n, dtype=np.int64) * STEP + int(rng.integers(10**8))) % 10**8
    chance = rng.random(n)
    alone = ((age >= OWN_TELEPHONE_FROM) & (age < 18) & (chance < 0.75)) | ((age >= 18) & (age < OLD) & (chance < 0.98))
    owns = alone | ((age >= OLD) & (chance < 0.6))
    telephone = pl.select(pl.lit(MOBILE) + pl.Series(number).cast(pl.String).str.zfill(8)).to_series()
    abroad = np.flatnonzero(foreign & owns & (rng.random(n) < 0.2))
    drama = (rng.integers(0, 1000, len(abroad))).tolist()  # +44 7700 900000 to 900999: kept by Ofcom for drama
    telephone = telephone.scatter(abroad, [f"+447700900{last:03d}" for last in drama])
    table = pl.DataFrame({"household": household, "telephone": telephone, "owns": owns, "grown": owns & (age >= 18)})
    first = pl.col("telephone").filter(pl.col("grown")).first().over("household")
    return table.select(telephone=pl.when("owns").then("telephone").otherwise(first)).to_series()
