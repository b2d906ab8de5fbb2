"""Who and where, as codes: the core knows people by number only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from operator import mul

from suyuan.terms.problems import BadInput

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,63}")
TELEPHONE = re.compile(r"(\+?86-?)?1[3-9]\d{9}|\+\d{8,15}")
RESIDENT_NUMBER = re.compile(r"\d{17}[\dXx]")
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def person_code_fault(code: str) -> str | None:
    """Say why a text may not stand for a person, or None if it may.

    Returns
    -------
    str or None
        ``name`` (not an opaque code), ``telephone`` or ``resident_number``.

    Examples
    --------
    >>> person_code_fault("P000017"), person_code_fault("王小明"), person_code_fault("13912345678")
    (None, 'name', 'telephone')
    """
    if TELEPHONE.fullmatch(code):
        return "telephone"
    if (
        RESIDENT_NUMBER.fullmatch(code)
        and _born_on_a_day(code[6:14])
        and resident_check_digit(code[:17]) == code[17].upper()
    ):
        return "resident_number"
    if not CODE.fullmatch(code):
        return "name"
    return None


def _born_on_a_day(digits: str) -> bool:
    """Whether eight digits are a date: without this one in eleven numbers of 18 digits would be refused."""
    try:
        return 1850 <= datetime.strptime(digits, "%Y%m%d").year <= 2150  # noqa: DTZ007 - a civil date, no instant
    except ValueError:
        return False


def resident_check_digit(first_17: str) -> str:
    """Return the last digit (0-9 or X) that belongs to the first 17 of a resident identity number.

    References
    ----------
    GB 11643-1999, after ISO 7064 MOD 11-2: finds every single wrong digit and every swap of neighbours.
    """
    return "10X98765432"[sum(map(mul, RESIDENT_WEIGHTS, map(int, first_17))) % 11]


@dataclass(frozen=True, slots=True, order=True)
class PersonId:
    """A person's number: opaque, never a name, telephone or resident number.

    Raises
    ------
    BadInput
        If the text looks like a name, a telephone number or a resident identity number.
    """

    code: str

    def __post_init__(self) -> None:
        fault = person_code_fault(self.code)
        if fault is not None:
            # the refused text itself stays out of the message: it may be somebody's name
            raise BadInput(f"person.{fault}")


@dataclass(frozen=True, slots=True, order=True)
class PlaceId:
    """A place's code as its owner writes it; any text that is not empty.

    Raises
    ------
    BadInput
        If the text is empty.
    """

    code: str

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise BadInput("place.empty")
