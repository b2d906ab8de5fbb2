"""One writer at a time on SQLite: threads queue for a lock in turn instead of sleeping in SQLite's busy handler."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_TURN = threading.RLock()


@contextmanager
def one_writer() -> Iterator[None]:
    """Wait for the turn to write. PostgreSQL needs no turn."""
    if connection.vendor != "sqlite":
        yield
        return
    with _TURN:
        yield
