"""What is only ever appended: audit, facts, history, answers to keys; and the numbers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.store.models.fields import Kept, area_code, row_id, short_code


class AuditRow(models.Model):
    """One link of the audit chain: ``digest`` covers this entry and the digest before it."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    officer_id = row_id()
    deed = short_code(48)
    subject = short_code(24)
    subject_id = row_id()
    area = area_code()
    purpose = models.CharField(max_length=500, blank=True, default="")
    people = models.JSONField(default=list)
    detail = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["officer_id", "id"], name="audit_officer"),
            models.Index(fields=["subject", "subject_id"], name="audit_subject"),
        ]


class FactRow(Kept):
    """See ``terms.Fact``."""

    kind = short_code(40)
    subject_id = row_id()
    incident_id = row_id()
    values = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "id"], name="fact_kind")]


class DeliveryRow(models.Model):
    """A receiver had a fact."""

    fact_id = models.BigIntegerField()
    receiver = models.CharField(max_length=48)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["receiver", "fact_id"], name="delivery_once")]


class HistoryRow(Kept):
    """See ``terms.HistoryEntry``."""

    subject = short_code(24)
    subject_id = row_id()
    incident_id = row_id()
    what = short_code(40)
    before = models.CharField(max_length=500, blank=True, default="")
    after = models.CharField(max_length=500, blank=True, default="")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    officer_id = row_id()
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id", "id"], name="history_subject"),
            models.Index(fields=["incident_id", "id"], name="history_incident"),
        ]


class AnswerRow(models.Model):
    """The answer a key got, given again to the same key."""

    officer_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    deed = models.CharField(max_length=48)
    print = models.BinaryField(max_length=32)
    answer = models.BinaryField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["officer_id", "key"], name="answer_once")]


class NumberRow(models.Model):
    """The last number given in a named row of numbers."""

    name = models.CharField(max_length=64, primary_key=True)
    value = models.BigIntegerField(default=0)
