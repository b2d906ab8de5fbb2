"""Names in characters and in Latin letters, and the keys under which they meet."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.store.likeness import Details, blocking_keys, stored_keys, typed_keys
from suyuan.store.likeness.characters import FOLD, SIMPLIFIED, TRADITIONAL, readings, surname_sounds
from suyuan.store.likeness.keys import meant_numbers
from suyuan.store.likeness.names import read_names, skeleton
from suyuan.terms.identity import resident_check_digit
from suyuan.terms.identity_documents import resident_number_fault

NUMBER = "11010519491231002X"


def sounds(text: str) -> set[str]:
    return {sound for name in read_names(text) for sound in name.sounds()}


def meet(a: Details, b: Details) -> set[str]:
    """Kinds of keys under which a newcomer finds somebody who is stored."""
    return {kind for kind, _text in set(blocking_keys(a)) & set(stored_keys(b))}


@pytest.mark.parametrize(
    "others",
    [
        ["张伟", "張偉", "Zhang Wei", "WEI ZHANG", "zhangwei", "张 伟", "Zhāng Wěi", "Zhang, Wei", "章玮"],
        ["欧阳娜娜", "歐陽娜娜", "Ouyang Nana", "OU YANG NA NA", "Nana Ouyang", "OuyangNana"],
        ["司马光", "司馬光", "Sima Guang", "GUANG SIMA"],
        ["吕布", "呂布", "Lü Bu", "LYU BU", "LV BU", "Lu Bu"],
        ["张小明", "张晓明", "Zhang Xiao-Ming", "XIAOMING ZHANG", "Zhang Xiao Ming"],
        ["闫云峰", "yanyunfeng", "Yan Yunfeng"],
        ["阿卜杜拉·买买提", "阿卜杜拉买买提", "阿卜杜拉•买买提"],
        ["Mohammed Al-Fayed", "Muhamad El Fayed", "FAYED MOHAMED"],
        ["Jürgen Schmidt", "Juergen Schmitt", "SCHMIDT Jurgen"],
        ["Maria del Carmen Lopez", "Lopez Maria", "MARIA LÓPEZ"],
        ["David 张", "Zhang David", "david zhang"],
    ],
)
def test_one_name_in_many_writings(others: list[str]):
    """However a name is written (traditional, pinyin, swapped, accented), it has a sound in common."""
    first = sounds(others[0])
    assert first
    assert [other for other in others if not sounds(other) & first] == []


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("单雄信", "shan"),
        ("曾国藩", "zeng"),
        ("仇英", "qiu"),
        ("解珍", "xie"),
        ("查良镛", "zha"),
        ("任正", "ren"),
        ("尉迟恭", "yuchi"),
        ("万俟卨", "moqi"),
        ("長孫無忌", "zhangsun"),
        ("欧阳修", "ouyang"),
        ("覃军", "tan"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, surname: str):
    """Characters with several readings are read as surnames are, and compound surnames stay whole."""
    assert surname in {split[0] for split in read_names(name)[0].splits}


def test_an_unknown_given_name_is_none():
    """张先生 is no name by which somebody is found; the surname remains for the search box."""
    assert read_names("张先生")[0].given == ""
    assert sounds("张先生") == sounds("张某") == sounds("Smith") == set()
    assert ("surname", "zhang") in stored_keys(Details(name="张先生"))


def test_traditional_characters_have_one_simplified_form():
    """No traditional character is listed twice, none is its own fold, and each pair has a reading in common."""
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    for one, other in zip(TRADITIONAL, SIMPLIFIED, strict=True):
        assert one != other
        assert readings(one) & readings(other), one
        assert other.translate(FOLD) == other


def test_western_names_are_no_pinyin():
    """Peter Smith is not taken for surname and given name in pinyin, Zhang is known as a surname."""
    assert read_names("Peter Smith")[0].splits == ()
    assert {"zhang", "ouyang", "lu"} <= surname_sounds()
    assert skeleton("schmidt") == skeleton("schmitt")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("110105194912310021", NUMBER),  # last digit
        ("11010519491321002X", NUMBER),  # neighbours swapped
        ("1101051949123100X", NUMBER),  # one digit lost
        ("110105194912331002X", NUMBER),  # one too many
        ("11O10519491231002X", NUMBER),  # a letter for a digit
    ],
)
def test_a_mistyped_number_finds_the_right_one(typed: str, stored: str):
    """One slip in a resident number still finds the right one, and the right one finds it."""
    right, wrong = Details(identity_number=stored), Details(identity_number=typed)
    assert "identity" in meet(wrong, right)
    assert "identity" in meet(right, wrong)


def test_every_slip_can_be_taken_back():
    """Among the numbers that a slip may have meant is the right one, for every digit and every wrong digit."""
    first_17 = "33010619900307123"
    number = first_17 + resident_check_digit(first_17)
    for i in range(17):
        wrong = number[:i] + str((int(number[i]) + 4) % 10) + number[i + 1 :]
        assert number in meant_numbers(wrong)
        swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        assert swapped == number or number in meant_numbers(swapped)
    assert len(meant_numbers("1" * 18)) < 30


def test_meant_numbers_are_all_numbers_one_slip_away():
    """The quick way to the numbers that a mistyped one may have meant finds what trying everything finds."""
    right = "33010619900307123"
    typed = right + ("1" if resident_check_digit(right) != "1" else "2")
    tries = {typed[:i] + digit + typed[i + 1 :] for i in range(18) for digit in "0123456789X"}
    tries |= {typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :] for i in range(17)}
    assert meant_numbers(typed) == sorted(each for each in tries if resident_number_fault(each) is None)
    assert len(meant_numbers(typed)) > 1


WHOLE = Details(
    name="张小明",
    identity_number="330106199003071239"[:17] + resident_check_digit("33010619900307123"),
    telephones=("139 1234 5678",),
    birth_date=date(1990, 3, 7),
    address="建国路88号3栋2单元501室",
)


@pytest.mark.parametrize(
    ("newcomer", "kind"),
    [
        (Details(telephones=("+86-13912345678",)), "telephone"),
        (Details(name="Zhang Xiaoming", birth_date=date(1990, 7, 3)), "sound_year"),
        (Details(name="Zhang Xiaoming", birth_year=1991), "sound_year"),
        (Details(name="张晓明", birth_date=date(1991, 3, 7)), "sound_day"),
        (Details(name="张大山", birth_date=date(1990, 3, 7)), "part_birth"),
        (Details(name="李小明", birth_date=date(1990, 3, 7)), "part_birth"),
        (Details(name="张小明", address="建国路88号 三栋2单元501"), "sound_door"),
        (Details(name="张小明"), "sound"),
    ],
)
def test_what_a_newcomer_is_found_by(newcomer: Details, kind: str):
    """Whatever one thing is missing or wrong, another key brings the two records together."""
    assert kind in meet(newcomer, WHOLE)


def test_a_newcomer_finds_those_without_a_birth_year():
    """Somebody who was stored with a bare name is found by one with a birth date, and the reverse."""
    bare = Details(name="张小明")
    assert meet(WHOLE, bare) == {"sound_undated"}
    assert "sound" in meet(bare, WHOLE)


def test_common_names_alone_bring_nobody():
    """Two of one name born in different years on different days are no candidates."""
    assert (
        meet(Details(name="张伟", birth_date=date(1960, 5, 5)), Details(name="张伟", birth_date=date(1990, 3, 7)))
        == set()
    )


def test_passports_survive_one_wrong_sign():
    """A passport number is found with O for 0, and with any one wrong sign if the birth year is known."""
    stored = Details(identity_kind="passport", identity_number="E12340678", birth_year=1980)
    assert "document" in meet(Details(identity_kind="passport", identity_number="e1234-O678"), stored)
    for i in range(9):
        wrong = "E12340678"[:i] + "9" + "E12340678"[i + 1 :]
        assert meet(Details(identity_kind="passport", identity_number=wrong, birth_year=1980), stored), i


TYPED = (
    "张小明",
    "張小明",
    "Zhang Xiaoming",
    "xiaoming zhang",
    "张",
    "zhang",
    "5678",
    "张 5678",
    "zhang5678",
    "13912345678",
)
NUMBERS = (WHOLE.identity_number, WHOLE.identity_number[-4:], f"张{WHOLE.identity_number[-4:]}")


@pytest.mark.parametrize("typed", [*TYPED, *NUMBERS])
def test_the_search_box(typed: str):
    """A person is found by name, surname, telephone, number, the last four of either, or surname and four digits."""
    assert set(typed_keys(typed)) & set(stored_keys(WHOLE))


def test_details_keep_to_themselves():
    """What a log may print of details, and of the keys' input, holds nothing of the person."""
    assert "张" not in repr(WHOLE)
    assert "139" not in repr(WHOLE)
    assert "张" not in repr(read_names("张伟"))


def test_nothing_known_has_no_keys():
    """Empty details, or details without sense, bring no keys and no fault."""
    assert stored_keys(Details()) == blocking_keys(Details(name="--", telephones=("none",), address="?")) == []


@pytest.mark.parametrize(
    "details",
    [
        Details(identity_number="0" * 18),
        Details(identity_number="不详"),
        Details(identity_number="123456789012345678"),
        Details(identity_kind="passport", identity_number="000000000000"),
        Details(identity_kind="passport", identity_number="none"),
        Details(telephones=("13800000000", "13800138000", "18888888888")),
        Details(birth_date=date(1900, 1, 1)),
    ],
)
def test_fillings_are_no_details(details: Details):
    """What clerks type where nothing is known (000…, 不详, 1900-01-01) brings nobody together."""
    assert stored_keys(details) == blocking_keys(details) == []
