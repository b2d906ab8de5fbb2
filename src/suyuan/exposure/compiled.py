"""The one door to the compiler, typed, so that compiled routines keep their signatures.

Compiled code is kept on disk in a folder named after the text of every file that holds compiled routines. Numba
itself looks only at the file of the outermost routine: after an upgrade that changed an inner one it would run the
old code.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

PACKAGE = Path(__file__).resolve().parents[1]
DOOR = b"suyuan.exposure.compiled"
FOLDER = "compiled-"


def fingerprint(package: Path) -> str:
    """Digest of the text of all files that hold compiled routines."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        text = path.read_bytes()
        if DOOR in text or path.name == Path(__file__).name:
            digest.update(text)
    return digest.hexdigest()[:16]


def cache_folder(package: Path) -> Path:
    """Return the folder for this state of the sources; those of earlier states beside it are removed.

    It lies inside the package where that can be written (a checkout, a virtual environment), else in the user's
    temporary folder.
    """
    parent = package / "__pycache__"
    try:
        parent.mkdir(exist_ok=True)
        writable = os.access(parent, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        parent = Path(tempfile.gettempdir()) / f"suyuan-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    folder = parent / (FOLDER + fingerprint(package))
    if not folder.is_dir():
        for old in parent.glob(f"{FOLDER}*"):
            shutil.rmtree(old, ignore_errors=True)
    return folder


os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder(PACKAGE)))  # numba reads it once, when it is imported

import numba  # noqa: E402

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers and arrays to machine code on first use and keep it on disk.

    Parameters
    ----------
    function
        Takes and returns numbers, arrays and named tuples of them; numba's nopython rules apply.

    Notes
    -----
    Without a writable cache folder numba compiles anew in each process; the answers are the same.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a small routine into its callers.

    A call that hands over a table of arrays counts references to each of them; for a routine of a few
    instructions, called once per row, that costs more than the work itself (measured: 400 against 40 ns).
    """
    return cast("Callable[P, R]", numba.njit(inline="always", nogil=True)(function))
