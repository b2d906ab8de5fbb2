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


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a small routine into its callers.

    A call that hands over a table of arrays counts references to each of them; for a routine of a few
    instructions, called once per row, that costs more than the work itself (measured: 400 against 40 ns).
    """
    return cast("Callable[P, R]", numba.njit(inline="always", nogil=True)(function))
