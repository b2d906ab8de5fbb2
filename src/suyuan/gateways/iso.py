"""Dates and times as text, read straight from the bytes of a column, about ten nanoseconds each.

Accepted: ``2022-06-28 08:05``, ``2022/6/28 8:05:07.25``, ``2022-06-28T08:05:07Z``, ``...+08:00``, ``24:00`` as the
end of a day, and a date alone (which the caller may refuse). The order is always year, month, day: anything else
needs a pattern in the mapping file.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from suyuan.exposure.compiled import compiled

UNREADABLE, DATE, CIVIL, INSTANT, EMPTY = 0, 1, 2, 3, 4
"""What a text held: nothing readable, a date alone, a civil date and time, one with an offset, or only blanks."""

SPACE, PLUS, MINUS, DOT, SLASH, ZERO, NINE, COLON = 32, 43, 45, 46, 47, 48, 57, 58
LETTER_T, SMALL_T, LETTER_Z, SMALL_Z = 84, 116, 90, 122


class Texts(NamedTuple):
    """A column of texts as Arrow keeps it.

    Parameters
    ----------
    data
        uint8: the bytes of all texts.
    offsets
        int32, shape (rows + 1,): where each text begins in ``data``; the last is the end.
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int32]


@compiled
def parse_times(texts: Texts) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Read every text of a column.

    Returns
    -------
    seconds
        int64, shape (rows,): since 1970, of the civil clock where no offset is given, in UTC where it is; fractions
        are cut off.
    shape
        uint8, shape (rows,): ``UNREADABLE``, ``DATE``, ``CIVIL``, ``INSTANT`` or ``EMPTY``.
    """
    rows = len(texts.offsets) - 1
    seconds = np.zeros(rows, np.int64)
    shape = np.zeros(rows, np.uint8)
    for row in range(rows):
        seconds[row], shape[row] = _parse_one(texts.data, texts.offsets[row], texts.offsets[row + 1])
    return seconds, shape


@compiled
def _parse_one(data: npt.NDArray[np.uint8], start: int, stop: int) -> tuple[int, int]:
    start, end = _trim(data, start, stop)
    if start == end:
        return 0, EMPTY
    days, at = _read_date(data, start, end)
    if at == end:
        return days * 86400, DATE
    if at < 0 or (data[at] != SPACE and data[at] != LETTER_T and data[at] != SMALL_T):
        return 0, UNREADABLE
    clock, at = _read_clock(data, at + 1, end)
    if at == end:
        return days * 86400 + clock, CIVIL
    offset, at = _read_offset(data, at, end)
    if at != end:
        return 0, UNREADABLE
    return days * 86400 + clock - offset, INSTANT


@compiled
def _trim(data: npt.NDArray[np.uint8], start: int, end: int) -> tuple[int, int]:
    while start < end and data[start] == SPACE:
        start += 1
    while end > start and data[end - 1] == SPACE:
        end -= 1
    return start, end


@compiled
def _read_number(data: npt.NDArray[np.uint8], at: int, end: int, most: int) -> tuple[int, int]:
    value, begun = 0, at
    while at < end and at - begun < most and ZERO <= data[at] <= NINE:
        value = value * 10 + (data[at] - ZERO)
        at += 1
    return value, at if at > begun else -1


@compiled
def _read_date(data: npt.NDArray[np.uint8], at: int, end: int) -> tuple[int, int]:
    year, after = _read_number(data, at, end, 4)
    if after != at + 4 or after >= end or (data[after] != MINUS and data[after] != SLASH):
        return 0, -1
    separator = data[after]
    month, after = _read_number(data, after + 1, end, 2)
    if after < 0 or after >= end or data[after] != separator:
        return 0, -1
    day, after = _read_number(data, after + 1, end, 2)
    if after < 0 or month < 1 or month > 12 or day < 1 or day > _month_days(year, month):
        return 0, -1
    # days from civil, counted in 400-year cycles from 1 March 0000 (Howard Hinnant, chrono-compatible algorithms)
    from_march = year - 1 if month <= 2 else year
    era_year = from_march % 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    day_of_era = era_year * 365 + era_year // 4 - era_year // 100 + day_of_year
    return from_march // 400 * 146097 + day_of_era - 719468, after


@compiled
def _month_days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 + (month + month // 8) % 2


@compiled
def _read_clock(data: npt.NDArray[np.uint8], at: int, end: int) -> tuple[int, int]:
    hour, at = _read_number(data, at, end, 2)
    if at < 0 or at >= end or data[at] != COLON:
        return 0, -1
    begun = at + 1
    minute, at = _read_number(data, begun, end, 2)
    if at != begun + 2:
        return 0, -1
    second = 0
    if at < end and data[at] == COLON:
        begun = at + 1
        second, at = _read_number(data, begun, end, 2)
        if at != begun + 2:
            return 0, -1
        at = _skip_fraction(data, at, end)
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > 86400:  # 24:00 is the end of the day, nothing is later
        return 0, -1
    return total, at


@compiled
def _skip_fraction(data: npt.NDArray[np.uint8], at: int, end: int) -> int:
    if at >= end or data[at] != DOT:
        return at
    _, after = _read_number(data, at + 1, end, 9)
    return after


@compiled
def _read_offset(data: npt.NDArray[np.uint8], at: int, end: int) -> tuple[int, int]:
    if 0 <= at < end and data[at] == SPACE:
        at += 1
    if at < 0 or at >= end:
        return 0, -1
    if data[at] == LETTER_Z or data[at] == SMALL_Z:
        return 0, at + 1
    if data[at] != PLUS and data[at] != MINUS:
        return 0, -1
    sign = 1 if data[at] == PLUS else -1
    begun = at + 1
    hours, at = _read_number(data, begun, end, 2)
    if at != begun + 2 or hours > 14:
        return 0, -1
    minutes = 0
    if at < end:
        begun = at + 1 if data[at] == COLON else at
        minutes, at = _read_number(data, begun, end, 2)
        if at != begun + 2 or minutes > 59:
            return 0, -1
    return sign * (hours * 3600 + minutes * 60), at
