"""The one door to the compiler, typed, so that compiled routines keep their signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

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
