"""Orders that bind a person: proposed with their reasons, signed by an officer, told, contested, ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class OrderKind(StrEnum):
    """What an order asks of a person."""

    QUARANTINE_FACILITY = "quarantine_facility"
    QUARANTINE_HOME = "quarantine_home"
    MONITORING = "monitoring"
    ISOLATION = "isolation"
    CONTROL = "control"


class OrderState(StrEnum):
    """Life of an order; it binds in ``SIGNED`` and ``TOLD`` only, between its two instants."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    TOLD = "told"
    ENDED = "ended"
    REFUSED = "refused"
    REVOKED = "revoked"


BINDING = (OrderState.SIGNED, OrderState.TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A restriction of one person. It ends by itself at ``ends_at``; nobody needs to act for that.

    ``because``: rule, edition, clause, evidence. ``subject``/``subject_id``: the case or contact it follows from.
    ``cause`` is unique: proposing twice makes one.
    """

    id: int = 0
    version: int = 1
    incident_id: int
    person_id: int
    area: str
    district: str = ""
    cause: str
    kind: OrderKind
    state: OrderState = OrderState.PROPOSED
    subject: str
    subject_id: int
    starts_at: datetime
    ends_at: datetime
    because: dict[str, Any] = field(default_factory=dict)
    proposed_at: datetime
    signed_at: datetime | None = None
    signed_by: int = 0
    told_at: datetime | None = None
    told_how: str = ""
    ended_at: datetime | None = None


class ContestState(StrEnum):
    """Life of a contest."""

    OPEN = "open"
    UPHELD = "upheld"
    """The order stands."""
    GRANTED = "granted"
    """The person was right: the order is revoked or shortened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A person's objection to an order, to be answered by ``due_at`` by somebody who did not sign the order."""

    id: int = 0
    version: int = 1
    order_id: int
    area: str
    state: ContestState = ContestState.OPEN
    words: str = field(default="", repr=False)
    received_at: datetime
    due_at: datetime
    decided_at: datetime | None = None
    decided_by: int = 0
    decision: str = field(default="", repr=False)
