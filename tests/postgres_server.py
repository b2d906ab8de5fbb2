"""A private PostgreSQL server for tests: in a folder of its own, on a socket, gone afterwards.

As a program it runs another one on that server: ``python tests/postgres_server.py pytest tests/unit/store`` runs those
tests on PostgreSQL.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "suyuan_test"


def missing() -> str:
    """Say why no server can be started here; empty if one can."""
    if _bin() is None:
        return "PostgreSQL is not installed (Debian, Ubuntu: apt-get install postgresql-15)"
    if os.getuid() == 0 and (_account() is None or shutil.which("setpriv") is None):
        return "PostgreSQL refuses to run as root, and there is no account postgres to run it as"
    return ""


@contextmanager
def server() -> Iterator[str]:
    """Start a server and hand out the address of its database."""
    folder = Path(tempfile.mkdtemp(prefix="suyuan-pg-"))
    account = _account() if os.getuid() == 0 else None
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    port = _free_port()
    try:
        _run(folder, "initdb", "-D", "data", "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c port={port} -c max_connections=200"
        _run(folder, "pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        _run(folder, "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", USER, "room")
        yield f"postgresql://{USER}@127.0.0.1:{port}/room"
    finally:
        _run(folder, "pg_ctl", "-D", "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def _account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def _run(folder: Path, program: str, *arguments: str, check: bool = True) -> None:
    command = [str(_bin() / program), *arguments]
    if os.getuid() == 0:
        account = _account()
        as_user = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        command = ["setpriv", *as_user, "--inh-caps=-all", *command]
    # pg_ctl leaves a server behind that would keep a pipe of ours open for ever
    done = subprocess.run(
        command, cwd=folder, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if check and done.returncode:
        raise RuntimeError(f"{program} ended with {done.returncode}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def main(command: list[str]) -> int:
    """Run a command with ``SUYUAN_DATABASE`` naming a private server."""
    reason = missing()
    if reason:
        sys.stdout.write(f"Not run on PostgreSQL: {reason}.\n")
        return 0
    with server() as url:
        environment = {**os.environ, "SUYUAN_DATABASE": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
