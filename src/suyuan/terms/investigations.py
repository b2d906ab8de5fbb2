"""Investigation orders, the teams they go to, and the reports that come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """An investigation team: where it works, what it speaks, how much it may carry at once.

    ``members`` are officers' ids. ``turn`` is the number of the last order that the team was given, 0 for none yet:
    the smallest has waited longest.
    """

    id: int = 0
    version: int = 1
    code: str
    name_en: str
    name_zh: str
    area: str
    languages: tuple[str, ...] = ("zh",)
    capacity: int = 3
    on_duty: bool = True
    members: tuple[int, ...] = ()
    turn: int = 0


class InvestigationState(StrEnum):
    """Life of an investigation order."""

    ORDERED = "ordered"
    TAKEN = "taken"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigation:
    """One case investigation 流调单. The interview itself is personal and lies sealed in ``Interview``."""

    id: int = 0
    version: int = 1
    incident_id: int
    case_id: int
    person_id: int
    area: str
    district: str = ""
    team_id: int = 0
    state: InvestigationState = InvestigationState.ORDERED
    ordered_at: datetime
    due_at: datetime
    by_telephone_at: datetime | None = None
    on_site_at: datetime | None = None
    submitted_at: datetime | None = None
    because: dict[str, Any] = field(default_factory=dict)
    """Why this team: load, language, district."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """What the investigator writes down, sealed as a whole: itinerary, companions, symptoms, the report's sections."""

    id: int = 0
    version: int = 1
    investigation_id: int
    sealed: dict[str, Any] = field(default_factory=dict, repr=False)
    saved_at: datetime
    saved_by: int = 0


class ReportState(StrEnum):
    """Life of a report version."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVersion:
    """One version of the preliminary report, sealed; later versions never replace it."""

    id: int = 0
    version: int = 1
    investigation_id: int
    number: int
    state: ReportState = ReportState.DRAFT
    sealed: dict[str, Any] = field(default_factory=dict, repr=False)
    written_at: datetime
    written_by: int = 0
    reviewed_at: datetime | None = None
    reviewed_by: int = 0
    remark: str = field(default="", repr=False)
