"""`suyuan demo`, `suyuan twin` and the score, on a small city."""

import json
from pathlib import Path

import pytest

from suyuan.cli.root import run

PEOPLE = "3000"


def test_demo_twice_and_score(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """The demo makes, traces and scores a city; it runs again over itself, and the score command agrees with it."""
    out = tmp_path / "demo"
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert run(["demo", "--report-only", "--people", PEOPLE, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["report"]).is_file()
    assert told["n_cases"] > 0
    assert run(["twin", "score", str(out / "city"), str(out / "result"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == told["score"]
    assert run(["demo", "--report-only", "--people", PEOPLE, "--out", str(out), "--open", "--lang", "zh"]) == 0
    again = capsys.readouterr()
    assert "重新生成" in again.err
    assert "完成" in again.out
    assert opened == [(out / "result" / "report.html").as_uri()]


def test_demo_touches_no_strangers_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A folder that holds something else is left alone, with a sentence."""
    (tmp_path / "mine.txt").write_text("mine")
    assert run(["demo", "--report-only", "--out", str(tmp_path), "--people", PEOPLE]) == 2
    assert "no demo made" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_twin_make_and_scenarios(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Scenarios are listed in both languages; a city is made, and a second one in its folder is refused."""
    assert run(["twin", "scenarios", "--lang", "zh"]) == 0
    assert "delta-market" in capsys.readouterr().out
    assert run(["twin", "scenarios", "--quiet"]) == 0
    assert "false-alarms" in capsys.readouterr().out.split()
    words = [
        "twin",
        "make",
        "--people",
        "2000",
        "--days",
        "2",
        "--scenario",
        "false-alarms",
        "--out",
        str(tmp_path / "c"),
    ]
    assert run(words) == 0
    assert "2,000 people" in capsys.readouterr().out
    assert run(words) == 2
    assert run(["twin", "score", str(tmp_path / "c"), str(tmp_path)]) == 3
