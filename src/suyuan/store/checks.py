"""Is the room well: one small look each, with a word for how it is and a sentence for what mends it."""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection

from suyuan.store import models as rows
from suyuan.store.backup import ABOUT, backups_in, read_backup
from suyuan.terms import Problem

OK, WARN, BAD = "ok", "warn", "bad"
TAIL = 2000
"""Lines of the audit that the doctor walks; ``suyuan audit verify`` walks them all."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: the check, how it is, the values of its sentence ``doctor.<check>_<state>``."""

    check: str
    state: str
    values: dict[str, Any] = field(default_factory=dict)


def examine(home: Path) -> Iterator[Finding]:
    """Look at everything; without a database only at what needs none."""
    yield from (look(home) for look in (_disk, _keys, _assets, _backups, _clock))
    reached = _database()
    yield reached
    if reached.state == BAD:
        return
    missing = _migrations()
    yield missing
    if missing.state == BAD:
        return
    for look in (_durability, _audit_tail, _outbox, _late, _second_factor, _first_passwords):
        yield look()


def _disk(home: Path) -> Finding:
    space = shutil.disk_usage(home)
    percent = 100 * space.free / space.total
    state = BAD if space.free < 1e9 else WARN if space.free < 5e9 or percent < 5 else OK
    return Finding("disk", state, {"path": home, "free": f"{space.free / 1e9:.1f}"})


def _keys(home: Path) -> Finding:  # noqa: ARG001 - the settings say where the keys are
    from suyuan.store.key_ring import load_key_ring

    path = Path(settings.SUYUAN_KEYS)
    try:
        ring = load_key_ring(path)
    except Problem as problem:
        return Finding("keys", BAD, {"problem": problem})
    mode = stat.S_IMODE(path.stat().st_mode)
    return Finding("keys", OK, {"key_id": ring.current, "n": len(ring.keys), "mode": f"{mode:o}"})


def _assets(home: Path) -> Finding:  # noqa: ARG001 - the same for every home
    built = Path(__file__).parents[1] / "web" / "static" / "app" / "room.js"
    return Finding("assets", OK if built.is_file() else BAD)


def _backups(home: Path) -> Finding:
    found = backups_in(home / "backups")
    if not found:
        return Finding("backups", WARN, {"path": home / "backups", "hours": "–"})
    try:
        made_at = datetime.fromisoformat(read_backup(found[-1]).about["made_at"])
    except Problem:
        return Finding("backups", BAD, {"path": found[-1] / ABOUT})
    hours = (datetime.now(UTC) - made_at).total_seconds() / 3600
    return Finding("backups", OK if hours < 26 else WARN, {"path": found[-1], "hours": f"{hours:.0f}"})


def _clock(home: Path) -> Finding:
    """Compare the machine's clock with the newest file: it must not lie before what it wrote."""
    newest = max((path.stat().st_mtime for path in home.iterdir() if path.is_file()), default=0.0)
    ahead = newest - time.time()
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return Finding("clock", BAD if ahead > 120 else OK, {"now": now, "minutes": f"{ahead / 60:.0f}"})


def _database() -> Finding:
    started = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error as fault:
        return Finding("database", BAD, {"detail": str(fault).strip().splitlines()[0]})
    milliseconds = 1000 * (time.perf_counter() - started)
    return Finding("database", OK, {"engine": connection.vendor, "ms": f"{milliseconds:.0f}"})


def _migrations() -> Finding:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    n = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Finding("migrations", BAD if n else OK, {"n": n})


def _durability() -> Finding:
    """Look whether an acknowledged write outlasts a power cut."""
    if connection.vendor == "sqlite":
        wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
        found = {name: str(_one(f"PRAGMA {name}")) for name in wanted}
        in_memory = found["journal_mode"] == "memory"
        wrong = {name: value for name, value in found.items() if value != wanted[name] and not in_memory}
    else:
        wanted = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
        found = {name: str(_one(f"SHOW {name}")) for name in wanted}
        strict = ("on", "remote_apply", "remote_write")
        wrong = {name: value for name, value in found.items() if value not in strict}
    shown = ", ".join(f"{name}={value}" for name, value in (wrong or found).items())
    return Finding("durability", BAD if wrong else OK, {"shown": shown})


def _one(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _audit_tail() -> Finding:
    from suyuan.store.audit import link

    found = list(rows.AuditRow.objects.order_by("-id")[: TAIL + 1])[::-1]
    for before, row in pairwise(found):
        if row.id != before.id + 1 or link(bytes(before.digest), row) != bytes(row.digest):
            return Finding("audit", BAD, {"number": row.id})
    return Finding("audit", OK, {"n": max(0, len(found) - 1)})


def _outbox() -> Finding:
    """Facts that a receiver has not heard for a minute: either no clock runs or the receiver fails."""
    from suyuan.actions.all_deeds import all_deeds
    from suyuan.actions.hearing import RECEIVERS

    all_deeds()
    oldest, waiting = None, ""
    for receiver in RECEIVERS.values():
        had = rows.DeliveryRow.objects.filter(receiver=receiver.name).values("fact_id")
        facts = rows.FactRow.objects.filter(kind__in=list(receiver.kinds)).exclude(id__in=had)
        first = facts.order_by("id").values_list("recorded_at", flat=True).first()
        if first is not None and (oldest is None or first < oldest):
            oldest, waiting = first, receiver.name
    seconds = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    state = BAD if seconds > 3600 else WARN if seconds > 60 else OK
    return Finding("outbox", state, {"seconds": f"{seconds:.0f}", "receiver": waiting or "–"})


def _late() -> Finding:
    """Orders that should have ended and have not: the clock has stopped."""
    now = datetime.now(UTC)
    late = rows.OrderRow.objects.filter(state__in=["signed", "told"], ends_at__lte=now).order_by("ends_at")
    first = late.values_list("ends_at", flat=True).first()
    minutes = (now - first).total_seconds() / 60 if first else 0.0
    return Finding("ticks", BAD if minutes > 10 else WARN if minutes > 2 else OK, {"minutes": f"{minutes:.0f}"})


def _second_factor() -> Finding:
    from allauth.mfa.models import Authenticator

    active = rows.OfficerRow.objects.filter(is_active=True)
    n = active.count()
    secured = active.filter(pk__in=Authenticator.objects.filter(type="totp").values("user_id")).count()
    required = settings.SUYUAN_REQUIRE_SECOND_FACTOR
    return Finding("second_factor", OK if secured == n or required else WARN, {"n": secured, "of": n})


def _first_passwords() -> Finding:
    """Accounts that still have the password somebody else drew for them."""
    n = rows.OfficerRow.objects.filter(is_active=True, must_change_password=True).count()
    return Finding("first_passwords", WARN if n else OK, {"n": n})
