"""The outbox: which facts a receiver has not had yet, quickly even after years of facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.terms import Fact

FACTS = Mapping(Fact, rows.FactRow)
LATEST_COMMIT = timedelta(minutes=10)
"""On PostgreSQL a transaction may commit after one that took later ids: marks keep that far behind."""
WORTH_IT = 500
"""Facts that a mark moves over at least."""


def undelivered(receiver: str, kinds: Sequence[str], limit: int, skip: Sequence[int] = ()) -> list[Fact]:
    """Facts of these kinds that the receiver has not had, oldest first."""
    values: Any = _waiting(receiver, kinds).exclude(id__in=list(skip)).order_by("id").values_list(*FACTS.names)
    return [FACTS.to_term(each) for each in values[:limit]]


def settle(receiver: str, kinds: Sequence[str], now: datetime) -> int:
    """Move the receiver's mark behind the last settled fact if nothing before it waits; return 1 if it moved."""
    old = rows.FactRow.objects.filter(recorded_at__lt=now - LATEST_COMMIT)
    last = old.order_by("-id").values_list("id", flat=True).first() or 0
    if last - _mark(receiver) < WORTH_IT or _waiting(receiver, kinds).filter(id__lte=last).exists():
        return 0
    rows.NumberRow.objects.update_or_create(name=_name(receiver), defaults={"value": last})
    return 1


def _waiting(receiver: str, kinds: Sequence[str]) -> Any:
    mark = _mark(receiver)
    had = rows.DeliveryRow.objects.filter(receiver=receiver, fact_id__gt=mark).values("fact_id")
    return rows.FactRow.objects.filter(kind__in=list(kinds), id__gt=mark).exclude(id__in=had)


def _mark(receiver: str) -> int:
    return rows.NumberRow.objects.filter(name=_name(receiver)).values_list("value", flat=True).first() or 0


def _name(receiver: str) -> str:
    return f"heard {receiver}"
