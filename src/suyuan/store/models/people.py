"""Persons: what the work needs in the open, what identifies sealed in a table of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from suyuan.store.models.fields import Kept, area_code, row_id, short_code, state_code


class PersonRow(Kept):
    """See ``terms.Person``."""

    code = models.CharField(max_length=64, unique=True)
    area = area_code()
    sex = short_code(8)
    birth_year = models.SmallIntegerField(null=True, blank=True)
    occupation = short_code(64)
    household = models.CharField(max_length=32, blank=True, default="", db_index=True)
    vulnerabilities = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="zh")
    source = short_code(32)
    identified = models.BooleanField(default=False)
    merged_into = row_id()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["area", "id"], name="person_area"),
            models.Index(fields=["merged_into"], name="person_merged", condition=~models.Q(merged_into=0)),
        ]


class DetailsRow(models.Model):
    """What identifies a person: one sealed value bound to its row."""

    person = models.OneToOneField(PersonRow, on_delete=models.CASCADE, primary_key=True, related_name="details")
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16, db_index=True)


class PersonKeyRow(models.Model):
    """A blind key: equal texts of one kind have equal digests, and a digest says nothing without the secret."""

    person = models.ForeignKey(PersonRow, on_delete=models.CASCADE, related_name="keys")
    digest = models.BinaryField(max_length=16)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["digest"], name="person_key")]


class DuplicateFindingRow(Kept):
    """See ``terms.DuplicateFinding``."""

    person = models.ForeignKey(PersonRow, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(PersonRow, on_delete=models.CASCADE, related_name="+")
    area = area_code()
    p = models.FloatField()
    band = short_code(16)
    reasons = models.JSONField(default=list)
    state = state_code()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "other"], name="finding_once")]
        indexes: ClassVar = [
            models.Index(fields=["-p", "id"], name="finding_open", condition=models.Q(state="open")),
            models.Index(fields=["area", "-p"], name="finding_area", condition=models.Q(state="open")),
        ]


class MergeRow(Kept):
    """See ``terms.Merge``."""

    kept = models.ForeignKey(PersonRow, on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey(PersonRow, on_delete=models.CASCADE, related_name="+")
    area = area_code()
    moved = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)
