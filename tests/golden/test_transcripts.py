"""Commands as transcripts: what is typed, every word that is answered, and the exit code."""

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from suyuan.cli.root import run

HERE = Path(__file__).parent
DATA = HERE / "data"
TRANSCRIPTS = sorted(HERE.glob("*.md"))
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
STEP = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
REWRITE = os.environ.get("SUYUAN_TRANSCRIPTS") == "write"


def answer_to(command: str) -> str:
    """Everything a command prints, standard error included, and its exit code where that is not 0."""
    words = shlex.split(command)
    if words[0] == "cat":
        path = Path(words[1])
        return path.read_text("utf-8-sig") if path.is_file() else f"{path}: absent\n"
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = run(words[1:])
    return told.getvalue() + (f"[exit {code}]\n" if code else "")


def holds(written: str, got: str) -> bool:
    """Whether an answer is the written one; `...` stands for anything."""
    return doctest.OutputChecker().check_output(written, got, doctest.ELLIPSIS)


def rewritten(text: str) -> str:
    """Give the transcript with the answers of today where they differ; a person reads the difference."""

    def renewed(step: re.Match[str]) -> str:
        got = answer_to(step["command"])
        return f"$ {step['command']}\n{step['output'] if holds(step['output'], got) else got}"

    return STEP.sub(renewed, text)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_transcript(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every command of a transcript answers word for word what stands there (`...` stands for anything)."""
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SUYUAN_LANG", raising=False)
    text = path.read_text("utf-8")
    if REWRITE:
        path.write_text(BLOCK.sub(lambda block: f"```console\n{rewritten(block[1])}```", text), "utf-8")
        return
    steps = [step for block in BLOCK.findall(text) for step in STEP.finditer(block)]
    assert steps
    for step in steps:
        got = answer_to(step["command"])
        assert "Traceback" not in got
        if not holds(step["output"], got):
            assert got == step["output"], step["command"]
