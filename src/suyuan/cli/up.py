"""`suyuan up`: the operations room on one port, in one command."""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from suyuan.cli.apart import apart
from suyuan.cli.home import alone, database_option, home_option, make_home, need_port, need_tls, use_home
from suyuan.cli.options import FILE, Answer, answering
from suyuan.cli.prepare import Prepared, prepare
from suyuan.terms import BadUsage, say

LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Where:
    """Address, port, and the two files of TLS or None."""

    host: str
    port: int
    tls_cert: Path | None = None
    tls_key: Path | None = None


@click.command()
@home_option
@database_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on / 监听地址.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port / 端口.")
@click.option("--tls-cert", type=FILE, metavar="FILE", help="Certificate of the server / 服务器证书.")
@click.option("--tls-key", type=FILE, metavar="FILE", help="Its key / 证书私钥.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="Host name or address of the room / 主机名.")
@click.option("--admin", default="admin", show_default=True, help="First administrator / 首位管理员账号.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes / 进程数.")
@click.option("--threads", type=click.IntRange(1, 256), default=16, show_default=True, help="Threads each / 线程数.")
@answering
def up(home: Path, database: str, answer: Answer, **given: Any) -> None:
    """Run the operations room: pages, API and clocks on one port / 启动处置指挥室."""
    if given["workers"] > 1 and not database:
        raise BadUsage("up.one_process")
    tls = need_tls(given["tls_cert"], given["tls_key"])
    make_home(home)
    with alone(home) if not database else nullcontext():
        need_port(given["host"], given["port"])
        use_home(home, database)
        hosts = set_hosts(given["host"], given["names"], tls=tls)
        tell_prepared(apart(prepare, home, given["admin"]), answer)
        address = f"{'https' if tls else 'http'}://{hosts[0]}:{given['port']}"
        answer.json({"address": address, "home": str(home.absolute()), "process": os.getpid()})
        if given["host"] not in LOCAL and not tls:
            answer.note(say("up.no_tls_warning", answer.lang))

        def ready() -> None:
            answer.text(say("up.ready", answer.lang, address=address))

        where = Where(given["host"], given["port"], given["tls_cert"], given["tls_key"])
        serve(where, (given["workers"], given["threads"]), ready)
        answer.text(say("up.ended", answer.lang))


def set_hosts(host: str, names: tuple[str, ...], *, tls: bool) -> list[str]:
    """Let the room answer to these names and return them, the one to show first."""
    own = [] if host in LOCAL else [socket.gethostname() if host in ("0.0.0.0", "::") else host]  # noqa: S104
    hosts = [*names, *own, "localhost", "127.0.0.1"]
    os.environ["SUYUAN_HOSTS"] = ",".join(dict.fromkeys([*hosts, "[::1]"]))
    os.environ["SUYUAN_TLS"] = "1" if tls else "0"
    return hosts


def tell_prepared(done: Prepared, answer: Answer) -> None:
    """Say what preparing did, and the first password, once."""
    if done.backup:
        answer.text(say("up.backed_up", answer.lang, path=done.backup))
    if done.n_migrations:
        answer.text(say("up.migrated", answer.lang, n=done.n_migrations))
    if done.password:
        answer.text(say("up.first_admin", answer.lang, name=done.admin, password=done.password))


def serve(where: Where, size: tuple[int, int], ready: Callable[[], None]) -> None:
    """Serve until somebody ends it; the clock runs inside the serving process.

    Parameters
    ----------
    size
        Processes, and threads of each.
    ready
        Called once the room takes connections.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ["SUYUAN_BACKGROUND"] = "1"
    os.environ["SUYUAN_PARENT"] = str(os.getpid())
    # compiled libraries have threads of their own: a forked copy of them would hang
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "suyuan.web.wsgi:application",
        address=where.host,
        port=where.port,
        interface=Interfaces.WSGI,
        workers=size[0],
        blocking_threads=size[1],
        blocking_threads_idle_timeout=600,
        workers_kill_timeout=20,
        respawn_failed_workers=True,
        ssl_cert=where.tls_cert,
        ssl_key=where.tls_key,
        log_level=LogLevels.error,
    )
    threading.Thread(target=_tell_when_open, args=(where, ready), daemon=True).start()
    server.serve()


def _tell_when_open(where: Where, ready: Callable[[], None]) -> None:
    """Wait until the serving process takes connections: it has the whole house to load first."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(where.host, where.host)  # noqa: S104
    while True:
        try:
            socket.create_connection((here, where.port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            ready()
            return
