"""A private PostgreSQL cluster for the benchmark, in a folder of its own, on 127.0.0.1, durable as in production."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from suyuan.terms import BadUsage

USER = "suyuan_bench"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "512MB",
    "random_page_cost": "1.1",
}
"""What differs from a fresh cluster's defaults; ``fsync`` and ``synchronous_commit`` are said because they matter."""


@contextmanager
def private_postgres(folder: Path) -> Iterator[str]:
    """Run a cluster that is kept in ``folder`` and hand out the address of its database.

    Raises
    ------
    BadUsage
        If PostgreSQL is not installed, or refuses to run as root and there is no account ``postgres``.
    """
    programs, account = _programs(), _account()
    folder.mkdir(parents=True, exist_ok=True)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o700)
    port = _free_port()
    new = not (folder / "data" / "PG_VERSION").is_file()

    def run(program: str, *arguments: str) -> int:
        return _run(folder, account, [str(programs / program), *arguments])

    if new:
        run("initdb", "-D", "data", "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = " ".join(f"-c {name}={value}" for name, value in {**SETTINGS, "port": str(port)}.items())
    if run("pg_ctl", "-D", "data", "-w", "-t", "120", "-l", "log", "-o", options, "start"):
        raise BadUsage("bench_room.postgres_failed", path=folder / "log")
    try:
        if new:
            run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", USER, "room")
        yield f"postgresql://{USER}@127.0.0.1:{port}/room"
    finally:
        run("pg_ctl", "-D", "data", "-m", "fast", "-w", "stop")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    elsewhere = shutil.which("initdb")
    if not found and elsewhere is None:
        raise BadUsage("bench_room.no_postgres")
    return found[-1].parent if found else Path(str(elsewhere)).parent


def _account() -> pwd.struct_passwd | None:
    """Return the account to run it as, None for our own: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise BadUsage("bench_room.no_postgres") from None


def _run(folder: Path, account: pwd.struct_passwd | None, command: list[str]) -> int:
    # pg_ctl leaves a server behind that would keep a pipe of ours open for ever
    quiet = subprocess.DEVNULL
    return subprocess.run(  # noqa: S603 - programs of PostgreSQL with our own arguments
        command,
        cwd=folder,
        check=False,
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=() if account else None,
    ).returncode


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
