"""`suyuan ca` from outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suyuan.cli.root import run


@pytest.mark.parametrize(("lang", "made", "again"), [("en", "was made", "used again"), ("zh", "已建立", "沿用")])
def test_ca(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, made: str, again: str):
    """The command makes the files, says what to do next in either language, and the second run keeps the authority."""
    command = ["--lang", lang, "ca", "--name", "10.0.0.1", "--name", "room.lan", "--out", str(tmp_path / "tls")]
    assert run(command) == 0
    assert made in capsys.readouterr().out
    assert run(command) == 0
    assert again in capsys.readouterr().out
    assert {each.name for each in (tmp_path / "tls").iterdir()} == {
        "authority.crt",
        "authority.key",
        "server.crt",
        "server.key",
    }


def test_ca_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """With --json the files, terms and fingerprint come as one object, and no key."""
    assert run(["ca", "--name", "room.lan", "--out", str(tmp_path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert Path(told["server_key"]).is_file()
    assert told["authority_made"] is True
    assert len(told["fingerprint"]) == 95
    assert "PRIVATE" not in json.dumps(told)


def test_ca_without_a_usable_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A name that is none is wrong usage and leaves nothing behind."""
    assert run(["ca", "--name", "https://room.lan", "--out", str(tmp_path / "tls")]) == 2
    assert "no host name" in capsys.readouterr().err
    assert not (tmp_path / "tls").exists()
