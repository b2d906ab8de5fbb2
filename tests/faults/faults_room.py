"""A room for the tests of faults: as a program it prepares one (``begin``) or says what it holds (``look``).

The tests themselves run ``suyuan up`` in a process of its own, kill it, start it again, and ask it over HTTP.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 90
SCOPES = ("report_case", "manage_case", "see_cases", "manage_incident", "see_incidents")


class Killed:
    """A server that may be killed and started again."""

    def __init__(self, home: Path, database: str) -> None:
        self.home, self.database = home, database
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        self.child: subprocess.Popen[bytes] | None = None
        begun = self._run("begin")
        self.token, self.incident = begun["token"], begun["incident"]

    def _run(self, what: str) -> dict[str, Any]:
        environment = {**os.environ, "SUYUAN_HOME": str(self.home), "SUYUAN_DATABASE": self.database}
        command = [sys.executable, __file__, what, str(self.home), self.database]
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def look(self) -> dict[str, Any]:
        """Read the database itself, while no server runs."""
        return self._run("look")

    def start(self) -> None:
        """Run ``suyuan up`` until it answers."""
        command = [sys.executable, "-c", "from suyuan.cli import main; main()", "up", "--quiet", "--admin", "first"]
        command += ["--home", str(self.home), "--port", str(self.port)]
        command += ["--database", self.database] if self.database else []
        log = (self.home / "server.log").open("ab")
        with log:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.child.poll() is None:
            with suppress(OSError):
                if self.send("GET", "/healthz")[0] == 200:
                    return
            time.sleep(0.1)
        raise AssertionError((self.home / "server.log").read_text("utf-8")[-3000:])

    def kill(self) -> None:
        """Kill -9 every process of the server at once."""
        if self.child is not None:
            for process in family(self.child.pid):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self.child.wait(30)
            self.child = None

    def send(self, method: str, path: str, fields: object = None, **headers: str) -> tuple[int, dict[str, Any]]:
        """Send one request on a line of its own and return status and answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            told = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
            line.request(method, path, None if fields is None else json.dumps(fields), told)
            reply = line.getresponse()
            content = reply.read()
            if len(content) < int(reply.headers.get("Content-Length", 0)):
                raise ConnectionError("the answer broke off")
            return reply.status, json.loads(content or b"{}")
        except http.client.HTTPException as fault:
            raise ConnectionError(str(fault)) from None
        finally:
            line.close()


def family(process: int) -> list[int]:
    """A process and everything it started."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with suppress(OSError):
                parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(each.name))
    found, waiting = [], [process]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def begin(home: Path, database: str) -> dict[str, Any]:
    """Make the home, a duty officer with a token, and an incident."""
    from suyuan.cli.home import make_home, use_home
    from suyuan.cli.prepare import prepare

    make_home(home)
    use_home(home, database)
    prepare(home, "first")
    from suyuan.actions.all_deeds import all_deeds
    from suyuan.actions.desk import perform
    from suyuan.bootstrap import office
    from suyuan.store.accounts import OPERATOR, make_account
    from suyuan.store.queries.officers import officer_named
    from suyuan.store.queries.tokens import issue_token

    make_account(OPERATOR, "duty", (("duty_officer", "9901"),))
    who = officer_named("duty")
    opened = all_deeds()["open_incident"]
    incident = perform(
        office(), who, opened, opened.command(name="Fault", protocol="covid19-9", area="9901"), key="open"
    )
    return {"token": issue_token(who, "faults", SCOPES, 1), "incident": incident}


def look(home: Path, database: str) -> dict[str, Any]:
    """Cases by the number of their person, case numbers, and what verifying the audit says."""
    from suyuan.cli.home import use_home

    use_home(home, database)
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.store.audit import verify_audit
    from suyuan.store.models import AnswerRow, AuditRow, CaseRow, FactRow, TaskRow

    cases = list(CaseRow.objects.values_list("id", "person__code", "number"))
    verdict = verify_audit()
    return {
        "cases": cases,
        "broken_at": verdict.broken_at,
        "n_answers": AnswerRow.objects.filter(deed="report_case").count(),
        "n_audited": AuditRow.objects.filter(deed="report_case").count(),
        "n_facts": FactRow.objects.filter(kind="case_reported").count(),
        "n_tasks": TaskRow.objects.filter(kind="decide_case").count(),
    }


if __name__ == "__main__":
    done = {"begin": begin, "look": look}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
    sys.stdout.write(json.dumps(done) + "\n")
