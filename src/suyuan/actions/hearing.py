"""Facts go out: every receiver hears each fact once, in a transaction of its own, and a failing one is tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from suyuan.actions.desk import Desk, Office, perform_by_clock
from suyuan.actions.tick import ticks
from suyuan.terms import Fact

LOG = logging.getLogger(__name__)
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Receiver:
    """A small deed that answers facts of some kinds."""

    name: str
    kinds: tuple[str, ...]
    function: Callable[[Desk, Fact], None]


RECEIVERS: dict[str, Receiver] = {}


def hears(*kinds: str) -> Callable[[Callable[[Desk, Fact], None]], Callable[[Desk, Fact], None]]:
    """Make a function a receiver of these kinds of fact. It must be safe to repeat."""

    def register(function: Callable[[Desk, Fact], None]) -> Callable[[Desk, Fact], None]:
        RECEIVERS[function.__name__] = Receiver(function.__name__, kinds, function)
        return function

    return register


def hand_on(office: Office) -> int:
    """Hand on what waits in the outbox, oldest first, and return how many deliveries were made.

    A receiver that fails hears the same fact again later, after a pause that grows; other facts and other receivers
    go on meanwhile. So receivers must not count on the order of facts.
    """
    with office.open_room() as room:
        now = office.clock.now()
        waiting = [
            (receiver, fact)
            for receiver in list(RECEIVERS.values())
            for fact in room.undelivered(
                receiver.name, receiver.kinds, AT_ONCE, office.pauses.skipped(receiver.name, now)
            )
        ]
    return sum(_try(office, receiver, fact) for receiver, fact in waiting)


def _try(office: Office, receiver: Receiver, fact: Fact) -> bool:
    try:
        deliver(office, fact, receiver)
    except Exception:
        # the fact stays in the outbox; the log names numbers only
        LOG.exception("receiver %s failed on fact %d (%s)", receiver.name, fact.id, fact.kind)
        office.pauses.failed(receiver.name, fact.id, office.clock.now())
        return False
    office.pauses.succeeded(receiver.name, fact.id)
    return True


def deliver(office: Office, fact: Fact, receiver: Receiver) -> None:
    """Let one receiver hear one fact: its effect and the mark that it happened are one transaction."""

    def hear(desk: Desk) -> str:
        if desk.room.delivered(fact.id, receiver.name):
            return ""
        receiver.function(desk, fact)
        desk.room.mark_delivered(fact.id, receiver.name, desk.now)
        return f"{fact.kind} {fact.id}"

    perform_by_clock(office, receiver.name, hear)


@ticks
def settle_outbox(office: Office) -> int:
    """Move each receiver's mark behind facts that all were heard, so that looking for new ones stays quick."""
    with office.open_room() as room:
        return sum(
            room.settle(receiver.name, receiver.kinds, office.clock.now()) for receiver in list(RECEIVERS.values())
        )
