"""One writer at a time on SQLite: threads queue in turn instead of sleeping in SQLite's busy handler.

A plain lock lets the thread that has just written write again before those that wait: with 16 threads one of them
waited for seconds. Here whoever came first is next.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Turn:
    """A lock that is handed on in the order of asking; who holds it may take it again."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._waiting: deque[tuple[int, threading.Lock]] = deque()
        self._holder = 0
        self._depth = 0

    def take(self) -> None:
        """Wait for the turn."""
        me = threading.get_ident()
        with self._gate:
            if self._holder in (0, me):
                self._holder = me
                self._depth += 1
                return
            called = threading.Lock()
            called.acquire()
            self._waiting.append((me, called))
        called.acquire()

    def give(self) -> None:
        """Hand the turn on to whoever has waited longest."""
        with self._gate:
            self._depth -= 1
            if self._depth:
                return
            if not self._waiting:
                self._holder = 0
                return
            self._holder, called = self._waiting.popleft()
            self._depth = 1
            called.release()


_TURN = Turn()


@contextmanager
def one_writer() -> Iterator[None]:
    """Wait for the turn to write. PostgreSQL needs no turn."""
    if connection.vendor != "sqlite":
        yield
        return
    _TURN.take()
    try:
        yield
    finally:
        _TURN.give()
