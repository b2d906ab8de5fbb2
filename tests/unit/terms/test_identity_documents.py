"""Identity numbers, telephones and passports in one form, or refused with a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.terms import BadInput, say
from suyuan.terms.identity import resident_check_digit
from suyuan.terms.identity_documents import (
    passport_fault,
    read_passport,
    read_resident_number,
    read_telephone,
    resident_number_fault,
    telephone_fault,
)

EXAMPLE = "11010519491231002X"
"""The example printed in the standard itself (GB 11643-1999)."""


@pytest.mark.parametrize(
    "text", [EXAMPLE, "11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_a_resident_number_is_read_however_it_is_typed(text: str):
    """Blanks, a small x and full-width digits do not matter; division, birth date and sex come out."""
    number = read_resident_number(text)
    assert (number.text, number.division, number.born, number.sex) == (EXAMPLE, "110105", date(1949, 12, 31), "female")


def test_an_old_number_of_fifteen_digits_is_completed():
    """A number of before 1999 becomes the one its owner has today; those of centenarians belong to 18xx."""
    assert read_resident_number("110105491231002").text == EXAMPLE
    assert read_resident_number("110105991231996").born == date(1899, 12, 31)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1101051949123100", "length"),
        ("1101051949123100A2", "signs"),
        ("99010519491231002X"[:17].replace("99", "17", 1) + "X", "division"),
        ("11010519490231002X", "born"),
        ("11010518491231002X", "born"),
        ("110105194912310021", "check_digit"),
    ],
)
def test_a_bad_resident_number_says_what_is_wrong(text: str, fault: str):
    """Each fault has its own sentence, and none repeats the number."""
    assert resident_number_fault(text) == f"identity_number.{fault}"
    with pytest.raises(BadInput) as problem:
        read_resident_number(text)
    for lang in ("en", "zh"):
        assert text not in problem.value.sentence(lang)


def test_nobody_is_born_tomorrow():
    """With the day of today, birth dates that have not come or are too long ago are refused."""
    assert resident_number_fault(EXAMPLE, date(1949, 12, 30)) == "identity_number.born"
    assert resident_number_fault(EXAMPLE, date(1949, 12, 31)) is None
    assert resident_number_fault(EXAMPLE, date(2080, 1, 1)) == "identity_number.born"


def test_permits_in_the_same_form_are_numbers():
    """Residence permits of Hong Kong, Macau and Taiwan (81 to 83) and foreigners' cards (9) have the same 18 digits."""
    for opening in ("810000", "830000", "911110"):
        first_17 = f"{opening}19900307001"
        assert read_resident_number(first_17 + resident_check_digit(first_17)).sex == "male"


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_every_single_slip_is_noticed(born: date, order: int, at: int, by: int):
    """A valid number with one changed digit is never valid."""
    first_17 = f"330106{born:%Y%m%d}{order:03}"
    number = first_17 + resident_check_digit(first_17)
    digit = (int(number[at]) + by) % 10 if number[at] != "X" else by
    assert resident_number_fault(number) is None
    assert resident_number_fault(number[:at] + str(digit) + number[at + 1 :]) is not None


@pytest.mark.parametrize(
    ("text", "number", "is_mobile"),
    [
        ("13912345678", "+8613912345678", True),
        ("+86 139 1234 5678", "+8613912345678", True),
        ("0086-139-1234-5678", "+8613912345678", True),
        ("8613912345678", "+8613912345678", True),
        ("１３９１２３４５６７８", "+8613912345678", True),
        ("010-62345678", "+861062345678", False),
        ("(0571) 8765 4321", "+8657187654321", False),
        ("0086 571 87654321", "+8657187654321", False),
        ("+49 151 12345678", "+4915112345678", False),
        ("+852 2123 4567", "+85221234567", False),
    ],
)
def test_a_telephone_has_one_form(text: str, number: str, is_mobile: bool):
    """The same telephone written in any usual way gives the same number."""
    telephone = read_telephone(text)
    assert (telephone.number, telephone.is_mobile) == (number, is_mobile)


def test_extension_and_area_code():
    """An extension is kept apart; a land line without area code takes the one that is given."""
    assert read_telephone("010-62345678转801").extension == "801"
    assert read_telephone("010-62345678 ext. 801").number == "+861062345678"
    assert read_telephone("62345678", area="010").number == "+861062345678"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no telephone", "signs"),
        ("", "signs"),
        ("62345678", "no_area"),
        ("1391234567", "length"),
        ("12912345678", "length"),
        ("139123456789", "length"),
        ("+49 151", "country"),
    ],
)
def test_a_bad_telephone_says_what_is_wrong(text: str, fault: str):
    """Each fault has its own sentence."""
    assert telephone_fault(text) == f"telephone.{fault}"
    assert say(f"telephone.{fault}", "zh")


def test_passports():
    """A passport number has capitals and digits only; anything else is refused with a sentence."""
    assert read_passport("e 1234-5678") == "E12345678"
    assert passport_fault("E12345678") is None
    assert passport_fault("护照E1234") == "passport.signs"
    assert passport_fault("ABCDEFG") == "passport.length"
    assert passport_fault("E1") == "passport.length"


def test_personal_numbers_stay_out_of_repr():
    """What a log may print of these values holds no digit of them."""
    assert "1949" not in repr(read_resident_number(EXAMPLE))
    assert "139" not in repr(read_telephone("13912345678"))
