"""Putting a backup back: into an empty room, or over one that is first moved aside."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from suyuan.store.audit import Verdict, verify_audit
from suyuan.store.backup import KEYS, LOGS, UPLOADS, Backup, run_tool
from suyuan.store.key_ring import load_key_ring
from suyuan.terms import BadInput, BadUsage


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the earlier room was put (None if there was none), and what the audit chain says."""

    moved_to: Path | None
    audit: Verdict


def check_restorable(backup: Backup, *, force: bool) -> None:
    """Stop where a restore would lose something or could not be read afterwards.

    Raises
    ------
    BadInput
        ``backup.other_engine`` or ``backup.no_keys``.
    BadUsage
        ``backup.not_empty`` without ``force``.
    """
    if backup.about["engine"] != connection.vendor:
        raise BadInput("backup.other_engine", made=backup.about["engine"], here=connection.vendor)
    path = Path(settings.SUYUAN_KEYS)
    beside = backup.folder / KEYS
    ring = load_key_ring(path) if path.exists() else load_key_ring(beside) if beside.exists() else None
    known = [*ring.keys, ring.index.id] if ring else []
    missing = sorted(set(backup.about["keys"]) - set(known))
    if missing:
        raise BadInput("backup.no_keys", path=path, keys=", ".join(missing))
    if not force and holds_something():
        raise BadUsage("backup.not_empty")


def holds_something() -> bool:
    """Whether the room here has any account or record."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return False
    return "store_officerrow" in connection.introspection.table_names()


def restore(home: Path, backup: Backup) -> Restored:
    """Put the backup in place and verify the audit; the caller has checked and holds the room alone."""
    moved = None
    if connection.vendor == "sqlite":
        moved = _restore_file(backup)
    else:
        _restore_dump(backup)
    keys = Path(settings.SUYUAN_KEYS)
    if not keys.exists() and (backup.folder / KEYS).exists():
        shutil.copyfile(backup.folder / KEYS, keys)
        keys.chmod(0o600)
    for name in (LOGS, UPLOADS):
        if (backup.folder / name).is_dir():
            shutil.copytree(backup.folder / name, home / name, dirs_exist_ok=True)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return Restored(moved, verify_audit())


def _restore_file(backup: Backup) -> Path | None:
    connection.close()
    database = Path(connection.settings_dict["NAME"])
    moved = None
    if database.exists():
        moved = database.with_name(f"{database.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}Z")
        database.replace(moved)
    for ending in ("-wal", "-shm"):
        aside = database.with_name(database.name + ending)
        if aside.exists() and moved:
            aside.replace(moved.with_name(moved.name + ending))
    part = database.with_name(f".{database.name}.part")
    shutil.copyfile(backup.folder / backup.about["database"], part)
    part.chmod(0o600)
    part.replace(database)
    return moved


def _restore_dump(backup: Backup) -> None:
    connection.close()
    dump = str(backup.folder / backup.about["database"])
    run_tool("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={_name()}", dump)


def _name() -> str:
    return str(connection.settings_dict["NAME"])
