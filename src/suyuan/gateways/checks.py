"""Checks on times that every kind of table shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from suyuan.gateways import times
from suyuan.gateways.faults import Faults
from suyuan.gateways.options import EARLIEST, ReadOptions
from suyuan.gateways.times import Times

Mask = npt.NDArray[np.bool_]

TIME_REASONS = {
    times.MISSING: "missing_time",
    times.UNPARSABLE: "unparsable_time",
    times.DATE_ONLY: "date_without_time",
    times.NONEXISTENT: "nonexistent_time",
    times.AMBIGUOUS: "ambiguous_time",
}
LATEST_NUMBER = 1 << 60


def check_time(faults: Faults, column: Times, options: ReadOptions, skip: Mask | None = None) -> Mask | None:
    """Refuse times that cannot be read or lie outside what is believable.

    Parameters
    ----------
    column
        Shape (rows,).
    skip
        Rows to leave alone, for example where the end of a stay was assumed.

    Returns
    -------
    Mask or None
        Rows that hold a time at all; None if all do.
    """
    fine = None
    if column.fault is not None:
        for fault, reason in TIME_REASONS.items():
            faults.mark(reason, column.fault == fault)
        fine = column.fault == times.FINE
    early, late = column.seconds < EARLIEST, column.seconds > options.latest
    for reason, where in (("too_early", early), ("in_the_future", late)):
        if where.any():
            judged = where if fine is None else where & fine
            faults.mark(reason, judged if skip is None else judged & ~skip)
    return fine


def check_span(faults: Faults, start: Times, end: Times, both: Mask | None, options: ReadOptions) -> None:
    """Refuse intervals that end before they start or last longer than is believed; zero length is allowed."""
    length = end.seconds - start.seconds
    for reason, where in (("end_before_start", length < 0), ("too_long", length > options.max_stay_days * 86_400)):
        if where.any():
            faults.mark(reason, where if both is None else where & both)
