"""The facts of a preliminary case-investigation report, as one value.

Everywhere ``None`` means "not yet asked" and is said so in the report; an empty tuple means "asked: there is none".
Nothing here prints itself: a report holds names and addresses, and they must not reach a log by way of ``repr``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

State = Literal["draft", "submitted", "reviewed"]
SECTIONS = ("basics", "illness", "exposure", "contacts", "source", "measures", "next")
"""Keys of the sections, in the order of a Chinese preliminary report; the investigator's paragraphs use them."""


@dataclass(frozen=True, repr=False)
class Heading:
    """What the report is about and where it stands.

    Parameters
    ----------
    incident, edition
        Names of the incident and of the protocol edition applied.
    case_number
        Number of the case in the incident.
    version
        Counts from 1.
    state
        A report that is not ``reviewed`` is marked as such on every page.
    timezone
        Instants are told on this zone's clock.
    generated_at, submitted_at, reviewed_at
        When this text was made, handed in and reviewed.
    author, reviewer
        Who answers for it.
    unit
        The office that issues it.
    """

    incident: str
    edition: str
    case_number: str
    version: int
    state: State
    timezone: str
    generated_at: datetime
    submitted_at: datetime | None = None
    reviewed_at: datetime | None = None
    author: str | None = None
    reviewer: str | None = None
    unit: str | None = None


@dataclass(frozen=True, repr=False)
class Person:
    """Who the case is.

    ``name``, ``identity`` and ``telephone`` appear only if given; their absence is no gap, the reader may have no right
    to them. ``vulnerabilities`` are ``pregnant``, ``dialysis``, ``lives_alone``, ``minor`` or free words.
    """

    number: str
    name: str | None = None
    identity: str | None = None
    telephone: str | None = None
    sex: str | None = None
    age_years: int | None = None
    occupation: str | None = None
    workplace: str | None = None
    address: str | None = None
    vulnerabilities: tuple[str, ...] | None = None


@dataclass(frozen=True, repr=False)
class HouseholdMember:
    """One person the case lives with; ``relation`` and ``finding`` are free words."""

    number: str
    name: str | None = None
    relation: str | None = None
    age_years: int | None = None
    finding: str | None = None


@dataclass(frozen=True, repr=False)
class Classified:
    """One step of the case's classification: ``suspected``, ``confirmed``, ``asymptomatic``, ``ruled_out`` ..."""

    word: str
    at: datetime
    why: str | None = None


@dataclass(frozen=True, repr=False)
class SymptomDay:
    """What the case felt on one day; an empty ``symptoms`` means the case felt well."""

    day: date
    symptoms: tuple[str, ...]
    temperature: float | None = None
    source: str | None = None


@dataclass(frozen=True, repr=False)
class CareVisit:
    """One visit to a doctor or pharmacy."""

    at: datetime
    place: str
    what: str
    source: str | None = None


@dataclass(frozen=True, repr=False)
class TestResult:
    """One sample; ``result`` is ``positive``, ``negative``, ``inconclusive``, ``pending`` or free; Ct per gene."""

    __test__ = False  # pytest, this is no test

    sampled_at: datetime
    kind: str
    result: str
    ct: tuple[tuple[str, float], ...] = ()
    laboratory: str | None = None
    reported_at: datetime | None = None


@dataclass(frozen=True, repr=False)
class Dose:
    """One dose of a vaccine."""

    day: date
    product: str


@dataclass(frozen=True, repr=False)
class Isolation:
    """Since when the case is isolated and where."""

    at: datetime
    place: str
    transport: str | None = None


@dataclass(frozen=True, repr=False)
class Illness:
    """Course of the illness; ``onset`` is left empty with ``no_symptoms`` for a case that never felt ill."""

    onset: date | None = None
    no_symptoms: bool = False
    severity: str | None = None
    symptoms: tuple[SymptomDay, ...] | None = None
    care: tuple[CareVisit, ...] | None = None
    tests: tuple[TestResult, ...] | None = None
    vaccination: tuple[Dose, ...] | None = None
    isolation: Isolation | None = None
    outcome: str | None = None


@dataclass(frozen=True, repr=False)
class Stop:
    """One row of the itinerary.

    Parameters
    ----------
    start, end
        When the case was there.
    place, place_kind
        Name or code of the place; its kind as in ``terms.PlaceKind``.
    what
        What the case did there and with what protection.
    source
        Who says so: interview, code scan, camera, payment ...
    n_contacts
        Close contacts determined from this stay; None if not counted yet.
    """

    start: datetime
    end: datetime
    place: str
    place_kind: str | None = None
    what: str | None = None
    source: str | None = None
    n_contacts: int | None = None


@dataclass(frozen=True, repr=False)
class ExposureAnswer:
    """One question about how the case may have caught it; ``answer`` is ``yes``, ``no`` or ``unknown``."""

    question: str
    answer: str
    detail: str | None = None
    source: str | None = None


@dataclass(frozen=True, repr=False)
class Trail:
    """Where the case was.

    Parameters
    ----------
    exposure_window
        First and last civil day on which the case may have been infected.
    tracing_window
        From when to when contacts are sought; None as end: not isolated yet.
    answers
        The questions of exposure history.
    stops
        The itinerary, in any order.
    """

    exposure_window: tuple[date, date] | None = None
    tracing_window: tuple[datetime, datetime | None] | None = None
    answers: tuple[ExposureAnswer, ...] | None = None
    stops: tuple[Stop, ...] | None = None


@dataclass(frozen=True, repr=False)
class RingCount:
    """How far the work has come for one ring (``close``, ``contact_of_contact``, ``general``, ``colocated``)."""

    ring: str
    n_determined: int
    n_told: int | None = None
    n_in_place: int | None = None
    n_tested: int | None = None
    n_positive: int | None = None


@dataclass(frozen=True, repr=False)
class NamedContact:
    """One contact by number, and by name where the reader may see it."""

    number: str
    ring: str
    name: str | None = None
    relation: str | None = None
    last_exposure: datetime | None = None
    place: str | None = None
    state: str | None = None


@dataclass(frozen=True, repr=False)
class SourceCandidate:
    """A person, place or object that may have infected the case, with the reasons for and against."""

    what: str
    kind: Literal["person", "place", "object"]
    reasons: tuple[str, ...]
    probability: float | None = None


@dataclass(frozen=True, repr=False)
class Measure:
    """Something that was done."""

    at: datetime
    what: str
    by: str | None = None


@dataclass(frozen=True, repr=False)
class NextStep:
    """Something that is to be done."""

    what: str
    by: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, repr=False)
class CaseReport:
    """Every fact of a preliminary case-investigation report.

    Parameters
    ----------
    heading
        Incident, edition, number, version, state, authors.
    person
        Who the case is.
    classification
        Its history, in any order; the latest counts.
    household
        Whom the case lives with.
    illness, trail
        Course of the illness; where the case was.
    rings, contacts
        Counts by ring; the contacts that are to be listed by number or name.
    candidates
        Suspected sources of infection.
    measures, next_steps, questions
        Done, to be done, and still open.
    own
        The investigator's own paragraphs by section key (``SECTIONS``); line feeds separate paragraphs.
    """

    heading: Heading
    person: Person
    classification: tuple[Classified, ...] | None = None
    household: tuple[HouseholdMember, ...] | None = None
    illness: Illness = field(default_factory=Illness)
    trail: Trail = field(default_factory=Trail)
    rings: tuple[RingCount, ...] | None = None
    contacts: tuple[NamedContact, ...] = ()
    candidates: tuple[SourceCandidate, ...] | None = None
    measures: tuple[Measure, ...] | None = None
    next_steps: tuple[NextStep, ...] | None = None
    questions: tuple[str, ...] | None = None
    own: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = set(self.own) - set(SECTIONS)
        if unknown:
            raise ValueError(f"There is no section {min(unknown)}; the sections are {', '.join(SECTIONS)}.")
