"""The demonstration's room, on a small city."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

PEOPLE = "6000"


def _demo(out: Path, *more: str) -> dict[str, object]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SUYUAN_", "DJANGO_"))}
    words = ["demo", "--no-serve", "--people", PEOPLE, "--out", str(out), "--json", *more]
    done = subprocess.run(
        [sys.executable, "-c", "from suyuan.cli import main; main()", *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_demonstration_is_a_room_in_the_middle_of_its_work(tmp_path: Path):
    """Cases are confirmed, contacts decided, orders signed, tasks late; each role has an account; again is quick."""
    out = tmp_path / "demo"
    first = _demo(out)
    assert first["counts"]["people"] == int(PEOPLE)
    assert first["counts"]["cases"] > 0
    assert first["counts"]["tasks"] > 20
    assert {"administrator", "commander", "auditor", "community_worker"} <= {each["role"] for each in first["accounts"]}
    with closing(sqlite3.connect(out / "room" / "room.sqlite3")) as database:

        def count(query: str) -> int:
            return database.execute(query).fetchone()[0]

        assert count("SELECT count(*) FROM store_caserow WHERE classification IN ('confirmed', 'asymptomatic')") > 0
        assert count("SELECT count(*) FROM store_incidentrow WHERE state = 'response'") == 1
        assert count("SELECT count(*) FROM store_taskrow WHERE state = 'done'") > 0
        late = "SELECT count(*) FROM store_taskrow WHERE state IN ('open', 'taken') AND due_at < datetime('now')"
        assert count(late) > 0
        names = [row[0] for row in database.execute("SELECT detail FROM store_auditrow")]
    register = (out / "city" / "observed" / "register.csv").read_text("utf-8").splitlines()[1:50]
    assert not any(line.split(",")[5] in detail for line in register if line.split(",")[5] for detail in names)
    again = _demo(out)
    assert again["counts"] == {}
    assert {each["username"] for each in again["accounts"]} == {each["username"] for each in first["accounts"]}
    assert {each["password"] for each in again["accounts"]}.isdisjoint(each["password"] for each in first["accounts"])
