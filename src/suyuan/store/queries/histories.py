"""The history of a record, with the names of the officers who made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from suyuan.store.models import OfficerRow

MOST = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one field: who, when, why."""

    what: str
    before: str
    after: str
    at: datetime
    officer: str
    """Empty where a rule acted."""
    reason: str


def changes_of(rows: Any) -> tuple[Change, ...]:
    """Return the newest changes first, at most ``MOST``."""
    found = list(rows.order_by("-id")[:MOST])
    ids = {row.officer_id for row in found if row.officer_id}
    ids |= {int(value) for row in found if row.what == "assignee_id" for value in (row.before, row.after) if value}
    users = OfficerRow.objects.filter(id__in=ids - {0}).values_list("id", "display_name", "username") if ids else ()
    names = {i: display or username for i, display, username in users}

    def told(what: str, value: str) -> str:
        if what == "assignee_id" and value:
            return names.get(int(value), "")
        return _local(value) if what.endswith("_at") and value else value

    return tuple(
        Change(
            row.what,
            told(row.what, row.before),
            told(row.what, row.after),
            row.recorded_at,
            names.get(row.officer_id, ""),
            row.reason,
        )
        for row in found
    )


def _local(value: str) -> str:
    """Write a kept instant in the time of the place."""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return value
    return instant.astimezone(ZoneInfo(settings.SUYUAN_TIMEZONE)).strftime("%Y-%m-%d %H:%M")
