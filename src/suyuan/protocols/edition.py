"""What an edition holds: the typed form of its TOML file. Every table names its source."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from suyuan.protocols.distribution import Distribution
from suyuan.terms import PlaceKind, Quarantine

ISO_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
EDITION_ID = r"^[a-z0-9][a-z0-9-]*$"

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=365)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=1440)]
Scope = Literal["zone", "known_zone", "place"]
Status = Literal["stated", "derived", "assumed"]


class Bilingual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    en: str
    zh: str

    def text(self, lang: str) -> str:
        """Return the text in ``en`` or ``zh``."""
        return self.zh if lang == "zh" else self.en


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where numbers come from.

    Parameters
    ----------
    title, issuer
        Of the document or paper.
    date
        ISO text: year, year-month or full date.
    status
        ``stated`` in the document, ``derived`` from it by a stated calculation, or ``assumed`` by Suyuan.
    clause, doi
        Where in the document; one of the two is needed unless the status is ``assumed``.
    note
        The calculation, or the reason for the assumption.
    """

    title: str
    issuer: str
    date: Annotated[str, msgspec.Meta(pattern=ISO_DATE)]
    status: Status
    clause: str = ""
    doi: str = ""
    note: str = ""


class TracingWindow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far back policy looks: civil days before onset (day 0), or before sampling when there is no onset.

    ``days_after_onset`` is the horizon when the case is not yet isolated.
    """

    days_before_onset: Count
    days_before_sampling: Count
    days_after_onset: Count
    source: str = ""


class ExposureWindow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the case may have caught the infection, in days before onset."""

    earliest_days_before_onset: Annotated[float, msgspec.Meta(ge=0, le=365)]
    latest_days_before_onset: Annotated[float, msgspec.Meta(ge=0, le=365)]
    source: str = ""


class ContactRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When two stays make a contact.

    Parameters
    ----------
    minutes
        Least overlap that counts, at least 1.
    lingering_minutes
        For how long after an infectious person left a stay still counts.
    scope
        ``zone``: the same class, carriage, table, or one of the two zones not known; ``known_zone``: the same, and
        both known where the place notes zones at all; ``place``: anywhere in it.
    """

    minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)]
    lingering_minutes: Minutes
    scope: Scope


class AttackRate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The published observation a hazard was calibrated to.

    Parameters
    ----------
    attack_rate
        Share of contacts infected.
    hours_per_day
        Hours together on each of the days.
    from_day, to_day
        Days relative to the infector's onset on which they met, both included.
    multiplier
        Hazard of this pathogen variant relative to the one observed.
    """

    attack_rate: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    hours_per_day: Annotated[float, msgspec.Meta(gt=0, le=24)]
    from_day: int
    to_day: int
    multiplier: Annotated[float, msgspec.Meta(gt=0, le=100)] = 1.0


class Scaled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hazard set relative to another kind of place because no attack rate is published for this one."""

    kind: PlaceKind
    ratio: Annotated[float, msgspec.Meta(ge=0, le=100)]


class PlaceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules and the dose for one kind of place.

    Parameters
    ----------
    hazard_per_hour
        Hazard of infection per hour together while the infector is at the peak of infectiousness.
    lingering_hazard_share
        Hazard of a minute after the infector left, relative to a minute together.
    close, general
        Rules of the two rings; absent where the kind of place cannot give that ring.
    source, dose_source
        Keys of the sources of the rules and of the dose.
    from_attack_rate, from_kind
        How ``hazard_per_hour`` was reached; at most one of the two.
    air_changes_per_hour
        How ``lingering_hazard_share`` was reached, with the edition's ``dose`` table.
    """

    hazard_per_hour: Annotated[float, msgspec.Meta(ge=0, le=100)]
    lingering_hazard_share: Share
    close: ContactRule | None = None
    general: ContactRule | None = None
    source: str = ""
    dose_source: str = ""
    from_attack_rate: AttackRate | None = None
    from_kind: Scaled | None = None
    air_changes_per_hour: Annotated[float, msgspec.Meta(gt=0, le=1000)] | None = None


class QuarantineStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a quarantine; steps follow each other."""

    kind: Quarantine
    days: Annotated[int, msgspec.Meta(ge=1, le=90)]


class TestDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days of one step on which a sample is taken, counted from 1 within the step."""

    __test__ = False  # the name is the field's word, not a test for pytest

    kind: Quarantine
    days: tuple[int, ...]


class RingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a ring means for the people in it.

    Parameters
    ----------
    determined
        Whether this edition determines the ring at all.
    latent_days
        From first exposure until a contact can infect: where the next ring begins to count.
    until_quarantine_days
        From a contact's first exposure until quarantine, when its real date is not known: where the next ring ends.
    quarantine, test_days
        Steps in order; days of tests within them.
    counted_from
        Day 0 of the quarantine.
    """

    determined: bool
    latent_days: Annotated[float, msgspec.Meta(ge=0, le=90)]
    until_quarantine_days: Annotated[float, msgspec.Meta(ge=0, le=90)]
    quarantine: tuple[QuarantineStep, ...] = ()
    test_days: tuple[TestDays, ...] = ()
    source: str = ""
    counted_from: Literal["last_exposure", "quarantine_start"] = "last_exposure"


class Rings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The two rings that policy acts on."""

    close: RingRule
    contact_of_contact: RingRule


class Infectiousness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Relative infectiousness by whole civil day from onset; entry 0 belongs to ``first_day``; the largest is 1."""

    first_day: Annotated[int, msgspec.Meta(ge=-60, le=60)]
    relative: tuple[Share, ...]
    source: str = ""

    def on_day(self, day: int) -> float:
        """Relative infectiousness ``day`` days after onset (negative: before); 0 outside the table."""
        place = day - self.first_day
        return self.relative[place] if 0 <= place < len(self.relative) else 0.0


class ReleaseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When somebody is released: at least ``min_days``, with ``negative_tests`` at least ``hours_apart``."""

    who: Literal["case", "close", "contact_of_contact"]
    min_days: Count
    negative_tests: Annotated[int, msgspec.Meta(ge=0, le=20)]
    hours_apart: Annotated[int, msgspec.Meta(ge=0, le=240)]
    text: Bilingual
    source: str = ""


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A deadline in hours."""

    hours: Annotated[float, msgspec.Meta(gt=0, le=8760)]
    source: str = ""
    text: Bilingual | None = None


class DoseBasis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What decides how much danger stays in the air: see ``dose.lingering_share``."""

    far_field_share: Share
    decay_per_hour: Annotated[float, msgspec.Meta(ge=0, le=100)]
    source: str = ""


class Protocol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One edition of a control plan, or one disease profile: every number a rule needs, with its source."""

    id: Annotated[str, msgspec.Meta(pattern=EDITION_ID)]
    name: Bilingual
    pathogen: str
    issued: date
    sources: dict[str, Source]
    tracing_window: TracingWindow
    exposure_window: ExposureWindow
    places: dict[PlaceKind, PlaceRule]
    rings: Rings
    infectiousness: Infectiousness
    incubation: Distribution
    latent: Distribution
    generation_interval: Distribution
    release: tuple[ReleaseRule, ...]
    clocks: dict[str, Clock]
    issuer: str = ""
    dose: DoseBasis | None = None
    onset: Bilingual | None = None
    changes: str | None = None
