"""Tables that somebody brings: persons, cases, contacts, in sealed parts that go in one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class UploadKind(StrEnum):
    """What the rows of a table are."""

    PEOPLE = "people"
    CASES = "cases"
    CONTACTS = "contacts"


class UploadState(StrEnum):
    """Life of an upload: rows are added while it is open, then its parts go in; closed, it keeps its counts only."""

    OPEN = "open"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRow:
    """One row as it stands in the file: its number there and its texts by our column names."""

    number: int
    values: dict[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that did not go in: why, as the key of a sentence and its values, none of them personal."""

    number: int
    code: str
    details: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One table brought by an officer; its counts grow as its parts go in, and add up when it is done.

    ``n_known`` rows were on record for certain; of the ``n_new`` ones ``n_doubtful`` wait in the queue of duplicates.
    """

    id: int = 0
    version: int = 1
    kind: UploadKind
    incident_id: int = 0
    area: str
    officer_id: int
    state: UploadState = UploadState.OPEN
    digest: str
    unused: tuple[str, ...] = ()
    n_rows: int = 0
    n_parts_done: int = 0
    n_done: int = 0
    n_new: int = 0
    n_known: int = 0
    n_doubtful: int = 0
    n_bad: int = 0
    created_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPart:
    """Some rows of an upload, sealed; once they are in, only the refused ones are kept."""

    id: int = 0
    version: int = 1
    upload_id: int
    number: int
    done: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list, repr=False)
    refused: list[dict[str, Any]] = field(default_factory=list, repr=False)
