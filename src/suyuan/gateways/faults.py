"""What can be wrong with a row: one bit each, gathered over whole columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

REASONS = (
    "wrong_columns",
    "undecodable",
    "unknown_action",
    "missing_person",
    "person_name",
    "person_telephone",
    "person_resident_number",
    "same_person",
    "missing_place",
    "blank_around",
    "unknown_place",
    "unknown_kind",
    "kind_differs",
    "missing_time",
    "unparsable_time",
    "date_without_time",
    "nonexistent_time",
    "ambiguous_time",
    "too_early",
    "in_the_future",
    "end_before_start",
    "too_long",
    "confidence",
    "missing_date",
    "dates_contradict",
    "coordinates",
    "person_twice",
    "place_twice",
    "missing_new",
    "missing_reason",
)
"""Codes in the order in which a row's first reason is chosen; each has a sentence ``reject.<code>``."""

BITS = {reason: np.int64(1) << np.int64(position) for position, reason in enumerate(REASONS)}

Bits = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Faults:
    """The faults of one chunk of rows.

    Parameters
    ----------
    rows
        How many rows the chunk has.
    """

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self._bits: Bits | None = None

    def mark(self, reason: str, where: Mask) -> None:
        """Note a reason for the rows of a mask of shape (rows,)."""
        if where.any():
            if self._bits is None:
                self._bits = np.zeros(self.rows, np.int64)
            self._bits[where] |= BITS[reason]

    def any(self) -> bool:
        """Whether some row is bad."""
        return self._bits is not None

    def bits(self) -> Bits:
        """All reasons by row: int64, shape (rows,), bit ``n`` for ``REASONS[n]``."""
        return np.zeros(self.rows, np.int64) if self._bits is None else self._bits

    def good(self) -> Mask:
        """Whether each row is good: shape (rows,)."""
        fine: Mask = self.bits() == 0
        return fine
