"""`suyuan bench room`: what the operations room does for sixteen officers in a city of a million, over HTTP."""

from __future__ import annotations

import random
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from suyuan.cli.apart import apart
from suyuan.cli.bench_room_asks import asks_of
from suyuan.cli.bench_room_bulk import bring_rows, bulk_contacts, upload_state
from suyuan.cli.bench_room_client import sign_in
from suyuan.cli.bench_room_home import make_ready
from suyuan.cli.bench_room_load import User, alone, figures, work, worst
from suyuan.cli.bench_room_postgres import private_postgres
from suyuan.cli.bench_room_server import Server, postmaster_of, running
from suyuan.cli.home import make_home, use_home
from suyuan.terms import BadUsage, say

TARGETS = {
    "list_p95_ms": 200,
    "search_p95_ms": 200,
    "record_p95_ms": 200,
    "write_p95_ms": 100,
    "board_p95_ms": 500,
    "bulk_10k_s": 5,
    "import_100k_s": 60,
    "export_300k_peak_mb": 200,
}
MEASURED = ("list", "search", "record", "write", "board")
THINK_SECONDS = 1.0
Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is in the room, who works in it, and how long it is looked at."""

    people: int
    cases: int
    contacts: int
    tasks: int
    users: int = 16
    seconds: float = 60.0
    runs: int = 3
    rows: int = 100_000

    @classmethod
    def of(cls, given: dict[str, float], *, quick: bool) -> Sizes:
        """Return the sizes somebody asked for; the quick ones fit into a minute or two.

        Raises
        ------
        BadUsage
            ``bench_room.sizes`` if cases and contacts are more than the people, or there are hardly any.
        """
        whole = {name: int(given[name]) for name in ("people", "cases", "contacts", "tasks", "users", "rows")}
        if quick:
            whole |= {"people": 20_000, "cases": 1_000, "contacts": 10_000, "tasks": 30_000, "rows": 2_000}
        if whole["cases"] + whole["contacts"] > whole["people"] or min(whole["cases"], whole["tasks"]) < 100:
            raise BadUsage("bench_room.sizes")
        return cls(**whole, seconds=10.0 if quick else given["seconds"], runs=1 if quick else 3)

    def data(self) -> tuple[int, int, int, int]:
        """Return what the database is filled with."""
        return self.people, self.cases, self.contacts, self.tasks


def measure(sizes: Sizes, databases: Sequence[str], folder: Path, tell: Tell) -> dict[str, Any]:
    """Measure on each database and return the figures by its name.

    Parameters
    ----------
    databases
        ``sqlite``, ``postgresql`` (a private cluster in the folder), or an address ``postgresql://…``.
    folder
        Holds the installations; one that holds this city already is used again.
    tell
        Called with a text's key as each step begins.
    """
    told: dict[str, Any] = {"targets": TARGETS, "think_s": THINK_SECONDS, "users": sizes.users}
    for name in databases:
        kind = name.partition(":")[0]
        with _database(name, folder) as (url, postmaster):
            told[kind] = _one(sizes, folder / kind, url, postmaster, tell)
    return told


@contextmanager
def _database(name: str, folder: Path) -> Iterator[tuple[str, int]]:
    with ExitStack() as stack:
        if name != "postgresql":
            yield ("" if name == "sqlite" else name), 0
            return
        folder.chmod(0o711)  # PostgreSQL's own account must reach its cluster; the homes beside it are closed
        url = stack.enter_context(private_postgres(folder / "cluster"))
        yield url, postmaster_of(folder / "cluster")


def _one(sizes: Sizes, home: Path, url: str, postmaster: int, tell: Tell) -> dict[str, Any]:
    """Fill one installation, serve it, and measure."""
    make_home(home)
    use_home(home, url)
    tell("bench_room.filling", database=home.name)
    ready = apart(make_ready, home, *sizes.data())
    tell("bench_room.starting", database=home.name)
    with running(home, url, _free_port(), postmaster) as server:
        users = [_enter(server, ready, number) for number in range(sizes.users)]
        tell("bench_room.alone", database=home.name)
        single = alone(server, users, 3)
        paced, saturated = [], []
        for run in range(sizes.runs):
            tell("bench_room.working", database=home.name, run=run + 1)
            paced.append(figures(work(server, users, sizes.seconds, THINK_SECONDS, run)))
        tell("bench_room.saturating", database=home.name)
        saturated.append(figures(work(server, users, sizes.seconds / 2, 0.0, 99)))
        tell("bench_room.bulk", database=home.name)
        roles = {user.role: user for user in reversed(users)}  # the first of each role
        bulk = bulk_contacts(server, roles["commander"])
        ask = upload_state(home, url)
        bulk |= bring_rows(roles["duty_officer"], sizes.rows, ready["samples"], ask) if sizes.rows else {}
        return {**_summary(paced), **bulk, "filled": ready["filled"], "alone": single, "paced": paced,
                "saturated": saturated, "memory_mb": round(server.memory_mb(), 1)}  # fmt: skip


def _enter(server: Server, ready: dict[str, Any], number: int) -> User:
    who = ready["officers"][number % len(ready["officers"])]
    browser = sign_in(server.port, who["username"], who["password"], who["secret"])
    rng = random.Random(number)  # noqa: S311 - chance of a benchmark, not of a secret
    return User(who["role"], browser, asks_of(browser, ready["samples"], rng))


def _summary(runs: list[dict[str, object]]) -> dict[str, Any]:
    """Return the median over the runs of each kind's p95 in the role that fares worst, and the same by role."""
    told: dict[str, Any] = {}
    for kind in MEASURED:
        found = [value for each in runs if (value := worst(each, kind)) is not None]
        told[f"{kind}_p95_ms"] = round(median(found), 1) if found else None
    told["cpu_ms_per_request"] = median(float(str(each["cpu_ms_per_request"])) for each in runs)
    return told


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def folder_of(keep: Path | None) -> Iterator[Path]:
    """Use the folder that the caller keeps, or one that is gone afterwards."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="suyuan-bench-room-") as place:
        yield Path(place)


def lines_of(figures: dict[str, Any], lang: str) -> Iterator[str]:
    """Write the figures as a table for people, the targets beside."""
    names = [name for name in ("sqlite", "postgresql") if name in figures]
    yield say("bench_room.head", lang, users=figures["users"], think_s=figures["think_s"])
    yield _row("", *(say(f"bench_room.{name}", lang) for name in names), say("bench_room.target", lang))
    for key, target in TARGETS.items():
        yield _row(say(f"bench_room.{key}", lang), *(_told(figures[name].get(key)) for name in names), f"< {target}")
    for name in names:
        last = figures[name]["saturated"][-1]
        yield say("bench_room.saturated", lang, database=say(f"bench_room.{name}", lang), **last)


def _told(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _row(first: str, *cells: str) -> str:
    from rich.cells import cell_len

    return first + " " * max(1, 44 - cell_len(first)) + "".join(f"{cell:>14}" for cell in cells)
