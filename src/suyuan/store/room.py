"""The room of one transaction: every shelf, the outbox, the audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from suyuan.actions.ports import People, Room, Shelf
from suyuan.actions.task_choice import TaskChoice
from suyuan.store import models as rows
from suyuan.store.audit import append_audit
from suyuan.store.due import due_ids, pending_tasks
from suyuan.store.mapping import Mapping
from suyuan.store.numbers import advance
from suyuan.store.outbox import settle, undelivered
from suyuan.store.people import PeopleShelf
from suyuan.store.queries.officers import officer_of
from suyuan.store.shelf import RowShelf
from suyuan.store.writing import one_writer
from suyuan.terms import (
    AuditEntry,
    CaseRecord,
    Contact,
    Contest,
    DuplicateFinding,
    Fact,
    FollowUp,
    FollowUpDay,
    HistoryEntry,
    Incident,
    InfectorCandidate,
    Interview,
    Investigation,
    Merge,
    Officer,
    Order,
    ReportVersion,
    Task,
    Team,
    Tracing,
    TracingChange,
    Upload,
    UploadPart,
)


class StoreRoom:
    """See ``actions.ports.Room``."""

    incidents: Shelf[Incident] = RowShelf(Mapping(Incident, rows.IncidentRow))
    tasks: Shelf[Task] = RowShelf(Mapping(Task, rows.TaskRow))
    people: People = PeopleShelf()
    findings: Shelf[DuplicateFinding] = RowShelf(Mapping(DuplicateFinding, rows.DuplicateFindingRow))
    merges: Shelf[Merge] = RowShelf(Mapping(Merge, rows.MergeRow))
    cases: Shelf[CaseRecord] = RowShelf(Mapping(CaseRecord, rows.CaseRow))
    candidates: Shelf[InfectorCandidate] = RowShelf(Mapping(InfectorCandidate, rows.InfectorCandidateRow))
    contacts: Shelf[Contact] = RowShelf(Mapping(Contact, rows.ContactRow))
    tracings: Shelf[Tracing] = RowShelf(Mapping(Tracing, rows.TracingRow))
    tracing_changes: Shelf[TracingChange] = RowShelf(Mapping(TracingChange, rows.TracingChangeRow))
    follow_ups: Shelf[FollowUp] = RowShelf(Mapping(FollowUp, rows.FollowUpRow))
    follow_up_days: Shelf[FollowUpDay] = RowShelf(Mapping(FollowUpDay, rows.FollowUpDayRow, sealed=("note",)))
    orders: Shelf[Order] = RowShelf(Mapping(Order, rows.OrderRow))
    contests: Shelf[Contest] = RowShelf(Mapping(Contest, rows.ContestRow, sealed=("words", "decision")))
    teams: Shelf[Team] = RowShelf(Mapping(Team, rows.TeamRow))
    investigations: Shelf[Investigation] = RowShelf(Mapping(Investigation, rows.InvestigationRow))
    interviews: Shelf[Interview] = RowShelf(Mapping(Interview, rows.InterviewRow, sealed=("sealed",)))
    reports: Shelf[ReportVersion] = RowShelf(Mapping(ReportVersion, rows.ReportVersionRow, sealed=("sealed", "remark")))
    uploads: Shelf[Upload] = RowShelf(Mapping(Upload, rows.UploadRow))
    upload_parts: Shelf[UploadPart] = RowShelf(Mapping(UploadPart, rows.UploadPartRow, sealed=("rows", "refused")))
    history: Shelf[HistoryEntry] = RowShelf(Mapping(HistoryEntry, rows.HistoryRow))
    facts: Shelf[Fact] = RowShelf(Mapping(Fact, rows.FactRow))

    def number(self, name: str, n: int = 1) -> int:
        """Take the next numbers of a named row of numbers and return the last."""
        return advance(name, n)

    def due_ids(self, kind: str, now: datetime, limit: int) -> list[int]:
        """Ids of records the clock must look at."""
        return due_ids(kind, now, limit)

    def pending_tasks(self, choice: TaskChoice, limit: int) -> list[Task]:
        """Tasks that somebody must still do and that the choice takes, the earliest deadline first."""
        values: Any = pending_tasks(choice).values_list(*self.tasks.mapping.names)[:limit]  # type: ignore[attr-defined]
        return [self.tasks.mapping.to_term(each) for each in values]  # type: ignore[attr-defined]

    def officer(self, officer_id: int) -> Officer | None:
        """Return an officer with today's duties, if there is such an active account."""
        user = rows.OfficerRow.objects.filter(id=officer_id, is_active=True).first()
        return officer_of(user) if user else None

    def areas_inside(self, area: str, level: int) -> list[str]:
        """Codes of the known areas of one level inside an area, in order."""
        inside = rows.AreaRow.objects.filter(code__gte=area, code__lt=f"{area}z", level=level)
        return list(inside.order_by("code").values_list("code", flat=True))

    def earlier_answer(self, officer_id: int, key: str) -> tuple[str, bytes, bytes] | None:
        """Return deed, fingerprint and answer first given to this key."""
        found = rows.AnswerRow.objects.filter(officer_id=officer_id, key=key).values_list("deed", "print", "answer")
        first = found.first()
        return (first[0], bytes(first[1]), bytes(first[2])) if first else None

    def keep_answer(self, officer_id: int, key: str, answer: tuple[str, bytes, bytes], now: datetime) -> None:
        """Keep an answer so that the same key gets it again."""
        deed, fingerprint, plain = answer
        rows.AnswerRow.objects.create(
            officer_id=officer_id, key=key, deed=deed, print=fingerprint, answer=plain, at=now
        )

    def write_audit(self, entries: Sequence[AuditEntry]) -> None:
        """Append to the chained audit."""
        append_audit(entries)

    def undelivered(self, receiver: str, kinds: Sequence[str], limit: int, skip: Sequence[int] = ()) -> list[Fact]:
        """Facts of these kinds that the receiver has not had, oldest first, without those to ``skip``."""
        return undelivered(receiver, kinds, limit, skip)

    def settle(self, receiver: str, kinds: Sequence[str], now: datetime) -> int:
        """Move the receiver's mark on if all it can hear before is heard."""
        return settle(receiver, kinds, now)

    def delivered(self, fact_id: int, receiver: str) -> bool:
        """Tell whether the receiver had the fact."""
        return rows.DeliveryRow.objects.filter(receiver=receiver, fact_id=fact_id).exists()

    def mark_delivered(self, fact_id: int, receiver: str, now: datetime) -> None:
        """Remember that the receiver had the fact."""
        rows.DeliveryRow.objects.create(receiver=receiver, fact_id=fact_id, at=now)


@contextmanager
def open_room() -> Iterator[Room]:
    """Begin a transaction; commit at the end of the block, roll back on an error."""
    with one_writer(), transaction.atomic():
        yield StoreRoom()
