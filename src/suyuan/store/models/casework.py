"""Cases, contacts, tracings, follow-up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.store.models.fields import Kept, area_code, reference, row_id, short_code, state_code


class CaseRow(Kept):
    """See ``terms.CaseRecord``."""

    incident = reference("store.IncidentRow")
    person = reference("store.PersonRow")
    number = models.IntegerField()
    area = area_code()
    district = short_code(6)
    classification = state_code()
    course = state_code()
    severity = short_code(16)
    onset_at = models.DateTimeField(null=True, blank=True)
    sampled_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    isolated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    generation = models.SmallIntegerField(null=True, blank=True)
    from_contact_id = row_id()
    found_by = short_code(32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "person"], name="case_once"),
            models.UniqueConstraint(fields=["incident", "number"], name="case_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["incident", "-reported_at", "-id"], name="case_reported"),
            models.Index(fields=["-reported_at", "-id"], name="case_all_reported"),
            models.Index(fields=["district", "-reported_at", "-id"], name="case_district"),
            models.Index(fields=["area", "-reported_at"], name="case_area"),
        ]


class InfectorCandidateRow(Kept):
    """See ``terms.InfectorCandidate``."""

    case = reference("store.CaseRow")
    infector_id = row_id()
    p = models.FloatField()
    because = models.JSONField(default=dict)


class ContactRow(Kept):
    """See ``terms.Contact``."""

    incident = reference("store.IncidentRow")
    person = reference("store.PersonRow")
    area = area_code()
    district = short_code(6)
    ring = models.SmallIntegerField()
    state = state_code()
    infector_case_id = row_id()
    first_exposure = models.DateTimeField()
    last_exposure = models.DateTimeField()
    minutes = models.FloatField(default=0)
    p = models.FloatField(default=0)
    place = short_code(64)
    place_kind = short_code(16)
    n_meetings = models.IntegerField(default=1)
    quarantine = short_code(16)
    release_on = models.DateField(null=True, blank=True)
    because = models.JSONField(default=dict)
    by_hand = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "person"], name="contact_once")]
        indexes: ClassVar = [
            models.Index(fields=["incident", "state", "ring", "-p", "id"], name="contact_queue"),
            models.Index(fields=["district", "state", "ring", "-p", "id"], name="contact_district"),
            models.Index(fields=["state", "ring", "-p", "id"], name="contact_state"),
            models.Index(fields=["area", "state"], name="contact_area"),
            models.Index(fields=["infector_case_id"], name="contact_infector"),
            models.Index(fields=["incident", "district", "state", "accepted_at"], name="contact_board"),
        ]


class TracingRow(Kept):
    """See ``terms.Tracing``."""

    incident = reference("store.IncidentRow")
    case_id = row_id()
    protocol = short_code(64)
    traced_at = models.DateTimeField()
    n_contacts = models.IntegerField(default=0)
    n_changes = models.IntegerField(default=0)
    answer = models.BinaryField(default=b"")


class TracingChangeRow(Kept):
    """See ``terms.TracingChange``."""

    incident = reference("store.IncidentRow")
    tracing = reference("store.TracingRow")
    person = reference("store.PersonRow")
    area = area_code()
    change = short_code(16)
    ring_before = models.SmallIntegerField(default=0)
    ring_after = models.SmallIntegerField(default=0)
    because = models.JSONField(default=dict)
    decided = short_code(16)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["incident", "decided", "id"], name="change_waiting")]


class FollowUpRow(Kept):
    """See ``terms.FollowUp``."""

    incident = reference("store.IncidentRow")
    person = reference("store.PersonRow")
    area = area_code()
    district = short_code(6)
    kind = short_code(32)
    subject_id = row_id()
    state = state_code()
    starts_on = models.DateField()
    ends_on = models.DateField()
    last_seen_on = models.DateField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)
    n_missed = models.SmallIntegerField(default=0)
    because = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "person", "kind", "subject_id"], name="follow_up_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_due_at", "id"], name="follow_up_due", condition=Q(state="active")),
            models.Index(fields=["district", "next_due_at"], name="follow_up_district", condition=Q(state="active")),
            models.Index(
                fields=["incident", "district", "n_missed"], name="follow_up_missed", condition=Q(state="active")
            ),
            models.Index(fields=["area", "next_due_at"], name="follow_up_area", condition=Q(state="active")),
        ]


class FollowUpDayRow(Kept):
    """See ``terms.FollowUpDay``. Several entries of one day are all kept; the newest counts."""

    follow_up = reference("store.FollowUpRow")
    day = models.DateField()
    reached = models.BooleanField()
    symptoms = models.JSONField(default=list)
    temperature_c = models.FloatField(null=True, blank=True)
    test_result = short_code(16)
    note = models.BinaryField(default=b"")
    recorded_at = models.DateTimeField()
    recorded_by = row_id()
