"""Cases and contacts as the room keeps them, and daily follow-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from suyuan.terms.kinds import Ring


class Classification(StrEnum):
    """How sure it is that somebody is a case."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    ASYMPTOMATIC = "asymptomatic"
    RULED_OUT = "ruled_out"


class Course(StrEnum):
    """Where a case stands: found, isolated, and how it ended."""

    AT_LARGE = "at_large"
    ISOLATED = "isolated"
    RECOVERED = "recovered"
    DIED = "died"


class Severity(StrEnum):
    """Clinical severity as the treatment guide grades it."""

    UNKNOWN = ""
    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """One person's infection in one incident.

    ``number`` counts the cases of the incident from 1. ``from_contact_id`` is the contact that became this case.
    ``generation`` is None until somebody infers it.
    """

    id: int = 0
    version: int = 1
    incident_id: int
    person_id: int
    number: int
    area: str
    district: str = ""
    classification: Classification = Classification.SUSPECTED
    course: Course = Course.AT_LARGE
    severity: Severity = Severity.UNKNOWN
    onset_at: datetime | None = None
    sampled_at: datetime | None = None
    reported_at: datetime
    confirmed_at: datetime | None = None
    isolated_at: datetime | None = None
    ended_at: datetime | None = None
    generation: int | None = None
    from_contact_id: int = 0
    found_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InfectorCandidate:
    """One possible infector of a case with its probability; ``infector_id`` 0 is an infector nobody found."""

    id: int = 0
    version: int = 1
    case_id: int
    infector_id: int
    p: float
    because: dict[str, Any] = field(default_factory=dict)


class ContactState(StrEnum):
    """Life of a contact: proposed by tracing or by hand, accepted or removed by an officer."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REMOVED = "removed"
    BECAME_CASE = "became_case"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One exposed person of one incident. A person is a contact of an incident once, by the nearest ring.

    ``because`` holds rule, edition and the meeting that decides. ``release_on`` is the civil date on which quarantine
    ends by the edition.
    """

    id: int = 0
    version: int = 1
    incident_id: int
    person_id: int
    area: str
    district: str = ""
    ring: Ring
    state: ContactState = ContactState.PROPOSED
    infector_case_id: int = 0
    first_exposure: datetime
    last_exposure: datetime
    minutes: float = 0.0
    p: float = 0.0
    place: str = ""
    place_kind: str = ""
    n_meetings: int = 1
    quarantine: str = ""
    release_on: date | None = None
    because: dict[str, Any] = field(default_factory=dict)
    by_hand: bool = False
    reason: str = ""
    created_at: datetime
    accepted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """One run of the tracing engine for an incident, kept to say what the next one changed.

    ``answer`` holds the tables as one Arrow archive. ``because`` names the case that asked for it.
    """

    id: int = 0
    version: int = 1
    incident_id: int
    case_id: int
    protocol: str
    traced_at: datetime
    n_contacts: int = 0
    n_changes: int = 0
    answer: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingChange:
    """What late information changed for one contact, with its reason in words' keys."""

    id: int = 0
    version: int = 1
    incident_id: int
    tracing_id: int
    person_id: int
    area: str
    change: str
    ring_before: int = 0
    ring_after: int = 0
    because: dict[str, Any] = field(default_factory=dict)
    decided: str = ""
    """Empty while it waits; ``accepted`` or ``refused`` by an officer."""


class FollowUpState(StrEnum):
    """Life of a follow-up."""

    ACTIVE = "active"
    ENDED = "ended"
    LOST = "lost"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Daily follow-up of one person for one reason (contact, traveller, discharged case, home quarantine)."""

    id: int = 0
    version: int = 1
    incident_id: int
    person_id: int
    area: str
    district: str = ""
    kind: str
    subject_id: int = 0
    state: FollowUpState = FollowUpState.ACTIVE
    starts_on: date
    ends_on: date
    last_seen_on: date | None = None
    next_due_at: datetime | None = None
    n_missed: int = 0
    because: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDay:
    """What was learnt about one person on one day. Health data: seen with the right to see the follow-up only."""

    id: int = 0
    version: int = 1
    follow_up_id: int
    day: date
    reached: bool
    symptoms: tuple[str, ...] = ()
    temperature_c: float | None = None
    test_result: str = ""
    note: str = ""
    recorded_at: datetime
    recorded_by: int = 0
