from __future__ import annotations

import os
import threading

from suyuan.web.background import Clockwork, leads


def test_a_turn_hands_on_facts_and_looks_at_what_is_due(office, incident, monkeypatch):
    """One turn delivers what waits in the outbox and calls the tick, which comes again only seconds later."""
    ticks = []
    monkeypatch.setattr("suyuan.web.background.tick", lambda office: ticks.append(1) or {"late": 2, "failed": -1})
    clockwork = Clockwork(office)
    assert clockwork.turn() >= 2
    assert clockwork.turn() == 0
    assert ticks == [1]


def test_only_one_process_leads(office):
    """Whoever leads goes on leading; on a database file the one serving process always does."""
    assert leads()
    assert leads()


def test_the_clock_survives_a_failing_turn_and_stops(monkeypatch, caplog):
    """A turn that fails is logged and the next one comes; stopping ends the thread."""
    turns = threading.Semaphore(0)

    def fail(self):
        turns.release()
        raise ValueError("no names here")

    monkeypatch.setattr("suyuan.web.background.PAUSE_SECONDS", 0.001)
    monkeypatch.setattr("suyuan.web.background.connection", _NoDatabase())
    monkeypatch.setattr(Clockwork, "turn", fail)
    clockwork = Clockwork(office=None)
    clockwork.start()
    assert turns.acquire(timeout=60)
    assert turns.acquire(timeout=60)
    clockwork.stop()
    assert not clockwork._thread.is_alive()
    assert "the clock's turn failed" in caplog.text


def test_a_process_whose_parent_has_gone_ends_itself(monkeypatch):
    """A killed `suyuan up` leaves nobody behind who writes."""
    sent = []
    monkeypatch.setattr(os, "kill", lambda process, sign: sent.append(process))
    Clockwork(None, parent=os.getppid())._end_with_parent()
    assert sent == []
    Clockwork(None, parent=-1)._end_with_parent()
    assert sent == [os.getpid()]


class _NoDatabase:
    def close(self) -> None:
        pass
