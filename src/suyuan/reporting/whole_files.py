"""Files that are either there whole or not there at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path, mode: int = 0o640) -> Iterator[Path]:
    """Hand out a temporary path beside ``path`` and put it in its place when the block ends well.

    A reader sees the old file or the new one, never a half; a crash leaves the old one.

    Parameters
    ----------
    path
        Where the file goes.
    mode
        Rights of the file: a contact list is for the team (0640), a key for its owner alone (0600). At no moment are
        they wider.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _flush(part)
        part.chmod(mode)  # mkstemp gives 0600
        part.replace(path)
        _flush_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, mode: int = 0o640) -> Path:
    """Write bytes so that the file is whole or absent."""
    with whole_file(path, mode) as part:
        part.write_bytes(content)
    return path


def _flush(part: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name last through a power cut; Windows does so by itself and opens no folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
