"""Lookups that write closed-list words and zero into the statement.

SQLite uses a partial index only where the statement itself, not a bound parameter, says that its condition holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models.lookups import Exact, In

WORD = re.compile(r"[a-z_]{1,32}", re.ASCII)


def _word(value: Any) -> str | None:
    """Return a value as a literal, if it is such a word; whatever else comes stays a parameter."""
    text = str(getattr(value, "value", value))
    return f"'{text}'" if WORD.fullmatch(text) else None


class LiteralExact(Exact):
    """``state = 'open'``."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Write a word as it is."""
        literal = _word(self.rhs) if self.rhs_is_direct_value() else None
        return (literal, []) if literal else super().process_rhs(compiler, connection)


class LiteralIn(In):
    """``state IN ('open', 'taken')``, in the order of the alphabet as in the conditions of the indexes."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Write words as they are."""
        values: Iterable[Any] = self.rhs if self.rhs_is_direct_value() else ()
        literals = [_word(value) for value in values]
        if not literals or None in literals:
            return super().process_rhs(compiler, connection)
        return f"({', '.join(sorted({each for each in literals if each}))})", []


class LiteralZero(Exact):
    """``person_id = 0``."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Write 0 as it is."""
        direct = self.rhs_is_direct_value() and self.rhs == 0
        return ("0", []) if direct else super().process_rhs(compiler, connection)
