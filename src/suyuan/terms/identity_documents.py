"""Identity numbers and telephones as people write them, checked and brought into one form. Standard library only.

No sentence that is raised here repeats the refused text: it may be somebody's number.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from suyuan.terms.identity import resident_check_digit
from suyuan.terms.problems import BadInput

Sex = Literal["female", "male"]

PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9\d")
"""First two digits of a division (GB/T 2260). 81 to 83 also open residence permits of Hong Kong, Macau and Taiwan, and
9 the permanent residence cards of foreigners (since 2023)."""
OLDEST_YEARS = 130
"""No living person was born earlier; the oldest known life lasted 122 years."""

RESIDENT_FORM = re.compile(r"[0-9]{17}[0-9X]")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LAND_LINE = re.compile(r"0?(10\d{8}|2\d{9}|[3-9]\d{2}\d{7,8})")
"""Area code and number: two-digit areas have eight digits, three-digit areas seven or eight."""
EXTENSION = re.compile(r"(?:转|ext\.?|[x#])([0-9]{1,6})$", re.IGNORECASE)
FILLING = re.compile(r"[\s\-.·()]+")
TELEPHONE_FILLING = re.compile(r"[\s\-.·()—–_/]+")
PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{5,15}")


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A resident identity number that holds together.

    Parameters
    ----------
    text
        All 18 characters, the check digit in capitals.
    division
        Six digits of the county where the number was given out; not where the person lives now.
    born
        Birth date.
    sex
        ``female`` or ``male``, from the 17th digit.
    """

    text: str = field(repr=False)
    division: str = field(repr=False)
    born: date = field(repr=False)
    sex: Sex = field(repr=False)


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone number in one form.

    Parameters
    ----------
    number
        ``+``, country and number, digits only after the sign.
    extension
        Digits to dial after the connection, or empty.
    is_mobile
        True for a Chinese mobile number; False where it is a land line or unknown.
    """

    number: str = field(repr=False)
    extension: str = field(default="", repr=False)
    is_mobile: bool = False


def read_resident_number(text: str, today: date | None = None) -> ResidentNumber:
    """Read a resident identity number: 18 digits, or the 15 of before 1999, which are completed.

    Parameters
    ----------
    text
        As typed; blanks, hyphens, full-width digits and a small x are put right.
    today
        Nobody was born after this civil date; None leaves that unchecked.

    Raises
    ------
    BadInput
        ``identity_number.length``, ``.signs``, ``.division``, ``.born`` or ``.check_digit``.

    Examples
    --------
    >>> number = read_resident_number("11010519491231002x")
    >>> number.text[-1], number.division, number.born.isoformat(), number.sex
    ('X', '110105', '1949-12-31', 'female')
    """
    code = text if RESIDENT_FORM.fullmatch(text) else _resident_form(text)
    if not PROVINCE.match(code):
        raise BadInput("identity_number.division")
    born = _birth_date(code[6:14], today)
    if born is None:
        raise BadInput("identity_number.born")
    if resident_check_digit(code[:17]) != code[17]:
        raise BadInput("identity_number.check_digit")
    return ResidentNumber(code, code[:6], born, "male" if int(code[16]) % 2 else "female")


def _resident_form(text: str) -> str:
    """Bring what was typed into 18 characters of the right kind."""
    code = squeezed(text)
    if len(code) == 15 and code.isdecimal():
        code = completed(code)
    if len(code) != 18:
        raise BadInput("identity_number.length", n=len(code))
    if not RESIDENT_FORM.fullmatch(code):
        raise BadInput("identity_number.signs")
    return code


def resident_number_fault(text: str, today: date | None = None) -> str | None:
    """Return the key of the sentence that says what is wrong with a resident number, or None if nothing is."""
    try:
        read_resident_number(text, today)
    except BadInput as fault:
        return fault.code
    return None


def squeezed(text: str) -> str:
    """Take blanks, hyphens and dots out, make full-width signs narrow and letters capital."""
    return FILLING.sub("", unicodedata.normalize("NFKC", text)).upper()


def completed(code: str) -> str:
    """Give a number of 15 digits its century and check digit.

    Notes
    -----
    Such numbers were given out until 1999; all but those of centenarians (996 to 999 at the end) mean 19xx.
    """
    century = "18" if code[12:15] in ("996", "997", "998", "999") else "19"
    first_17 = code[:6] + century + code[6:]
    return first_17 + resident_check_digit(first_17)


def _birth_date(digits: str, today: date | None) -> date | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    if born.year < 1850 or (today is not None and not today.year - OLDEST_YEARS <= born.year):
        return None
    return None if today is not None and born > today else born


def read_telephone(text: str, area: str = "") -> Telephone:
    """Read a telephone number: a Chinese mobile or land line, or one of another country with its ``+``.

    Parameters
    ----------
    text
        As typed, with or without 86, blanks, brackets and an extension (转801, x801, #801).
    area
        Area code put before land lines that were written without one, for example ``010``.

    Raises
    ------
    BadInput
        ``telephone.signs``, ``.no_area``, ``.length`` or ``.country``.

    Examples
    --------
    >>> read_telephone("139-1234-5678").number, read_telephone("(010) 6234 5678转801").number
    ('+8613912345678', '+861062345678')
    """
    if MOBILE.fullmatch(text):  # how most of them are written
        return Telephone(f"+86{text}", is_mobile=True)
    raw = TELEPHONE_FILLING.sub("", unicodedata.normalize("NFKC", text))
    extension = EXTENSION.search(raw)
    if extension:
        raw = raw[: extension.start()]
    if raw.startswith("00"):
        raw = "+" + raw[2:]
    if not re.fullmatch(r"\+?[0-9]+", raw):
        raise BadInput("telephone.signs")
    number, is_mobile = _number_of(raw, area)
    return Telephone(number, extension.group(1) if extension else "", is_mobile)


def _number_of(raw: str, area: str) -> tuple[str, bool]:
    """Return the number with its country, and whether it is a Chinese mobile."""
    if raw.startswith("+") and not raw.startswith("+86"):
        if not re.fullmatch(r"\+[1-9]\d{7,14}", raw):
            raise BadInput("telephone.country")
        return raw, False
    national = _without_country(raw)
    if MOBILE.fullmatch(national):
        return f"+86{national}", True
    if area and 7 <= len(national) <= 8:
        national = f"0{area.lstrip('0')}{national}"
    line = LAND_LINE.fullmatch(national)
    if line and (national.startswith("0") or national != raw):
        return f"+86{line.group(1)}", False
    raise BadInput("telephone.no_area" if 7 <= len(national) <= 8 else "telephone.length")


def _without_country(raw: str) -> str:
    if raw.startswith("86") and len(raw) > 11:
        return raw[2:]
    return raw.removeprefix("+86")


def telephone_fault(text: str, area: str = "") -> str | None:
    """Return the key of the sentence that says what is wrong with a telephone number, or None if nothing is."""
    try:
        read_telephone(text, area)
    except BadInput as fault:
        return fault.code
    return None


def read_passport(text: str) -> str:
    """Return the number of a passport or travel permit in one form: capitals and digits only.

    Raises
    ------
    BadInput
        ``passport.signs`` or ``passport.length``.

    Examples
    --------
    >>> read_passport("e 1234 5678")
    'E12345678'
    """
    code = squeezed(text)
    if not re.fullmatch(r"[A-Z0-9]*", code):
        raise BadInput("passport.signs")
    if not PASSPORT.fullmatch(code):
        raise BadInput("passport.length")
    return code


def passport_fault(text: str) -> str | None:
    """Return the key of the sentence that says what is wrong with a passport number, or None if nothing is."""
    try:
        read_passport(text)
    except BadInput as fault:
        return fault.code
    return None
