"""The simulated city as arrays: who lives, learns and works where, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PLACE_KINDS, PlaceKind

MINUTES_A_DAY = 1440
KM_PER_DEGREE = 111.32
KIND = {kind: number for number, kind in enumerate(PLACE_KINDS)}
"""Number of a kind of place: its position in ``terms.PLACE_KINDS``."""

PLACE_LETTERS = "HDWSKRBMVEACLQOX"
"""First letter of a place's code by kind, in the order of ``terms.PLACE_KINDS``; people have P, goods G."""

ZONE_WORDS = (
    "", "room", "office", "class", "table", "table", "", "stall", "carriage", "", "room", "hall", "hall", "", "", "",
)  # fmt: skip
"""What a zone is called by kind; empty where places of the kind have no zones."""


class Role(IntEnum):
    """What a person does on an ordinary weekday."""

    AT_HOME = 0
    PUPIL = 1
    BOARDER = 2
    WORKER = 3
    TEACHER = 4
    SHOP_STAFF = 5
    RESTAURANT_STAFF = 6
    STALL_HOLDER = 7
    WARD_STAFF = 8
    RETIRED = 9


class Status(IntEnum):
    """What a person is free to do on a day; the values of the mask ``present``."""

    AWAY = 0
    """In isolation or quarantine outside the city's places: makes no visits."""
    FREE = 1
    """An ordinary day."""
    AT_HOME = 2
    """Stays at home (or in the dormitory room) all day."""
    IN_WARD = 3
    """Lies in a hospital ward all day."""


class People(NamedTuple):
    """One entry per person."""

    age: NDArray[np.uint8]
    household: NDArray[np.int32]
    quarter: NDArray[np.int32]
    role: NDArray[np.uint8]
    home_place: NDArray[np.int32]
    """The household's home, or the dormitory of a boarder."""
    home_zone: NDArray[np.int16]
    """-1 at home, the room in a dormitory."""
    day_place: NDArray[np.int32]
    """School or place of work; -1 for none."""
    day_zone: NDArray[np.int16]
    """Class, office, stall; -1 where the place has no zones."""
    canteen_place: NDArray[np.int32]
    """-1 for none."""
    line: NDArray[np.int32]
    """Bus or metro line to work; -1 for those who walk, cycle or drive."""


class Places(NamedTuple):
    """One entry per place. A place with ``zone_count`` 0 has no zones: its visits carry zone -1."""

    kind: NDArray[np.uint8]
    quarter: NDArray[np.int32]
    zone_count: NDArray[np.int32]
    first_cell: NDArray[np.int32]
    """Cell of the first zone: a visit is in cell ``first_cell[place] + max(zone, 0)``. One entry more at the end."""
    x_km: NDArray[np.float32]
    y_km: NDArray[np.float32]
    first_of_kind: NDArray[np.int32]
    """Shape (kind, quarter + 1): places of one kind in one quarter are numbered without gaps."""


class Lines(NamedTuple):
    """Bus and metro lines; a vehicle is a place that runs the line all day, its carriages are zones."""

    first_vehicle: NDArray[np.int32]
    n_vehicles: NDArray[np.int32]
    headway_minutes: NDArray[np.int32]


class Goods(NamedTuple):
    """Cold-chain goods on market stalls: objects that can carry infection. Days are inclusive."""

    place: NDArray[np.int32]
    zone: NDArray[np.int16]
    first_day: NDArray[np.int16]
    last_day: NDArray[np.int16]


class DayVisits(NamedTuple):
    """Visits that begin on one day, ordered by person and time.

    Times are minutes since 00:00 of day 0; the interval contains its start, not its end, and the night at home ends
    on the next day. Visits of one person never overlap.
    """

    person: NDArray[np.int32]
    place: NDArray[np.int32]
    zone: NDArray[np.int16]
    t_in: NDArray[np.int32]
    t_out: NDArray[np.int32]


@dataclass(frozen=True)
class City:
    """A fictitious city.

    Parameters
    ----------
    people, places, lines, goods
        Arrays, see their types.
    start
        00:00 of day 0 with its time zone.
    longitude, latitude
        Where the city's centre is drawn, in degrees.
    """

    people: People
    places: Places
    lines: Lines
    goods: Goods
    start: datetime
    longitude: float
    latitude: float

    @property
    def n_people(self) -> int:
        """Number of people."""
        return len(self.people.age)

    @property
    def n_places(self) -> int:
        """Number of places."""
        return len(self.places.kind)

    @property
    def n_cells(self) -> int:
        """Number of cells, that is, of (place, zone)."""
        return int(self.places.first_cell[-1])

    def cells_of(self, place: NDArray[np.int32], zone: NDArray[np.int16]) -> NDArray[np.int32]:
        """Cells of visits by place and zone."""
        return np.asarray(self.places.first_cell[place] + np.maximum(zone, 0), dtype=np.int32)

    def weekday(self, day: int) -> int:
        """Weekday of a day of the simulation, 0 for Monday."""
        return (self.start.weekday() + day) % 7

    def places_of_kind(self, kind: PlaceKind) -> range:
        """Numbers of all places of a kind."""
        row = self.places.first_of_kind[KIND[kind]]
        return range(int(row[0]), int(row[-1]))

    def person_id(self, number: int) -> str:
        """Code of a person."""
        return f"P{number:07d}"

    def place_id(self, number: int) -> str:
        """Code of a place; its letter tells the kind."""
        return f"{PLACE_LETTERS[self.places.kind[number]]}{number:07d}"

    def object_id(self, number: int) -> str:
        """Code of a consignment of goods."""
        return f"G{number:05d}"

    def lon_lat(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitude and latitude of every place in degrees."""
        latitude = self.latitude + self.places.y_km.astype(np.float64) / KM_PER_DEGREE
        degree_km = KM_PER_DEGREE * np.cos(np.radians(self.latitude))
        return self.longitude + self.places.x_km.astype(np.float64) / degree_km, latitude


def zone_text(kind: int, zone: int) -> str:
    """Say a zone as an officer would write it, empty where the place has none.

    Examples
    --------
    >>> zone_text(KIND[PlaceKind.RESTAURANT], 4), zone_text(KIND[PlaceKind.SHOP], -1)
    ('table 5', '')
    """
    return f"{ZONE_WORDS[kind] or 'zone'} {zone + 1}" if zone >= 0 else ""
