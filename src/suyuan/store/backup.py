"""Backups: a snapshot of the database while the room runs, with what is needed to judge and to restore it.

The keys of personal data are never part of one unless somebody asks: together they are as good as plain text.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from suyuan.store.key_ring import load_key_ring
from suyuan.terms import BadInput

ABOUT = "about.json"
FILES = {"sqlite": "room.sqlite3", "postgresql": "room.dump"}
KEYS, LOGS, UPLOADS = "keys.toml", "logs", "uploads"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its folder and what its ``about.json`` says."""

    folder: Path
    about: dict[str, Any]


def back_up(home: Path, into: Path, *, logs: bool = False, keys: bool = False) -> Backup:
    """Write a backup into a new folder of ``into``; it has its name only once it is whole.

    Parameters
    ----------
    logs
        Whether the visit logs are copied too; else only named.
    keys
        Whether the key ring is put beside the database.

    Raises
    ------
    BadInput
        ``backup.no_tool`` or ``backup.failed`` for PostgreSQL.
    """
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S}Z"
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = into / f".{name}.part"
    part.mkdir(mode=0o700)
    try:
        database = part / FILES[connection.vendor]
        _snapshot(database)
        _copy_folders(home, part, logs=logs)
        if keys:
            _copy_private(Path(settings.SUYUAN_KEYS), part / KEYS)
        about = _about(home, now, database, copied=(logs, keys))
        (part / ABOUT).write_text(json.dumps(about, indent=1) + "\n", "utf-8")
        folder = _free(into / name)
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Backup(folder, about)


def read_backup(folder: Path) -> Backup:
    """Read a backup and check that its database is the one that was written.

    Raises
    ------
    BadInput
        ``backup.none`` or ``backup.damaged``.
    """
    try:
        about = json.loads((folder / ABOUT).read_text("utf-8"))
        database = folder / about["database"]
        whole = _digest(database) == about["sha256"]
    except (OSError, ValueError, KeyError):
        raise BadInput("backup.none", path=folder) from None
    if not whole:
        raise BadInput("backup.damaged", path=database)
    return Backup(folder, about)


def backups_in(folder: Path) -> list[Path]:
    """Return the backups of a folder, oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{ABOUT}")) if folder.is_dir() else []


def _snapshot(to: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        # one step reads one snapshot of the write-ahead log: writers go on meanwhile
        with closing(sqlite3.connect(to)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise BadInput("backup.damaged", path=settings.DATABASES["default"]["NAME"])
    else:
        run_tool("pg_dump", "--format=custom", "--no-owner", f"--file={to}")
    to.chmod(0o600)
    with to.open("rb+") as file:
        os.fsync(file.fileno())


def run_tool(tool: str, *arguments: str) -> None:
    """Call one of PostgreSQL's own programs on this installation's database; the password stays off the command line.

    Raises
    ------
    BadInput
        ``backup.no_tool`` if it is not installed, ``backup.failed`` if it fails.
    """
    found = shutil.which(tool) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"))[-1:]), None)
    if found is None:
        raise BadInput("backup.no_tool", tool=tool)
    of = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    values = {variable: str(of[name]) for variable, name in names.items() if of.get(name)}
    options = {f"PG{name.upper()}": str(value) for name, value in of.get("OPTIONS", {}).items() if name == "sslmode"}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program with our own arguments
        [found, *arguments], env={**os.environ, **values, **options}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        detail = (done.stderr.strip().splitlines() or ["?"])[0]
        raise BadInput("backup.failed", tool=tool, detail=detail)


def _copy_folders(home: Path, part: Path, *, logs: bool) -> None:
    for name in (LOGS, UPLOADS) if logs else (UPLOADS,):
        if (home / name).is_dir():
            shutil.copytree(home / name, part / name)


def _copy_private(path: Path, to: Path) -> None:
    shutil.copyfile(path, to)
    to.chmod(0o600)


def _about(home: Path, now: datetime, database: Path, *, copied: tuple[bool, bool]) -> dict[str, Any]:
    ring = load_key_ring(Path(settings.SUYUAN_KEYS)) if Path(settings.SUYUAN_KEYS).exists() else None
    applied = MigrationRecorder(connection).applied_migrations()
    logs = sorted(path.name for path in (home / LOGS).iterdir() if path.is_dir()) if (home / LOGS).is_dir() else []
    return {
        "made_at": now.isoformat(),
        "suyuan": version("suyuan"),
        "engine": connection.vendor,
        "database": database.name,
        "bytes": database.stat().st_size,
        "sha256": _digest(database),
        "last_migration": max((name for app, name in applied if app == "store"), default=""),
        "keys": sorted([*ring.keys, ring.index.id]) if ring else [],
        "visit_logs": logs,
        "with_visit_logs": copied[0],
        "with_keys": copied[1],
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _free(path: Path) -> Path:
    n, free = 1, path
    while free.exists():
        n += 1
        free = path.with_name(f"{path.name}-{n}")
    return free
