"""Sixteen officers at once: as people work, with a pause between two looks, and without one, as the worst of days."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from suyuan.cli.bench_room_asks import OK, Ask
from suyuan.cli.bench_room_client import Browser
from suyuan.cli.bench_room_server import Server

WEIGHTS = {"list": 0.45, "record": 0.2, "search": 0.1, "write": 0.15, "board": 0.1}
"""How often an officer does what; kinds an officer cannot do leave their share to the others. Assumed."""
SHOWN = 20
"""Dearest requests that a phase names."""
KINDS = ("list", "search", "record", "write", "board")


@dataclass(frozen=True, slots=True)
class Timed:
    """One answer."""

    role: str
    kind: str
    name: str
    ms: float
    status: int


@dataclass(frozen=True, slots=True)
class User:
    """One officer at work."""

    role: str
    browser: Browser
    asks: Sequence[Ask]


@dataclass(frozen=True, slots=True)
class Phase:
    """What happened in one phase: the answers, wall seconds, CPU seconds of the server."""

    answers: list[Timed]
    wall_s: float
    cpu_s: float


def work(server: Server, users: Sequence[User], seconds: float, think_s: float, seed: int) -> Phase:
    """Let every user work for some seconds.

    Parameters
    ----------
    think_s
        Mean of the exponential pause after each answer; 0 for none.
    """
    answers: list[Timed] = []
    until = time.monotonic() + seconds

    def one(number: int, user: User) -> None:
        rng = random.Random(seed * 1000 + number)  # noqa: S311 - chance of a benchmark, not of a secret
        kinds = sorted({ask.kind for ask in user.asks})
        weights = [WEIGHTS[kind] for kind in kinds]
        if think_s:
            time.sleep(rng.random() * think_s)
        while time.monotonic() < until:
            kind = rng.choices(kinds, weights)[0]
            answers.append(time_one(user, rng.choice([ask for ask in user.asks if ask.kind == kind])))
            if think_s:
                time.sleep(rng.expovariate(1 / think_s))

    begun, cpu = time.monotonic(), server.cpu_seconds()
    threads = [threading.Thread(target=one, args=each, daemon=True) for each in enumerate(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 120)
    return Phase(answers, time.monotonic() - begun, server.cpu_seconds() - cpu)


def alone(server: Server, users: Iterable[User], times: int) -> list[dict[str, object]]:
    """Let one user of each role ask everything some times, alone; the dearest first.

    Returns
    -------
    list of dict
        Role, kind and name of each request, the median of its time and its CPU, in milliseconds.
    """
    told = []
    for user in {user.role: user for user in users}.values():
        for ask in user.asks:
            time_one(user, ask)
            cpu = server.cpu_seconds()
            timed = [time_one(user, ask) for _ in range(times)]
            told.append(
                {
                    "role": user.role,
                    "kind": ask.kind,
                    "name": ask.name,
                    "ms": round(median(each.ms for each in timed), 1),
                    "cpu_ms": round((server.cpu_seconds() - cpu) / times * 1000, 1),
                    "status": timed[-1].status,
                }
            )
    return sorted(told, key=lambda each: -float(str(each["ms"])))


def time_one(user: User, ask: Ask) -> Timed:
    """Ask once."""
    reply = ask.send(user.browser)
    return Timed(user.role, ask.kind, ask.name, reply.ms, reply.status)


def figures(phase: Phase) -> dict[str, object]:
    """Sum a phase up: p50 and p95 by role and kind, the worst role of each kind, CPU per request, refusals."""
    by: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in phase.answers:
        by[each.role][each.kind].append(each.ms)
        by["all"][each.kind].append(each.ms)
    names: dict[str, list[float]] = defaultdict(list)
    for each in phase.answers:
        names[f"{each.role}: {each.name}"].append(each.ms)
    dearest = sorted(names, key=lambda name: -median(names[name]))[:SHOWN]
    n = len(phase.answers)
    return {
        "n": n,
        "per_s": round(n / phase.wall_s, 1),
        "cpu_ms_per_request": round(phase.cpu_s / max(n, 1) * 1000, 1),
        "refused": sum(each.status not in OK for each in phase.answers),
        "dearest": {name: _spread(names[name]) for name in dearest},
        "roles": {
            role: {kind: _spread(found[kind]) for kind in KINDS if found.get(kind)} for role, found in by.items()
        },
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {"n": len(values), "p50_ms": round(quantile(values, 0.5), 1), "p95_ms": round(quantile(values, 0.95), 1)}


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 1).__int__() - 1))]


def worst(told: dict[str, object], kind: str) -> float | None:
    """Return the largest p95 of a kind over the roles that have at least twenty answers of it, else over all of it."""
    roles = told["roles"]
    assert isinstance(roles, dict)
    found = [
        each[kind]["p95_ms"]
        for role, each in roles.items()
        if kind in each and (role == "all" or each[kind]["n"] >= 20)
    ]
    return max(found) if found else None
