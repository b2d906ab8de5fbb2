"""The demonstration's room: its city, its register, its first days of response, its accounts."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from suyuan.cli.apart import apart
from suyuan.cli.demo_report import MARK, SCENARIO, clear, import_city
from suyuan.cli.home import alone, make_home, need_port, use_home
from suyuan.cli.options import Answer
from suyuan.cli.progress import Progress
from suyuan.terms import say

DAYS_BEFORE_TODAY = 5
"""The first person tests positive on the third day; the room opens on the third day after that."""
LOG, CITY = "city", "9901"


@dataclass(frozen=True, slots=True)
class Made:
    """What is told of a demonstration: its counts, and its accounts with their passwords."""

    counts: dict[str, int]
    accounts: list[dict[str, str]]


def make_room(people: int, out: Path, seed: int, answer: Answer, *, port: int) -> Path:
    """Make the room, or use the one that was made today, and tell its accounts; return its home.

    Parameters
    ----------
    port
        Where it will be served, so that a taken port is told before the work; 0 if it is not served.
    """
    if port:
        need_port("127.0.0.1", port)
    home, begun = out / "room", time.monotonic()
    wanted = {"people": people, "seed": seed, "scenario": SCENARIO, "room": date.today().isoformat()}  # noqa: DTZ011
    os.environ["SUYUAN_DEMO"] = "1"
    again = _mark(out) == wanted
    if not again:
        clear(out, people, seed, answer)
    make_home(home)
    with alone(home), Progress(answer) as progress:
        if not again:
            _make_files(people, out, seed, answer, progress)
        use_home(home, "")
        answer.text("" if again else say("room_demo.response", answer.lang))
        progress.show(say("room_demo.response", answer.lang))
        made: Made = apart(_again if again else _fill, out, home)
    (out / MARK).write_text(json.dumps(wanted) + "\n", "utf-8")
    _tell(made, answer, seconds=time.monotonic() - begun)
    return home


def _mark(out: Path) -> Any:
    try:
        return json.loads((out / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _make_files(people: int, out: Path, seed: int, answer: Answer, progress: Progress) -> None:
    from suyuan.cli.twin import progress_in
    from suyuan.twin.make import make_twin
    from suyuan.twin.register import write_register

    answer.text(say("room_demo.city", answer.lang, people=f"{people:,}", seed=seed))
    scenario = scenario_until_today(out)
    make_twin(people, DAYS_BEFORE_TODAY + 1, seed, scenario, out / "city", progress_in(progress, answer.lang))
    answer.text(say("room_demo.register", answer.lang))
    write_register(out / "city", seed)
    answer.text(say("room_demo.log", answer.lang))
    import_city(out / "city", out / "room" / "logs" / LOG, answer, progress)


def scenario_until_today(out: Path) -> Path:
    """Write the scenario with a beginning that makes today the day on which the team is in the middle of it."""
    plain = (files("suyuan.twin") / "scenarios" / f"{SCENARIO}.toml").read_text("utf-8")
    start = (datetime.now(UTC) - timedelta(days=DAYS_BEFORE_TODAY)).date()
    lines = [f"start = {start}" if line.startswith("start =") else line for line in plain.splitlines()]
    path = out / "scenario.toml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _fill(out: Path, home: Path) -> Made:
    """Make the database: areas, register, accounts, and the response so far."""
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.cli.demo_accounts import bind_resident, make_accounts
    from suyuan.cli.demo_register import load_city
    from suyuan.cli.demo_story import respond
    from suyuan.cli.prepare import prepare

    prepare(home, "")
    n_people = load_city(out / "city" / "observed")
    accounts = make_accounts()
    counts = respond(out / "city" / "observed", LOG)
    bind_resident(datetime.now(UTC))
    return Made({"people": n_people, **counts}, accounts)


def _again(out: Path, home: Path) -> Made:  # noqa: ARG001 - the same call as for a new room
    """Bring an earlier room of today to this version and draw new passwords."""
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.cli.demo_accounts import make_accounts
    from suyuan.cli.prepare import prepare

    prepare(home, "")
    return Made({}, make_accounts())


def _tell(made: Made, answer: Answer, *, seconds: float) -> None:
    answer.json({"counts": made.counts, "accounts": made.accounts, "seconds": round(seconds, 1)})
    if made.counts:
        numbers = {name: f"{value:,}" for name, value in made.counts.items()}
        answer.text(say("room_demo.made", answer.lang, seconds=f"{seconds:.0f}", **numbers))
    answer.text(say("room_demo.accounts", answer.lang))
    for each in made.accounts:
        answer.text(f"  {each['username']:22} {each['password']:18} {each[f'role_{answer.lang}']} · {each['area']}")
