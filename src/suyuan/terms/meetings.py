"""What is observed, one row each: visits, encounters, cases, exposures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suyuan.terms.identity import PersonId, PlaceId
from suyuan.terms.kinds import PlaceKind, Ring


@dataclass(frozen=True, slots=True)
class Visit:
    """One person, one place, one interval, one source of information.

    Times are instants with a time zone; the interval contains its start, not its end. ``zone`` is a part of the
    place (class, carriage, table), empty where it is not known.
    """

    person: PersonId
    place: PlaceId
    t_in: datetime
    t_out: datetime
    kind: PlaceKind = PlaceKind.OTHER
    zone: str = ""
    source: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Encounter:
    """Two people met; the place is perhaps not known. The setting decides which rule of the edition applies."""

    person_a: PersonId
    person_b: PersonId
    start: datetime
    end: datetime
    setting: PlaceKind = PlaceKind.OTHER
    source: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A person who is infected, with the dates that tracing needs.

    ``onset`` is None for somebody without symptoms. ``isolated`` is the instant from which the case met nobody;
    None while not isolated.
    """

    person: PersonId
    onset: datetime | None
    sampled: datetime | None
    isolated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """One meeting that can infect: infector, the exposed person, place, interval, and the rule that counts it."""

    infector: PersonId
    exposed: PersonId
    place: PlaceId | None
    start: datetime
    end: datetime
    minutes_together: float
    minutes_lingering: float
    ring: Ring
    rule: str
