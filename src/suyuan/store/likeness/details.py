"""What is known of a person when likeness is asked for, and the same put into comparable form once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from suyuan.store.likeness.names import Name, read_names
from suyuan.terms import BadInput
from suyuan.terms.identity_documents import Sex, read_resident_number, read_telephone, squeezed

RESIDENT = "resident"
MOST_NAMES = 4
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
        return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", self.details.address).lower())

    @cached_property
    def door(self) -> str:
        """The last three numbers of the address, which say building and flat; empty if there are fewer than two."""
        text = unicodedata.normalize("NFKC", self.details.address).translate(CHINESE_DIGITS)
        numbers = [each.lstrip("0") for each in re.findall(r"\d+", text)]
        return "-".join(numbers[-3:]) if len(numbers) > 1 else ""


def prepare(details: Details | Prepared) -> Prepared:
    """Bring details into comparable form; numbers that are no numbers count as typed, telephones that are none not."""
    if isinstance(details, Prepared):
        return details
    names = {
        name.written: name for text in (details.name, *details.other_names)[:MOST_NAMES] for name in read_names(text)
    }
    identity, holds, born, sex = _identity(details)
    born, sex = details.birth_date or born, details.sex or sex
    year = born.year if born else details.birth_year
    return Prepared(details, tuple(names.values()), identity, holds, _telephones(details.telephones), born, year, sex)


def _identity(details: Details) -> tuple[str, bool, date | None, Sex | None]:
    if not details.identity_number:
        return "", False, None, None
    if details.identity_kind != RESIDENT:
        return squeezed(details.identity_number).translate(CONFUSED), False, None, None
    try:
        number = read_resident_number(details.identity_number)
    except BadInput:
        return squeezed(details.identity_number), False, None, None
    return number.text, True, number.born, number.sex


def _telephones(texts: tuple[str, ...]) -> frozenset[str]:
    numbers = set()
    for text in texts:
        try:
            numbers.add(read_telephone(text).number)
        except BadInput:
            continue
    return frozenset(numbers)
