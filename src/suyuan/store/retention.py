"""Erasing what has come to the end of its term: counted first, erased in one transaction a kind, proven in the audit.

A proof is one audit entry a kind with the number of records, the date that decided, and the SHA-256 of their sorted
ids: who kept an old list can show that a record was among them, and nobody can read from it who was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from suyuan.protocols import load_rights
from suyuan.store import models as rows
from suyuan.store.audit import BEGINNING
from suyuan.store.room import open_room
from suyuan.store.shelf import AT_ONCE
from suyuan.terms import AuditEntry

CUT = "erase_audit"
REGISTER = "register"
"""``source`` of persons who stand in the room because they live here, not because of an outbreak."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is, or was, erased of one kind: how many records, those recorded or closed before when, and its proof."""

    kind: str
    n: int
    before: datetime
    ids_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table that come to their end: ``blank`` names columns to be emptied instead of the row going."""

    rows: QuerySet[Any]
    blank: tuple[str, ...] = ()


def cut_digest() -> tuple[int, bytes]:
    """Return number and digest of the last audit line that retention erased; the beginning if none was."""
    cut = rows.AuditRow.objects.filter(deed=CUT).order_by("-id").values_list("detail", flat=True).first()
    return (int(cut["cut_number"]), bytes.fromhex(cut["cut_digest"])) if cut else (0, BEGINNING)


def plan_erasure(now: datetime) -> list[Erasure]:
    """Say what would be erased today, and erase nothing."""
    return [_erasure(kind, _ids(parts), before) for kind, before, parts in _due(now)]


def erase(now: datetime, by_officer: int = 0) -> list[Erasure]:
    """Erase what has come to its end, each kind in one transaction with its proof in the audit."""
    done = []
    for kind, before, _ in _due(now):
        with open_room() as room, erasing():
            parts = KINDS[kind](before)
            found = _ids(parts)
            erasure = _erasure(kind, found, before)
            if not found:
                continue
            detail: dict[str, Any] = {"n": erasure.n, "before": before.isoformat(), "ids_sha256": erasure.ids_sha256}
            deed = f"erase_{kind}"
            if kind == "audit":
                detail |= _cut(found)
            for part in parts:
                _take_away(part)
            room.write_audit([AuditEntry(at=now, officer_id=by_officer, deed=deed, subject="retention", detail=detail)])
        done.append(erasure)
    _forget_pages()
    return done


@contextmanager
def erasing() -> Iterator[None]:
    """Let this transaction, and no other, take away from the append-only tables."""
    rows.NumberRow.objects.update_or_create(name="erasing", defaults={"value": 1})
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
    yield
    rows.NumberRow.objects.filter(name="erasing").delete()


def _due(now: datetime) -> Iterator[tuple[str, datetime, list[Part]]]:
    terms = load_rights().retention
    for kind, parts in KINDS.items():
        before = now - timedelta(days=terms[kind].days)
        yield kind, before, parts(before)


def _closed(before: datetime) -> QuerySet[Any]:
    return rows.IncidentRow.objects.filter(state="all_clear", closed_at__lt=before).values("id")


def _itineraries(before: datetime) -> list[Part]:
    closed = _closed(before)
    told = rows.InvestigationRow.objects.filter(incident_id__in=closed).values("id")
    return [
        Part(rows.TracingChangeRow.objects.filter(incident_id__in=closed)),
        Part(rows.TracingRow.objects.filter(incident_id__in=closed).exclude(answer=b""), ("answer",)),
        Part(rows.InterviewRow.objects.filter(investigation_id__in=told)),
    ]


def _follow_up(before: datetime) -> list[Part]:
    mine = rows.FollowUpRow.objects.filter(incident_id__in=_closed(before))
    return [Part(rows.FollowUpDayRow.objects.filter(follow_up_id__in=mine.values("id"))), Part(mine)]


def _contacts(before: datetime) -> list[Part]:
    mine = rows.ContactRow.objects.filter(incident_id__in=_closed(before))
    return [*_details(mine.values("person_id"), before), Part(mine)]


def _orders(before: datetime) -> list[Part]:
    over = rows.OrderRow.objects.filter(state__in=["ended", "refused", "revoked"], ends_at__lt=before)
    over = over.exclude(ended_at__gte=before)
    return [Part(rows.ContestRow.objects.filter(order_id__in=over.values("id"))), Part(over)]


def _cases(before: datetime) -> list[Part]:
    closed = _closed(before)
    people = rows.CaseRow.objects.filter(incident_id__in=closed).values("person_id")
    told = rows.InvestigationRow.objects.filter(incident_id__in=closed).values("id")
    return [*_details(people, before), Part(rows.ReportVersionRow.objects.filter(investigation_id__in=told))]


def _details(people: QuerySet[Any], before: datetime) -> list[Part]:
    """Details and blind keys of those among ``people`` for whom nothing else is kept."""
    alive = rows.IncidentRow.objects.exclude(id__in=_closed(before)).values("id")
    busy: list[QuerySet[Any, Any]] = [
        table.objects.filter(incident_id__in=alive).values("person_id")
        for table in (rows.CaseRow, rows.ContactRow, rows.FollowUpRow, rows.InvestigationRow, rows.OrderRow)
    ]
    free = rows.PersonRow.objects.filter(id__in=people).exclude(source=REGISTER)
    for each in busy:
        free = free.exclude(id__in=each)
    ids = free.values("id")
    return [
        Part(rows.PersonKeyRow.objects.filter(person_id__in=ids)),
        Part(rows.DetailsRow.objects.filter(person_id__in=ids)),
    ]


def _tasks(before: datetime) -> list[Part]:
    closed = _closed(before)
    return [
        Part(rows.TaskRow.objects.filter(incident_id__in=closed)),
        Part(rows.HistoryRow.objects.filter(incident_id__in=closed)),
    ]


def _drafts(before: datetime) -> list[Part]:
    return [Part(rows.AnswerRow.objects.filter(at__lt=before))]


def _audit(before: datetime) -> list[Part]:
    """Lines from the beginning up to the last one before the date; the chain's end stays, to be continued from."""
    last = rows.AuditRow.objects.filter(at__lt=before).order_by("-id").values_list("id", flat=True).first()
    end = rows.AuditRow.objects.order_by("-id").values_list("id", flat=True).first()
    return [Part(rows.AuditRow.objects.filter(id__lte=min(last or 0, (end or 0) - 1)))]


KINDS: dict[str, Callable[[datetime], list[Part]]] = {
    "itineraries": _itineraries,
    "follow_up": _follow_up,
    "contacts": _contacts,
    "orders": _orders,
    "cases": _cases,
    "tasks": _tasks,
    "drafts": _drafts,
    "audit": _audit,
}


def _ids(parts: Sequence[Part]) -> list[str]:
    return [f"{part.rows.model._meta.db_table}:{i}" for part in parts for i in part.rows.values_list("pk", flat=True)]


def _erasure(kind: str, found: list[str], before: datetime) -> Erasure:
    digest = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest() if found else ""
    return Erasure(kind, len(found), before, digest)


def _cut(found: list[str]) -> dict[str, Any]:
    last = max(int(each.rpartition(":")[2]) for each in found)
    return {"cut_number": last, "cut_digest": bytes(rows.AuditRow.objects.get(id=last).digest).hex()}


def _take_away(part: Part) -> None:
    table: type[Model] = part.rows.model
    ids = list(part.rows.values_list("pk", flat=True))
    for i in range(0, len(ids), AT_ONCE):
        some = table._default_manager.filter(pk__in=ids[i : i + AT_ONCE])
        if part.blank:
            some.update(**dict.fromkeys(part.blank, b""))
        else:
            some._raw_delete(some.db)


def _forget_pages() -> None:
    """Let the write-ahead log go too: what was erased must not be read from it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
