from __future__ import annotations

from suyuan.actions import tick as ticking


def test_a_failing_clock_function_does_not_stop_the_others(monkeypatch, caplog):
    """The clock does what is due even when one of its functions fails, and says which one failed."""
    monkeypatch.setattr(ticking, "TICKS", {})

    @ticking.ticks
    def fails(_office):
        raise RuntimeError("broken")

    @ticking.ticks
    def works(_office):
        return 3

    assert ticking.tick(object()) == {"fails": ticking.FAILED, "works": 3}
    assert "clock function fails failed" in caplog.text
