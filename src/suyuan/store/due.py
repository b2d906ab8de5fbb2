"""What the clock must look at: each kind is one query on a ``due`` column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from suyuan.actions.task_choice import TaskChoice
from suyuan.store import models as rows
from suyuan.store.queries.reach import inside

PENDING = ["open", "taken"]
UPLOAD_DAYS = 7
"""How long refused rows are kept for whoever mends them."""


def _order_ends(now: datetime) -> Any:
    return rows.OrderRow.objects.filter(state__in=["signed", "told"], ends_at__lte=now).order_by("ends_at", "id")


def _proposal_over(now: datetime) -> Any:
    return rows.OrderRow.objects.filter(state="proposed", ends_at__lte=now).order_by("ends_at", "id")


def _task_late(now: datetime) -> Any:
    return rows.TaskRow.objects.filter(state__in=PENDING, due_at__lte=now).order_by("due_at", "id")


def _follow_up_due(now: datetime) -> Any:
    return rows.FollowUpRow.objects.filter(state="active", next_due_at__lte=now).order_by("next_due_at", "id")


def _contest_late(now: datetime) -> Any:
    return rows.ContestRow.objects.filter(state="open", due_at__lte=now).order_by("due_at", "id")


def _upload_waits(now: datetime) -> Any:  # noqa: ARG001 - an upload waits from its first moment
    return rows.UploadRow.objects.filter(state__in=["waiting", "running"]).order_by("id")


def _upload_over(now: datetime) -> Any:
    before = now - timedelta(days=UPLOAD_DAYS)
    ended = Q(state__in=["done", "cancelled"], done_at__lte=before)
    return rows.UploadRow.objects.filter(ended | Q(state="open", created_at__lte=before)).order_by("id")


KINDS: dict[str, Callable[[datetime], Any]] = {
    "upload_waits": _upload_waits,
    "upload_over": _upload_over,
    "order_ends": _order_ends,
    "proposal_over": _proposal_over,
    "task_late": _task_late,
    "follow_up_due": _follow_up_due,
    "contest_late": _contest_late,
}


def due_ids(kind: str, now: datetime, limit: int) -> list[int]:
    """Ids of the records of one kind whose time has come, the longest overdue first."""
    return list(KINDS[kind](now).values_list("id", flat=True)[:limit])


def keep_answers_until(now: datetime, days: int = 30) -> int:
    """Drop answers to keys older than ``days`` and return how many."""
    return rows.AnswerRow.objects.filter(at__lt=now - timedelta(days=days)).delete()[0]


def pending_tasks(choice: TaskChoice) -> Any:
    """Tasks that somebody must still do and that the choice takes, the earliest deadline first."""
    found = rows.TaskRow.objects.filter(state__in=PENDING, **choice.equal())
    if choice.due_before:
        found = found.filter(due_at__lte=choice.due_before)
    if choice.due_after:
        found = found.filter(due_at__gt=choice.due_after)
    if choice.areas != ("",):
        reach = Q(pk__in=[])
        for area in choice.areas:
            reach |= inside(area)
        found = found.filter(reach)
    return found.order_by("due_at", "id")
