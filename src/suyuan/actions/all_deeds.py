"""Every deed and receiver of the house, imported so that they are registered."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import suyuan.actions
from suyuan.actions.desk import DEEDS, Deed


@cache
def all_deeds() -> dict[str, Deed[Any, Any]]:
    """Import each file of this room once and return the deeds by name."""
    for module in iter_modules(suyuan.actions.__path__):
        import_module(f"suyuan.actions.{module.name}")
    return DEEDS
