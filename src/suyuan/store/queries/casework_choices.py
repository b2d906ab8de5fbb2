"""What a reader of casework can choose from: incidents of an area."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from suyuan.store.models import IncidentRow
from suyuan.terms import IncidentState, NothingFound, Officer

MOST = 200


@dataclass(frozen=True, slots=True)
class IncidentChoice:
    """An incident as a filter shows it."""

    id: int
    code: str
    name: str
    area: str
    visit_log: str
    open: bool


def incident_choices(officer: Officer, right: str) -> list[IncidentChoice]:
    """Incidents that touch the areas where the officer has a right: inside them, or around them; newest first."""
    held = officer.areas(right)
    if not held:
        return []
    reach = Q()
    for area in held:
        around = [area[:n] for n in range(1, len(area))]
        reach |= Q(area__gte=area, area__lt=f"{area}z") | Q(area__in=["", *around])
    return [_choice(row) for row in IncidentRow.objects.filter(reach).order_by("-opened_at", "-id")[:MOST]]


def incident_choice(officer: Officer, right: str, incident_id: int) -> IncidentChoice:
    """Return one incident that the officer may choose.

    Raises
    ------
    NothingFound
        If there is none, or none that touches the officer's areas.
    """
    row = IncidentRow.objects.filter(id=incident_id).first()
    if row is None or not any(row.area.startswith(a) or a.startswith(row.area) for a in officer.areas(right)):
        raise NothingFound("room.no_such", kind="Incident", id=incident_id)
    return _choice(row)


def _choice(row: IncidentRow) -> IncidentChoice:
    is_open = row.state != IncidentState.ALL_CLEAR
    return IncidentChoice(row.id, row.code, row.name, row.area, row.visit_log, is_open)
