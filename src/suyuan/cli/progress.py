"""A bar on standard error for whatever lasts longer than a second."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any, Self

from suyuan.cli.options import Answer

PATIENCE_SECONDS = 1.0


class Progress:
    """Shows what is being done; nothing at all if it is done within a second, or nobody watches.

    Parameters
    ----------
    answer
        A quiet user sees no bar.
    """

    def __init__(self, answer: Answer) -> None:
        self._watched = not answer.quiet and sys.stderr.isatty()
        self._lang = answer.lang
        self._lock = threading.Lock()
        self._timer = threading.Timer(PATIENCE_SECONDS, self._begin)
        self._bar: Any = None
        self._task: Any = None
        self._words, self._since = "", 0.0
        self._done, self._over = 0, False
        self._of: int | None = None

    def __enter__(self) -> Self:
        if self._watched:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()

    def show(self, words: str, done: int = 0, of: int | None = None) -> None:
        """Say what is being done and how far it is.

        Parameters
        ----------
        words
            A new text begins a new rate.
        done, of
            Things done, and things to do where that is known.
        """
        with self._lock:
            if words != self._words:
                self._words, self._since = words, time.monotonic()
            self._done, self._of = done, of
            self._update()

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
        with self._lock:
            if self._over:
                return
            console = Console(stderr=True, markup=False, highlight=False)
            self._bar = Bar(*columns, TimeElapsedColumn(), console=console, transient=True)
            self._task = self._bar.add_task(self._words, total=None, told="")
            self._update()
            self._bar.start()

    def _update(self) -> None:
        if self._bar is None:
            return
        seconds = time.monotonic() - self._since
        told = f"{self._done:,}" + (f" / {self._of:,}" if self._of else "") if self._done else ""
        if self._done and seconds > 1:
            told += f"  ({self._done / seconds:,.0f}/s)"
        self._bar.update(self._task, description=self._words, completed=self._done, total=self._of, told=told)
