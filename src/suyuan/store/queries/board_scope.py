"""What a board is about: one incident or all of them, inside the reader's reach."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from suyuan.store.queries.incidents import one_incident
from suyuan.store.queries.reach import inside
from suyuan.terms import Officer

M = TypeVar("M", bound=Model)
DAY = timedelta(days=1)
SECONDS = 6
"""How long a board's answer is shown to others of the same reach."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Areas, and an incident (0 for all). ``now`` is when the board is looked at."""

    areas: tuple[str, ...]
    incident_id: int
    now: datetime

    @property
    def yesterday(self) -> datetime:
        """The same time yesterday."""
        return self.now - DAY

    @property
    def key(self) -> Hashable:
        """What the same answers hold for: the same reach, in the same few seconds."""
        return self.areas, self.incident_id, int(self.now.timestamp()) // SECONDS

    def of(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Keep the rows that the board is about."""
        if self.incident_id:
            rows = rows.filter(incident_id=self.incident_id)
        if self.areas == ("",):
            return rows
        reach = Q(pk__in=[])
        for area in self.areas:
            reach |= inside(area)
        return rows.filter(reach)


def scope_of(officer: Officer, incident_id: int, now: datetime) -> Scope:
    """Return the scope of an officer's board.

    Raises
    ------
    NothingFound
        If there is no such incident in the officer's reach.
    """
    areas = officer.areas("see_board")
    if incident_id:
        one_incident(officer, incident_id, "see_board")
    return Scope(areas, incident_id, now)
