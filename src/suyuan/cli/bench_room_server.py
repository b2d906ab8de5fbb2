"""The real server for the benchmark: ``suyuan up`` in a process of its own, and what it costs in CPU and memory."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from suyuan.cli.bench_room_home import ADMIN
from suyuan.terms import BadInput

PATIENCE_SECONDS = 180
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running room."""

    port: int
    process: int
    postmaster: int = 0

    def cpu_seconds(self) -> float:
        """CPU time so far of the server's processes, those of a private PostgreSQL included."""
        return sum(map(_cpu, [*_family(self.process), *(_family(self.postmaster) if self.postmaster else [])]))

    def memory_mb(self) -> float:
        """Resident memory of the serving process now."""
        return max(_status(each, "VmRSS") for each in _family(self.process)) / 1024

    def peak_mb(self) -> float:
        """Largest resident memory of the serving process since ``forget_peak``."""
        return max(_status(each, "VmHWM") for each in _family(self.process)) / 1024

    def forget_peak(self) -> None:
        """Let the peak begin at what is resident now."""
        for each in _family(self.process):
            Path(f"/proc/{each}/clear_refs").write_text("5", "ascii")


@contextmanager
def running(home: Path, database: str, port: int, postmaster: int = 0) -> Iterator[Server]:
    """Run ``suyuan up`` on a home until the block ends.

    Raises
    ------
    BadInput
        ``bench_room.no_server`` if it does not answer.
    """
    command = [sys.executable, "-c", "from suyuan.cli import main; main()", "up", "--quiet"]
    command += ["--home", str(home), "--port", str(port), "--admin", ADMIN]
    command += ["--database", database] if database else []
    with (home / "bench-server.log").open("wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603 - ourselves
    try:
        _await(port, child)
        yield Server(port, child.pid, postmaster)
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()


def _await(port: int, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and child.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/healthz")
            if line.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            line.close()
        time.sleep(0.3)
    raise BadInput("bench_room.no_server", port=port)


def postmaster_of(cluster: Path) -> int:
    """Process id of a private cluster's server."""
    return int((cluster / "data" / "postmaster.pid").read_text("utf-8").split()[0])


def _family(process: int) -> list[int]:
    """Return a process and everything it started, directly or not."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                parent = int((each / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(each.name))
    found, waiting = [], [process]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _cpu(process: int) -> float:
    """CPU seconds of a process and of its children that have ended."""
    try:
        parts = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, parts[11:15])) / TICKS_A_SECOND


def _status(process: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
