"""What may stand for a person, and what never may."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.terms import BadInput, PersonId, PlaceId, person_code_fault
from suyuan.terms.identity import RESIDENT_WEIGHTS


def resident_number(first_17: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(RESIDENT_WEIGHTS, first_17, strict=True))
    return first_17 + "10X98765432"[total % 11]


@pytest.mark.parametrize("code", ["P0000017", "a", "2022-07.x_y:z", "17", "13912345678x", "A13912345678"])
def test_opaque_codes_are_persons(code):
    """Letters, digits and a few signs make a code."""
    assert PersonId(code).code == code


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("王小明", "name"),
        ("Anna Schmidt", "name"),
        ("", "name"),
        ("x" * 65, "name"),
        ("13912345678", "telephone"),
        ("+8613912345678", "telephone"),
        ("86-13912345678", "telephone"),
        ("+4915112345678", "telephone"),
        (resident_number("11010519491231002"), "resident_number"),
    ],
)
def test_names_telephones_and_identity_numbers_are_refused(code, fault):
    """What looks like a name, a telephone or a resident number cannot be put into a core type."""
    assert person_code_fault(code) == fault
    with pytest.raises(BadInput) as problem:
        PersonId(code)
    assert problem.value.code == f"person.{fault}"


def test_an_eighteen_digit_number_without_a_birth_date_is_a_code():
    """A long number of somebody's own system is not mistaken for a resident number."""
    assert person_code_fault(resident_number("10000000000000017")) is None


@given(st.integers(110000, 659999), st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(0, 999))
def test_every_valid_resident_number_is_recognised(area, born, order):
    """Area, birth date, order and check digit make a resident number; with another check digit they do not."""
    number = resident_number(f"{area}{born:%Y%m%d}{order:03}")
    assert person_code_fault(number) == "resident_number"
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert person_code_fault(wrong) is None


@given(st.text().filter(lambda text: person_code_fault(text) is not None))
def test_the_refusal_never_repeats_the_refused_text(text):
    """The sentence does not carry the name or number it refuses into a log."""
    with pytest.raises(BadInput) as problem:
        PersonId(text)
    assert problem.value.details == {}


def test_a_place_needs_a_code():
    """An empty place is refused."""
    with pytest.raises(BadInput):
        PlaceId("  ")
    assert PlaceId("楼 3").code == "楼 3"
