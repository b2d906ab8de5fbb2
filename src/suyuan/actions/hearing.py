"""Facts go out: every receiver hears each fact once, in a transaction of its own, and a failing one is tried again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from suyuan.actions.desk import Desk, Office, perform_by_clock
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

    A receiver that fails stops for this round and hears the same fact again in the next one; the others go on.
    """
    return sum(_serve(office, receiver) for receiver in list(RECEIVERS.values()))


def _serve(office: Office, receiver: Receiver) -> int:
    with office.open_room() as room:
        waiting = room.undelivered(receiver.name, receiver.kinds, AT_ONCE)
    for n, fact in enumerate(waiting):
        try:
            deliver(office, fact, receiver)
        except Exception:
            # the fact stays in the outbox; the log names numbers only
            LOG.exception("receiver %s failed on fact %d (%s)", receiver.name, fact.id, fact.kind)
            return n
    return len(waiting)


def deliver(office: Office, fact: Fact, receiver: Receiver) -> None:
    """Let one receiver hear one fact: its effect and the mark that it happened are one transaction."""

    def hear(desk: Desk) -> str:
        if desk.room.delivered(fact.id, receiver.name):
            return ""
        receiver.function(desk, fact)
        desk.room.mark_delivered(fact.id, receiver.name, desk.now)
        return f"{fact.kind} {fact.id}"

    perform_by_clock(office, receiver.name, hear)
