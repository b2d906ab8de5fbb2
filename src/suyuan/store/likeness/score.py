"""Weigh two records against each other: how likely they are one person, and why.

Notes
-----
Each agreement or disagreement is worth log2(m / u) bits, m its chance among records of one person and u its chance
among strangers. To the sum comes what is known before looking: of 1 million people one is meant. A shared telephone or
address says that two records belong to one household; it lifts the odds as far as a household goes, and from there on
only what tells members of a household apart counts.

References
----------
Fellegi and Sunter (1969), doi:10.1080/01621459.1969.10501049; Winkler (1990) for weights that depend on the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from suyuan.store.likeness.details import RESIDENT, Details, Prepared, prepare
from suyuan.store.likeness.name_weights import NOTHING, Weight, weigh_names
from suyuan.terms import say

PRIOR_BITS = -20.0
"""One in 1 million."""
LIKELY_FROM, POSSIBLE_FROM = 0.95, 0.03
SAME_PERSON = frozenset(["name_same", "name_sound", "name_pinyin", "name_order"])
"""Ways in which names agree."""
CONTRADICTING = frozenset(["name_other", "given_other"])


Birth = tuple[date | None, int | None]
"""Birth date and year, as far as known."""


class Band(IntEnum):
    """What to do with two records: nothing, show, show first, or take for one."""

    DIFFERENT = 0
    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3

    def word(self, lang: str = "en") -> str:
        """Name the band for a page."""
        return say(f"duplicates.band_{self.name.lower()}", lang)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two records share or in which they differ.

    Parameters
    ----------
    key
        Sentence in the table ``duplicates``.
    bits
        For one person if positive, against it if negative.
    """

    key: str
    bits: float

    def sentence(self, lang: str = "en") -> str:
        """Say it; no value of the records is in it."""
        return say(f"duplicates.{self.key}", lang)


@dataclass(frozen=True, slots=True)
class Match:
    """How likely two records are one person.

    Parameters
    ----------
    p
        Probability.
    band
        What to do with them.
    reasons
        What speaks for and against it, the weightiest first.
    """

    p: float
    band: Band
    reasons: tuple[Reason, ...]


def score(a: Details | Prepared, b: Details | Prepared) -> Match:
    """Weigh two records; the order does not matter, and nothing is merged by it.

    Returns
    -------
    Match
        ``Band.CERTAIN`` only if both bear one resident number whose check digit fits, and their names agree, or their
        birth dates agree and nothing speaks against it.
    """
    one, other = prepare(a), prepare(b)
    identity = _identity(one, other)
    home = _home(one, other)
    names = weigh_names(one.names, other.names, household=bool(home))
    born = _birth(one, other, known=identity.bits > 0, household=bool(home))
    sex = _sex(one, other, known=identity.bits > 0)
    weights = [identity, *home, names, born, sex]
    p = 1 / (1 + 2.0 ** -(PRIOR_BITS + sum(each.bits for each in weights)))
    if identity.reason == "identity_same":
        p = max(p, POSSIBLE_FROM)  # one number in two hands is for a person to look at, whatever else is said
    reasons = sorted((Reason(each.reason, each.bits) for each in weights if each.reason), key=lambda r: -abs(r.bits))
    return Match(p, _band(p, identity, names, (born, sex)), tuple(reasons))


def _band(p: float, identity: Weight, names: Weight, others: tuple[Weight, Weight]) -> Band:
    born, sex = others
    if identity.reason == "identity_same" and p >= LIKELY_FROM and sex.bits >= 0:
        dated = born.reason == "birth_same" and names.reason not in CONTRADICTING
        if names.reason in SAME_PERSON or dated:
            return Band.CERTAIN
    if p >= LIKELY_FROM:
        return Band.LIKELY
    return Band.POSSIBLE if p >= POSSIBLE_FROM else Band.DIFFERENT


def _identity(a: Prepared, b: Prepared) -> Weight:
    if not (a.identity and b.identity) or a.details.identity_kind != b.details.identity_kind:
        return NOTHING
    if a.details.identity_kind != RESIDENT:
        return _document(a.identity, b.identity)
    if a.identity == b.identity:
        return Weight(27.0, "identity_same") if a.identity_holds else Weight(18.0, "identity_same_doubtful")
    if a.identity_holds and b.identity_holds:
        return Weight(-18.0, "identity_other")
    near = OSA.distance(a.identity, b.identity, score_cutoff=1) <= 1
    return Weight(16.0, "identity_slip") if near else Weight(-5.0, "identity_doubtful")


def _document(a: str, b: str) -> Weight:
    """Compare passports: they are renewed under new numbers, and families get theirs in a row."""
    if a == b:
        return Weight(20.0, "document_same")
    if OSA.distance(a, b, score_cutoff=1) <= 1:
        return Weight(4.0, "document_slip")
    return Weight(-2.0, "document_other")


def _home(a: Prepared, b: Prepared) -> list[Weight]:
    """Return what says that two records belong to one household: together never more than a household is worth."""
    found = []
    if a.telephones & b.telephones:
        found.append(Weight(15.0, "telephone_same"))
    if a.address and b.address and _same_address(a, b):
        found.append(Weight(1.5 if found else 14.0, "address_same"))
    return found


def _same_address(a: Prepared, b: Prepared) -> bool:
    if a.address == b.address:
        return bool(a.door) or len(a.address) > 8
    return bool(a.door) and a.door == b.door and fuzz.partial_ratio(a.address, b.address) >= 70


def _birth(a: Prepared, b: Prepared, *, known: bool, household: bool) -> Weight:
    """Compare birth dates; one that was read from a resident number is no second witness beside an equal number."""
    weight = _stated_births(_stated(a), _stated(b)) if known else _stated_births((a.born, a.year), (b.born, b.year))
    if known and weight.bits > 0:
        return weight._replace(bits=3.0)
    # twins have one birth date, and in a household there are more of them than strangers born on one day
    return weight._replace(bits=min(weight.bits, 7.0)) if household else weight


def _stated(person: Prepared) -> Birth:
    day = person.details.birth_date
    return (day, day.year) if day else (None, person.details.birth_year)


def _stated_births(a: Birth, b: Birth) -> Weight:
    (day, year), (other_day, other_year) = a, b
    if day and other_day:
        return _dates(day, other_day)
    if year is None or other_year is None:
        return NOTHING
    if year == other_year:
        return Weight(5.5, "birth_year_same")
    return Weight(2.5, "birth_year_near") if abs(year - other_year) <= 1 else Weight(-4.0, "birth_other")


def _dates(a: date, b: date) -> Weight:
    if a == b:
        # 1 January is what forms write when only the year is known
        return Weight(7.0 if (a.month, a.day) == (1, 1) else 14.5, "birth_same")
    if (a.month, a.day) == (b.day, b.month) and a.year == b.year:
        return Weight(8.0, "birth_slip")
    if OSA.distance(f"{a:%Y%m%d}", f"{b:%Y%m%d}", score_cutoff=1) <= 1:
        return Weight(3.5, "birth_slip")
    if a.year == b.year and (1, 1) in {(a.month, a.day), (b.month, b.day)}:
        return Weight(4.0, "birth_year_same")
    if (a.year == b.year) + (a.month == b.month) + (a.day == b.day) == 2:
        return Weight(2.0, "birth_part")
    return Weight(-8.0, "birth_other")


def _sex(a: Prepared, b: Prepared, *, known: bool) -> Weight:
    if a.sex is None or b.sex is None:
        return NOTHING
    if a.sex != b.sex:
        return Weight(-5.5, "sex_other")
    return NOTHING if known else Weight(0.9, "sex_same")
