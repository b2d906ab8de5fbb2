"""Names, taken apart: Chinese ones into surname and given name with their readings, others into words.

A name has *parts* (texts that mean surname or given name, the order forgotten) and *sounds* (its parts, sorted and
joined). 张伟, Zhang Wei and WEI ZHANG have the sound ``wei zhang``. Words that are no pinyin are reduced to a skeleton
of consonants, so that Mohammed and Muhamad, Schmidt and Schmitt meet.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from suyuan.store.likeness.characters import (
    COMPOUND,
    FOLD,
    HAN,
    plain_sound,
    read_aloud,
    surname_readings,
    surname_sounds,
)

MOST_WORDS = 6
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
PARTICLE_LIST = "de del della di da das dos do du la le van von der den ten ter al el bin ibn bint y e zu"
PARTICLES = frozenset(PARTICLE_LIST.split())
NOT_TOLD = ("某某", "某", "先生", "女士", "小姐", "同志", "师傅", "老师")
"""What stands for a given name that nobody wrote down."""
SYLLABLE = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uan|uai|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u)"
)
GIVEN = re.compile(f"{SYLLABLE}(?:{SYLLABLE}){{0,2}}")
SKELETON = (
    (re.compile("sch|sh|ch(?=[ei])|zh"), "s"),
    (re.compile("ph"), "f"),
    (re.compile("ck|ch|kh|q|c(?![eiy])"), "k"),
    (re.compile("c|z|x"), "s"),
    (re.compile("w"), "v"),
    (re.compile("d(?=t)|(?<=[a-z])h"), ""),
    (re.compile("(?<=[a-z])[aeiouyj]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name in one writing.

    Parameters
    ----------
    written
        Characters in simplified form without blanks, or words of plain small letters.
    surname, given
        Characters of a Chinese name; empty for a name in Latin letters.
    words
        Words of a name in Latin letters; empty for a Chinese one.
    splits
        Readings as (surname, given name) in pinyin; several where the surname is read in several ways or
        where it is not known which word is the surname.
    """

    written: str = field(repr=False)
    surname: str = field(default="", repr=False)
    given: str = field(default="", repr=False)
    words: tuple[str, ...] = field(default=(), repr=False)
    splits: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def sounds(self) -> list[str]:
        """Return the texts under which the whole name is found; none if half of it is missing."""
        if self.splits:
            return list(dict.fromkeys(" ".join(sorted(filter(None, split))) for split in self.splits if split[1]))
        return _pairs(self.words)

    def parts(self) -> list[str]:
        """Return the texts under which one half of the name is found, the other half being wrong."""
        if self.splits:
            return list(dict.fromkeys(part for split in self.splits for part in split if len(part) > 1))
        return list(dict.fromkeys(code for word in self.words if len(code := skeleton(word)) > 1))


def read_names(text: str) -> list[Name]:
    """Read what stands in a field for a name: characters, Latin letters, or both beside each other."""
    folded = unicodedata.normalize("NFKC", text).translate(FOLD)
    if HAN.fullmatch(folded):
        return [_chinese(folded)]
    characters = "".join(HAN.findall(folded))
    words = latin_words(HAN.sub(" ", folded))
    if len(characters) == 1 and words:  # David 张
        words, characters = (*words, *surname_readings(characters)[:1]), ""
    found = [_chinese(characters)] if characters else []
    if words:
        found.append(Name(" ".join(words), words=words, splits=tuple(pinyin_splits(words))))
    return found


def _chinese(characters: str) -> Name:
    """Take a Chinese name apart; names of five and more characters (阿卜杜拉·买买提) have no surname of this kind."""
    n = 2 if characters[:2] in COMPOUND and len(characters) > 2 else 1
    if len(characters) > n + 3:
        n = 0
    surname, given = characters[:n], characters[n:]
    if given in NOT_TOLD:
        given = ""
    spoken = "".join(map(read_aloud, given))
    readings = surname_readings(surname) if surname else ("",)
    return Name(surname + given, surname, given, (), tuple((each, spoken) for each in readings))


def latin_words(text: str) -> tuple[str, ...]:
    """Split into words of plain small letters; accents and apostrophes go, hyphens separate."""
    plain = re.sub(r"['’`´ʼ]", "", text.lower()).translate(LETTERS)
    bare = "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    return tuple(re.findall(r"[^\W\d_]+", bare))[:MOST_WORDS]


def pinyin_splits(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return how words can be surname and given name in pinyin, in either order; empty if they cannot.

    Examples
    --------
    >>> pinyin_splits(("wei", "zhang")), pinyin_splits(("ouyangnana",)), pinyin_splits(("peter", "smith"))
    ([('wei', 'zhang'), ('zhang', 'wei')], [('ou', 'yangnana'), ('ouyang', 'nana')], [])
    """
    spoken = [plain_sound(word) for word in words]
    if len(spoken) == 1:
        halves = [(spoken[0][:n], spoken[0][n:]) for n in range(1, len(spoken[0]))]
    else:
        halves = [("".join(spoken[:n]), "".join(spoken[n:])) for n in (1, 2) if n < len(spoken)]
        halves.append((spoken[-1], "".join(spoken[:-1])))
    good = [each for each in halves if each[0] in surname_sounds() and GIVEN.fullmatch(each[1])]
    return list(dict.fromkeys(good))


def _pairs(words: tuple[str, ...]) -> list[str]:
    """Join first and last, and first and second word: middle names and order of surname and given name vary."""
    codes = [code for word in words if word not in PARTICLES and (code := skeleton(word))]
    if len(codes) < 2:
        return []
    return [" ".join(sorted(pair)) for pair in {(codes[0], codes[-1]), (codes[0], codes[1])}]


@lru_cache(maxsize=4096)
def skeleton(word: str) -> str:
    """Reduce a word to the consonants that survive spelling, at most six.

    Examples
    --------
    >>> [skeleton(word) for word in ("mohammed", "muhamad", "schmidt", "schmitt", "catherine", "katharina")]
    ['md', 'md', 'smt', 'smt', 'ktrn', 'ktrn']
    """
    for pattern, code in SKELETON:
        word = pattern.sub(code, word)
    return ("a" + word[1:] if word[:1] in "aeiou" else word)[:6]
