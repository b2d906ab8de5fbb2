import numpy as np
import pytest

from suyuan.twin.epidemic_settings import GenomeSettings
from suyuan.twin.genomes import (
    MINUTES_PER_YEAR,
    Lineage,
    Tree,
    count_substitutions,
    reference_genome,
    sample_lineages,
    spell,
    write_fasta,
)

PLAN = GenomeSettings(length=29_903, rate_per_base_year=1.1e-3, source="test")


def chain(n: int, days: int) -> Tree:
    infected = np.arange(n) * days * 1440
    return Tree(np.arange(n) - 1, infected, infected + days * 1440)


def test_substitutions_are_poisson_in_rate_and_time():
    """Over many independent cases sampled after 30 days, mean and variance of the number equal rate x length x time."""
    n = 4000
    tree = Tree(np.full(n, -1), np.zeros(n, np.int64), np.full(n, 30 * 1440))
    counts = np.array([count_substitutions(one) for one in sample_lineages(tree, PLAN, np.random.default_rng(3))])
    expected = PLAN.rate_per_base_year * PLAN.length * 30 * 1440 / MINUTES_PER_YEAR
    # standard errors: mean sqrt(m/n); variance of a Poisson about m sqrt(2/n + 1/(m n)); four of each
    assert abs(counts.mean() - expected) < 4 * np.sqrt(expected / n)
    assert abs(counts.var() - expected) < 4 * expected * np.sqrt(2 / n + 1 / (expected * n))


def test_a_chain_keeps_what_its_infectors_collected():
    """Along a chain every sample carries all substitutions of the lineage before it."""
    lineages = sample_lineages(chain(20, 5), PLAN, np.random.default_rng(5))
    counts = [count_substitutions(one) for one in lineages]
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_two_people_infected_by_one_share_what_came_before():
    """Siblings share the infector's substitutions up to the first infection and differ after it."""
    plan = GenomeSettings(length=1000, rate_per_base_year=5.0, source="test")
    tree = Tree(np.array([-1, 0, 0]), np.array([0, 14400, 28800]), np.array([-1, 28800, 43200]))
    _, one, two = sample_lineages(tree, plan, np.random.default_rng(2))
    reference = reference_genome(1000, np.random.default_rng(1))
    rng = np.random.default_rng(4)
    first, second = spell(one, reference, 0.0, rng), spell(two, reference, 0.0, rng)
    both = (first != reference) & (first == second)
    assert both.sum() > 50
    assert (first != second).sum() > 50


def test_a_substitution_always_changes_the_base():
    """One substitution makes a genome that differs from the reference in exactly its position."""
    reference = reference_genome(500, np.random.default_rng(1))
    lineage = Lineage(None, np.array([123]), np.array([2], np.uint8))
    letters = spell(lineage, reference, 0.0, np.random.default_rng(1))
    assert np.flatnonzero(letters != reference).tolist() == [123]


def test_unread_bases_come_near_the_share_asked_for():
    """The share of N over many genomes is within a tenth of the plan's, less what is cut at the end."""
    reference = reference_genome(29_903, np.random.default_rng(1))
    root = Lineage(None, np.zeros(0, np.int64), np.zeros(0, np.uint8))
    rng = np.random.default_rng(7)
    share = np.mean([(spell(root, reference, 0.02, rng) == ord("N")).mean() for _ in range(400)])
    assert 0.018 < share < 0.021


def test_nobody_is_sampled_before_being_infected():
    """A tree with a sample before its infection is a mistake of the program."""
    with pytest.raises(ValueError, match="before being infected"):
        sample_lineages(Tree(np.array([-1]), np.array([100]), np.array([50])), PLAN, np.random.default_rng(1))


def test_a_tree_out_of_order_is_refused():
    """Infectors come before the people they infected."""
    tree = Tree(np.array([1, -1]), np.array([100, 0]), np.array([200, 200]))
    with pytest.raises(ValueError, match="infectors before"):
        sample_lineages(tree, PLAN, np.random.default_rng(1))


def test_fasta_is_wrapped_and_named(tmp_path):
    """A sequence of 100 bases is a header and lines of at most 80."""
    path = tmp_path / "genomes.fasta"
    assert write_fasta(path, [("P1", reference_genome(100, np.random.default_rng(1)))]) == 1
    lines = path.read_text().splitlines()
    assert lines[0] == ">P1"
    assert [len(line) for line in lines[1:]] == [80, 20]
