"""Incidents and tasks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.store.models.fields import Kept, area_code, reference, row_id, short_code, state_code

PENDING = Q(state__in=["open", "taken"])


class IncidentRow(Kept):
    """See ``terms.Incident``."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    protocol = models.CharField(max_length=64)
    area = area_code()
    state = state_code()
    visit_log = short_code(64)
    timezone = short_code(64)
    opened_at = models.DateTimeField()
    response_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    emerged_at = models.DateTimeField(null=True, blank=True)
    detected_at = models.DateTimeField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)


class TaskRow(Kept):
    """See ``terms.Task``."""

    incident = reference("store.IncidentRow")
    cause = models.CharField(max_length=120, unique=True)
    kind = short_code(40)
    group = short_code(32)
    area = area_code()
    district = short_code(6)
    state = state_code()
    due_at = models.DateTimeField()
    subject = short_code(24)
    subject_id = row_id()
    person_id = row_id()
    values = models.JSONField(default=dict)
    early_action = short_code(32)
    assignee_id = row_id()
    level = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = row_id()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="task_due", condition=PENDING),
            models.Index(fields=["district", "due_at", "id"], name="task_district_due", condition=PENDING),
            models.Index(fields=["group", "due_at", "id"], name="task_group_due", condition=PENDING),
            models.Index(fields=["area", "due_at"], name="task_area_due", condition=PENDING),
            models.Index(fields=["incident", "due_at"], name="task_incident_due", condition=PENDING),
            models.Index(fields=["kind", "due_at", "id"], name="task_kind_due", condition=PENDING),
            models.Index(fields=["level", "due_at", "id"], name="task_level_due", condition=PENDING),
            models.Index(fields=["due_at", "group", "district", "incident"], name="task_late", condition=PENDING),
            models.Index(fields=["-done_at", "-id"], name="task_done", condition=Q(state="done")),
            models.Index(fields=["subject", "subject_id"], name="task_subject"),
            models.Index(fields=["person_id"], name="task_person", condition=~Q(person_id=0)),
            models.Index(fields=["assignee_id", "due_at"], name="task_assignee", condition=PENDING & ~Q(assignee_id=0)),
        ]
