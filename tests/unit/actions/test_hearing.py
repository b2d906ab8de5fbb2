from __future__ import annotations

from typing import ClassVar

import pytest

from suyuan.actions import hearing
from suyuan.actions.hearing import Receiver, hand_on
from suyuan.store import models as rows


@pytest.fixture
def heard(monkeypatch):
    """One receiver of incidents that fails on what ``heard.fails`` holds, and nobody else."""

    class Heard(list):
        fails: ClassVar[set[int]] = set()

        def __call__(self, desk, fact):
            if fact.subject_id in self.fails:
                raise RuntimeError("not today")
            self.append(fact.subject_id)

    listener = Heard()
    monkeypatch.setattr(hearing, "RECEIVERS", {"heard": Receiver("heard", ("incident_opened",), listener)})
    return listener


@pytest.fixture
def opened(act, officer):
    """Ids of three opened incidents."""
    who = officer("commander")
    return [act("open_incident", who, name=str(i), protocol="covid19-9", area="9901") for i in range(3)]


def test_each_fact_is_heard_once_and_in_order(office, heard, opened):
    """Whatever is called again, a receiver hears each fact one time."""
    assert hand_on(office) == 3
    assert hand_on(office) == 0
    assert heard == opened


def test_a_failing_fact_holds_nobody_up_and_is_tried_again_later(office, heard, opened, clock, caplog):
    """Other facts go on; the failed one comes back after a pause that grows, and is heard when it can be."""
    heard.fails = {opened[0]}
    assert hand_on(office) == 2
    assert hand_on(office) == 0
    assert len(caplog.records) == 1, "not tried again before its pause is over"
    clock.move(seconds=3)
    hand_on(office)
    assert len(caplog.records) == 2
    heard.fails = set()
    clock.move(seconds=3)
    assert hand_on(office) == 0, "the second pause is longer"
    clock.move(seconds=3)
    assert hand_on(office) == 1
    assert heard == [*opened[1:], opened[0]]


@pytest.fixture
def short_marks(monkeypatch):
    """Marks move over a single fact."""
    monkeypatch.setattr("suyuan.store.outbox.WORTH_IT", 1)


@pytest.mark.usefixtures("short_marks")
def test_marks_move_behind_heard_facts_only(office, heard, act, officer, clock, opened):
    """A settled outbox is looked at from its mark on; a fact that waits keeps the mark before it."""
    heard.fails = {opened[1]}
    hand_on(office)
    clock.move(hours=1)
    assert hearing.settle_outbox(office) == 0
    heard.fails = set()
    assert hand_on(office) == 1
    assert hearing.settle_outbox(office) == 1
    assert rows.NumberRow.objects.get(name="heard heard").value == rows.FactRow.objects.order_by("-id")[0].id
    late = act("open_incident", officer("commander"), name="late", protocol="covid19-9", area="9901")
    assert hand_on(office) == 1
    assert heard[-1] == late
