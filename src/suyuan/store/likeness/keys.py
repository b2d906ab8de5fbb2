"""Texts under which a person is found again; they go through the blind index, so that the table shows none of them.

A key is good for finding duplicates if it survives the usual mistakes and if few people share it. A name alone is no
such key: among 1 million people 500 are called Zhang Wei in one writing or another. Therefore names stand beside the
year, the day or the whole date of birth, or beside the number of the door.

Mistyped resident numbers need no key of their own. The check digit tells that a number is mistyped; all numbers that
one slip can have been made of are then stored and looked up beside it, about twenty of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import mul

from suyuan.store.likeness.details import CONFUSED, RESIDENT, Details, Prepared, prepare
from suyuan.store.likeness.names import read_names
from suyuan.terms.identity import RESIDENT_WEIGHTS, resident_check_digit
from suyuan.terms.identity_documents import (
    RESIDENT_FORM,
    read_telephone,
    resident_number_fault,
    squeezed,
    telephone_fault,
)

Key = tuple[str, str]
"""Kind and text, for ``Cipher.blind(kind, text)``."""

MOST_CANDIDATES = 200
"""A key under which more people stand is passed over: a telephone of a works hostel, a common name without a year."""
TAIL = 4
DIGITS = "0123456789"
WEIGHTS = (*RESIDENT_WEIGHTS, 1)
"""Of all 18 places; X counts 10."""


def stored_keys(details: Details | Prepared) -> list[Key]:
    """Return the keys that are written with a person: those for duplicates, then those for the search box."""
    person = prepare(details)
    return _once([*_stored_for_duplicates(person), *_stored_for_search(person)])


def blocking_keys(details: Details | Prepared) -> list[Key]:
    """Return the keys that are looked up for a newcomer; whoever is stored under one of them is a candidate.

    Notes
    -----
    They are not quite the stored ones: a newcomer without birth year asks for the bare name, where everybody stands,
    and one with a year asks also for namesakes who are stored without.
    """
    person = prepare(details)
    keys = [*_identity_keys(person), *_telephone_keys(person), *_dated_keys(person, asking=True)]
    kind = "sound_undated" if person.year else "sound"
    return _once([*keys, *((kind, sound) for sound in _sounds(person))])


def typed_keys(text: str) -> list[Key]:
    """Return the keys to look up for what somebody typed into the search box, most exact first.

    Notes
    -----
    A name or surname (characters or pinyin), a telephone, a resident number, the last four of either, or a surname and
    the last four of a telephone. Rows found under the first key that has any are the answer.

    Examples
    --------
    >>> typed_keys("5678")
    [('telephone_tail', '5678'), ('identity_tail', '5678')]
    >>> typed_keys("张 5678")[:1]
    [('surname_tail', 'zhang 5678')]
    """
    with_tail = re.fullmatch(r"\s*(\D+?)\s*(\d{3}[\dXx])\s*", text)
    if with_tail:
        tail = with_tail.group(2).upper()
        return [
            *(("surname_tail", f"{each} {tail}") for each in _surnames(with_tail.group(1))),
            ("identity_tail", tail),
        ]
    code = squeezed(text)
    if re.fullmatch(r"\d{3}[\dX]", code):
        return [("telephone_tail", code), ("identity_tail", code)]
    if telephone_fault(text) is None:
        return [("telephone", read_telephone(text).number)]
    if any(sign in DIGITS for sign in code):
        return [*_identity_keys(prepare(Details(identity_number=text))), ("document", code.translate(CONFUSED))]
    names = read_names(text)
    exact = [("name", name.written) for name in names]
    sounds = [("sound", sound) for name in names for sound in name.sounds()]
    return _once([*exact, *sounds, *(("surname", each) for each in _surnames(text))])


def _once(keys: Iterable[Key]) -> list[Key]:
    return list(dict.fromkeys(keys))


def _stored_for_duplicates(person: Prepared) -> Iterator[Key]:
    yield from _identity_keys(person)
    yield from _telephone_keys(person)
    yield from _dated_keys(person, asking=False)
    if not person.year:
        yield from (("sound_undated", sound) for sound in _sounds(person))


def _stored_for_search(person: Prepared) -> Iterator[Key]:
    surnames = {surname for name in person.names for surname, _given in name.splits}
    surnames |= {word for name in person.names if not name.splits for word in name.words}
    tails = sorted({number[-TAIL:] for number in person.telephones})
    yield from (("name", name.written) for name in person.names)
    yield from (("sound", sound) for sound in _sounds(person))
    yield from (("surname", surname) for surname in sorted(surnames))
    yield from (("telephone_tail", tail) for tail in tails)
    yield from (("surname_tail", f"{surname} {tail}") for surname in sorted(surnames) for tail in tails)
    if person.identity:
        yield "identity_tail", person.identity[-TAIL:]


def _surnames(text: str) -> list[str]:
    """Return what a typed text can mean as a surname: the reading of one, or a word."""
    names = read_names(text)
    spoken = [surname for name in names if name.surname and not name.given for surname, _given in name.splits]
    return list(dict.fromkeys([*spoken, *(word for name in names if len(name.words) == 1 for word in name.words)]))


def _sounds(person: Prepared) -> list[str]:
    return list(dict.fromkeys(sound for name in person.names for sound in name.sounds()))


def _telephone_keys(person: Prepared) -> Iterator[Key]:
    return (("telephone", number) for number in sorted(person.telephones))


def _identity_keys(person: Prepared) -> Iterator[Key]:
    if not person.identity:
        return
    if person.details.identity_kind != RESIDENT:
        yield "document", person.identity
        yield from _document_halves(person)
        return
    yield "identity", person.identity
    if not person.identity_holds:
        # what a mistyped number may have meant is stored too: two mistyped forms of one number meet there
        yield from (("identity", number) for number in meant_numbers(person.identity))


def _document_halves(person: Prepared) -> Iterator[Key]:
    """Half a passport number and the birth year: one wrong sign spoils only one half."""
    middle = len(person.identity) // 2
    if person.year and middle > 2:
        yield "document_head", f"{person.identity[:middle]} {person.year}"
        yield "document_end", f"{person.identity[middle:]} {person.year}"


def meant_numbers(typed: str) -> list[str]:
    """Return the resident numbers from which one slip makes what was typed.

    Notes
    -----
    A slip is one wrong digit, two neighbours swapped, one digit lost or one too many.
    """
    if RESIDENT_FORM.fullmatch(typed):
        tries = _one_changed(typed)
    elif len(typed) == 18:
        tries = {typed[:i] + digit + typed[i + 1 :] for i in range(17) for digit in DIGITS}
    elif len(typed) == 17:
        tries = {typed[:i] + digit + typed[i:] for i in range(18) for digit in f"{DIGITS}X"}
    else:
        tries = {typed[:i] + typed[i + 1 :] for i in range(19)} if len(typed) == 19 else set()
    return sorted(each for each in tries if _fits(each) and resident_number_fault(each) is None)


def _one_changed(typed: str) -> set[str]:
    """Return the numbers with a right check digit that differ from a wrong one in one digit or in two swapped ones.

    Notes
    -----
    The weighted sum of a right number is 1 modulo 11. In each place at most one digit makes up for what is missing.
    """
    values = [10 if sign == "X" else int(sign) for sign in typed]
    missing = (1 - sum(map(mul, WEIGHTS, values))) % 11
    tries = set()
    for i, (weight, value) in enumerate(zip(WEIGHTS, values, strict=True)):
        right = (value + missing * pow(weight, -1, 11)) % 11
        if right < 10 or i == 17:
            tries.add(typed[:i] + f"{DIGITS}X"[right] + typed[i + 1 :])
    for i in range(17):
        if (WEIGHTS[i] - WEIGHTS[i + 1]) * (values[i + 1] - values[i]) % 11 == missing:
            tries.add(typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :])
    return tries


def _fits(number: str) -> bool:
    """Look at the check digit alone, quickly: most of the tries end here."""
    return bool(RESIDENT_FORM.fullmatch(number)) and resident_check_digit(number[:17]) == number[17]


def _dated_keys(person: Prepared, *, asking: bool) -> Iterator[Key]:
    sounds = _sounds(person)
    if person.year:
        yield from (("sound_year", f"{sound} {year}") for sound in sounds for year in _years(person, asking=asking))
    if person.born:
        yield from (("sound_day", f"{sound} {person.born:%m%d}") for sound in sounds)
        yield from (("part_birth", f"{part} {person.born:%Y%m%d}") for part in _parts(person))
    if person.door:
        yield from (("sound_door", f"{sound} {person.door}") for sound in sounds)


def _years(person: Prepared, *, asking: bool) -> list[int]:
    """Return the years to write or look up: a year from an age is off by one as often as not, so ask around it."""
    assert person.year is not None
    return [person.year - 1, person.year, person.year + 1] if asking and not person.born else [person.year]


def _parts(person: Prepared) -> list[str]:
    return list(dict.fromkeys(part for name in person.names for part in name.parts()))
