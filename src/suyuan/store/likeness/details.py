"""What is known of a person when likeness is asked for, and the same put into comparable form once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from suyuan.store.likeness.names import Name, read_names
from suyuan.terms import BadInput
from suyuan.terms.identity_documents import Sex, passport_fault, read_resident_number, read_telephone, squeezed

RESIDENT = "resident"
MOST_NAMES = 4
NEVER_A_NUMBER = re.compile(r"(.)\1{9,}|0?1234567890?.*", re.DOTALL)
"""What is typed where a number must be filled in and none is known: one sign again and again, or 123456789."""
NEVER_A_TELEPHONE = re.compile(r".*(.)\1{7}|\+8613800138000")
UNKNOWN_BIRTH = date(1900, 1, 1)
PUNCTUATION = re.compile(r"[\W_]+")
NUMBERS = re.compile(r"\d+")
CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
CONFUSED = str.maketrans("OIL", "011")
"""Letters that are read as digits in passport numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is known of a person; everything may be missing, and nothing of it shows in ``repr``.

    Parameters
    ----------
    name, other_names
        As written, in characters or Latin letters.
    identity_kind, identity_number
        ``resident``, ``passport`` or any other kind, and its number as typed.
    telephones
        As typed; what is no telephone number is left out.
    birth_date
        Civil date of birth.
    birth_year
        Where only the year or the age is known.
    sex
        ``female``, ``male`` or None.
    address
        As written.
    """

    name: str = field(default="", repr=False)
    other_names: tuple[str, ...] = field(default=(), repr=False)
    identity_kind: str = field(default=RESIDENT, repr=False)
    identity_number: str = field(default="", repr=False)
    telephones: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    birth_year: int | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)
    address: str = field(default="", repr=False)


Identity = tuple[str, bool, date | None, Sex | None]
"""Number in one form, whether it holds, and the birth date and sex in it."""
NO_IDENTITY: Identity = ("", False, None, None)
LEAST_DIGITS = 14
"""Of a mistyped resident number; with fewer it is something else."""


@dataclass(frozen=True, repr=False)
class Prepared:
    """Details in comparable form; make it once for a newcomer who is compared with many.

    Parameters
    ----------
    details
        What it was made of.
    names
        All names, in all writings.
    identity
        Number in one form, or empty.
    identity_holds
        True for a resident number whose check digit fits.
    telephones
        Numbers in one form.
    born
        Birth date, from the resident number where it was not stated.
    year
        Birth year, or None.
    sex
        Sex, from the resident number where it was not stated.
    """

    details: Details
    names: tuple[Name, ...]
    identity: str
    identity_holds: bool
    telephones: frozenset[str]
    born: date | None
    year: int | None
    sex: Sex | None

    def __repr__(self) -> str:
        return "Prepared()"

    @cached_property
    def address(self) -> str:
        """The address without blanks and punctuation."""
        return PUNCTUATION.sub("", unicodedata.normalize("NFKC", self.details.address).lower())

    @cached_property
    def door(self) -> str:
        """The last three numbers of the address, which say building and flat; empty if there are fewer than two."""
        text = unicodedata.normalize("NFKC", self.details.address).translate(CHINESE_DIGITS)
        numbers = [each.lstrip("0") for each in NUMBERS.findall(text)]
        return "-".join(numbers[-3:]) if len(numbers) > 1 else ""


def prepare(details: Details | Prepared) -> Prepared:
    """Bring details into comparable form.

    Notes
    -----
    A mistyped resident number counts as typed. What cannot be a number (不详, 000000000000000000), a telephone or a
    birth date (1900-01-01) is as good as missing: else all who have it would be candidates for one another.
    """
    if isinstance(details, Prepared):
        return details
    names = {
        name.written: name for text in (details.name, *details.other_names)[:MOST_NAMES] for name in read_names(text)
    }
    identity, holds, born, sex = _identity(details) if details.identity_number else NO_IDENTITY
    stated = details.birth_date if details.birth_date != UNKNOWN_BIRTH else None
    born, sex = stated or born, details.sex or sex
    year = born.year if born else details.birth_year
    return Prepared(details, tuple(names.values()), identity, holds, _telephones(details.telephones), born, year, sex)


def _identity(details: Details) -> Identity:
    if details.identity_kind != RESIDENT:
        code = squeezed(details.identity_number)
        if passport_fault(code) or NEVER_A_NUMBER.fullmatch(code):
            return NO_IDENTITY
        return code.translate(CONFUSED), False, None, None
    try:
        number = read_resident_number(details.identity_number)
    except BadInput:
        code = squeezed(details.identity_number)
        if sum(map(str.isdecimal, code)) < LEAST_DIGITS or NEVER_A_NUMBER.fullmatch(code):
            return NO_IDENTITY
        return code, False, None, None
    return number.text, True, number.born, number.sex


def _telephones(texts: tuple[str, ...]) -> frozenset[str]:
    numbers = set()
    for text in texts:
        try:
            number = read_telephone(text).number
        except BadInput:
            continue
        if not NEVER_A_TELEPHONE.fullmatch(number):
            numbers.add(number)
    return frozenset(numbers)
