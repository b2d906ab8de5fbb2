"""Files that are either there whole or not there at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Hand out a temporary path beside ``path`` and put it in its place when the block ends well.

    A reader sees the old file or the new one, never a half; a crash leaves the old one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _flush(part)
        part.chmod(0o640)  # mkstemp gives 0600; a contact list is for the team, not for the world
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> Path:
    """Write bytes so that the file is whole or absent."""
    with whole_file(path) as part:
        part.write_bytes(content)
    return path


def _flush(part: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
