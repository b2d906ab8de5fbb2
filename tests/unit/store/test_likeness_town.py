"""A town of made-up people with a known truth, and the ways in which their second records go wrong.

Surnames and given names are drawn with the skew of a Chinese city: one person in six bears one of three surnames, and
one in fifty has a name in Latin letters.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import pytest

from suyuan.store.likeness import Band, Details, blocking_keys, prepare, score, stored_keys
from suyuan.store.likeness.characters import LOOK_ALIKE_LIST, SURNAMES, read_aloud, surname_readings
from suyuan.terms.identity import resident_check_digit

SIGNS = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚英华辉玲兰红鹏浩宇鑫波斌莉丹萍健俊燕国建文志秀桂海小晓春玉金永荣新云"
    "梅凤琴珍香月雪峰东林成龙飞翔博思雨欣怡梓涵子轩诗琪佳慧婷倩颖琳瑶晨阳天宏达光世德福生庆祥瑞康宁安乐平和顺义仁"
)
"""Characters of given names, the common ones first."""
FIRST = "Peter Maria Anna John Ahmed Fatima Carlos Elena David Laura Ivan Olga Thomas Nadia Paul Sofia Omar Julia Mark"
LAST = "Smith Muller Garcia Rossi Ivanov Khan Silva Novak Jones Weber Lopez Kowalski Hassan Brown Fischer Nguyen Dubois"
DIVISIONS = ("330102", "330104", "330106", "330108", "330110", "330112", "340104", "362201", "410105", "511302")
TODAY = date(2022, 7, 1)


@dataclass(frozen=True)
class Human:
    """Somebody, whatever the records say; ``home`` is the number of the household."""

    details: Details
    home: int


def rank(rng: random.Random, n: int, flat: float = 3) -> int:
    """Draw a place in a table of n; place x comes up like 1 / (x + flat)."""
    return min(n - 1, int(flat * ((n + flat) / flat) ** rng.random() - flat))


def given_name(rng: random.Random) -> str:
    n = 1 if rng.random() < 0.2 else 2
    return "".join(SIGNS[rank(rng, len(SIGNS), 15)] for _ in range(n))


def resident_number(rng: random.Random, born: date, sex: str) -> str:
    order = rng.randrange(500) * 2 + (sex == "male")
    first_17 = f"{rng.choice(DIVISIONS)}{born:%Y%m%d}{order:03}"
    return first_17 + resident_check_digit(first_17)


def telephone(rng: random.Random) -> str:
    return f"1{rng.choice('3578')}{rng.randrange(10**9):09}"


def household(rng: random.Random, home: int) -> list[Human]:
    """Make one to five people of one address; children bear the father's surname and use a parent's telephone."""
    address = f"{rng.choice('建文新中解')}{rng.choice('国化华山放')}路{rng.randrange(1, 900)}号{rng.randrange(1, 40)}幢"
    address += f"{rng.randrange(1, 4)}单元{rng.randrange(1, 33)}0{rng.randrange(1, 5)}室"
    surname = SURNAMES[rank(rng, len(SURNAMES))]
    n = rng.choices([1, 2, 3, 4, 5], [25, 30, 25, 12, 8])[0]
    grown = TODAY - timedelta(days=rng.randrange(20 * 365, 85 * 365))
    people, number = [], telephone(rng)
    for i in range(n):
        wife = i == 1
        born = grown + timedelta(days=rng.randrange(-2000, 2000)) if i < 2 else _child(rng, grown, people)
        sex = "female" if wife or (i > 1 and rng.random() < 0.5) else "male"
        own = SURNAMES[rank(rng, len(SURNAMES))] if wife else surname
        name = own + given_name(rng)
        if rng.random() < 0.02:
            name = f"{rng.choice(FIRST.split())} {rng.choice(LAST.split())}"
        people.append(
            Human(
                Details(
                    name=name,
                    identity_number=resident_number(rng, born, sex),
                    telephones=(telephone(rng),) if i < 2 and rng.random() < 0.8 else (number,),
                    birth_date=born,
                    sex=sex,
                    address=address,
                ),
                home,
            )
        )
    return people


def _child(rng: random.Random, grown: date, people: list[Human]) -> date:
    """A birth date 20 to 40 years later, if that has come; every thirtieth child is a twin of the one before."""
    if len(people) > 2 and rng.random() < 0.03:
        return people[-1].details.birth_date
    return min(grown + timedelta(days=rng.randrange(20 * 365, 40 * 365)), TODAY - timedelta(days=rng.randrange(3000)))


def town(rng: random.Random, n: int) -> list[Human]:
    people: list[Human] = []
    home = 0
    while len(people) < n:
        people += household(rng, home)
        home += 1
    return people[:n]


def in_pinyin(name: str, rng: random.Random) -> str:
    """Write a Chinese name as a passport or a hurried clerk does."""
    if not "\u4e00" <= name[0] <= "\u9fff":
        return name.upper()
    surname, given = surname_readings(name[0])[0], "".join(map(read_aloud, name[1:]))
    return rng.choice([f"{surname} {given}", f"{given} {surname}", f"{surname} {given}".upper(), f"{surname}{given}"])


def slip(text: str, rng: random.Random) -> str:
    """One wrong digit or two neighbours swapped."""
    i = rng.randrange(len(text) - 1)
    if rng.random() < 0.3 and text[i] != text[i + 1]:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + rng.choice([d for d in "0123456789" if d != text[i]]) + text[i + 1 :]


def wrong_character(name: str, rng: random.Random) -> str:
    """Another character of the same sound or a look-alike one, where there is one; else any."""
    if not "\u4e00" <= name[0] <= "\u9fff":
        i = rng.randrange(1, len(name) - 1)
        return name[:i] + name[i + 1 :]
    i = rng.randrange(1, len(name))
    alike = [sign for group in LOOK_ALIKE_LIST.split() if name[i] in group for sign in group if sign != name[i]]
    same = [sign for sign in SIGNS if sign != name[i] and read_aloud(sign) == read_aloud(name[i])]
    return name[:i] + rng.choice([*alike, *same] or list(SIGNS)) + name[i + 1 :]


def dirty(human: Human, rng: random.Random) -> Details:
    """Write a second record of somebody as another clinic, form or telephone call would."""
    details = human.details
    changes: dict[str, object] = {}
    if rng.random() < 0.30:
        changes["identity_number"] = ""
    elif rng.random() < 0.10:
        changes["identity_number"] = slip(details.identity_number, rng)
    if rng.random() < 0.30:
        changes["telephones"] = () if rng.random() < 0.5 else (telephone(rng),)
    if rng.random() < 0.15:
        changes["name"] = in_pinyin(details.name, rng)
    elif rng.random() < 0.10:
        changes["name"] = wrong_character(details.name, rng)
    changes |= _dirty_birth(details.birth_date, rng)
    if rng.random() < 0.40:
        changes["address"] = "" if rng.random() < 0.7 else "人民路1号2幢303室"
    if rng.random() < 0.15:
        changes["sex"] = None
    return replace(details, **changes)


def _dirty_birth(born: date, rng: random.Random) -> dict[str, object]:
    chance = rng.random()
    if chance < 0.15:
        return {"birth_date": None}
    if chance < 0.25:
        return {"birth_date": None, "birth_year": born.year + rng.choice([-1, 0, 0, 1])}
    if chance < 0.30:
        return {"birth_date": born.replace(day=rng.randrange(1, 29))}
    return {}


@pytest.fixture(scope="module")
def judged() -> tuple[Counter[Band | str], Counter[Band]]:
    """Bands of 1,500 second records against their own first record, and against all other candidates of a town."""
    rng = random.Random(20220701)
    people = town(rng, 6000)
    index = defaultdict(set)
    for i, human in enumerate(people):
        for key in stored_keys(human.details):
            index[key].add(i)
    own: Counter[Band | str] = Counter()
    others: Counter[Band] = Counter()
    for i in rng.sample(range(len(people)), 1500):
        newcomer = prepare(dirty(people[i], rng))
        candidates = set().union(*(index[key] for key in blocking_keys(newcomer) if key in index))
        own["found"] += i in candidates
        for j in candidates:
            (own if i == j else others)[score(newcomer, people[j].details).band] += 1
    return own, others


def at_least(share: float, n: int) -> float:
    """Return what a share of n falls short of once in 700 times only (three standard deviations)."""
    return share - 3 * sqrt(share * (1 - share) / n)


def test_second_records_find_the_first(judged: tuple[Counter[Band | str], Counter[Band]]):
    """Of second records 99.5 % meet their first one under some key, and 95 % are likely or certain to be the same."""
    own, _others = judged
    assert own["found"] / 1500 >= at_least(0.995, 1500)
    assert (own[Band.CERTAIN] + own[Band.LIKELY]) / 1500 >= at_least(0.95, 1500)
    assert own[Band.CERTAIN] / 1500 >= at_least(0.60, 1500)
    assert own[Band.DIFFERENT] / 1500 <= 1 - at_least(0.99, 1500)


def test_nobody_is_taken_for_another(judged: tuple[Counter[Band | str], Counter[Band]]):
    """Of all candidates, families and namesakes, none is certain to be the newcomer and few are likely."""
    own, others = judged
    assert sum(others.values()) > 300
    assert others[Band.CERTAIN] == 0
    assert others[Band.LIKELY] / own[Band.LIKELY] <= 1 - at_least(0.999, own[Band.LIKELY])
    assert others[Band.POSSIBLE] / 1500 <= 1 - at_least(0.98, 1500)


def test_families_stay_apart_without_numbers():
    """Without identity numbers, and with one birth date missing, nobody is taken for a relative of another name."""
    rng = random.Random(5)
    people = town(rng, 6000)
    pairs = [(a, b) for a, b in pairwise(people) if a.home == b.home]
    bands = Counter()
    for a, b in pairs:
        if set(a.details.name) != set(b.details.name):
            one, other = (replace(human.details, identity_number="") for human in (a, b))
            bands[score(one, other).band] += 1
            bands[score(replace(one, birth_date=None), other).band] += 1
    assert sum(bands.values()) > 4000
    assert bands[Band.LIKELY] + bands[Band.CERTAIN] == 0
    assert bands[Band.POSSIBLE] / sum(bands.values()) <= 1 - at_least(0.99, len(pairs))
