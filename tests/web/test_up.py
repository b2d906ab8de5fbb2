"""The room as its users start it: a real process on a real port."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

PATIENCE = 120.0


class Room:
    """A running room and a browser on it."""

    def __init__(self, home: Path, *options: str, database: str = "") -> None:
        self.home, self.database = home, database
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.cookies = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.browser = opener
        self.process = subprocess.Popen(
            [*suyuan("up"), "--home", str(home), "--port", str(self.port), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**environment(), "SUYUAN_DATABASE": database},
        )
        self.told = ""

    def wait(self) -> Room:
        """Wait until it answers."""
        while "Ctrl-C" not in self.told:
            line = self.process.stdout.readline()
            assert line, self.told
            self.told += line
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if self.get("/healthz")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.told)

    def get(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Fetch a page, or send a form."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.browser.open(self.address + path, data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, fault.read().decode()

    def send(self, path: str, **form: str) -> tuple[int, str]:
        """Send a form with the token of its page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path)[1])[1]
        return self.get(path, {"csrfmiddlewaretoken": token, **form})

    def stop(self, sign: int = signal.SIGINT) -> int:
        """End it."""
        self.process.send_signal(sign)
        self.told += self.process.communicate(timeout=60)[0]
        return self.process.returncode


def suyuan(*words: str) -> list[str]:
    return [sys.executable, "-c", "from suyuan.cli import main; main()", *words]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("SUYUAN_", "DJANGO_", "COV_"))}


def call(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(suyuan(*words), capture_output=True, text=True, check=False, env=environment(), timeout=300)


def first_password(told: str) -> str:
    return re.search(r"password: (\S+)", told)[1]


def test_a_room_starts_lets_its_administrator_in_and_ends_cleanly(tmp_path: Path):
    """One command makes and serves a room; a second one on it, and on its port, is refused; Ctrl-C ends it."""
    home = tmp_path / "room"
    room = Room(home).wait()
    try:
        assert home.stat().st_mode & 0o077 == 0
        for private in ("session.key", "keys.toml"):
            assert (home / private).stat().st_mode & 0o077 == 0
        assert room.get("/accounts/login/", {"login": "admin"})[0] == 403
        password = first_password(room.told)
        status, page = room.send("/accounts/login/", login="admin", password=password)
        assert status == 200
        assert "oldpassword" in page
        assert any(cookie.name == "sessionid" and cookie.has_nonstandard_attr("HttpOnly") for cookie in room.cookies)
        new = "a pass phrase of my own"
        status, page = room.send("/accounts/password/change/", oldpassword=password, password1=new, password2=new)
        assert status == 200
        assert "data:image/svg" in page
        assert room.get("/static/suyuan/room.css")[0] == 200
        again = call("up", "--home", str(home), "--port", str(room.port + 1))
        assert again.returncode == 2
        assert "running" in again.stderr
        taken = call("up", "--home", str(tmp_path / "other"), "--port", str(room.port))
        assert taken.returncode == 2
        assert "cannot be used" in taken.stderr
    finally:
        code = room.stop()
    assert code == 0
    assert "has ended" in room.told


def test_a_killed_room_loses_nothing_it_acknowledged(tmp_path: Path):
    """Kill -9 in the middle of writes: every acknowledged account is there afterwards and the audit holds."""
    home = tmp_path / "room"
    room = Room(home).wait()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True, env=environment()
    )
    acknowledged = [writer.stdout.readline().strip() for _ in range(20)]
    writer.kill()
    room.process.kill()
    acknowledged += writer.communicate()[0].split()
    room.process.communicate()
    again = Room(home).wait()
    assert again.stop() == 0
    assert "First administrator" not in again.told
    listed = call("account", "list", "--home", str(home)).stdout
    assert acknowledged
    assert [name for name in acknowledged if name not in listed] == []
    assert call("audit", "verify", "--home", str(home)).returncode == 0


WRITER = """
import os, sys
os.environ["SUYUAN_HOME"] = sys.argv[1]
from suyuan.bootstrap import set_up
set_up()
from suyuan.store.accounts import OPERATOR, make_account
for n in range(10_000):
    make_account(OPERATOR, f"officer{n:05}", (("sampler", "9901"),))
    print(f"officer{n:05}", flush=True)
"""


def test_a_room_comes_back_from_its_backup(tmp_path: Path):
    """Backup, restore elsewhere with the keys, same accounts and an audit that holds; over a running room never."""
    home, other = tmp_path / "room", tmp_path / "other"
    room = Room(home).wait()
    try:
        assert call("account", "add", "li", "--duty", "commander:9901", "--home", str(home)).returncode == 0
        assert call("backup", "--home", str(home), "--out", str(tmp_path / "b")).returncode == 0
        folder = next((tmp_path / "b").iterdir())
        busy = call("restore", str(folder), "--home", str(home), "--force")
        assert busy.returncode == 2
        assert "running" in busy.stderr
    finally:
        room.stop()
    keyless = call("restore", str(folder), "--home", str(other))
    assert keyless.returncode == 3
    shutil.copy(home / "keys.toml", other / "keys.toml")
    done = call("restore", str(folder), "--home", str(other))
    assert done.returncode == 0, done.stderr
    assert "audit is whole" in done.stdout
    assert "li" in call("account", "list", "--home", str(other)).stdout
    assert call("restore", str(folder), "--home", str(other)).returncode == 2
    assert "moved" in call("restore", str(folder), "--home", str(other), "--force").stdout


def test_a_room_runs_on_postgresql_with_two_processes(tmp_path: Path, postgres_url: str):
    """The same command on PostgreSQL: two serving processes, one clock, backup and audit."""
    home = tmp_path / "room"
    room = Room(home, "--workers", "2", database=postgres_url).wait()
    try:
        assert room.send("/accounts/login/", login="admin", password=first_password(room.told))[0] == 200
        told = call("backup", "--home", str(home), "--database", postgres_url)
        assert told.returncode == 0, told.stderr
        assert call("audit", "verify", "--home", str(home), "--database", postgres_url).returncode == 0
        well = call("doctor", "--home", str(home), "--database", postgres_url).stdout
        assert "synchronous_commit=on" in well
    finally:
        room.stop()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--database", "mysql://x/y"], "mysql"),
        (["--tls-cert", "no.crt"], "two files"),
        (["--tls-cert", "no.crt", "--tls-key", "no.key"], "no.crt"),
        (["--workers", "2"], "one process"),
        (["--host", "nowhere.invalid"], "no address of this machine"),
        (["--database", "postgresql://nobody@127.0.0.1:1/none"], "does not answer"),
    ],
)
def test_what_cannot_start_says_why(tmp_path: Path, words: list[str], sentence: str):
    """A wrong address, half of a certificate or a database that is away is one sentence, not a traceback."""
    told = call("up", "--home", str(tmp_path / "room"), "--port", "8109", *words)
    assert told.returncode in (2, 3)
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_there_is_no_room_to_look_after(tmp_path: Path):
    """Doctor, backup, audit, erase, keys and accounts of a folder without a room say what to do."""
    for words in (["doctor"], ["backup"], ["audit", "verify"], ["erase"], ["keys", "rotate"], ["account", "list"]):
        told = call(*words, "--home", str(tmp_path))
        assert told.returncode == 2
        assert "suyuan up" in told.stderr
