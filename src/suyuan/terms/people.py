"""A person as the room keeps one: what the work needs in the open, what identifies in a sealed part of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class IdentityKind(StrEnum):
    """What a person shows to say who they are."""

    RESIDENT = "resident"
    PASSPORT = "passport"
    NONE = "none"


class Vulnerability(StrEnum):
    """Why somebody needs another room, another way or another person beside them."""

    PREGNANT = "pregnant"
    DIALYSIS = "dialysis"
    LIVES_ALONE = "lives_alone"
    MINOR = "minor"
    DISABLED = "disabled"
    BEDRIDDEN = "bedridden"
    CHRONIC = "chronic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One human being, by number: nothing here says who it is.

    ``code`` is the number that science and visit logs use. ``household`` is the code of a household, shared by its
    members. ``birth_year`` is None where unknown. ``merged_into`` names the record that took this one in, 0 for none.
    """

    id: int = 0
    version: int = 1
    code: str
    area: str = ""
    sex: str = ""
    birth_year: int | None = None
    occupation: str = ""
    household: str = ""
    vulnerabilities: tuple[Vulnerability, ...] = ()
    language: str = "zh"
    source: str = ""
    identified: bool = False
    merged_into: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What identifies a person. Sealed in the store, shown by right, never logged: its ``repr`` says nothing."""

    name: str = field(default="", repr=False)
    other_names: tuple[str, ...] = field(default=(), repr=False)
    identity_kind: IdentityKind = field(default=IdentityKind.NONE, repr=False)
    identity_number: str = field(default="", repr=False)
    telephones: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    address: str = field(default="", repr=False)
    workplace: str = field(default="", repr=False)


class Band(StrEnum):
    """What to do with two records that may be one person."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Somebody who may be the person in question: how likely, and the keys of the reasons, the weightiest first."""

    person_id: int
    p: float
    band: Band
    reasons: tuple[str, ...] = ()


class FindingState(StrEnum):
    """What became of a pair that may be one person."""

    OPEN = "open"
    MERGED = "merged"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateFinding:
    """Two records that may be one person, waiting for somebody to decide. ``person_id`` < ``other_id``."""

    id: int = 0
    version: int = 1
    person_id: int
    other_id: int
    area: str = ""
    p: float
    band: Band
    reasons: tuple[str, ...] = ()
    state: FindingState = FindingState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One merge with all that is needed to undo it: which rows of which kind moved from ``gone`` to ``kept``."""

    id: int = 0
    version: int = 1
    kept_id: int
    gone_id: int
    area: str = ""
    moved: dict[str, list[int]] = field(default_factory=dict)
    undone: bool = False
