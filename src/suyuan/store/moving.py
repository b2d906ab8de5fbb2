"""Pointing the records of one person to another, and back."""

from __future__ import annotations

from django.db import models

from suyuan.store import models as rows

BY_PERSON: tuple[tuple[str, type[models.Model]], ...] = (
    ("cases", rows.CaseRow),
    ("contacts", rows.ContactRow),
    ("follow_ups", rows.FollowUpRow),
    ("orders", rows.OrderRow),
    ("investigations", rows.InvestigationRow),
    ("tasks", rows.TaskRow),
    ("tracing_changes", rows.TracingChangeRow),
)


def move_rows(from_id: int, to_id: int, only: dict[str, list[int]] | None = None) -> dict[str, list[int]]:
    """Point rows of ``from_id`` to ``to_id`` and return their ids by kind.

    Parameters
    ----------
    only
        The rows to move; None for all. Rows that would stand twice (both persons are contacts of one incident) stay
        where they are.
    """
    moved: dict[str, list[int]] = {}
    for kind, table in BY_PERSON:
        mine = table._default_manager.filter(person_id=from_id)
        if only is not None:
            mine = mine.filter(id__in=only.get(kind, []))
        if kind in ("cases", "contacts"):
            taken = table._default_manager.filter(person_id=to_id).values("incident_id")
            mine = mine.exclude(incident_id__in=taken)
        ids = list(mine.values_list("id", flat=True))
        if ids:
            table._default_manager.filter(id__in=ids).update(person_id=to_id)
            moved[kind] = ids
    return moved
