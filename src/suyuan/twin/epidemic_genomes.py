"""Sequence the sampled cases of an epidemic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from suyuan.twin.epidemic import Epidemic
from suyuan.twin.epidemic_tables import join_infections, known_cases
from suyuan.twin.genomes import Tree, reference_genome, sample_lineages, spell, write_fasta


def tree_of(epidemic: Epidemic, end_minute: int, rng: np.random.Generator) -> tuple[Tree, NDArray[np.int32]]:
    """Draw up the true tree of an epidemic with the minute each person was sampled, and the person of each row.

    Notes
    -----
    Somebody infected by an object carries the lineage of whoever contaminated it, as it was at the infection: what
    a lineage collects on a surface is not simulated. Those whom the imported goods infected are first cases.
    """
    infections = join_infections(epidemic)
    row_of = np.full(epidemic.city.n_people, -1, np.int64)
    row_of[infections.person] = np.arange(len(infections.person))
    infector = np.where(infections.infector >= 0, row_of[infections.infector], -1)
    sampled = epidemic.casebook.case_sampled_at[infections.person].astype(np.int64)
    is_case = np.zeros(epidemic.city.n_people, np.bool_)
    is_case[known_cases(epidemic, end_minute)] = True
    # somebody may have been a false positive first and infected later: that sample holds no genome
    known = is_case[infections.person] & (sampled >= infections.at)
    known &= rng.random(len(known)) < epidemic.settings.genome.sampled_share
    return Tree(infector, infections.at.astype(np.int64), np.where(known, sampled, -1)), infections.person


def write_genomes(epidemic: Epidemic, end_day: int, path: Path, rng: np.random.Generator) -> int:
    """Write the genomes of sampled cases as FASTA, the reference first; returns the number of cases.

    Parameters
    ----------
    end_day
        First day that was not simulated.
    """
    plan = epidemic.settings.genome
    tree, persons = tree_of(epidemic, end_day * 1440, rng)
    reference = reference_genome(plan.length, rng)
    lineages = sample_lineages(tree, plan, rng)

    def records() -> Iterator[tuple[str, NDArray[np.uint8]]]:
        yield "reference", reference
        for person, lineage in zip(persons.tolist(), lineages, strict=True):
            if lineage is not None:
                yield epidemic.city.person_id(person), spell(lineage, reference, plan.unread_share, rng)

    return write_fasta(path, records()) - 1
