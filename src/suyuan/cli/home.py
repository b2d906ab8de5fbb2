"""The folder of an installation: made for its owner alone, with one running room at a time."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import click
from filelock import FileLock, Timeout

from suyuan.cli.options import FILE
from suyuan.terms import BadInput, BadUsage

FOLDERS = ("logs", "uploads", "backups", "tls")
DATABASE = "room.sqlite3"

home_option = click.option(
    "--home",
    type=FILE,
    default=Path("room"),
    show_default=True,
    envvar="SUYUAN_HOME",
    metavar="DIR",
    help="Folder of this installation / 安装目录.",
)
database_option = click.option(
    "--database",
    default="",
    envvar="SUYUAN_DATABASE",
    metavar="URL",
    help="postgresql://user@host/name; without it a file in the folder / 数据库地址.",
)


def make_home(home: Path) -> None:
    """Make the folder and the key that signs sessions, for the owner alone."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in FOLDERS:
        (home / name).mkdir(exist_ok=True, mode=0o700)
    key = home / "session.key"
    if not key.exists():
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))


def use_home(home: Path, database: str) -> None:
    """Let the settings of this process, and of those it starts, be those of an installation."""
    check_database(database)
    os.environ["SUYUAN_HOME"] = str(home.absolute())
    os.environ["SUYUAN_DATABASE"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = "suyuan.settings"


def need_home(home: Path, database: str) -> None:
    """Use an installation that is there.

    Raises
    ------
    BadUsage
        ``up.no_room`` if the folder holds none.
    """
    if not database and not (home / DATABASE).is_file():
        raise BadUsage("up.no_room", path=home)
    use_home(home, database)


def check_database(url: str) -> None:
    """Stop where an address cannot be one of PostgreSQL, or its driver is not installed.

    Raises
    ------
    BadUsage
        ``up.bad_database`` or ``up.no_driver``.
    """
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise BadUsage("up.bad_database", scheme=parts.scheme or "–")
    if find_spec("psycopg") is None:
        raise BadUsage("up.no_driver")


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the one process that runs, restores or erases in this home.

    Raises
    ------
    BadUsage
        ``up.running`` if another one is.
    """
    lock = FileLock(home / "room.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BadUsage("up.running", path=home) from None
    try:
        yield
    finally:
        lock.release()


def need_port(host: str, port: int) -> None:
    """Stop where the port is taken or not ours to take.

    Raises
    ------
    BadUsage
        ``up.port_taken`` or ``up.bad_host``.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except socket.gaierror:
            raise BadUsage("up.bad_host", host=host) from None
        except OSError as fault:
            raise BadUsage("up.port_taken", host=host, port=port, detail=fault.strerror) from None


def need_tls(cert: Path | None, key: Path | None) -> bool:
    """Tell whether TLS is served, and stop where only half of it is there.

    Raises
    ------
    BadUsage
        ``up.half_tls`` if only one of both files is named.
    BadInput
        ``up.no_tls`` if a file is not there.
    """
    if (cert is None) != (key is None):
        raise BadUsage("up.half_tls")
    for path in (cert, key):
        if path is not None and not path.is_file():
            raise BadInput("up.no_tls", path=path)
    return cert is not None
