"""The visit logs of an installation: folders below one folder, opened once per state."""

from __future__ import annotations

import re
from pathlib import Path

from suyuan.exposure.log import open_log
from suyuan.exposure.log.packed import PackedLog
from suyuan.terms import BadInput

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")


class FolderLogs:
    """See ``actions.ports.VisitLogs``.

    Parameters
    ----------
    root
        The folder that holds the logs.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._noted: dict[str, str] = {}
        self._opened: dict[str, tuple[str, PackedLog]] = {}

    def open(self, name: str) -> PackedLog:
        """Open a snapshot of a log; the same snapshot as long as the log stays the same."""
        state = self.digest(name)
        known = self._opened.get(name)
        if known is None or known[0] != state:
            known = (state, open_log(self._folder(name)))
            self._opened[name] = known
        return known[1]

    def digest(self, name: str) -> str:
        """Short text that differs when the log differs: names, sizes and times of its files."""
        folder = self._folder(name)
        files = sorted(path for path in folder.iterdir() if path.is_file())
        return "|".join(f"{p.name}:{p.stat().st_size}:{p.stat().st_mtime_ns}" for p in files)

    def news(self, name: str) -> str:
        """Return the log's state if it is not the one noted last, else an empty text; no log is no news."""
        try:
            state = self.digest(name)
        except BadInput:
            return ""
        return state if state != self._noted.get(name) else ""

    def note(self, name: str, state: str) -> None:
        """Remember a state as dealt with, as long as this process lives."""
        self._noted[name] = state

    def _folder(self, name: str) -> Path:
        if not NAME.fullmatch(name) or not (self.root / name).is_dir():
            raise BadInput("room.no_visit_log", name=name)
        return self.root / name
