"""Weights and bands: what is one person, what is a family, and what is for a person to decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.store.likeness import Band, Details, blocking_keys, prepare, score, stored_keys, typed_keys
from suyuan.terms import say
from suyuan.terms.identity import resident_check_digit


def number(first_17: str) -> str:
    return first_17 + resident_check_digit(first_17)


ONE = Details(
    name="张小明",
    identity_number=number("33010619900307123"),
    telephones=("13912345678",),
    birth_date=date(1990, 3, 7),
    sex="male",
    address="建国路88号3栋2单元501室",
)
MISTYPED = "330106199013071230"
BARE = Details(name="张小明", birth_date=date(1990, 3, 7), sex="male")


def reasons(a: Details, b: Details) -> set[str]:
    return {reason.key for reason in score(a, b).reasons}


@pytest.mark.parametrize(
    ("a", "b", "band"),
    [
        (ONE, ONE, Band.CERTAIN),
        (ONE, replace(ONE, name="ZHANG XIAOMING", birth_date=None, telephones=(), address=""), Band.CERTAIN),
        (ONE, Details(identity_number=ONE.identity_number, birth_date=date(1990, 3, 7)), Band.CERTAIN),
        # a number alone, or with a name that contradicts it, is never certain
        (ONE, Details(identity_number=ONE.identity_number, birth_year=1990), Band.LIKELY),
        (ONE, replace(ONE, name="李秀英"), Band.LIKELY),
        (ONE, Details(identity_number=ONE.identity_number, name="李秀英", sex="female"), Band.POSSIBLE),
        # a mistyped number in both records proves less than one that holds
        (replace(ONE, identity_number=MISTYPED), replace(ONE, identity_number=MISTYPED), Band.LIKELY),
        (
            ONE,
            replace(ONE, identity_number=ONE.identity_number[:-1] + "0", birth_date=None, telephones=()),
            Band.LIKELY,
        ),
        (BARE, BARE, Band.LIKELY),
        (BARE, replace(BARE, name="Zhang Xiaoming"), Band.LIKELY),
        (BARE, replace(BARE, birth_date=None), Band.POSSIBLE),
        (BARE, replace(BARE, birth_date=date(1990, 7, 3)), Band.POSSIBLE),
        (BARE, replace(BARE, birth_date=date(1962, 11, 21)), Band.DIFFERENT),
        (BARE, replace(BARE, name="李秀英"), Band.DIFFERENT),
        # two different numbers that hold are two people, whatever else agrees
        (ONE, replace(ONE, identity_number=number("33010619900307163"), telephones=(), address=""), Band.DIFFERENT),
        (Details(name="Peter Smith"), Details(name="Peter Smith"), Band.DIFFERENT),
        (Details(), Details(), Band.DIFFERENT),
    ],
)
def test_bands(a: Details, b: Details, band: Band):
    """Each pair has the band that a careful registrar would give it, whichever record comes first."""
    assert score(a, b).band is band
    assert score(prepare(b), a).band is band
    assert score(b, a).p == pytest.approx(score(a, b).p)


FATHER = Details(
    name="张建国", telephones=("13912345678",), birth_date=date(1962, 5, 1), sex="male", address=ONE.address
)
SON = Details(name="张小明", telephones=("13912345678",), birth_date=date(1990, 3, 7), sex="male", address=ONE.address)


def test_a_family_is_not_one_person():
    """Father and son with one telephone and address are two people, also where one birth date is missing."""
    assert score(FATHER, SON).band is Band.DIFFERENT
    assert score(replace(FATHER, birth_date=None), SON).band is Band.DIFFERENT
    assert "telephone_same" in reasons(FATHER, SON)


def test_twins_are_not_taken_for_one():
    """Twins share surname, birth date, address and telephone: different, or for a person to look at."""
    twin = replace(SON, name="张小亮")
    assert score(SON, twin).band <= Band.POSSIBLE
    assert score(SON, replace(SON, name="张大山")).band <= Band.POSSIBLE
    numbered = [number("33010619900307123"), number("33010619900307125")]
    first, second = (replace(who, identity_number=own) for who, own in zip((SON, twin), numbered, strict=True))
    assert score(first, second).band is Band.DIFFERENT


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("張小明", "name_same"),
        ("张晓明", "name_sound"),
        ("Xiaoming Zhang", "name_pinyin"),
        ("明小张", "name_order"),
        ("张小朋", "name_shape"),
        ("张小民", "name_near"),
        ("张明", "given_other"),
        ("李小明", "given_same"),
        ("张", "surname"),
        ("Zhang Xiaomin", "name_near"),
        ("Peter Smith", "name_other"),
    ],
)
def test_names_say_how_they_agree(other: str, reason: str):
    """The reason names the way in which two names agree or differ."""
    assert reason in reasons(BARE, replace(BARE, name=other))


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("Maria Lopez", "LOPEZ MARIA", "name_order"),
        ("Maria Lopez", "Maria del Carmen Lopez", "name_part"),
        ("Mohammed Fayed", "Muhamed Al Fayed", "name_near"),
        ("M. Lopez", "Maria Lopez", "name_part"),
        ("Maria Lopez", "Maria Ivanova", "given_other"),
        ("Zhang Wei", "Wei Zhang", "name_order"),
        ("乐嘉", "Le Jia", "name_pinyin"),
        ("张行", "Zhang Hang", "name_pinyin"),
    ],
)
def test_latin_names_say_how_they_agree(a: str, b: str, reason: str):
    """Order, middle names, spelling, initials and other readings are told apart."""
    assert reason in reasons(Details(name=a), Details(name=b))


def test_other_names_count():
    """The two names that agree best count, be they first or other names."""
    assert "name_same" in reasons(BARE, replace(BARE, name="Peter", other_names=("张小明",)))


def test_rare_names_weigh_more():
    """Two records of a rare name are more likely one person than two records of a common one."""
    rare, common = (replace(BARE, name=name, birth_date=None, birth_year=1990) for name in ("欧阳文涛", "张伟"))
    assert score(rare, rare).p > 5 * score(common, common).p


def test_passports_of_a_family_are_in_a_row():
    """Numbers of passports that follow one another prove nothing; equal ones do, with a name or birth date."""
    mother = Details(
        name="Anna Weber", identity_kind="passport", identity_number="C01X00T47", birth_date=date(1980, 5, 5)
    )
    child = Details(
        name="Paul Weber", identity_kind="passport", identity_number="C01X00T48", birth_date=date(2010, 9, 9)
    )
    assert score(mother, child).band is Band.DIFFERENT
    assert score(mother, replace(mother, name="WEBER ANNA MARIA")).band is Band.LIKELY
    assert "document_other" in reasons(mother, replace(mother, identity_number="X99A22B11"))


def test_contradictions_pull_down():
    """Another sex and another birth date outweigh an equal name and telephone."""
    other = replace(SON, sex="female", birth_date=date(1955, 12, 30))
    assert score(SON, other).band is Band.DIFFERENT


def test_reasons_are_sentences_without_values():
    """Every reason and band can be said in both languages, and no sentence holds anything of the records."""
    for reason in score(ONE, replace(ONE, name="張晓明")).reasons:
        for lang in ("en", "zh"):
            assert reason.sentence(lang) == say(f"duplicates.{reason.key}", lang)
            assert not any(sign in reason.sentence(lang) for sign in "张晓139")
    assert Band.CERTAIN.word("zh") == "确定"
    assert len({band.word() for band in Band}) == 4


TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["张伟", "Zhang Wei", "1" * 17, "139"]
)
ANYTHING = st.builds(
    Details,
    name=TEXTS,
    other_names=st.tuples(TEXTS),
    identity_kind=st.sampled_from(["resident", "passport", ""]),
    identity_number=TEXTS,
    telephones=st.tuples(TEXTS),
    birth_date=st.none() | st.dates(),
    birth_year=st.none() | st.integers(1900, 2030),
    sex=st.sampled_from([None, "female", "male"]),
    address=TEXTS,
)


@given(ANYTHING, ANYTHING)
def test_any_two_records_can_be_compared(a: Details, b: Details):
    """Whatever was typed into whichever field, keys and score come without a fault, and the order does not matter."""
    stored, asked = stored_keys(a), blocking_keys(a)
    assert len(set(stored)) == len(stored)
    assert all(kind and text for kind, text in (*stored, *asked, *typed_keys(a.name)))
    one, other = score(a, b), score(b, a)
    assert 0 <= one.p <= 1
    assert one.p == pytest.approx(other.p)
    assert one.band is other.band
