"""The plan of the first 24 hours that this installation follows, read once."""

from __future__ import annotations

from functools import cache

from suyuan.protocols import ResponsePlan, load_plan

NAME = "first-24-hours"


@cache
def response_plan(name: str = NAME) -> ResponsePlan:
    """Return a shipped plan by its name."""
    return load_plan(name)
