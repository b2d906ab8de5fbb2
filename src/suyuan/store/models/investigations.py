"""Teams, investigation orders, interviews, reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.store.models.fields import Kept, area_code, reference, row_id, short_code, state_code


class TeamRow(Kept):
    """See ``terms.Team``."""

    code = models.CharField(max_length=32, unique=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    area = area_code()
    languages = models.JSONField(default=list)
    capacity = models.SmallIntegerField(default=3)
    on_duty = models.BooleanField(default=True)
    members = models.JSONField(default=list)
    turn = models.BigIntegerField(default=0)


class InvestigationRow(Kept):
    """See ``terms.Investigation``."""

    incident = reference("store.IncidentRow")
    case = reference("store.CaseRow")
    person = reference("store.PersonRow")
    area = area_code()
    district = short_code(6)
    team_id = row_id(db_index=True)
    state = state_code()
    ordered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    by_telephone_at = models.DateTimeField(null=True, blank=True)
    on_site_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    because = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "due_at", "id"], name="investigation_due")]


class InterviewRow(Kept):
    """See ``terms.Interview``."""

    investigation = models.OneToOneField(InvestigationRow, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField(default=b"")
    saved_at = models.DateTimeField()
    saved_by = row_id()


class ReportVersionRow(Kept):
    """See ``terms.ReportVersion``."""

    investigation = reference("store.InvestigationRow")
    number = models.SmallIntegerField()
    state = state_code()
    sealed = models.BinaryField(default=b"")
    written_at = models.DateTimeField()
    written_by = row_id()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = row_id()
    remark = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["investigation", "number"], name="report_number")]
