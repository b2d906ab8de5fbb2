"""Codes of a city as shared dictionaries, and visits as Arrow tables that refer to them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from suyuan.terms import PLACE_KINDS
from suyuan.twin.city import PLACE_LETTERS, City, zone_text

SECOND = 1_000_000
TIME = pa.timestamp("us", tz="UTC")
DIGITS = 7
SHORT = 4
"""A column is short if it is this many times shorter than the dictionary."""


def numbered(letters: NDArray[np.uint8], numbers: NDArray[np.int64]) -> pa.Array:
    """Make codes of one letter and seven digits without a Python string for each.

    Parameters
    ----------
    letters
        Letter of each code as ASCII; shape (code,).
    numbers
        Number of each code, below ten million.
    """
    text = np.empty((len(numbers), DIGITS + 1), dtype=np.uint8)
    text[:, 0] = letters
    rest = numbers.astype(np.int64)
    for column in range(DIGITS, 0, -1):
        text[:, column] = rest % 10 + ord("0")
        rest //= 10
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * (DIGITS + 1)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(text.ravel()))


def person_codes(city: City) -> pa.Array:
    """Codes of all people, in the order of their numbers; the same as `City.person_id`."""
    return numbered(np.full(city.n_people, ord("P"), dtype=np.uint8), np.arange(city.n_people))


def place_codes(city: City) -> pa.Array:
    """Codes of all places, in the order of their numbers; the same as `City.place_id`."""
    letters = np.frombuffer(PLACE_LETTERS.encode(), dtype=np.uint8)
    return numbered(letters[city.places.kind], np.arange(city.n_places))


def coded(numbers: NDArray[np.int32], texts: pa.Array) -> pa.Array:
    """Refer to texts by number; a short column takes along only the texts it needs."""
    if len(numbers) * SHORT < len(texts):
        used, numbers = np.unique(numbers, return_inverse=True)
        texts = texts.take(pa.array(used))
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32, copy=False)), texts, safe=False)


class CityColumns:
    """Turns numbers into Arrow columns; the dictionaries are made once for the whole city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.people = person_codes(city)
        self.places = place_codes(city)
        self.kinds = pa.array([str(kind) for kind in PLACE_KINDS])
        widest = np.zeros(len(PLACE_KINDS), dtype=np.int64)
        np.maximum.at(widest, city.places.kind, city.places.zone_count)
        self._first_zone = np.concatenate([[0], np.cumsum(widest)[:-1]]).astype(np.int16) + 1
        words = [zone_text(kind, zone) for kind in range(len(widest)) for zone in range(int(widest[kind]))]
        self.zones = pa.array(["", *words], pa.string())
        self._start = int(city.start.timestamp()) * SECOND

    def person(self, numbers: NDArray[np.int32]) -> pa.Array:
        """Person codes."""
        return coded(numbers, self.people)

    def place(self, numbers: NDArray[np.int32]) -> pa.Array:
        """Place codes."""
        return coded(numbers, self.places)

    def kind(self, places: NDArray[np.int32]) -> pa.Array:
        """Kinds of places, by the number of the place."""
        codes = self.city.places.kind[places].view(np.int8)
        return pa.DictionaryArray.from_arrays(pa.array(codes), self.kinds, safe=False)

    def zone(self, places: NDArray[np.int32], zones: NDArray[np.int16]) -> pa.Array:
        """Words for zones, empty for -1."""
        codes = self._first_zone[self.city.places.kind[places]]
        codes += zones
        codes[zones < 0] = 0
        return pa.DictionaryArray.from_arrays(pa.array(codes), self.zones, safe=False)

    def time(self, minutes: NDArray[np.int32]) -> pa.Array:
        """Instants in UTC from minutes since 00:00 of day 0."""
        micros = minutes.astype(np.int64)
        micros *= 60 * SECOND
        micros += self._start
        return pa.array(micros).view(TIME)

    def text(self, codes: NDArray[np.int8], words: tuple[str, ...]) -> pa.Array:
        """Words from a short list."""
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words, pa.string()), safe=False)
