import numpy as np
import pytest

from suyuan.terms import BadInput
from suyuan.twin.agents import WhatIf, fit_layers, lay_plan, run_agents
from suyuan.twin.agents_layers import LAYERS, by_layer, make_network
from suyuan.twin.natural_history import NaturalHistory, Spread

HISTORY = NaturalHistory(
    "test", Spread(5.0, 1.5), Spread(2.0, 0.5), (1.0, 1.0, 0.7, 0.4, 0.2), 0.7, 0.7, 2.5, 0.4, "test"
)


def run(what_if: WhatIf, seed: int = 1, people: int = 5000):
    rng = np.random.default_rng(seed)
    return run_agents(make_network(people, rng), HISTORY, what_if, 50, 20, rng)


def test_an_unknown_layer_is_refused_in_a_sentence():
    """A layer name that the population does not have is refused, and the sentence lists those it has."""
    with pytest.raises(
        BadInput, match=r"no contact layer called h\. The layers of this population are: household, school"
    ):
        run(WhatIf(trace_share={"h": 1.0}))


@pytest.mark.parametrize("field", ["apart", "open_share", "trace_share"])
def test_every_table_by_layer_is_checked(field):
    """All tables by layer refuse unknown names and shares outside 0 to 1."""
    with pytest.raises(BadInput, match="no contact layer"):
        lay_plan(HISTORY, WhatIf(**{field: {"home": 0.5}}), 0.1)
    with pytest.raises(BadInput, match="outside 0 to 1"):
        lay_plan(HISTORY, WhatIf(**{field: {"work": 1.5}}), 0.1)


def test_a_chance_of_a_test_is_a_share():
    """A chance of more than 1 is refused."""
    with pytest.raises(BadInput, match="p_test_ill"):
        lay_plan(HISTORY, WhatIf(p_test_ill=2.0), 0.1)


def test_neighbours_are_mutual_and_never_oneself():
    """In every layer a contact has two ends and nobody is their own contact."""
    for layer in make_network(600, np.random.default_rng(2)):
        one = np.repeat(np.arange(600), np.diff(layer.first))
        assert (one != layer.other).all()
        there = np.sort(one * 600 + layer.other)
        back = np.sort(layer.other.astype(np.int64) * 600 + one)
        assert (there == back).all()


def test_tracing_quarantines_and_prevents():
    """Tracing every layer quarantines people and leaves fewer infections than testing alone, on the same seed."""
    alone = run(WhatIf())
    traced = run(WhatIf(trace_share=dict.fromkeys(LAYERS, 0.8)))
    assert alone.quarantined.sum() == 0
    assert traced.quarantined.sum() > 0
    assert traced.infections.sum() < 0.7 * alone.infections.sum()


def test_closing_every_layer_stops_everything():
    """Without contacts only the first cases are infected."""
    assert run(WhatIf(open_share={})).infections.sum() == 20


def test_nobody_is_infected_twice():
    """In a year there are never more infections than people."""
    rng = np.random.default_rng(3)
    course = run_agents(make_network(1000, rng), HISTORY, WhatIf(p_test_ill=0.0, p_test_well=0.0), 300, 20, rng)
    assert 500 < course.infections.sum() <= 1000
    assert course.tests.sum() == course.found.sum() == 0


def test_the_level_is_solved_for_r0_and_k():
    """The fit reaches r0 and k of the natural history."""
    fit = fit_layers(make_network(5000, np.random.default_rng(4)), HISTORY, np.random.default_rng(4))
    assert fit.r0 == pytest.approx(2.5, rel=1e-3)
    assert fit.offspring_k == pytest.approx(0.4, rel=0.15)


def test_the_same_seed_gives_the_same_course():
    """A run is a function of its seed."""
    assert (run(WhatIf(), seed=9).infections == run(WhatIf(), seed=9).infections).all()


def test_values_by_layer_default_to_zero():
    """A layer that is not named gets 0."""
    assert by_layer({}, "trace_share").tolist() == [0.0] * 4
