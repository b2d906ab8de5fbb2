"""What the epidemic leaves behind, as tables with people's and places' codes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from suyuan.twin.city import City, zone_text
from suyuan.twin.epidemic import Epidemic
from suyuan.twin.epidemic_people import NEVER, Cause, Infected
from suyuan.twin.natural_history import MINUTES_PER_DAY
from suyuan.twin.testing import Reason, Tests


class EpidemicTables(NamedTuple):
    """All tables of one epidemic.

    The first three are truth: ``infections`` (person_id, infector_id, object_id, contaminated_by, place_id, zone,
    infected_at, kind, generation, infectious_from, onset_at, symptomatic), ``contaminations`` (object_id, place_id,
    zone, at, load, by), ``quarantined`` (person_id, from_). The others can be observed: ``cases`` (person_id,
    date_onset, date_sampling, isolated_at), ``tests`` (person_id, sampled_at, result_at, reason, positive),
    ``symptoms`` (person_id, date_onset; of those who came for a test because they felt ill, whatever from). For
    somebody infected by an object ``infector_id`` is null and ``contaminated_by`` names who contaminated it, null
    for goods that came so.
    """

    infections: pl.DataFrame
    contaminations: pl.DataFrame
    quarantined: pl.DataFrame
    cases: pl.DataFrame
    tests: pl.DataFrame
    symptoms: pl.DataFrame


def tables_of(epidemic: Epidemic, end_day: int) -> EpidemicTables:
    """Write the epidemic down as tables.

    Parameters
    ----------
    end_day
        First day that was not simulated; what would begin later is not reported.
    """
    end = end_day * MINUTES_PER_DAY
    return EpidemicTables(
        infections_table(epidemic),
        _contaminations(epidemic, end),
        _quarantined(epidemic),
        _cases(epidemic, end),
        _tests(epidemic),
        _symptoms(epidemic),
    )


def join_infections(epidemic: Epidemic) -> Infected:
    """All infections in the order of time."""
    if not epidemic.infections:
        none = np.zeros(0, np.int32)
        return Infected(none, none, none.astype(np.uint8), none, none, none, none.astype(np.int16))
    joined = [np.concatenate(column) for column in zip(*epidemic.infections, strict=True)]
    order = np.argsort(joined[1], kind="stable")
    return Infected(*(column[order] for column in joined))


def infections_table(epidemic: Epidemic) -> pl.DataFrame:
    """One row per infection, in the order of time."""
    city, people, all_ = epidemic.city, epidemic.people, join_infections(epidemic)
    by_object = all_.cause == Cause.OBJECT
    infector = _person_codes(city, all_.infector)
    return pl.DataFrame(
        {
            "person_id": _person_codes(city, all_.person),
            "infector_id": [None if thing else code for thing, code in zip(by_object, infector, strict=True)],
            "object_id": [epidemic.deposits.object[row] if row >= 0 else None for row in all_.deposit.tolist()],
            "contaminated_by": [code if thing else None for thing, code in zip(by_object, infector, strict=True)],
            "place_id": [city.place_id(place) for place in all_.place.tolist()],
            "zone": _zones(city, all_.place, all_.zone),
            "infected_at": _times(city, all_.at),
            "kind": [Cause(cause).name.lower() for cause in all_.cause.tolist()],
            "generation": people.generation[all_.person],
            "infectious_from": _times(city, people.infectious_from[all_.person]),
            "onset_at": _times(city, people.onset_at[all_.person]),
            "symptomatic": people.symptomatic[all_.person],
        },
        schema_overrides=dict.fromkeys(("person_id", "infector_id", "object_id", "contaminated_by"), pl.String),
    )


def known_cases(epidemic: Epidemic, end: int) -> NDArray[np.int64]:
    """List the people whose positive result was known at a minute, by the time of sampling.

    Those still in the laboratory are not cases yet.
    """
    book = epidemic.casebook
    result_at = book.case_isolated_at.astype(np.int64) - int(epidemic.settings.testing.isolation_hours * 60)
    who = np.flatnonzero((book.case_sampled_at < NEVER) & (result_at <= end))
    return who[np.argsort(book.case_sampled_at[who], kind="stable")]


def _cases(epidemic: Epidemic, end: int) -> pl.DataFrame:
    city, people, book = epidemic.city, epidemic.people, epidemic.casebook
    who = known_cases(epidemic, end)
    onset = people.onset_at[who]
    ill = people.symptomatic[who] & (onset < end)
    dates = _times(city, onset).dt.date()
    return pl.DataFrame(
        {
            "person_id": _person_codes(city, who),
            "date_onset": pl.Series(
                [day if sick else None for day, sick in zip(dates, ill, strict=True)], dtype=pl.Date
            ),
            "date_sampling": _times(city, book.case_sampled_at[who]).dt.date(),
            "isolated_at": _times(city, book.case_isolated_at[who]),
        },
        schema_overrides={"person_id": pl.String},
    )


def _tests(epidemic: Epidemic) -> pl.DataFrame:
    parts = epidemic.casebook.tests
    tests = Tests(*(np.concatenate(column) for column in zip(*parts, strict=True))) if parts else None
    if tests is None:
        none = np.zeros(0, np.int32)
        tests = Tests(none, none, none.astype(np.uint8), none.astype(np.bool_))
    hours = timedelta(hours=epidemic.settings.testing.result_hours)
    sampled = _times(epidemic.city, tests.sampled_at)
    words = [reason.name.lower() for reason in Reason]
    return pl.DataFrame(
        {
            "person_id": _person_codes(epidemic.city, tests.person),
            "sampled_at": sampled,
            "result_at": sampled + hours,
            "reason": [words[reason] for reason in tests.reason.tolist()],
            "positive": tests.positive,
        },
        schema_overrides={"person_id": pl.String, "reason": pl.String},
    )


def _symptoms(epidemic: Epidemic) -> pl.DataFrame:
    """List what people who came because they felt ill said about their onset, whatever it was that made them ill."""
    parts = [part for part in epidemic.casebook.tests if len(part.person)]
    person = np.concatenate([part.person for part in parts] or [np.zeros(0, np.int32)])
    reason = np.concatenate([part.reason for part in parts] or [np.zeros(0, np.uint8)])
    sampled = np.concatenate([part.sampled_at for part in parts] or [np.zeros(0, np.int32)])
    came = np.flatnonzero((reason == Reason.SYMPTOMS) | (reason == Reason.OTHER_ILLNESS))
    who, mine = person[came], reason[came] == Reason.SYMPTOMS
    # other illnesses began a day or two before, by the person's number: no chance is drawn after the epidemic ended
    other = np.maximum(sampled[came] - MINUTES_PER_DAY * (1 + who % 2), 0)
    onset = np.where(mine, epidemic.people.onset_at[who], other).astype(np.int32)
    return pl.DataFrame(
        {"person_id": _person_codes(epidemic.city, who), "date_onset": _times(epidemic.city, onset).dt.date()},
        schema_overrides={"person_id": pl.String},
    ).sort("date_onset", "person_id")


def _contaminations(epidemic: Epidemic, end: int) -> pl.DataFrame:
    things, city = epidemic.deposits, epidemic.city
    rows = [row for row in range(len(things.object)) if things.at[row] < end]
    place = np.array([things.place[row] for row in rows], np.int32)
    return pl.DataFrame(
        {
            "object_id": [things.object[row] for row in rows],
            "place_id": [city.place_id(number) for number in place.tolist()],
            "zone": _zones(city, place, np.array([things.zone[row] for row in rows], np.int16)),
            "at": _times(city, np.array([things.at[row] for row in rows], np.int32)),
            "load": [things.load[row] for row in rows],
            "by": _person_codes(city, np.array([things.by[row] for row in rows], np.int32)),
        },
        schema_overrides={"object_id": pl.String, "place_id": pl.String, "by": pl.String, "load": pl.Float64},
    )


def _quarantined(epidemic: Epidemic) -> pl.DataFrame:
    groups = epidemic.casebook.quarantined
    who = np.concatenate([people for _, people in groups]) if groups else np.zeros(0, np.int32)
    since = np.repeat([at for at, _ in groups], [len(people) for _, people in groups]).astype(np.int32)
    return pl.DataFrame(
        {"person_id": _person_codes(epidemic.city, who), "from_": _times(epidemic.city, since)},
        schema_overrides={"person_id": pl.String},
    )


def _person_codes(city: City, numbers: NDArray[np.int32] | NDArray[np.int64]) -> list[str | None]:
    return [city.person_id(number) if number >= 0 else None for number in numbers.tolist()]


def _zones(city: City, places: NDArray[np.int32], zones: NDArray[np.int16]) -> list[str]:
    kinds = city.places.kind[places].tolist()
    return [zone_text(kind, zone) for kind, zone in zip(kinds, zones.tolist(), strict=True)]


def _times(city: City, minutes: NDArray[np.int32]) -> pl.Series:
    """Instants in the city's time zone; minutes are counted on the clock of the first day's offset."""
    start: datetime = city.start
    zone = str(start.tzinfo)
    micros = minutes.astype(np.int64) * 60_000_000 + int(start.timestamp()) * 1_000_000
    return pl.Series(micros).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
