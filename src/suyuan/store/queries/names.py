"""Names for a page: shown to those with the right, where they have it, and every showing is in the audit."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from suyuan.store.models import PersonRow
from suyuan.store.room import open_room
from suyuan.terms import AuditEntry, Officer


def names_for(officer: Officer, person_ids: Iterable[int], page: str) -> dict[int, str]:
    """Return names by person id, of those persons whose names the officer may see.

    Parameters
    ----------
    page
        What the names are shown for, for instance ``contacts of incident 4``: the purpose in the audit.
    """
    if not officer.areas("see_names"):
        return {}
    ids = sorted(set(person_ids))
    areas = dict(PersonRow.objects.filter(id__in=ids).values_list("id", "area"))
    seen = [i for i in ids if i in areas and officer.may("see_names", areas[i])]
    if not seen:
        return {}
    with open_room() as room:
        details = room.people.details(seen)
        entry = AuditEntry(
            at=timezone.now(), officer_id=officer.id, deed="see_names", purpose=page, people=tuple(sorted(details))
        )
        room.write_audit([entry] if details else [])
    return {i: each.name for i, each in details.items() if each.name}
