"""History of many records at once: one statement for five hundred lines instead of one for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from suyuan.actions.desk import Desk
from suyuan.terms import HistoryEntry

AT_ONCE = 500
"""Ids in one fact: a receiver's transaction stays short."""


def record_all(desk: Desk, subject: str, what: str, changes: Iterable[tuple[Any, Any, Any]], reason: str = "") -> None:
    """Keep one change of each of many records: ``changes`` are (record, before, after)."""
    desk.room.history.add_all(
        [
            HistoryEntry(
                subject=subject,
                subject_id=record.id,
                incident_id=record.incident_id,
                what=what,
                before="" if before is None else str(before),
                after="" if after is None else str(after),
                occurred_at=desk.now,
                recorded_at=desk.now,
                officer_id=desk.officer.id,
                reason=reason[:500],
            )
            for record, before, after in changes
        ]
    )


def tell_in_parts(desk: Desk, kind: str, incident_id: int, ids: list[int]) -> None:
    """Tell one kind of fact about many contacts of an incident, at most 500 in each fact."""
    for start in range(0, len(ids), AT_ONCE):
        desk.tell(kind, incident_id, incident_id, contact_ids=ids[start : start + AT_ONCE])
