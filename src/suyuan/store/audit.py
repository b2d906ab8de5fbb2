"""The audit: append-only and chained, so that a changed, missing or inserted line shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from suyuan.store.models import AuditRow
from suyuan.terms import AuditEntry

BEGINNING = bytes(32)
LOCK = 7_178_001
"""Number of PostgreSQL's advisory lock: two transactions never continue the chain from the same link."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying the chain found: how many links, and the first that does not hold (0 if all do)."""

    n_entries: int
    broken_at: int
    last_digest: str


def append_audit(entries: Sequence[AuditEntry]) -> None:
    """Append entries at the end of the chain. Call it last in a transaction: others wait from here to the commit."""
    if not entries:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = AuditRow.objects.order_by("-id").values_list("id", "digest").first() or (0, BEGINNING)
    number, digest = last[0], bytes(last[1])
    rows = []
    for entry in entries:
        number += 1
        row = _row(number, entry)
        digest = link(digest, row)
        row.digest = digest
        rows.append(row)
    AuditRow.objects.bulk_create(rows)


def _row(number: int, entry: AuditEntry) -> AuditRow:
    return AuditRow(
        id=number,
        at=entry.at,
        officer_id=entry.officer_id,
        deed=entry.deed,
        subject=entry.subject[:24],
        subject_id=entry.subject_id,
        area=entry.area,
        purpose=entry.purpose[:500],
        people=list(entry.people),
        detail=entry.detail,
    )


def link(before: bytes, row: AuditRow) -> bytes:
    """Digest of a line and of everything before it."""
    content: list[Any] = [
        row.id,
        row.at.isoformat(),
        row.officer_id,
        row.deed,
        row.subject,
        row.subject_id,
        row.area,
        row.purpose,
        row.people,
        row.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def verify_audit() -> Verdict:
    """Walk the chain from its beginning.

    Notes
    -----
    Retention may have cut the beginning of the chain: then the first line's predecessor is the digest that the
    erasure recorded (see ``retention``).
    """
    from suyuan.store.retention import cut_digest

    number, digest = cut_digest()
    n = 0
    for row in AuditRow.objects.order_by("id").iterator(chunk_size=5000):
        number += 1
        digest = link(digest, row)
        n += 1
        if row.id != number or digest != bytes(row.digest):
            return Verdict(n, row.id, digest.hex())
    return Verdict(n, 0, digest.hex())
