"""Who lives with whom: household sizes, types and ages."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

OLDEST = 95
LARGEST = 6

# Anchors from which the ages of a household follow.
YOUNG, MIDDLE, OLD, CHILD, GROWN_CHILD = range(5)


class HouseholdType(NamedTuple):
    """One way to live together: members as (anchor, years added, spread in years)."""

    size: int
    share: float
    members: tuple[tuple[int, float, float], ...]


_PARENTS = ((CHILD, 29.0, 4.5), (CHILD, 27.0, 4.5))
_GROWN_PARENTS = ((GROWN_CHILD, 28.0, 4.0), (GROWN_CHILD, 26.0, 4.0))
_SIBLING = (CHILD, 3.5, 2.0)
_GRANDPARENTS = ((CHILD, 55.0, 5.0), (CHILD, 57.0, 5.0))

TYPES = (
    HouseholdType(1, 0.34, ((YOUNG, 0.0, 2.0),)),
    HouseholdType(1, 0.38, ((MIDDLE, 0.0, 2.0),)),
    HouseholdType(1, 0.28, ((OLD, 4.0, 4.0),)),
    HouseholdType(2, 0.18, ((YOUNG, 0.0, 2.0), (YOUNG, 0.0, 2.0))),
    HouseholdType(2, 0.28, ((MIDDLE, 0.0, 2.0), (MIDDLE, 0.0, 2.0))),
    HouseholdType(2, 0.36, ((OLD, 0.0, 2.0), (OLD, 0.0, 2.0))),
    HouseholdType(2, 0.13, ((CHILD, 0.0, 1.0), _PARENTS[0])),
    HouseholdType(2, 0.05, ((GROWN_CHILD, 0.0, 1.0), _GROWN_PARENTS[0])),
    HouseholdType(3, 0.60, ((CHILD, 0.0, 1.0), *_PARENTS)),
    HouseholdType(3, 0.33, ((GROWN_CHILD, 0.0, 1.0), *_GROWN_PARENTS)),
    HouseholdType(3, 0.07, ((MIDDLE, 0.0, 2.0), (MIDDLE, 0.0, 2.0), (MIDDLE, 26.0, 3.0))),
    HouseholdType(4, 0.60, ((CHILD, 0.0, 1.0), _SIBLING, *_PARENTS)),
    HouseholdType(4, 0.30, ((CHILD, 0.0, 1.0), *_PARENTS, _GRANDPARENTS[0])),
    HouseholdType(4, 0.10, ((GROWN_CHILD, 0.0, 1.0), (GROWN_CHILD, 3.0, 1.5), *_GROWN_PARENTS)),
    HouseholdType(5, 0.55, ((CHILD, 0.0, 1.0), *_PARENTS, *_GRANDPARENTS)),
    HouseholdType(5, 0.45, ((CHILD, 0.0, 1.0), _SIBLING, *_PARENTS, _GRANDPARENTS[0])),
    HouseholdType(6, 1.00, ((CHILD, 0.0, 1.0), _SIBLING, *_PARENTS, *_GRANDPARENTS)),
)


def found_households(
    n_people: int, size_shares: tuple[float, ...], rng: np.random.Generator
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Put people into households and give them ages.

    Parameters
    ----------
    n_people
        Number of people; the last household is cut so that it comes out exactly.
    size_shares
        Shares of households with 1, 2, … 6 members.
    rng
        Source of chance.

    Returns
    -------
    tuple
        Household of each person, rising; age of each person in years.

    Notes
    -----
    Types within a size are assumed; together with the sizes of the 2020 census they give its shares of age within
    three percentage points, which a test checks.
    """
    shares = np.asarray(size_shares, dtype=float)[:LARGEST]
    shares /= shares.sum()
    mean = float((shares * np.arange(1, len(shares) + 1)).sum())
    sizes = rng.choice(np.arange(1, len(shares) + 1), size=int(n_people / mean * 1.05) + 50, p=shares)
    total = np.cumsum(sizes)
    sizes = sizes[: int(np.searchsorted(total, n_people)) + 1]
    household = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    ages = np.zeros(len(household), dtype=np.uint8)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    for size in range(1, LARGEST + 1):
        at = first[sizes == size]
        if len(at):
            ages[at[:, None] + np.arange(size)] = _ages_of_size(size, len(at), rng)
    return household[:n_people], ages[:n_people]


def _ages_of_size(size: int, n: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Ages of n households of one size, shape (household, member)."""
    types = [kind for kind in TYPES if kind.size == size]
    chosen = rng.choice(len(types), size=n, p=[kind.share for kind in types])
    anchors = _anchors(n, rng)
    ages = np.zeros((n, size))
    for number, kind in enumerate(types):
        rows = np.flatnonzero(chosen == number)
        for member, (anchor, added, spread) in enumerate(kind.members):
            ages[rows, member] = anchors[anchor][rows] + added + rng.normal(0.0, spread, len(rows))
    return np.clip(ages, 0, OLDEST).astype(np.uint8)


def _anchors(n: int, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Anchor ages per household, in the order YOUNG, MIDDLE, OLD, CHILD, GROWN_CHILD."""
    return [
        rng.uniform(21.0, 37.0, n),
        rng.uniform(37.0, 61.0, n),
        60.0 + rng.gamma(2.2, 4.2, n),
        rng.uniform(0.0, 17.5, n),
        rng.uniform(17.0, 32.0, n),
    ]
