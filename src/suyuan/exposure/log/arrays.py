"""A file of named arrays: written once and whole, then only ever mapped."""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from suyuan.terms import BadInput

MAGIC = b"SUYARR01"
ALIGN = 64

Array = np.ndarray[Any, Any]


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write one-dimensional arrays to a new file and force it to the disk.

    Parameters
    ----------
    path
        The file to make.
    arrays
        One-dimensional arrays by name; the order is kept.
    """
    heads = _heads(arrays, 0)
    # the offsets stand in the header, so its own length decides them: room for their digits is left once
    start = _aligned(len(MAGIC) + 4 + len(json.dumps(heads)) + 20 * len(heads) + 2)
    heads = _heads(arrays, start)
    text = json.dumps(heads).encode()
    with path.open("wb") as file:
        file.write(MAGIC + len(text).to_bytes(4, "little") + text)
        for name, array in arrays.items():
            file.seek(heads[name][2])
            file.write(np.ascontiguousarray(array).data)
        file.truncate(max(file.tell(), start))
        file.flush()
        os.fsync(file.fileno())


def map_arrays(path: Path) -> dict[str, Any]:
    """Map the arrays of a file, read-only; nothing is read before it is asked for.

    Raises
    ------
    FileNotFoundError
        If the file is gone.
    BadInput
        If it is not a whole file of arrays.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size <= len(MAGIC) + 4:
            raise BadInput("log.truncated", file=path.name, path=path.parent)
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if memory[: len(MAGIC)] != MAGIC:
        raise BadInput("log.foreign_file", file=path.name, path=path.parent)
    length = int.from_bytes(memory[len(MAGIC) : len(MAGIC) + 4], "little")
    try:
        heads = json.loads(memory[len(MAGIC) + 4 : len(MAGIC) + 4 + length])
        return {
            name: np.frombuffer(memory, dtype=np.dtype(dtype), count=count, offset=offset)
            for name, (dtype, count, offset) in heads.items()
        }
    except ValueError as fault:
        raise BadInput("log.truncated", file=path.name, path=path.parent) from fault


def force_to_disk(path: Path) -> None:
    """Wait until a file (or the names in a folder) would survive a power cut."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folder; NTFS writes names in order
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _heads(arrays: Mapping[str, Array], start: int) -> dict[str, tuple[str, int, int]]:
    heads = {}
    offset = start
    for name, array in arrays.items():
        heads[name] = (array.dtype.str, len(array), offset)
        offset = _aligned(offset + array.nbytes)
    return heads


def _aligned(offset: int) -> int:
    return -(-offset // ALIGN) * ALIGN
