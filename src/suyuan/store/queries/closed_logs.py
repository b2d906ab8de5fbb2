"""Visit logs that no living incident needs any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from suyuan.store.models import IncidentRow


def closed_logs(now: datetime, days: int) -> dict[str, str]:
    """Names of visit logs whose every incident has been closed longer than the term, with the day up to which to purge.

    Parameters
    ----------
    days
        Term of itineraries.
    """
    used = IncidentRow.objects.exclude(visit_log="")
    over = used.filter(state="all_clear", closed_at__lt=now - timedelta(days=days))
    needed = set(used.exclude(pk__in=over.values("pk")).values_list("visit_log", flat=True))
    found: dict[str, str] = {}
    for name, closed_at in over.order_by("closed_at").values_list("visit_log", "closed_at"):
        if name not in needed and closed_at is not None:
            found[name] = f"{closed_at:%Y-%m-%d}"
    return found
