"""How much two names speak for one person, in bits, with the reason.

A bit doubles the odds. A name that one in 65,000 bears is worth 16 bits if it is the same in both records. The shares
of surnames follow the national report on names of 2020 (rounded); all other shares are assumed, on the careful side.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from math import log2
from typing import NamedTuple

from rapidfuzz.distance import JaroWinkler

from suyuan.store.likeness.characters import dull, look_alike, readings
from suyuan.store.likeness.names import PARTICLES, Name, skeleton

SURNAME_PERCENT = {
    "王": 7.2, "李": 7.1, "张": 6.8, "刘": 5.1, "陈": 4.5, "杨": 3.3, "黄": 2.4, "赵": 2.0, "吴": 2.0, "周": 1.9,
    "徐": 1.4, "孙": 1.4, "马": 1.3, "朱": 1.2, "胡": 1.2, "郭": 1.1, "何": 1.1, "林": 1.1, "高": 1.0, "罗": 1.0,
}  # fmt: skip
SURNAME_BITS = {surname: -log2(percent / 100) for surname, percent in SURNAME_PERCENT.items()}
OTHER_SURNAME_BITS = -log2(0.3 / 100)
COMMON_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚英华辉玲兰红鹏浩宇鑫波斌莉丹萍健俊燕"
COMMON_GIVEN_BITS, SINGLE_GIVEN_BITS, DOUBLE_GIVEN_BITS = -log2(1.0 / 100), -log2(0.3 / 100), -log2(0.05 / 100)
LATIN_BITS = 13.0
"""Surname and given name of one in 8,000 each other: assumed; John Smith is commoner, most names are rarer."""
SAME_SURNAME_AT_HOME = 0.5
"""Bits of an equal surname among people of one household, where nearly all bear it."""
MOST_BITS = 17.0


class Weight(NamedTuple):
    """Bits for (positive) or against one person, and the key of the sentence that says why."""

    bits: float
    reason: str


NOTHING = Weight(0.0, "")


def weigh_names(a: Iterable[Name], b: Iterable[Name], *, household: bool) -> Weight:
    """Return the weight of the two names that agree best.

    Parameters
    ----------
    a, b
        All names of the two records.
    household
        True if telephone or address are shared already: then an equal surname says nearly nothing, and different given
        names say that these are two people of one family.
    """
    pairs = [_weigh(one, other, household=household) for one, other in product(a, b)]
    return max(pairs, default=NOTHING)


def _weigh(a: Name, b: Name, *, household: bool) -> Weight:
    if a.words and b.words:
        return _latin(a, b, household=household)
    if a.words or b.words:
        return _mixed(a, b, household=household)
    return _chinese(a, b, household=household)


def _surname_bits(name: Name, *, household: bool) -> float:
    return SAME_SURNAME_AT_HOME if household else SURNAME_BITS.get(name.surname, OTHER_SURNAME_BITS)


def _given_bits(name: Name) -> float:
    if len(name.given) > 1:
        return DOUBLE_GIVEN_BITS
    return COMMON_GIVEN_BITS if name.given in COMMON_GIVEN else SINGLE_GIVEN_BITS


def _whole_bits(name: Name, *, household: bool) -> float:
    return min(MOST_BITS, _surname_bits(name, household=household) + _given_bits(name))


def _chinese(a: Name, b: Name, *, household: bool) -> Weight:
    if not (a.given and b.given):
        same = a.surname == b.surname
        return Weight(_surname_bits(a, household=household) - 2 if same else -4.0, "surname" if same else "name_other")
    if a.written == b.written:
        return Weight(_whole_bits(a, household=household), "name_same")
    whole = _whole_bits(a, household=household)
    if _sounds_meet(a, b):
        # homophones are three to five times as many people as namesakes
        return Weight(0.75 * whole - 2.5, "name_sound")
    if sorted(a.written) == sorted(b.written):
        return Weight(0.6 * whole, "name_order")
    if len(a.written) == len(b.written):
        return _one_character(a, b, whole, household=household)
    return _other_given(a, b, household=household)


def _one_character(a: Name, b: Name, whole: float, *, household: bool) -> Weight:
    """Weigh names of one length, where the one character in which they differ may be a slip."""
    different = [(x, y) for x, y in zip(a.written, b.written, strict=True) if x != y]
    if len(different) == 1:
        x, y = different[0]
        if look_alike(x, y):
            return Weight(0.6 * whole - 1.5, "name_shape")
        near = {dull(sound) for sound in readings(x)} & {dull(sound) for sound in readings(y)}
        if near:
            return Weight(0.6 * whole - 2.5, "name_near")
    return _other_given(a, b, household=household)


def _other_given(a: Name, b: Name, *, household: bool) -> Weight:
    if a.surname != b.surname:
        if a.given == b.given and len(a.given) > 1:
            return Weight(2.0, "given_same")
        return Weight(-6.5, "name_other")
    shared = len(set(a.given) & set(b.given))
    if household:
        # brothers and sisters often share a surname and one character of the given name
        return Weight(-4.5 if shared else -6.5, "given_other")
    return Weight(0.5 if shared else -3.0, "given_other")


def _sounds_meet(a: Name, b: Name) -> bool:
    return not set(a.sounds()).isdisjoint(b.sounds())


def _mixed(a: Name, b: Name, *, household: bool) -> Weight:
    """Compare characters with Latin letters, which may be pinyin, or an English name beside the Chinese one."""
    chinese, latin = (b, a) if a.words else (a, b)
    if not chinese.given:
        return NOTHING
    whole = _whole_bits(chinese, household=household)
    if _sounds_meet(chinese, latin) or _other_reading(chinese, latin):
        return Weight(0.75 * whole - 2.0, "name_pinyin")
    joined = "".join(chinese.splits[0])
    if max(JaroWinkler.similarity(joined, "".join(order)) for order in (latin.words, latin.words[::-1])) > 0.92:
        return Weight(0.4 * whole - 2.0, "name_near")
    surname = chinese.splits[0][0] in latin.words
    return Weight(-4.0 if household or latin.splits else -2.0, "given_other" if surname else "name_other")


def _other_reading(chinese: Name, latin: Name) -> bool:
    """Whether another reading of the given name's characters gives what stands in Latin letters."""
    if len(chinese.given) > 2:
        return False
    spoken = {"".join(each) for each in product(*(sorted(readings(sign)) for sign in chinese.given))}
    surnames = {surname for surname, _given in chinese.splits}
    return any(surname in surnames and given in spoken for surname, given in latin.splits)


def _latin(a: Name, b: Name, *, household: bool) -> Weight:
    whole = LATIN_BITS if not a.splits else 8.5  # pinyin without characters: many people
    if household:
        whole -= 6.0
    if "".join(a.words) == "".join(b.words):
        return Weight(whole, "name_same")
    if sorted(a.words) == sorted(b.words):
        return Weight(whole - 0.5, "name_order")
    if a.splits and b.splits and _sounds_meet(a, b):
        return Weight(whole - 1.0, "name_order")
    short, long = sorted((_told(a), _told(b)), key=len)
    if len(short) > 1 and set(short) <= set(long):
        return Weight(whole - 2.5, "name_part")
    return _latin_near(short, long, whole, household=household)


def _latin_near(short: list[str], long: list[str], whole: float, *, household: bool) -> Weight:
    """Weigh words that are not the same: spellings, initials, or one half of the name."""
    n_near = sum(any(_near(word, other) for other in long) for word in short)
    if n_near == len(short) > 1:
        return Weight(whole - 4.5, "name_near")
    if n_near and _initials_fit(short, long):
        return Weight(2.0, "name_part")
    if n_near:
        return Weight(-5.0 if household else -1.5, "given_other")
    return Weight(-6.5, "name_other")


def _told(name: Name) -> list[str]:
    return [word for word in name.words if word not in PARTICLES] or list(name.words)


def _near(a: str, b: str) -> bool:
    if len(a) < 3 or len(b) < 3:
        return a == b
    alike = JaroWinkler.similarity(a, b)
    return alike > 0.9 or (alike > 0.7 and skeleton(a) == skeleton(b))


def _initials_fit(short: list[str], long: list[str]) -> bool:
    initials = [word for word in short if len(word) == 1] + [word for word in long if len(word) == 1]
    full = {word[0] for word in (*short, *long) if len(word) > 1}
    return bool(initials) and set(initials) <= full
