"""The [epidemic] table of a scenario, typed."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PLACE_KINDS, BadInput, PlaceKind
from suyuan.twin.natural_history import NaturalHistory, Spread


class PlaceHazard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How easily an infection passes in one kind of place, relative to a home.

    Attributes
    ----------
    relative
        Hazard of an hour together, relative to an hour at home.
    other_zone_share
        Part of it felt from another zone of the same place.
    lingering_minutes, lingering_share
        How long the air infects after an infectious person left, and how much of the hazard remains.
    """

    relative: float
    other_zone_share: float = 0.0
    lingering_minutes: int = 0
    lingering_share: float = 0.0


DEFAULT_HAZARDS: dict[PlaceKind, PlaceHazard] = {
    PlaceKind.HOME: PlaceHazard(1.0),
    PlaceKind.DORMITORY: PlaceHazard(1.0, 0.01),
    PlaceKind.WORKPLACE: PlaceHazard(0.15, 0.02),
    PlaceKind.CLASSROOM: PlaceHazard(0.15, 0.01, 15, 0.3),
    PlaceKind.CANTEEN: PlaceHazard(0.6, 0.02, 15, 0.3),
    PlaceKind.RESTAURANT: PlaceHazard(1.0, 0.1, 30, 0.3),
    PlaceKind.SHOP: PlaceHazard(0.15, 0.1, 15, 0.3),
    PlaceKind.MARKET: PlaceHazard(0.5, 0.02, 30, 0.3),
    PlaceKind.VEHICLE: PlaceHazard(0.3, 0.0, 15, 0.3),
    PlaceKind.LIFT: PlaceHazard(0.6, 0.0, 5, 0.3),
    PlaceKind.WARD: PlaceHazard(0.8, 0.05, 30, 0.3),
    PlaceKind.CLINIC: PlaceHazard(0.4, 0.1, 30, 0.3),
    PlaceKind.LEISURE: PlaceHazard(0.8, 0.1, 30, 0.3),
    PlaceKind.MEETING: PlaceHazard(0.5, 0.1, 15, 0.3),
    PlaceKind.OUTDOOR: PlaceHazard(0.05, 0.02),
    PlaceKind.OTHER: PlaceHazard(0.15, 0.05),
}
"""Only their ratios matter: the level is found from r0. Outdoors is about 19 times safer than indoors (Bulfone et al.
2021, doi:10.1093/infdis/jiaa742); the other ratios are assumed."""


class Seeds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is infected first: n visitors of one place of a kind on one day, by a traveller or by the goods there.

    Attributes
    ----------
    typical
        Whether the first people all have mean infectiousness. With a small k most outbreaks die out at once; those
        that a city comes to know of did not, and a rehearsal needs one.
    """

    n: int
    day: int = 0
    place_kind: PlaceKind = PlaceKind.HOME
    by: Literal["import", "goods"] = "import"
    typical: bool = False


class Objects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Things that carry infection.

    Attributes
    ----------
    surfaces_in
        Kinds of place whose zones have a shared surface (stall, table, toilet door).
    goods_load
        Load of imported cold-chain goods on their first day; 1 is one infectious person's hour of handling.
    half_life_hours, goods_half_life_hours
        Survival on surfaces, and on chilled or frozen goods.
    deposit_per_hour, hazard_per_hour
        Load an infectious person leaves in an hour; hazard of an hour beside a load of 1.
    source
        Where the numbers come from.
    """

    source: str
    surfaces_in: tuple[PlaceKind, ...] = ()
    goods_load: float = 0.0
    half_life_hours: float = 6.8
    goods_half_life_hours: float = 240.0
    deposit_per_hour: float = 1.0
    hazard_per_hour: float = 0.0


class Testing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is tested, and what a test says.

    Attributes
    ----------
    sensitivity
        By whole day, from the day before infectiousness begins; 0 outside.
    specificity
        Chance that an uninfected person tests negative.
    seek_share, seek_delay
        Share of people with symptoms who come for a test, and after how long.
    other_fever_per_day
        Share of people who come for a test each day because of another illness.
    routine_share_per_day
        Share of all people drawn for a routine test each day.
    screening_share, screening_every_days
        Share of everybody tested in a round, and days between rounds, from the first detection on; 0 for none.
    result_hours, isolation_hours
        Sample to result; result to isolation.
    source
        Where the numbers come from.
    """

    source: str
    sensitivity: tuple[float, ...] = (0.2, 0.7, 0.9, 0.9, 0.9, 0.8, 0.8, 0.7, 0.7, 0.6, 0.5, 0.4, 0.3)
    specificity: float = 1.0
    seek_share: float = 0.8
    seek_delay: Spread = Spread(1.5, 1.0)
    other_fever_per_day: float = 0.0
    routine_share_per_day: float = 0.0
    screening_share: float = 0.0
    screening_every_days: int = 3
    result_hours: float = 8.0
    isolation_hours: float = 4.0


class Care(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people do when they fall ill, before anybody knows why."""

    stay_home_share: float = 0.0
    ward_share: float = 0.0
    ward_delay: Spread = Spread(2.0, 1.0)
    days: int = 7


class Response(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tracing and quarantine inside the simulation; without it only detected cases are isolated.

    Attributes
    ----------
    found_share
        Share of contacts in the same place and zone who are found.
    minutes, days_before_sampling
        Shortest meeting that counts, and how far back.
    delay_hours, quarantine_days
        Result of the case to quarantine of its contacts, and its length.
    """

    found_share: float
    minutes: int = 15
    days_before_sampling: int = 4
    delay_hours: float = 12.0
    quarantine_days: int = 14


class GenomeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Length in bases, substitutions per base per year, share of unread bases (N), and the source of the rate."""

    length: int
    rate_per_base_year: float
    source: str
    unread_share: float = 0.01
    sampled_share: float = 1.0


class EpidemicSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the visit-driven epidemic needs beside the city and its visits."""

    history: NaturalHistory
    seeds: Seeds
    testing: Testing
    genome: GenomeSettings
    hazards: dict[PlaceKind, PlaceHazard] = {}
    immune_share: float = 0.0
    objects: Objects = Objects(source="none")
    care: Care = Care()
    response: Response | None = None


def read_epidemic(table: dict[str, Any], name: str) -> EpidemicSettings:
    """Type the [epidemic] table of a scenario.

    Raises
    ------
    BadInput
        If a key is missing, unknown or of the wrong type; the sentence names the scenario and the key.
    """
    try:
        return msgspec.convert(table, EpidemicSettings)
    except msgspec.ValidationError as error:
        raise BadInput("epidemic.settings", name=name, detail=str(error)) from error


class HazardTable(NamedTuple):
    """Place hazards as arrays by number of the kind; ``relative`` and ``lingering`` per hour, shape (kind,)."""

    relative: NDArray[np.float64]
    other_zone_share: NDArray[np.float64]
    lingering_minutes: NDArray[np.int32]
    lingering_share: NDArray[np.float64]


def hazard_table(settings: EpidemicSettings) -> HazardTable:
    """Lay the scenario's place hazards over the defaults."""
    rows = [settings.hazards.get(kind, DEFAULT_HAZARDS[kind]) for kind in PLACE_KINDS]
    return HazardTable(
        np.array([row.relative for row in rows]),
        np.array([row.other_zone_share for row in rows]),
        np.array([row.lingering_minutes for row in rows], np.int32),
        np.array([row.lingering_share for row in rows]),
    )
