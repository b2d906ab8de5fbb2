"""The one writer of a log: holds the lock, does one deed at a time, each whole or not at all."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from suyuan.exposure.log.batch import EncounterBatch, VisitBatch
from suyuan.exposure.log.change import Change, Opened, sweep
from suyuan.exposure.log.corrections import Corrections, supersede
from suyuan.exposure.log.dictionary import fold_dictionary
from suyuan.exposure.log.erasure import Erasure, purge_change
from suyuan.exposure.log.index import fold_era
from suyuan.exposure.log.intake import take_visits
from suyuan.exposure.log.manifest import DICTIONARIES, NAME, ImportEntry, Manifest, read_manifest, write_manifest
from suyuan.exposure.log.meetings import end_encounters, take_encounters
from suyuan.exposure.log.outcome import OnRefusal, Outcome
from suyuan.exposure.log.places import PlaceBatch, describe_places
from suyuan.exposure.log.record import ENCOUNTERS, VISITS, fold_records
from suyuan.exposure.log.staging import Staging
from suyuan.terms import BadInput, BadUsage

PATIENCE_SECONDS = 2.0
Clock = Callable[[], float]


def create_log(path: Path | str, timezone: str) -> None:
    """Make an empty log.

    Parameters
    ----------
    path
        Folder; made if absent. Other files in it are left alone.
    timezone
        Name in the IANA time zone database, such as ``Asia/Shanghai``: civil dates are counted in it.

    Raises
    ------
    BadUsage
        If there is a log already, or another process is making one.
    BadInput
        If the time zone is unknown.
    """
    folder = Path(path)
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as fault:
        raise BadInput("log.timezone_unknown", timezone=timezone) from fault
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise BadUsage("log.not_writable", path=folder, fault=fault.strerror) from fault
    lock = _locked(folder, PATIENCE_SECONDS)
    try:
        if (folder / NAME).exists():
            raise BadUsage("log.exists", path=folder)
        write_manifest(folder, Manifest(timezone=timezone, version=1))
    finally:
        lock.release()


class LogWriter:
    """Writes to a log; use it in a ``with`` block, which holds the writer lock.

    Parameters
    ----------
    path
        Folder of the log.
    patience_seconds
        How long to wait for another writer before giving up with a sentence.
    clock
        Tells the time, in seconds since 1970, for ``recorded_at``.

    Notes
    -----
    When a method returns, its effect survives a crash and is seen by every log opened from then on. When it raises,
    or the process dies inside it, nothing of it is there.
    """

    def __init__(
        self, path: Path | str, *, patience_seconds: float = PATIENCE_SECONDS, clock: Clock = time.time
    ) -> None:
        self.path = Path(path)
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._lock: FileLock | None = None
        self._manifest: Manifest | None = None
        self._opened: Opened = {}

    def __enter__(self) -> Self:
        read_manifest(self.path)
        self._lock = _locked(self.path, self._patience_seconds)
        try:
            self._manifest = read_manifest(self.path)
            sweep(self.path, self._manifest)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._manifest = None
        self._opened.clear()
        if self._lock is not None:
            self._lock.release()

    def import_batches(
        self, batches: Iterable[VisitBatch], ledger_key: str, *, name: str = "", on_refusal: OnRefusal | None = None
    ) -> Outcome:
        """Import a file's visits, once: a second import of the same key changes nothing and says ``already``.

        Parameters
        ----------
        batches
            The visits; read to the end before anything becomes visible, with flat memory.
        ledger_key
            Digest of the file.
        name
            How to call the file in the ledger.
        on_refusal
            Told of each row that cannot go in; None to find them in the outcome.
        """
        if any(entry.key == ledger_key for entry in self._state.imports):
            return Outcome(already=True)
        recorded_at = int(self._clock())
        with self._changing() as change:
            outcome = take_visits(change, batches, recorded_at, on_refusal)
            change.manifest.imports.append(_ledger_line(ledger_key, name, recorded_at, outcome))
            change.commit()
        return outcome

    def append(self, batches: VisitBatch | Iterable[VisitBatch], *, on_refusal: OnRefusal | None = None) -> Outcome:
        """Add visits; they are visible at once."""
        several = [batches] if isinstance(batches, VisitBatch) else batches
        with self._changing() as change:
            outcome = take_visits(change, several, int(self._clock()), on_refusal)
            change.commit()
        return outcome

    def withdraw(self, old: VisitBatch, reasons: list[str], *, on_refusal: OnRefusal | None = None) -> Outcome:
        """Withdraw visits; they stay on record with the reason. See :class:`Corrections` for how rows are named."""
        return self._supersede(Corrections(old, None, reasons), on_refusal)

    def correct(
        self, old: VisitBatch, new: VisitBatch, reasons: list[str], *, on_refusal: OnRefusal | None = None
    ) -> Outcome:
        """Replace visits by others, row by row; the earlier versions stay on record with the reason."""
        return self._supersede(Corrections(old, new, reasons), on_refusal)

    def add_encounters(
        self,
        batches: EncounterBatch | Iterable[EncounterBatch],
        *,
        ledger_key: str | None = None,
        name: str = "",
        on_refusal: OnRefusal | None = None,
    ) -> Outcome:
        """Add encounters; they are visible at once.

        Parameters
        ----------
        ledger_key
            Digest of the file they come from, so that the file is imported once; None for an append.
        """
        if ledger_key is not None and any(entry.key == ledger_key for entry in self._state.imports):
            return Outcome(already=True)
        several = [batches] if isinstance(batches, EncounterBatch) else batches
        recorded_at = int(self._clock())
        with self._changing() as change:
            outcome = take_encounters(change, several, recorded_at, on_refusal)
            if ledger_key is not None:
                change.manifest.imports.append(_ledger_line(ledger_key, name, recorded_at, outcome))
            change.commit()
        return outcome

    def withdraw_encounters(
        self, batch: EncounterBatch, reasons: list[str], *, on_refusal: OnRefusal | None = None
    ) -> Outcome:
        """Withdraw encounters; they stay on record with the reason."""
        with self._changing() as change:
            outcome = end_encounters(change, batch, reasons, int(self._clock()), on_refusal)
            change.commit()
        return outcome

    def set_places(
        self, batch: PlaceBatch, *, replace_kinds: bool = False, on_refusal: OnRefusal | None = None
    ) -> Outcome:
        """State kinds and coordinates of places.

        Parameters
        ----------
        replace_kinds
            Let a kind replace another that was said before; otherwise such a row is refused.
        """
        with self._changing() as change:
            outcome = describe_places(change, batch, replace_kinds=replace_kinds, on_refusal=on_refusal)
            change.commit()
        return outcome

    def compact(self) -> None:
        """Fold deltas and superseded rows into one segment per era, and small files into larger ones."""
        with self._changing() as change:
            for era in sorted({entry.era for entry in change.manifest.segments}):
                parts = [entry for entry in change.manifest.segments if entry.era == era]
                if len(parts) > 1 or parts[0].dead or not parts[0].base:
                    fold_era(change, Staging(change), era)
            for name in DICTIONARIES:
                fold_dictionary(change, name)
            fold_records(change, change.manifest.records, VISITS, whole=True)
            fold_records(change, change.manifest.encounter_records, ENCOUNTERS, whole=True)
            change.commit()

    def purge(self, before: date, *, dry_run: bool = False) -> Erasure:
        """Erase visits and encounters that ended before a civil date, from every file.

        Parameters
        ----------
        before
            In the log's time zone. A visit that ends at the first instant of this date stays.
        dry_run
            Only count. The files are made and thrown away, so it takes the time and disk of the real purge.
        """
        with self._changing() as change:
            erasure = purge_change(change, before)
            if dry_run:
                return replace(erasure, done=False)
            change.commit()
        return erasure

    @contextmanager
    def _changing(self) -> Iterator[Change]:
        try:
            with Change(self.path, self._state, self._opened) as change:
                yield change
        except OSError as fault:
            if fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise BadUsage("log.disk_full", path=self.path) from fault
            raise
        finally:
            # what the disk says counts: an interrupted change may have come to pass all the same
            self._manifest = self._manifest and read_manifest(self.path)

    @property
    def _state(self) -> Manifest:
        if self._manifest is None:
            raise BadUsage("log.writer_closed", path=self.path)
        return self._manifest

    def _supersede(self, corrections: Corrections, on_refusal: OnRefusal | None) -> Outcome:
        with self._changing() as change:
            outcome = supersede(change, corrections, int(self._clock()), on_refusal)
            if outcome.superseded:
                change.commit()
        return outcome


def _ledger_line(key: str, name: str, recorded_at: int, outcome: Outcome) -> ImportEntry:
    counts = (outcome.rows, outcome.visits, outcome.duplicates, outcome.n_refused)
    return ImportEntry(key, name, recorded_at, *counts)


def _locked(folder: Path, patience_seconds: float) -> FileLock:
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=patience_seconds)
    except Timeout as fault:
        raise BadUsage("log.busy", path=folder) from fault
    except OSError as fault:
        raise BadUsage("log.not_writable", path=folder, fault=fault.strerror) from fault
    return lock
