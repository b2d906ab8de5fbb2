"""The root command: starts at once, and whatever goes wrong becomes a sentence and an exit code."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from filelock import FileLock

from suyuan.cli import problems
from suyuan.cli.root import COMMANDS, run, suyuan
from suyuan.exposure.log import create_log

HEAVY = {"numba", "numpy", "polars", "pyarrow", "duckdb", "rich", "msgspec"}


def loaded_by(code: str) -> set[str]:
    """Run code in a fresh interpreter and say which heavy packages it loaded."""
    whole = f"{code}\nimport sys\nprint(' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stderr.split())


@pytest.mark.parametrize("words", [["--help"], ["log", "--help"], ["trace", "--help"], ["demo", "--help"]])
def test_help_loads_nothing_heavy(words: list[str]):
    """Help comes at once: it imports neither the compiler nor any table library."""
    assert loaded_by(f"from suyuan.cli.root import run; run({words!r})") == set()


def test_import_suyuan_loads_nothing():
    """`import suyuan` takes no time; its names load what they need when they are used."""
    assert loaded_by("import suyuan; dir(suyuan)") == set()


def test_every_command_is_there(capsys: pytest.CaptureFixture[str]):
    """Help names every command of the table, and each has help of its own."""
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    for name in COMMANDS:
        assert f"  {name}" in told
        assert run([name, "--help"]) == 0


def test_version(capsys: pytest.CaptureFixture[str]):
    """`--version` prints name and version."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("suyuan 0.")


@pytest.mark.parametrize(
    "words", [["--lang", "zh", "log", "info"], ["log", "--lang", "zh", "info"], ["log", "info", "--lang=zh"]]
)
def test_language_anywhere(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """`--lang` holds wherever it stands in the command line, for answers and for problems."""
    create_log(tmp_path / "a.log", "Asia/Shanghai")
    assert run([*words, "--log", str(tmp_path / "a.log")]) == 0
    assert "时区" in capsys.readouterr().out
    assert run([*words, "--log", str(tmp_path / "none")]) == 3
    assert "没有" in capsys.readouterr().err


def test_language_of_the_environment(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """SUYUAN_LANG is the language unless the command line says otherwise."""
    monkeypatch.setenv("SUYUAN_LANG", "zh")
    assert run(["log", "info"]) == 2
    assert "缺少" in capsys.readouterr().err
    assert run(["log", "info", "--lang", "en"]) == 2
    assert "needs --log" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "exit_code", "words"),
    [
        (KeyboardInterrupt(), 130, "Stopped"),
        (click.Abort(), 130, "Stopped"),
        (ZeroDivisionError("division by zero"), 1, "ZeroDivisionError: division by zero"),
        (OSError(28, "No space left on device", "a.log"), 3, "No space left on device (a.log)"),
    ],
)
def test_faults_become_sentences(
    fault: BaseException,
    exit_code: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    """An interruption, a full disk and a fault of the program are told in one line, and as JSON where asked."""

    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.delenv("SUYUAN_DEBUG", raising=False)
    monkeypatch.setattr(suyuan, "main", fail)
    assert run(["log", "--json"]) == exit_code
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err
    assert json.loads(told.out)["error"]["sentence"] == told.err.strip()


def test_debug_shows_where(monkeypatch: pytest.MonkeyPatch):
    """SUYUAN_DEBUG=1 lets a fault through, trace and all."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setenv("SUYUAN_DEBUG", "1")
    monkeypatch.setattr(suyuan, "main", fail)
    with pytest.raises(ZeroDivisionError):
        run(["log"])


def test_a_reader_that_left_is_no_fault():
    """`suyuan … | head` ends quietly."""
    code = "from suyuan.cli import main; import sys; sys.argv = ['suyuan', 'protocol', 'show', 'measles']; main()"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_a_locked_log_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """While another process writes, a second writer is told so, and reading goes on."""
    create_log(tmp_path / "a.log", "Asia/Shanghai")
    (tmp_path / "v.csv").write_text("person_id,place_id,t_in,t_out\nP1,A,2022-07-01 08:00,2022-07-01 09:00\n")
    with FileLock(tmp_path / "a.log" / "lock"):
        assert run(["log", "import", "--log", str(tmp_path / "a.log"), str(tmp_path / "v.csv")]) == 2
        assert "Another process is writing" in capsys.readouterr().err
        assert run(["log", "info", "--log", str(tmp_path / "a.log")]) == 0


def test_system_exit_keeps_its_code():
    """A command that leaves by itself keeps its exit code."""
    assert problems.tell(SystemExit(5), []) == 5
    assert problems.tell(SystemExit("words"), []) == 1
