"""Where a person serves a quarantine, and the hour at which an order ends, as data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from suyuan.protocols.edition import EDITION_ID, Bilingual, Source
from suyuan.protocols.plan_files import Broken, load_as
from suyuan.terms import Quarantine, Vulnerability


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hour of the place at which an order ends on its last date."""

    hour: Annotated[int, msgspec.Meta(ge=0, le=23)]
    text: Bilingual
    source: str = ""


class PlaceFor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a person of one kind goes instead of any facility, and why."""

    instead_of_facility: Quarantine
    because: Bilingual
    source: str = ""


class Placement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file; ``people`` in order of precedence. ``minor_under_years``: who is a minor by birth year alone."""

    id: Annotated[str, msgspec.Meta(pattern=EDITION_ID)]
    name: Bilingual
    issuer: str
    issued: date
    minor_under_years: Annotated[int, msgspec.Meta(ge=0, le=21)]
    release: Release
    people: dict[Vulnerability, PlaceFor]
    sources: dict[str, Source]

    def place_for(
        self, vulnerabilities: Collection[Vulnerability], birth_year: int | None, year: int
    ) -> tuple[Vulnerability, PlaceFor] | None:
        """Return the first rule that fits a person, None where any facility will do.

        Examples
        --------
        >>> kind, place = load_placement().place_for((), 2012, 2022)
        >>> kind.value, place.instead_of_facility.value
        ('minor', 'home')
        """
        young = birth_year is not None and year - birth_year < self.minor_under_years
        for kind, place in self.people.items():
            if kind in vulnerabilities or (young and kind is Vulnerability.MINOR):
                return kind, place
        return None


@cache
def load_placement(name_or_path: str | Path = "placement") -> Placement:
    """Load the rules of placement by name, or from a TOML file (whole, or an override).

    Raises
    ------
    BadUsage
        If a bare name is not known.
    BadInput
        If the file cannot be read, or (``FaultyPlan``, with every fault) says something that cannot be used.
    """
    return load_as(Placement, name_or_path, _broken)


def _broken(placement: Placement) -> Iterator[Broken]:
    for kind, place in placement.people.items():
        if place.instead_of_facility is Quarantine.MONITORING:
            yield Broken("no_place", f"[people.{kind}] instead_of_facility", {})
