"""Invented people for the benchmark of the room: open columns, sealed details and every blind key, by the million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from suyuan.cli.bench_room_rows import write_rows
from suyuan.store import likeness
from suyuan.store.numbers import next_ids
from suyuan.store.people import likeness_of, seal_details
from suyuan.store.room import StoreRoom
from suyuan.store.secrets import cipher
from suyuan.terms import Details, IdentityKind, Person
from suyuan.twin.register_families import Families, give_names
from suyuan.twin.register_numbers import draw_birth_dates, give_telephones, number_residents

DISTRICTS, STREETS, COMMUNITIES = 20, 10, 10
"""Districts of the city, streets of a district, communities of a street: 2,000 communities."""
CITY = "9901"
AT_ONCE = 20_000
HOUSEHOLD = 3


@dataclass(frozen=True, slots=True)
class Register:
    """Who lives where: ids in the order of the people, and the code of each person's community."""

    ids: NDArray[np.int64]
    area: list[str]


def community(number: int) -> str:
    """Return the code of a community by its number from 0.

    Examples
    --------
    >>> community(0), community(1999)
    ('990101001001', '990120010010')
    """
    district, rest = divmod(number, STREETS * COMMUNITIES)
    street, last = divmod(rest, COMMUNITIES)
    return f"{CITY}{district + 1:02d}{street + 1:03d}{last + 1:03d}"


def add_areas() -> int:
    """Write the city, its districts, streets and communities and return how many these are."""
    codes = sorted({community(i)[:width] for i in range(DISTRICTS * STREETS * COMMUNITIES) for width in (4, 6, 9, 12)})
    levels = {4: 2, 6: 3, 9: 4, 12: 5}
    rows = [(code, levels[len(code)], f"Area {code}", f"第{code[-3:]}区", 0, None) for code in codes]
    write_rows("store_arearow", ("code", "level", "name_en", "name_zh", "population", "shape"), rows)
    return len(rows)


def add_people(n: int, today: date, rng: np.random.Generator) -> Register:
    """Write ``n`` people, three to a household, with names, numbers, telephones and addresses that belong to nobody."""
    household = np.arange(n) // HOUSEHOLD
    of_household = rng.integers(0, DISTRICTS * STREETS * COMMUNITIES, size=int(household.max()) + 1)
    areas = [community(number) for number in of_household[household].tolist()]
    ids = np.array(next_ids(n), dtype=np.int64)
    columns = _columns(household, areas, today, rng)
    for first in range(0, n, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        people = list(_people(ids[part].tolist(), first, household[part].tolist(), areas[part], columns))
        _write(people)
    return Register(ids, areas)


def newcomers(n: int, area: str, today: date, rng: np.random.Generator) -> Iterator[dict[str, str]]:
    """Yield the cells of a table of ``n`` people of one area, drawn as those on record are."""
    household = np.arange(n) // HOUSEHOLD + rng.integers(10**6)
    columns = _columns(household - household[0], [area] * n, today, rng)
    for person, details in _people([0] * n, 0, household.tolist(), [area] * n, columns):
        yield {
            "name": details.name,
            "sex": person.sex,
            "birth_date": str(details.birth_date),
            "identity_number": details.identity_number,
            "telephones": ";".join(details.telephones),
            "address": details.address,
            "area": area,
        }


@dataclass(frozen=True, slots=True)
class _Columns:
    """What is drawn for everybody at once."""

    name: Sequence[str]
    female: Sequence[bool]
    born: Sequence[date]
    number: Sequence[str]
    telephone: Sequence[str | None]


def _columns(household: NDArray[np.int64], areas: list[str], today: date, rng: np.random.Generator) -> _Columns:
    import polars as pl

    n = len(household)
    age = rng.integers(0, 90, size=n)
    female = rng.random(n) < 0.5
    born = draw_birth_dates(age, today, rng)
    families = Families(female, rng.random(n) < 0.3, np.full(n, -1, dtype=np.int8))
    years = born.astype("datetime64[Y]").astype(np.int64) + 1970
    division = pl.Series(areas).str.slice(0, 6)
    return _Columns(
        name=give_names(families, household, years, rng).to_list(),
        female=female.tolist(),
        born=born.tolist(),
        number=number_residents(division, born, female, rng).to_list(),
        telephone=give_telephones(household, age, np.zeros(n, dtype=bool), rng).to_list(),
    )


def _people(
    ids: list[int], first: int, household: list[int], areas: list[str], columns: _Columns
) -> Iterator[tuple[Person, Details]]:
    for k, (person_id, home, area) in enumerate(zip(ids, household, areas, strict=True)):
        i = first + k
        telephone, born = columns.telephone[i], columns.born[i]
        person = Person(
            id=person_id,
            code=f"B{i + 1:08d}",
            area=area,
            sex="female" if columns.female[i] else "male",
            birth_year=born.year,
            household=f"H{home + 1}",
            source="register",
            identified=True,
        )
        details = Details(
            name=columns.name[i],
            identity_kind=IdentityKind.RESIDENT,
            identity_number=columns.number[i],
            telephones=(telephone,) if telephone else (),
            birth_date=born,
            address=f"{home % 97 + 1}号楼{home % 4 + 1}单元{home % 30 + 1}0{home % 2 + 1}",
        )
        yield person, details


def _write(people: list[tuple[Person, Details]]) -> None:
    mapping, secret = StoreRoom.people.mapping, cipher()  # type: ignore[attr-defined]
    names = tuple(str(column.column) for column in mapping.columns)
    write_rows(mapping.table, names, (mapping.to_row(person) for person, _ in people))
    sealed = ((person.id, seal_details(person.id, details), secret.current) for person, details in people)
    write_rows("store_detailsrow", ("person_id", "sealed", "key_id"), sealed)
    keys = (
        (person.id, secret.blind(kind, text))
        for person, details in people
        for kind, text in likeness.stored_keys(likeness_of(person, details))
    )
    write_rows("store_personkeyrow", ("person_id", "digest"), keys)
