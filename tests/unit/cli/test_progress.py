"""The bar: nothing for a quick deed or an unwatched one, words and a rate for a slow one."""

import time
from types import SimpleNamespace

import pytest

from suyuan.cli import progress
from suyuan.cli.options import Answer
from suyuan.cli.progress import Progress


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody look at standard error, with short patience."""
    terminal = SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(progress, "sys", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.02)


@pytest.mark.usefixtures("watched")
def test_a_slow_deed_shows_words(capsys: pytest.CaptureFixture[str]):
    """A deed that lasts longer than patience shows what is done and how far it is."""
    with Progress(Answer()) as bar:
        bar.show("Reading visits.csv", 10)
        while bar._bar is None or not bar._bar.live.is_started:
            time.sleep(0.01)
        bar.show("Reading visits.csv", 2_000, 4_000)
        bar._bar.refresh()
    assert "Reading visits.csv" in capsys.readouterr().err


@pytest.mark.usefixtures("watched")
def test_a_quick_deed_shows_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """A deed that is over within patience shows nothing."""
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 60.0)
    with Progress(Answer()) as bar:
        bar.show("Reading", 1)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("watched")
def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]):
    """--quiet shows no bar however long it lasts."""
    with Progress(Answer(quiet=True)) as bar:
        bar.show("Reading", 1)
        time.sleep(0.1)
    assert capsys.readouterr().err == ""
