"""The numbers of a report, counted once and used by page, picture and summary alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from suyuan.reporting.shapes import TraceTables
from suyuan.reporting.voice import KINDS, RINGS, Voice


@dataclass(frozen=True)
class Figures:
    """What the headline says.

    ``settings`` has one row per place kind (``setting``) and one count column per ring; each contact is counted
    once, under the rule that put it into its ring.
    """

    n_cases: int
    rings: dict[str, int]
    settings: pl.DataFrame
    n_meetings: int
    n_places: int
    n_places_located: int
    exposed_from: datetime | None
    exposed_to: datetime | None

    @property
    def n_contacts(self) -> int:
        """People in any ring."""
        return sum(self.rings.values())


def count_figures(result: TraceTables) -> Figures:
    """Count what a tracing result holds."""
    contacts = result.contacts
    by_ring = dict(contacts.group_by("ring").len().iter_rows())
    return Figures(
        n_cases=result.cases.height,
        rings={ring: int(by_ring.get(ring, 0)) for ring in RINGS},
        settings=count_settings(contacts),
        n_meetings=result.evidence.height,
        n_places=result.places.height,
        n_places_located=located(result.places).height,
        exposed_from=_instant(contacts["first_exposure"].min()),
        exposed_to=_instant(contacts["last_exposure"].max()),
    )


def _instant(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def with_setting(table: pl.DataFrame) -> pl.DataFrame:
    """Add ``setting``: the place kind in front of the dot of ``rule``, ``other`` where the rule names none."""
    kind = pl.col("rule").str.split(".").list.first()
    return table.with_columns(
        pl.when(kind.is_in(sorted(KINDS))).then(kind).otherwise(pl.lit("other")).fill_null("other").alias("setting")
    )


def count_settings(contacts: pl.DataFrame) -> pl.DataFrame:
    """Count contacts by setting and ring, largest number of close contacts first."""
    counts = [pl.col("ring").eq(ring).sum().cast(pl.Int64).alias(ring) for ring in RINGS]
    table = with_setting(contacts).group_by("setting").agg(*counts)
    return table.sort([*RINGS, "setting"], descending=[True] * len(RINGS) + [False])


def located(places: pl.DataFrame) -> pl.DataFrame:
    """Keep the places with a coordinate that can be on Earth."""
    on_earth = pl.col("longitude").is_between(-180, 180) & pl.col("latitude").is_between(-90, 90)
    return places.filter(on_earth.fill_null(value=False))


def ring_rank() -> pl.Expr:
    """Rank the rings from the nearest outwards."""
    place_in_list = {ring: number for number, ring in enumerate(RINGS)}
    return pl.col("ring").replace_strict(place_in_list, default=len(RINGS), return_dtype=pl.Int32)


def order_contacts(contacts: pl.DataFrame) -> pl.DataFrame:
    """Sort by ring, then by probability, largest first; the person's code breaks ties."""
    return contacts.sort([ring_rank(), "p_infection", "person_id"], descending=[False, True, False], nulls_last=True)


def voice_for(result: TraceTables, lang: str) -> Voice:
    """Choose language, time zone and the year that dates need not repeat."""
    latest = _instant(result.cases["window_to"].max()) or _instant(result.contacts["last_exposure"].max())
    return Voice(lang, result.timezone, latest.year if latest else result.protocol.issued.year)


def summary_json(result: TraceTables, figures: Figures, generated_at: datetime | None) -> bytes:
    """Write the headline for programs."""
    facts = {
        "format": "suyuan-trace-1",
        "generated_at": generated_at.isoformat() if generated_at else None,
        "timezone": result.timezone,
        "protocol": {"id": result.protocol.id, "issued": result.protocol.issued.isoformat()},
        "n_cases": figures.n_cases,
        "n_contacts": figures.n_contacts,
        "rings": figures.rings,
        "settings": figures.settings.to_dicts(),
        "n_meetings": figures.n_meetings,
        "n_places": figures.n_places,
        "n_places_located": figures.n_places_located,
        "exposed_from": figures.exposed_from.isoformat() if figures.exposed_from else None,
        "exposed_to": figures.exposed_to.isoformat() if figures.exposed_to else None,
        "trace": dict(result.summary()),
    }
    return (json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n").encode()
