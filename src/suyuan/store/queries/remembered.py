"""Answers kept for a few seconds, so that many boards of one reach cost what one costs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
MOST = 64

_ANSWERS: dict[Hashable, Any] = {}
_LOCKS: dict[Hashable, threading.Lock] = {}
_DOOR = threading.Lock()


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """Return the answer kept under a key, or make it; who asks meanwhile waits for the one who makes it.

    Parameters
    ----------
    key
        Everything the answer depends on, with the span of time it may be shown in.
    make
        Makes it.
    """
    with _DOOR:
        lock = _LOCKS.setdefault(key, threading.Lock())
    with lock:
        if key not in _ANSWERS:
            answer = make()
            with _DOOR:
                while len(_ANSWERS) >= MOST:
                    oldest = next(iter(_ANSWERS))
                    _ANSWERS.pop(oldest)
                    _LOCKS.pop(oldest, None)
                _ANSWERS[key] = answer
            return answer
        return _ANSWERS[key]  # type: ignore[no-any-return]


def forget() -> None:
    """Forget every answer."""
    with _DOOR:
        _ANSWERS.clear()
        _LOCKS.clear()
