"""What happened, told on: facts for the outbox, entries of the audit, the history of a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened, saved with the state that it caused and handed on at least once.

    ``values`` hold numbers and codes only, never a name.
    """

    id: int = 0
    version: int = 1
    kind: str
    subject_id: int
    incident_id: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit: who did or read what, when, why. ``people`` are the persons whose data was read."""

    at: datetime
    officer_id: int
    deed: str
    subject: str = ""
    subject_id: int = 0
    area: str = ""
    purpose: str = ""
    people: tuple[int, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change of one record, kept beside it for good: what was before and after, who, when, why."""

    id: int = 0
    version: int = 1
    subject: str
    subject_id: int
    incident_id: int = 0
    what: str
    before: str = ""
    after: str = ""
    occurred_at: datetime
    recorded_at: datetime
    officer_id: int
    reason: str = ""
