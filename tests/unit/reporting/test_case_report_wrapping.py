"""Line breaking."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from suyuan.reporting.documents.wrapping import NEVER_FIRST, wrap


def one(character: str) -> float:
    """Chinese characters are twice as wide as Latin ones."""
    return 1.0 if character.isascii() else 2.0


def total(line: str) -> float:
    """Width of a line."""
    return sum(map(one, line))


@given(st.text(alphabet="密接转运王 abc12.,，。（）:-\n", max_size=120), st.integers(4, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text, room):
    """Every line fits, and only blanks at the ends of lines disappear."""
    lines = wrap(text, room, one)
    assert all(total(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_words_and_numbers_stay_whole():
    """A code, a clock time and a Latin word are not broken while they fit a line."""
    lines = wrap("病例编号 P000017 于 2022-03-05 08:30 到 Jiangwan market", 12, one)
    for word in ("P000017", "2022-03-05", "08:30", "Jiangwan", "market"):
        assert any(word in line for line in lines)


def test_a_word_longer_than_the_line_is_broken_anyway():
    """A name of two hundred letters does not run off the paper."""
    lines = wrap("x" * 200, 30, one)
    assert [len(line) for line in lines] == [30] * 6 + [20]


def test_chinese_punctuation_never_begins_a_line():
    """The character before goes down with it."""
    lines = wrap("已转运密接，共十二人。均已告知，无人失访。", 10, one)
    assert not any(line[0] in NEVER_FIRST for line in lines)


def test_the_first_line_may_be_indented():
    """The first line leaves room for its indent, the others do not."""
    assert wrap("一二三四五六七八", 8, one, first=4) == ["一二", "三四五六", "七八"]
