"""One change of the log: new files first, then the manifest that names them, then the old files go."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from suyuan.exposure.log.manifest import NAME, Manifest, write_manifest

OURS = re.compile(
    r"(record|met|segment|dead|persons|places|zones|sources|cells|table|coordinates|encounters)-\d{8}\.(parquet|bin)"
    r"|staging-\d{8}|manifest\.json\.new"
)


T = TypeVar("T")
Opened = dict[tuple[str, ...], Any]


class Change:
    """Files and manifest of a change that is all there or not there at all.

    Parameters
    ----------
    path
        Folder of the log; its writer lock is held by the caller.
    manifest
        The state to start from; left as it is.
    opened
        Files that stay mapped from change to change: see :meth:`open_once`.

    Notes
    -----
    Leaving the ``with`` block without :meth:`commit` deletes the files that were made.
    """

    def __init__(self, path: Path, manifest: Manifest, opened: Opened | None = None) -> None:
        self.path = path
        self.manifest = manifest.copy()
        self._before = manifest
        self._opened = {} if opened is None else opened
        self._made: list[Path] = []
        self._committed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if not self._committed:
            remove_files(self._made)

    def new_file(self, stem: str, ending: str = ".bin") -> Path:
        """Name a file that has never been used."""
        while True:
            path = self.path / f"{stem}-{self.manifest.next_file:08d}{ending}"
            self.manifest.next_file += 1
            if not path.exists():  # Windows: a mapped leftover that could not be swept keeps its name
                self._made.append(path)
                return path

    def open_once(self, files: tuple[str, ...], how: Callable[[], T]) -> T:
        """Open files of the log, or return them as they were opened for an earlier change.

        Notes
        -----
        Files never change, and a page of a map that was touched once costs no fault again: the second append is
        cheaper than the first.
        """
        if files not in self._opened:
            self._opened[files] = how()
        return cast("T", self._opened[files])

    def commit(self) -> Manifest:
        """Make the change the log's state, for good, and remove what it replaced.

        Returns
        -------
        Manifest
            The state from now on.
        """
        self.manifest.version = self._before.version + 1
        # from here on only a sweep may judge the new files: a failure after the rename must not delete them
        self._committed = True
        write_manifest(self.path, self.manifest)
        kept = set(self.manifest.files())
        for files in [files for files in self._opened if not kept.issuperset(files)]:
            del self._opened[files]
        remove_files(self.path / name for name in self._before.files() if name not in kept)
        remove_files(path for path in self._made if path.name not in kept)
        return self.manifest


def sweep(path: Path, manifest: Manifest) -> int:
    """Remove what a killed writer left behind; files that are not of a log's making stay.

    Returns
    -------
    int
        Number of names removed.
    """
    kept = {NAME, *manifest.files()}
    left = [entry for entry in path.iterdir() if entry.name not in kept and OURS.fullmatch(entry.name)]
    remove_files(left)
    return len(left)


def remove_files(paths: Iterable[Path]) -> None:
    """Delete files and staging folders; one that is still mapped on Windows waits for the next sweep."""
    for path in paths:
        with suppress(PermissionError, FileNotFoundError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
