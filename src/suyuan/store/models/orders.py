"""Orders that bind a person, and contests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.store.models.fields import Kept, area_code, reference, row_id, short_code, state_code

IN_FORCE = Q(state__in=["signed", "told"])


class OrderRow(Kept):
    """See ``terms.Order``."""

    incident = reference("store.IncidentRow")
    person = reference("store.PersonRow")
    area = area_code()
    district = short_code(6)
    cause = models.CharField(max_length=120, unique=True)
    kind = short_code(24)
    state = state_code()
    subject = short_code(24)
    subject_id = row_id()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    because = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = row_id()
    told_at = models.DateTimeField(null=True, blank=True)
    told_how = short_code(64)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "proposed_at", "id"], name="order_state"),
            models.Index(fields=["ends_at", "id"], name="order_ends", condition=IN_FORCE),
            models.Index(fields=["district", "state", "ends_at"], name="order_district"),
            models.Index(fields=["area", "state"], name="order_area"),
            models.Index(fields=["incident", "district", "state", "signed_at", "ended_at"], name="order_board"),
            models.Index(fields=["incident", "district", "starts_at"], name="order_begins", condition=IN_FORCE),
            models.Index(fields=["incident", "state", "ends_at"], name="order_incident"),
            models.Index(fields=["subject", "subject_id"], name="order_subject"),
        ]


class ContestRow(Kept):
    """See ``terms.Contest``. What people wrote is sealed."""

    order = reference("store.OrderRow")
    area = area_code()
    state = state_code()
    words = models.BinaryField(default=b"")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = row_id()
    decision = models.BinaryField(default=b"")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="contest_due")]
