"""The tick: everything that time alone brings about, done by one loop that asks the ``due`` columns."""

from __future__ import annotations

import logging
from collections.abc import Callable

from suyuan.actions.desk import Office

LOG = logging.getLogger(__name__)
FAILED = -1
"""What ``tick`` answers for a clock function that failed."""

ClockFunction = Callable[[Office], int]
TICKS: dict[str, ClockFunction] = {}


def ticks(function: ClockFunction) -> ClockFunction:
    """Make a function one that the clock calls: it does what is due, in small transactions, and says how much."""
    TICKS[function.__name__] = function
    return function


def tick(office: Office) -> dict[str, int]:
    """Let every clock function do what is due; one that fails does not stop the others.

    Returns
    -------
    dict
        By name of the function: how many records it dealt with, or ``FAILED``. A failed one is called again by the
        next tick.
    """
    return {name: _one(office, name, function) for name, function in list(TICKS.items())}


def _one(office: Office, name: str, function: ClockFunction) -> int:
    try:
        return function(office)
    except Exception:
        LOG.exception("clock function %s failed", name)
        return FAILED
