"""Districts, streets and communities of a simulated city, with codes in the manner of China's statistical divisions.

The province code 99 belongs to no province of GB/T 2260, so no code made here is that of a real place.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from suyuan.terms import BadInput
from suyuan.twin.districts_cut import Part, Points, cut_even, outline

LEVELS = ("province", "city", "district", "street", "community")
WIDTHS = dict(zip(LEVELS, (2, 4, 6, 9, 12), strict=True))
"""Digits of a code by level; the code of what holds an area is its beginning."""

MARGIN_KM = 0.2
KM_PER_DEGREE = 111.32
STREET_PEOPLE = 30_000
COMMUNITY_PEOPLE = 3_000
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Area:
    """An area with its corners in degrees (longitude, latitude), counter-clockwise, and the people who live in it."""

    code: str
    level: str
    zh: str
    en: str
    population: int
    corners: Points

    @property
    def parent(self) -> str:
        """Code of the area that holds this one, empty for the province."""
        above = LEVELS.index(self.level) - 1
        return self.code[: WIDTHS[LEVELS[above]]] if above >= 0 else ""


@dataclass(frozen=True)
class Divisions:
    """All areas, the wider first, and the community code of each place that stands somewhere."""

    areas: list[Area]
    place_id: pl.Series
    code: pl.Series

    def place_table(self) -> pl.DataFrame:
        """Columns ``place_id``, ``area_code``."""
        return pl.DataFrame({"place_id": self.place_id, "area_code": self.code})


def write_districts(folder: str | Path, seed: int) -> Divisions:
    """Divide a city that was made before, and write ``observed/areas.geojson`` and ``observed/place_areas.csv``.

    Parameters
    ----------
    folder
        As written by ``make_twin``.
    seed
        The same seed gives the same files.

    Raises
    ------
    BadInput
        If this is no folder of a simulated city.
    """
    city = Path(folder)
    places, people = city / "observed" / "places.csv", city / "truth" / "people.parquet"
    if not places.is_file() or not people.is_file():
        raise BadInput("register.no_city", path=folder)
    residents = pl.read_parquet(people, columns=["home_place_id"]).get_column("home_place_id").cast(pl.String)
    counts = residents.value_counts(name="n").rename({"home_place_id": "place_id"})
    table = pl.read_csv(places, schema_overrides={"place_id": pl.String}).join(
        counts, on="place_id", how="left", maintain_order="left"
    )
    divisions = divide_city(table, np.random.default_rng([seed, 1]))
    told = json.dumps(_geojson(divisions.areas), ensure_ascii=False)
    (city / "observed" / "areas.geojson").write_text(told + "\n", "utf-8")
    divisions.place_table().write_csv(city / "observed" / "place_areas.csv")
    return divisions


def divide_city(places: pl.DataFrame, rng: np.random.Generator) -> Divisions:
    """Divide a city so that areas of one level have about the same population.

    Parameters
    ----------
    places
        ``place_id``, ``longitude``, ``latitude`` (null for what moves), ``n`` people who live there (null for none).
    rng
        Source of chance, for the lines and names.
    """
    standing = places.filter(pl.col("longitude").is_not_null() & pl.col("latitude").is_not_null())
    degrees = standing.select("longitude", "latitude").to_numpy()
    middle = degrees.mean(axis=0)
    km = np.array([KM_PER_DEGREE * np.cos(np.radians(middle[1])), KM_PER_DEGREE])
    weights = standing["n"].fill_null(0).cast(pl.Float64).to_numpy()
    cutter = _Cutter((degrees - middle) * km, weights, rng, _Namer(rng))
    cutter.cut_all()
    areas = [replace(area, corners=np.round(area.corners / km + middle, 6)) for area in cutter.found]
    areas.sort(key=lambda area: (len(area.code), area.code))
    return Divisions(areas, standing["place_id"], pl.Series(cutter.code).gather(cutter.community))


def _n_parts(level: str, population: float) -> int:
    """How many areas of a level stand in an area with so many people."""
    if level == "district":
        return int(np.clip(round(np.sqrt(population / 10_000)), 2, 12))
    if level == "street":
        return int(np.clip(round(population / STREET_PEOPLE), 2, 40))
    return int(np.clip(round(population / COMMUNITY_PEOPLE), 2, 200))


SUFFIX = {"district": ("区", " District"), "street": ("街道", " Subdistrict"), "community": ("社区", " Community")}


class _Namer:
    """Gives each area a name that no other area of its level has."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.texts: dict[str, Any] = tomllib.loads((files("suyuan.twin") / "names" / "areas.toml").read_text("utf-8"))
        pairs = [(a + b, x + y) for a, x in self.texts["first"] for b, y in self.texts["second"]]
        mixed = {level: [pairs[number] for number in rng.permutation(len(pairs))] for level in ("street", "community")}
        self._names = {"district": [tuple(pair) for pair in self.texts["districts"]], **mixed}
        self._used = dict.fromkeys(self._names, 0)

    def name(self, level: str) -> tuple[str, str]:
        """Return the next name in Chinese and English."""
        again, place = divmod(self._used[level], len(self._names[level]))
        self._used[level] += 1
        zh, en = self._names[level][place]
        after = SUFFIX[level]
        return f"{zh}{NUMERALS[again] if again else ''}{after[0]}", f"{en}{f' {again + 1}' if again else ''}{after[1]}"


class _Cutter:
    """Cuts the city level by level and notes every area."""

    def __init__(self, points: Points, weights: NDArray[np.float64], rng: np.random.Generator, namer: _Namer) -> None:
        self.points, self.weights, self.rng, self.namer = points, weights, rng, namer
        self.found: list[Area] = []
        self.code: list[str] = []
        self.community = np.zeros(len(points), dtype=np.int64)

    def cut_all(self) -> None:
        """Cut the whole city."""
        whole = Part(outline(self.points, MARGIN_KM), np.arange(len(self.points)))
        for level in ("province", "city"):
            told = self.namer.texts[level]
            self._note(told["code"], level, (told["zh"], told["en"]), whole)
        self._cut(whole, self.namer.texts["city"]["code"], 2)

    def _cut(self, part: Part, code: str, number: int) -> None:
        level = LEVELS[number]
        digits = WIDTHS[level] - len(code)
        n_parts = _n_parts(level, float(self.weights[part.inside].sum()))
        for place, piece in enumerate(cut_even(part, n_parts, self.points, self.weights, self.rng), start=1):
            own = f"{code}{place:0{digits}d}"
            self._note(own, level, self.namer.name(level), piece)
            if level == LEVELS[-1]:
                self.community[piece.inside] = len(self.code)
                self.code.append(own)
            else:
                self._cut(piece, own, number + 1)

    def _note(self, code: str, level: str, names: tuple[str, str], part: Part) -> None:
        self.found.append(Area(code, level, *names, int(self.weights[part.inside].sum()), part.corners))


def _geojson(areas: list[Area]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "code": area.code, "parent": area.parent, "level": area.level,
                    "name_zh": area.zh, "name_en": area.en, "population": area.population,
                },
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[*area.corners.tolist(), area.corners[0].tolist()]],
                },
            }
            for area in areas
        ],
    }  # fmt: skip
