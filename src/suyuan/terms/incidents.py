"""An incident and the work it makes: working groups' tasks with their clocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class IncidentState(StrEnum):
    """Life of an incident, in order."""

    WATCH = "watch"
    SUSPECTED = "suspected"
    RESPONSE = "response"
    WINDING_DOWN = "winding_down"
    ALL_CLEAR = "all_clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One outbreak, or the suspicion of one, in one area, under one edition.

    ``visit_log`` names the folder of its visit log, empty for none. The four instants are those of 7-1-7:
    ``emerged_at``, ``detected_at``, ``notified_at``, ``responded_at`` (all early actions done).
    """

    id: int = 0
    version: int = 1
    code: str
    name: str
    protocol: str
    area: str
    state: IncidentState = IncidentState.WATCH
    visit_log: str = ""
    timezone: str = "Asia/Shanghai"
    opened_at: datetime
    response_at: datetime | None = None
    closed_at: datetime | None = None
    emerged_at: datetime | None = None
    detected_at: datetime | None = None
    notified_at: datetime | None = None
    responded_at: datetime | None = None


class TaskState(StrEnum):
    """Life of a task."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that somebody must do by a time.

    ``kind`` is the key of its sentence in ``terms/texts`` (``task.<kind>``) filled with ``values``, which never hold
    a name. ``cause`` is unique: making the same task twice makes it once. ``subject``/``subject_id`` say what it is
    about (``case``, ``contact``, ``order`` …). ``level`` counts escalations.
    """

    id: int = 0
    version: int = 1
    incident_id: int
    cause: str
    kind: str
    group: str
    area: str
    district: str = ""
    state: TaskState = TaskState.OPEN
    due_at: datetime
    subject: str = ""
    subject_id: int = 0
    person_id: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    early_action: str = ""
    assignee_id: int = 0
    level: int = 0
    created_at: datetime
    done_at: datetime | None = None
    done_by: int = 0
