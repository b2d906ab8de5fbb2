"""Scenarios: a city, its habits, what of it is seen, and what spreads in it, as dated data with sources."""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from suyuan.terms import BadInput, BadUsage, PlaceKind

ORDINARY = "city"
"""The ordinary city that every scenario changes."""


class Bilingual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in English and Chinese."""

    en: str
    zh: str


class CityPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Structure of the city. Shares are between 0 and 1; sizes count people."""

    people: int
    days: int
    start: dt.date
    timezone: str
    longitude: float
    latitude: float
    quarter_people: int
    people_per_km2: float
    household_size_shares: tuple[float, ...]
    employed_share: float
    class_size_by_stage: tuple[int, int, int, int]
    pupils_per_teacher: float
    boarding_pupils: int
    beds_per_room: int
    smallest_workplace: float
    workplace_exponent: float
    largest_workplace: int
    office_people: int
    canteen_from: int
    seats_per_table: int
    gravity_km: float
    bus_share: float
    metro_share: float
    metro_from_people: int
    people_per: dict[PlaceKind, int]
    staff_per: dict[PlaceKind, float]
    zones_per: dict[PlaceKind, int]
    goods_per_market: int


class Habits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Mean number of outings per person and free day by kind, and shares of people."""

    shop: float
    market: float
    restaurant: float
    leisure: float
    clinic: float
    outdoor: float
    friend: float
    family_dinner: float
    weekend_work: float
    far_share: float
    inpatient_share: float


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of place is seen: shares of its visits recorded, with zone, with leaving time; by what source."""

    share: float
    zone_known: float
    leaving_known: float
    source: str


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong with records that no interview checked."""

    unregistered_people: float
    clock_error_share: float
    clock_error_sd_minutes: float
    jitter_sd_minutes: float
    late_share: float
    late_mean_days: float


class Phone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Location data of telephones: how many people, how often wrong, how coarse."""

    people_share: float
    wrong_place_share: float
    grain_minutes: int
    shortest_stay_minutes: int


class Interviews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What cases remember: recall on the day itself, its fading, rounding of times, companions named."""

    reached_share: float
    days: int
    recall: dict[PlaceKind, float]
    fading_days: float
    rounding_minutes: tuple[int, ...]
    shift_sd_minutes: float
    names: dict[PlaceKind, float]
    days_after_sampling: float


class ObservationPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an officer sees of the city."""

    seen: dict[PlaceKind, Seen]
    faults: Faults
    phone: Phone
    interviews: Interviews


class OutputPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much truth is written: true visits only for cities up to this size."""

    truth_visits_up_to_people: int


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scenario. ``epidemic`` belongs to the epidemic and is read there; None where nothing spreads."""

    id: str
    name: Bilingual
    story: Bilingual
    city: CityPlan
    habits: Habits
    observation: ObservationPlan
    output: OutputPlan
    sources: dict[str, str]
    epidemic: dict[str, object] | None = None

    def start_time(self) -> dt.datetime:
        """00:00 of day 0, in the city's time zone."""
        return dt.datetime.combine(self.city.start, dt.time(), ZoneInfo(self.city.timezone))


def scenario_names() -> list[str]:
    """Names of the scenarios that come with the package."""
    folder = files("suyuan.twin") / "scenarios"
    names = (entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return sorted(name for name in names if name != ORDINARY)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario by name, or from a file of one's own.

    Parameters
    ----------
    name_or_path
        One of `scenario_names`, or a TOML file that holds only what differs from the ordinary city
        (``scenarios/city.toml``).

    Raises
    ------
    BadUsage
        If neither a scenario nor a file has this name.
    BadInput
        If the file is no TOML, or a field is unknown, missing or of the wrong type.
    """
    given = str(name_or_path)
    own = Path(given)
    if given in scenario_names():
        text, label = _shipped(given), given
    elif own.suffix == ".toml" and own.is_file():
        text, label = own.read_text("utf-8"), given
    else:
        raise BadUsage("twin.unknown_scenario", name=given, names=", ".join(scenario_names()))
    try:
        tables = _merged(tomllib.loads(_shipped(ORDINARY)), tomllib.loads(text))
        return msgspec.convert({"id": own.stem, **tables}, Scenario)
    except tomllib.TOMLDecodeError as fault:
        raise BadInput("twin.no_toml", path=label, reason=str(fault)) from fault
    except msgspec.ValidationError as fault:
        raise BadInput("twin.bad_scenario", path=label, reason=str(fault)) from fault


def _shipped(name: str) -> str:
    return (files("suyuan.twin") / "scenarios" / f"{name}.toml").read_text("utf-8")


def _merged(under: dict[str, object], over: dict[str, object]) -> dict[str, object]:
    """Lay one nested table over another; what the upper one does not name stays."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        result[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result
