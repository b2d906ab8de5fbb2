"""The server is killed under load; what it acknowledged is there afterwards, once."""

from __future__ import annotations

import random
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from faults_room import Killed

N_WRITERS = 6


@pytest.fixture
def killed(tmp_path):
    """Make a server on SQLite that may be killed."""
    server = Killed(tmp_path / "home", "")
    yield server
    server.kill()


@pytest.fixture
def killed_on_postgresql(tmp_path, postgres_url):
    """Make one on a PostgreSQL database of its own."""
    import psycopg

    name = f"faults_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres_url, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}")
    server = Killed(tmp_path / "home", postgres_url.rsplit("/", 1)[0] + f"/{name}")
    yield server
    server.kill()


class Writers:
    """Threads that report cases as fast as they can, each under a key of its own, until the server is gone."""

    def __init__(self, server: Killed) -> None:
        self.server = server
        self.acknowledged: dict[str, int] = {}
        self.unsure: list[str] = []

    def report(self, key: str) -> None:
        """Report the case of one person who is known by the key."""
        fields = {"incident_id": self.server.incident, "person_code": f"K{key}", "area": "990101001001"}
        status, answer = self.server.send("POST", "/api/v1/cases", fields, **{"Idempotency-Key": key})
        assert status == 200, answer
        self.acknowledged[key] = answer["answer"]

    def _write(self) -> None:
        while True:
            key = uuid.uuid4().hex
            try:
                self.report(key)
            except OSError:  # killed: nobody knows whether it is there
                self.unsure.append(key)
                return

    def round(self, seconds: float) -> None:
        """Write, kill the server after some seconds of load, start it again, send again what was not answered."""
        threads = [threading.Thread(target=self._write) for _ in range(N_WRITERS)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self.server.kill()
        for thread in threads:
            thread.join()
        self.server.start()
        for key in [*self.unsure, random.choice(list(self.acknowledged))]:
            self.report(key)
        self.unsure.clear()


def _outlive(server: Killed, rounds: list[float]) -> None:
    """Kill and restart, then look: every acknowledged case once, numbers without gaps, the audit unbroken."""
    server.start()
    writers = Writers(server)
    for key in range(3):
        writers.report(f"warm{key}")
    for seconds in rounds:
        writers.round(seconds)
    server.kill()
    found = server.look()
    cases = {code: case_id for case_id, code, _ in found["cases"]}
    assert cases == {f"K{key}": answer for key, answer in writers.acknowledged.items()}
    assert len(found["cases"]) == len(cases) > 3 + len(rounds)
    numbers = sorted(number for _, _, number in found["cases"])
    assert numbers == list(range(1, len(cases) + 1))
    assert {found[name] for name in ("n_answers", "n_audited", "n_facts", "n_tasks")} == {len(cases)}
    assert found["broken_at"] == 0


def test_a_killed_server_keeps_what_it_acknowledged(killed):
    """After kill -9 under load every answered report is there once, and sending the others again makes each once."""
    _outlive(killed, [0.8, 1.3])


def test_a_killed_server_on_postgresql_keeps_what_it_acknowledged(killed_on_postgresql):
    """The same on PostgreSQL."""
    _outlive(killed_on_postgresql, [0.8, 1.3])


@pytest.mark.slow
def test_many_deaths_lose_nothing(killed):
    """Ten kills at random moments lose and double nothing."""
    rng = random.Random(7)
    _outlive(killed, [rng.uniform(0.2, 4.0) for _ in range(10)])


@pytest.mark.slow
def test_many_deaths_on_postgresql_lose_nothing(killed_on_postgresql):
    """The same on PostgreSQL."""
    rng = random.Random(8)
    _outlive(killed_on_postgresql, [rng.uniform(0.2, 4.0) for _ in range(10)])


def _both_edit(server: Killed) -> None:
    server.start()
    writers = Writers(server)
    writers.report("edited")
    case = writers.acknowledged["edited"]
    for version in range(1, 6):
        gate, replies = threading.Barrier(2), []

        def edit(
            severity: str, version: int = version, gate: threading.Barrier = gate, replies: list = replies
        ) -> None:
            headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{version}"'}
            fields = {"severity": severity, "reason": "both at once"}
            gate.wait()
            replies.append((severity, *server.send("POST", f"/api/v1/cases/{case}/correct", fields, **headers)))

        wishes = ("mild", "severe") if version % 2 else ("moderate", "critical")
        threads = [threading.Thread(target=edit, args=(wish,)) for wish in wishes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter(status for _, status, _ in replies) == {200: 1, 412: 1}
        winner = next(severity for severity, status, _ in replies if status == 200)
        loser, answer = next((severity, content) for severity, status, content in replies if status == 412)
        assert (answer["theirs"]["severity"], answer["theirs"]["version"]) == (winner, version + 1)
        assert answer["yours"]["severity"] == loser


def test_of_two_edits_at_once_one_wins(killed):
    """Two officers save one record at once: exactly one wins, the other is shown both versions."""
    _both_edit(killed)


def test_of_two_edits_at_once_one_wins_on_postgresql(killed_on_postgresql):
    """The same on PostgreSQL."""
    _both_edit(killed_on_postgresql)
