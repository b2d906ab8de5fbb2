"""Work that loads the whole house, done in a process of its own so that the one that waits stays small."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from suyuan.terms import Problem


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of a module in another process and return its answer; a problem comes back as it was.

    Raises
    ------
    Problem
        What the function raised.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        kind, answer = other.submit(_guarded, work, arguments).result()
    if kind is None:
        return answer
    raise kind(answer[0], **answer[1])


def _guarded(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[type[Problem] | None, Any]:
    try:
        return None, work(*arguments)
    except Problem as problem:
        # a problem takes its values by name, which an exception's own way through a pipe does not keep
        return type(problem), (problem.code, {name: str(value) for name, value in problem.details.items()})
