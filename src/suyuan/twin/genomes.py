"""Genomes of sampled cases: substitutions along the true tree, and some bases nobody could read.

Each infected person carries one lineage. It collects substitutions at a constant rate; whoever is infected takes a
copy at that minute, the sample takes one at its own. So two cases share what happened before their lineages parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.twin.epidemic_settings import GenomeSettings

BASES = np.frombuffer(b"ACGT", np.uint8)
UNREAD = ord("N")
MINUTES_PER_YEAR = 365.25 * 1440
RUN_OF_N = 200
"""Mean length of an unread stretch, about an amplicon (assumed)."""

LINE = 80


class Tree(NamedTuple):
    """The true tree, infectors before the people they infected; arrays of shape (infection,)."""

    infector: NDArray[np.int64]
    """Row of the infector; -1 for a first case."""
    infected_at: NDArray[np.int64]
    """Minutes."""
    sampled_at: NDArray[np.int64]
    """Minutes; -1 for those without a sample."""


@dataclass(frozen=True)
class Lineage:
    """Substitutions since an earlier lineage; walk ``before`` to the reference for all of them."""

    before: Lineage | None
    positions: NDArray[np.int64]
    shifts: NDArray[np.uint8]
    """1 to 3 steps in ACGT, so that a substitution always changes the base."""


def reference_genome(length: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw a genome of random bases; it is nobody's real genome."""
    return BASES[rng.integers(0, 4, length)]


def sample_lineages(tree: Tree, plan: GenomeSettings, rng: np.random.Generator) -> list[Lineage | None]:
    """Run substitutions along the tree.

    Returns
    -------
    list
        One lineage per row of the tree at its sampling, None for those without a sample.

    Raises
    ------
    ValueError
        If somebody is infected before their infector: a mistake of the program.

    Notes
    -----
    The number of substitutions over m minutes is Poisson with mean rate * length * m / (minutes of a year); all
    first cases carry the same genome at the time of the first infection.
    """
    events = _events(tree)
    root = Lineage(None, np.zeros(0, np.int64), np.zeros(0, np.uint8))
    start = int(tree.infected_at.min()) if len(tree.infected_at) else 0
    at_infection: list[Lineage | None] = [None] * len(events)
    sampled: list[Lineage | None] = [None] * len(events)
    for row, infector in enumerate(tree.infector.tolist()):
        now = int(tree.infected_at[row])
        lineage = _evolve(root, now - start, plan, rng) if infector < 0 else at_infection[row]
        if lineage is None:
            raise ValueError("The tree must name infectors before the people they infected.")
        for minute, infectee in events[row]:
            lineage = _evolve(lineage, minute - now, plan, rng)
            now = minute
            if infectee < 0:
                sampled[row] = lineage
            else:
                at_infection[infectee] = lineage
    return sampled


def _events(tree: Tree) -> list[list[tuple[int, int]]]:
    """List what each lineage is copied for, by time: (minute, row infected or -1 for the sample)."""
    events: list[list[tuple[int, int]]] = [[] for _ in tree.infector]
    for row, infector in enumerate(tree.infector.tolist()):
        if infector >= 0:
            events[infector].append((int(tree.infected_at[row]), row))
    for row, minute in enumerate(tree.sampled_at.tolist()):
        if minute >= 0:
            events[row].append((minute, -1))
    return [sorted(own) for own in events]


def _evolve(lineage: Lineage, minutes: int, plan: GenomeSettings, rng: np.random.Generator) -> Lineage:
    if minutes < 0:
        raise ValueError("Nobody can be infected or sampled before being infected.")
    n = int(rng.poisson(plan.rate_per_base_year * plan.length * minutes / MINUTES_PER_YEAR))
    if n == 0:
        return lineage
    return Lineage(lineage, rng.integers(0, plan.length, n), rng.integers(1, 4, n).astype(np.uint8))


def count_substitutions(lineage: Lineage | None) -> int:
    """Substitutions since the reference; one base hit twice counts twice."""
    return sum(len(step.positions) for step in _steps(lineage))


def _steps(lineage: Lineage | None) -> Iterator[Lineage]:
    while lineage is not None:
        yield lineage
        lineage = lineage.before


def spell(
    lineage: Lineage, reference: NDArray[np.uint8], unread_share: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Write a lineage as bases, with stretches that could not be read as N.

    Parameters
    ----------
    reference
        Bases as bytes, shape (base,).
    unread_share
        Expected share of N.
    """
    codes = np.searchsorted(BASES, reference).astype(np.uint8)
    for step in _steps(lineage):
        # shifts add up, so the order in which they are applied does not matter
        np.add.at(codes, step.positions, step.shifts)
    letters = BASES[codes % 4]
    # a stretch that begins near the end is cut there: that loses a little less than the share
    for start in rng.integers(0, len(letters), rng.poisson(unread_share * len(letters) / RUN_OF_N)).tolist():
        letters[start : start + int(rng.geometric(1 / RUN_OF_N))] = UNREAD
    return letters


def write_fasta(path: Path, records: Iterable[tuple[str, NDArray[np.uint8]]]) -> int:
    """Write named sequences; returns how many."""
    n = 0
    with path.open("wb") as out:
        for name, letters in records:
            text = letters.tobytes()
            out.write(b">" + name.encode() + b"\n")
            out.writelines(text[start : start + LINE] + b"\n" for start in range(0, len(text), LINE))
            n += 1
    return n
