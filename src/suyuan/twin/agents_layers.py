"""A population of contact layers: who meets whom, without places or hours.

Four layers: household, school, work, community. Each is a list of neighbours per person (CSR arrays). The first three
stay the same; the community layer is random and, like a random draw of each day's meetings, only its size matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import BadInput

LAYERS = ("household", "school", "work", "community")
"""Layers in the order of their number."""

HOUSEHOLD_SIZE_SHARES = (0.2539, 0.2968, 0.2099, 0.1317, 0.0617, 0.0460)
"""Shares of households of 1 to 6 people, seventh national census of China 2020, as in the ordinary city."""

MEAN_CONTACTS = {"school": 20.0, "work": 12.0, "community": 8.0}
"""Mean contacts a day of those who have the layer (assumed; in all near the 18.8 daily contacts of Zhang et al. 2020,
doi:10.1126/science.abb8001)."""

PUPIL_SHARE, WORKER_SHARE = 0.18, 0.52
"""Shares of people with a school or a workplace (assumed)."""


class Layer(NamedTuple):
    """Neighbours of each person: ``other[first[i]:first[i + 1]]``."""

    first: NDArray[np.int32]
    other: NDArray[np.int32]


class Network(NamedTuple):
    """The layers in the order of ``LAYERS``."""

    household: Layer
    school: Layer
    work: Layer
    community: Layer

    @property
    def n_people(self) -> int:
        """Number of people."""
        return len(self.household.first) - 1


def make_network(n_people: int, rng: np.random.Generator) -> Network:
    """Draw a population.

    Examples
    --------
    >>> network = make_network(1000, np.random.default_rng(1))
    >>> network.n_people, bool((np.diff(network.community.first) > 0).all())
    (1000, True)
    """
    everyone = np.arange(n_people, dtype=np.int32)
    role = rng.random(n_people)
    pupils = rng.permutation(everyone[role < PUPIL_SHARE])
    workers = rng.permutation(everyone[(role >= PUPIL_SHARE) & (role < PUPIL_SHARE + WORKER_SHARE)])
    return Network(
        _households(n_people, rng),
        _classes(n_people, pupils, int(MEAN_CONTACTS["school"]) + 1),
        _classes(n_people, workers, int(MEAN_CONTACTS["work"]) + 1),
        _random_pairs(n_people, MEAN_CONTACTS["community"], rng),
    )


def _households(n: int, rng: np.random.Generator) -> Layer:
    shares = np.array(HOUSEHOLD_SIZE_SHARES)
    sizes = rng.choice(np.arange(1, 7), n, p=shares / shares.sum())
    ends = np.cumsum(sizes)
    number = np.searchsorted(ends, np.arange(n), side="right")
    return _groups(n, np.arange(n, dtype=np.int32), number)


def _classes(n: int, members: NDArray[np.int32], size: int) -> Layer:
    return _groups(n, members, np.arange(len(members)) // size)


def _groups(n: int, members: NDArray[np.int32], number: NDArray[np.int64]) -> Layer:
    """Everybody in a group meets everybody else in it; ``number`` is ascending."""
    size = np.bincount(number)
    start = np.concatenate([[0], np.cumsum(size)])
    degree = np.zeros(n, np.int64)
    degree[members] = size[number] - 1
    first = np.concatenate([[0], np.cumsum(degree)])
    # each member lists its group from the place after its own on, going round
    own = np.repeat(np.arange(len(members)), size[number] - 1)
    within = np.arange(len(own)) - np.repeat(np.cumsum(size[number] - 1) - (size[number] - 1), size[number] - 1)
    group = number[own]
    partner = start[group] + (own - start[group] + 1 + within) % size[group]
    order = np.argsort(members[own], kind="stable")
    return Layer(first.astype(np.int32), members[partner[order]].astype(np.int32))


def _random_pairs(n: int, mean: float, rng: np.random.Generator) -> Layer:
    n_pairs = int(n * (mean - 2) / 2)
    a, b = rng.integers(0, n, n_pairs, dtype=np.int32), rng.integers(0, n, n_pairs, dtype=np.int32)
    apart = a != b
    # everybody meets somebody: the two people beside them at least
    here = np.arange(n, dtype=np.int32)
    beside = (here + 1) % n
    one = np.concatenate([a[apart], b[apart], here, beside])
    two = np.concatenate([b[apart], a[apart], beside, here])
    order = np.argsort(one, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(one, minlength=n))])
    return Layer(first.astype(np.int32), two[order])


def by_layer(values: Mapping[str, float], name: str) -> NDArray[np.float64]:
    """Lay values by name of the layer into the order of ``LAYERS``; layers that are not named get 0.

    Raises
    ------
    BadInput
        If a name is not a layer, so that nothing is traced or closed in silence; or if a value is outside 0 to 1.

    Examples
    --------
    >>> by_layer({"work": 0.5, "household": 1}, "trace_share").tolist()
    [1.0, 0.0, 0.5, 0.0]
    """
    for layer, value in values.items():
        if layer not in LAYERS:
            raise BadInput("agents.unknown_layer", layer=layer, known=", ".join(LAYERS))
        if not 0 <= value <= 1:
            raise BadInput("agents.bad_share", value=value, name=f"{name}.{layer}")
    return np.array([float(values.get(layer, 0.0)) for layer in LAYERS])
