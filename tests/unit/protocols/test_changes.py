"""What one edition says differently from another."""

import textwrap

import pytest

from suyuan.protocols import explain_changes, find_changes, load, names
from suyuan.protocols.describe import describe


def test_from_the_ninth_edition_to_the_twenty_measures():
    """The change of November 2022 in plain words: shorter quarantine, fewer tests, no contacts of contacts."""
    told = explain_changes(load("covid19-9"), load("covid19-20"))
    assert "\n".join(told) == textwrap.dedent("""\
        Close contacts, quarantine: was 7 d in a facility; 3 d health monitoring at home, \
now 5 d in a facility; 3 d quarantine at home.
        Close contacts, test days: was facility day 1, 2, 3, 5, 7; monitoring day 3, \
now facility day 1, 2, 3, 5; home day 1, 3.
        Contacts of contacts, ring: was determined, now not determined.
        Close contacts, release: was 7 d in a facility and 3 d health monitoring at home with all tests negative; \
no double sampling, now 5 d in a facility and 3 d quarantine at home with all tests negative.
        Contacts of contacts, quarantine: dropped, was 7 d quarantine at home.
        Contacts of contacts, test days: dropped, was home day 1, 4, 7.
        Contacts of contacts, quarantine counts from: dropped, was the last exposure.
        Contacts of contacts, can pass it on: dropped, was from 0 d after first exposure until quarantine \
(taken as 3 d where unknown).
        Contacts of contacts, release: dropped, was 7 d quarantine at home, tests on days 1, 4, 7 negative.""")


def test_in_chinese():
    """The same change in Chinese."""
    told = explain_changes(load("covid19-9"), load("covid19-20"), "zh")
    assert told[0] == "密切接触者：隔离措施：原为 集中隔离 7 天；居家健康监测 3 天，现为 集中隔离 5 天；居家隔离 3 天。"
    assert told[2] == "密接的密接：是否判定：原为 判定，现为 不再判定。"


def test_from_the_eighth_to_the_ninth():
    """The change of June 2022 shortens both quarantines."""
    told = explain_changes(load("covid19-8"), load("covid19-9"))
    assert "Contacts of contacts, quarantine: was 7 d in a facility, now 7 d quarantine at home." in told
    assert "Contacts of contacts, test days: was none set, now home day 1, 4, 7." in told


def test_going_back_turns_dropped_into_new():
    """What is dropped one way is new the other way."""
    there = find_changes(load("covid19-9"), load("covid19-20"))
    back = find_changes(load("covid19-20"), load("covid19-9"))
    assert {change.key for change in there} == {change.key for change in back}
    assert "Contacts of contacts, quarantine: new, 7 d quarantine at home." in [change.sentence() for change in back]


@pytest.mark.parametrize("name", names())
def test_an_edition_does_not_differ_from_itself(name: str):
    """No change from an edition to itself, and every fact has words in both languages."""
    edition = load(name)
    assert find_changes(edition, edition) == []
    for fact in describe(edition).values():
        assert fact.label.en
        assert fact.label.zh
        assert fact.value.en
        assert fact.value.zh
        assert fact.source in edition.sources
