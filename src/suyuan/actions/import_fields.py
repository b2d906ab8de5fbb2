"""Texts of a table read as what they mean; what cannot be meant is refused by column, without repeating it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from suyuan.terms import BadInput, Details, IdentityKind, Person, Vulnerability

E = TypeVar("E", bound=StrEnum)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula."""
GUARDED = (*FORMULA, "\n", "＝", "＋", "－", "＠", "'")
"""What stands behind an apostrophe that an export put there."""
SEXES = {"female": "female", "f": "female", "女": "female", "male": "male", "m": "male", "男": "male"}
PLAIN_SIGNS = frozenset("0123456789 ()-+.")
LONGEST = 500
EARLIEST, LATEST = 1850, 2200
"""Years that a date may have."""


class Row:
    """One row's texts, read column by column.

    Parameters
    ----------
    values
        Texts by our column names, without empty ones.
    zone
        Of civil times in the table.
    """

    def __init__(self, values: Mapping[str, str], zone: ZoneInfo) -> None:
        self.values, self.zone = values, zone

    def text(self, column: str, most: int = LONGEST) -> str:
        """Return a text; a formula is refused, the apostrophe that an export puts before one is taken off.

        Raises
        ------
        BadInput
            If it begins as a formula does, or is too long.
        """
        value = self.values.get(column, "")
        if value.startswith("'") and value[1:].startswith(GUARDED):
            value = value[1:]
        elif value.startswith(FORMULA) and not set(value) <= PLAIN_SIGNS:
            raise BadInput("uploads.formula", column=column)
        if len(value) > most:
            raise BadInput("uploads.too_long", column=column, most=most)
        if "\x00" in value:
            raise BadInput("uploads.no_text", column=column)
        return value

    def word(self, column: str, words: type[E], otherwise: E) -> E:
        """Return a word of a closed list."""
        value = self.text(column).lower()
        if not value:
            return otherwise
        try:
            return words(value)
        except ValueError:
            raise BadInput("uploads.no_word", column=column, words=", ".join(words)) from None

    def day(self, column: str) -> date | None:
        """Return a civil date, written 2022-07-05, 2022/7/5 or 20220705; a time of day behind it is left out."""
        value = self.text(column)
        return _moment(value, column).date() if value else None

    def instant(self, column: str) -> datetime | None:
        """Return an instant; without an offset it is a time of the place."""
        value = self.text(column)
        if not value:
            return None
        moment = _moment(value, column)
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def number(self, column: str, least: float, most: float) -> float | None:
        """Return a number between two bounds."""
        value = self.text(column)
        if not value:
            return None
        try:
            found = float(value)
        except ValueError:
            found = float("nan")
        if not least <= found <= most:
            raise BadInput("uploads.no_number", column=column, least=least, most=most)
        return found

    def many(self, column: str) -> tuple[str, ...]:
        """Return several texts parted by semicolons."""
        return tuple(part.strip() for part in self.text(column).replace("；", ";").split(";") if part.strip())


def _moment(value: str, column: str) -> datetime:
    plain = value.replace("/", "-").replace(".", "-", 2) if value[:10].count(".") == 2 else value.replace("/", "-")
    day, _, clock = plain.replace("T", " ").partition(" ")
    parts = day.split("-")
    if len(parts) == 3:
        day = f"{parts[0]}-{parts[1]:0>2}-{parts[2]:0>2}"
    try:
        moment = datetime.fromisoformat(f"{day} {clock}".strip())
    except ValueError:
        raise BadInput("uploads.no_date", column=column) from None
    if not EARLIEST <= moment.year <= LATEST:
        raise BadInput("uploads.no_date", column=column)
    return moment


def person_fields(row: Row, area: str) -> tuple[Person, Details]:
    """Read what a row says of a person; the code may be empty.

    Raises
    ------
    BadInput
        If a column cannot be read.
    """
    number = row.text("identity_number")
    kind = IdentityKind.NONE
    if number:
        kind = IdentityKind.RESIDENT if len(number) == 18 else IdentityKind.PASSPORT
    sex = row.text("sex").lower()
    if sex and sex not in SEXES:
        raise BadInput("uploads.no_word", column="sex", words="female, male")
    wishes = tuple(_vulnerability(each) for each in row.many("vulnerabilities"))
    year = row.number("birth_year", 1880, 2200)
    details = Details(
        name=row.text("name"),
        identity_kind=row.word("identity_kind", IdentityKind, kind),
        identity_number=number,
        telephones=row.many("telephones"),
        birth_date=row.day("birth_date"),
        address=row.text("address"),
        workplace=row.text("workplace"),
    )
    person = Person(
        code=row.text("person_code", 64),
        area=row.text("area") or area,
        sex=SEXES.get(sex, ""),
        birth_year=int(year) if year else None,
        occupation=row.text("occupation", 64),
        household=row.text("household", 32),
        vulnerabilities=wishes,
        language=row.text("language", 8) or "zh",
        source="import",
        identified=bool(row.text("name")),
    )
    return person, details


def _vulnerability(word: str) -> Vulnerability:
    try:
        return Vulnerability(word)
    except ValueError:
        raise BadInput("uploads.no_word", column="vulnerabilities", words=", ".join(Vulnerability)) from None
