"""What a writer answers: how much went in, what was known already, what it refused and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, SupportsInt

from suyuan.terms import say


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that did not go in.

    Parameters
    ----------
    row
        Position among all rows handed over in this call, from 0.
    code
        Key of the sentence.
    details
        What the sentence needs.
    """

    row: int
    code: str
    details: dict[str, Any]

    def sentence(self, lang: str = "en") -> str:
        """Say why, and how to mend it."""
        return say(self.code, lang, **self.details)


OnRefusal = Callable[[Refusal], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to an import, an append or a correction.

    Parameters
    ----------
    rows
        Rows handed over.
    visits
        Living visits that are new in the index.
    duplicates
        Rows equal to a living visit (same person, cell and minutes): on record, indexed once.
    superseded
        Visits that were corrected or withdrawn.
    n_refused
        Rows that did not go in.
    refused
        Them, unless the caller took them one by one.
    already
        Whether this file was imported before, so that nothing was done.
    """

    rows: int = 0
    visits: int = 0
    duplicates: int = 0
    superseded: int = 0
    n_refused: int = 0
    refused: tuple[Refusal, ...] = field(default=(), repr=False)
    already: bool = False


class RefusalList:
    """Counts refusals and hands each on, or keeps it when nobody asked to be told."""

    def __init__(self, on_refusal: OnRefusal | None) -> None:
        self.kept: list[Refusal] = []
        self.count = 0
        self._tell = on_refusal or self.kept.append

    def add(self, row: SupportsInt, code: str, **details: Any) -> None:
        """Note one refused row."""
        self.count += 1
        self._tell(Refusal(int(row), code, details))
