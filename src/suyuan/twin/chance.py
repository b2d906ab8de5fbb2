"""Chance that depends on who and when only, so that any person's day can be lived again alone.

The generator is SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195), seeded anew for each seed, day,
person and purpose.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from suyuan.exposure.compiled import compiled

Die = NDArray[np.uint64]
"""One number: the state of the generator."""

GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
DAY_STEP = np.uint64(0xD1342543DE82EF95)
PURPOSE_STEP = np.uint64(0xA0761D6478BD642F)
UNIT = 2.0**-53


@compiled
def mixed(word: np.uint64) -> np.uint64:
    """Scramble 64 bits so that neighbours have nothing in common."""
    word = (word ^ (word >> np.uint64(30))) * MIX_1
    word = (word ^ (word >> np.uint64(27))) * MIX_2
    return word ^ (word >> np.uint64(31))


@compiled
def fixed(seed: int, day: int, number: int, purpose: int) -> np.uint64:
    """Return the 64 random bits that belong to a number (person, household) on a day for one purpose."""
    word = np.uint64(seed) + np.uint64(day + 7) * DAY_STEP + np.uint64(purpose) * PURPOSE_STEP
    return mixed(mixed(word) + np.uint64(number) * GAMMA)


@compiled
def share(word: np.uint64) -> float:
    """Change 64 random bits into a number in [0, 1)."""
    return np.float64(word >> np.uint64(11)) * UNIT


@compiled
def draw(die: Die) -> float:
    """Draw a number in [0, 1)."""
    die[0] += GAMMA
    return share(mixed(die[0]))


@compiled
def between(die: Die, low: float, high: float) -> int:
    """Draw whole minutes from low up to, but not including, high."""
    return int(low + draw(die) * (high - low))
