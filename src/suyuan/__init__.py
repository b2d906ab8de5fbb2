"""Suyuan (溯源): from one positive to everyone exposed, for a city's outbreak team."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suyuan.cli.entry import import_visits, load_protocol, open_log, trace, trace_backward

__all__ = ["import_visits", "load_protocol", "open_log", "trace", "trace_backward"]


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for: ``import suyuan`` itself takes no time (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'suyuan' has no attribute {name!r}")
    from suyuan.cli import entry

    return getattr(entry, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
