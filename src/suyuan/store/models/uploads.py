"""Uploads and their sealed parts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from suyuan.store.models.fields import Kept, area_code, reference, row_id, short_code, state_code


class UploadRow(Kept):
    """See ``terms.Upload``."""

    kind = short_code(16)
    incident_id = row_id()
    area = area_code()
    officer_id = row_id()
    state = state_code()
    digest = short_code(64)
    unused = models.JSONField(default=list)
    n_rows = models.IntegerField(default=0)
    n_parts_done = models.IntegerField(default=0)
    n_done = models.IntegerField(default=0)
    n_new = models.IntegerField(default=0)
    n_known = models.IntegerField(default=0)
    n_doubtful = models.IntegerField(default=0)
    n_bad = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="upload_open", condition=Q(state__in=["waiting", "running"]))
        ]


class UploadPartRow(Kept):
    """See ``terms.UploadPart``."""

    upload = reference("store.UploadRow")
    number = models.IntegerField()
    done = models.BooleanField(default=False)
    rows = models.BinaryField(default=b"")
    refused = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "number"], name="upload_part_once")]
