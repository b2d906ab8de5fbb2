"""The clock of the room: hands facts on and looks at what is due, in a thread of the serving process.

On SQLite the one serving process does it. On PostgreSQL every process has the thread and the one that holds an advisory
lock acts; when it ends, the database lets the lock go and another takes over.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import threading
import time

from django.db import Error, connection

from suyuan.actions.desk import Office
from suyuan.actions.hearing import hand_on
from suyuan.actions.tick import tick
from suyuan.store.plans import refresh_statistics

LOG = logging.getLogger(__name__)
LEADER = 7_178_002
"""Number of PostgreSQL's advisory lock of the process whose clock acts."""
LONG_WORK = "import_uploads"
"""The clock function that stops in the middle of its work, to be called again."""
PAUSE_SECONDS, TICK_SECONDS, PATIENCE_SECONDS = 0.5, 5.0, 10.0
COUNT_SECONDS = 3600.0
"""How often the database counts what its query plans go by: tables grow, and a plan made for few rows gets slow."""


class Clockwork:
    """One thread that keeps the room's clock.

    Parameters
    ----------
    office
        The joined house.
    parent
        Process that started this one, 0 for none: when it is gone, this process ends itself, so that a killed
        ``suyuan up`` leaves nobody behind who writes.
    """

    def __init__(self, office: Office, parent: int = 0) -> None:
        self.office = office
        self._parent = parent
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="suyuan-clock", daemon=True)
        self._ticked = float("-inf")
        self._counted = time.monotonic()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction in hand and end."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        try:
            while not self._ended.wait(PAUSE_SECONDS):
                self._end_with_parent()
                try:
                    self.turn()
                except Exception:
                    # whatever went wrong in one turn, the next one tries again; the log holds numbers only
                    LOG.exception("the clock's turn failed")
                    connection.close()
        finally:
            connection.close()

    def turn(self) -> int:
        """Hand on what waits and, every few seconds, look at what is due; return how much was done."""
        if not leads():
            return 0
        n = hand_on(self.office)
        if time.monotonic() - self._ticked >= TICK_SECONDS:
            begun = time.monotonic()
            done = tick(self.office)
            # a long table goes on at once; everything else that is due has had its turn in between
            self._ticked = float("-inf") if done.get(LONG_WORK, 0) > 0 else begun
            n += sum(max(0, each) for each in done.values())
        if time.monotonic() - self._counted >= COUNT_SECONDS:
            self._counted = time.monotonic()
            refresh_statistics()
        return n

    def _end_with_parent(self) -> None:
        if self._parent and os.getppid() != self._parent:
            os.kill(os.getpid(), signal.SIGTERM)


def leads() -> bool:
    """Whether this process is the one whose clock acts."""
    if connection.vendor != "postgresql":
        return True
    try:
        with connection.cursor() as cursor:
            # a session may take the same lock many times: once held, it stays held
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s "
                "AND pid = pg_backend_pid()) OR pg_try_advisory_lock(%s)",
                [LEADER, LEADER],
            )
            return bool(cursor.fetchone()[0])
    except Error:
        connection.close()
        return False


def keep_going() -> Clockwork:
    """Start the clock of this process; it stops with the process."""
    from suyuan.bootstrap import office

    clockwork = Clockwork(office(), int(os.environ.get("SUYUAN_PARENT", "0")))
    clockwork.start()
    atexit.register(clockwork.stop)
    return clockwork
