"""Every command and every line of Python in both READMEs runs, in order, in one folder."""

import contextlib
import io
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from suyuan.cli.root import run

ROOT = Path(__file__).parents[2]
READMES = [name for name in ("README.md", "README.zh.md") if (ROOT / name).is_file()]
BLOCK = re.compile(
    r"^```(?P<kind>console|sh|bash|python|csv[^\n]*|toml[^\n]*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)
FILE = re.compile(r"^(?:csv|toml) (?:title=)?(?P<name>[\w.\-]+)$")
OF_THE_ROOM = ("backup", "restore", "doctor", "audit", "erase", "keys", "account")
SUYUAN = (sys.executable, "-c", "from suyuan.cli import main; main()")
FEW = "20000"
"""People in the cities made here, where a README does not say a smaller number."""


def blocks_of(name: str) -> list[tuple[str, str]]:
    """Kind and text of the fenced blocks, in order."""
    text = (ROOT / name).read_text("utf-8")
    return [(found["kind"], found["text"]) for found in BLOCK.finditer(text)]


def commands_in(text: str) -> list[str]:
    r"""Read the commands of a block: lines that begin with `$ `, or with `suyuan` or `make`; `\\` continues a line."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    bare = (line.removeprefix("$ ").strip() for line in lines)
    return [line for line in bare if line.startswith(("suyuan ", "make "))]


def small(words: list[str]) -> list[str]:
    """Keep the cities of a test small: what a README shows with many people runs with few."""
    if words[0] == "demo" or words[:2] == ["twin", "make"]:
        if "--people" not in words:
            return [*words, "--people", FEW]
        at = words.index("--people") + 1
        return [*words[:at], str(min(int(words[at]), int(FEW))), *words[at + 1 :]]
    return words


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z\-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", READMES)
def test_make_targets_exist(name: str):
    """Every `make` command of a README is a target of the Makefile, and CI runs `make check` and `make test`."""
    said = [line for kind, text in blocks_of(name) if kind in ("console", "sh", "bash") for line in commands_in(text)]
    for line in said:
        if line.startswith("make "):
            assert line.split()[1] in make_targets(), line
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make check" in ci
    assert "make test" in ci


@pytest.mark.parametrize("name", READMES)
def test_commands_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every `suyuan` command and Python block of a README runs in the order of the text.

    A block headed ```` ```csv visits.csv ```` (or ``toml``) is a file that the commands after it may use. A command
    may end with 0, or with 3 or 4 where the README says so in a comment (`# exit 3`).
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SUYUAN_LANG", raising=False)
    monkeypatch.setattr("webbrowser.open", lambda _url: True)
    names: dict[str, object] = {}
    for kind, text in blocks_of(name):
        file = FILE.match(kind)
        if file:
            Path(file["name"]).write_text(text, "utf-8")
        elif kind == "python":
            exec(compile(text, name, "exec"), names)
        else:
            for line in commands_in(text):
                _run(line)


def _run(line: str) -> None:
    command, _, remark = line.partition(" # ")
    words = shlex.split(command)
    if words[0] != "suyuan":
        return
    if words[1] == "up":
        _run_room(words[1:])
        return
    wanted = int(remark.split()[1]) if remark.startswith("exit ") else 0
    code, told = (_in_own_process if words[1] in OF_THE_ROOM else _here)(words[1:])
    assert code == wanted, f"{line}\n{told}"


def _here(words: list[str]) -> tuple[int, str]:
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        return run(small(words)), told.getvalue()


def _in_own_process(words: list[str]) -> tuple[int, str]:
    """Run a command that opens a room's database: settings are read once a process."""
    done = subprocess.run([*SUYUAN, *words], capture_output=True, text=True, check=False, env=_plain_environment())
    return done.returncode, done.stdout + done.stderr


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("SUYUAN_", "DJANGO_"))}


def _run_room(words: list[str]) -> None:
    """Start the room as a reader would, wait until it answers, end it as Ctrl-C does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*SUYUAN, *words, "--port", str(port)]
    to = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "env": _plain_environment()}
    with subprocess.Popen(command, text=True, **to) as room:
        try:
            assert _answers(room, f"http://127.0.0.1:{port}/healthz"), room.stdout.read() if room.stdout else ""
        finally:
            room.send_signal(signal.SIGINT)
        assert room.wait(60) in (0, 130)


def _answers(room: subprocess.Popen[str], address: str) -> bool:
    for _ in range(600):
        if room.poll() is not None:
            return False
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
        time.sleep(0.2)
    return False
