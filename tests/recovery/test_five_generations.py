"""The Delta scenario does what its story says: five generations in ten days, from goods on a market stall."""

import numpy as np
import pytest

from suyuan.twin.epidemic import start_epidemic
from suyuan.twin.epidemic_settings import read_epidemic
from suyuan.twin.epidemic_tables import join_infections
from suyuan.twin.founding import make_city
from suyuan.twin.scenario import load_scenario
from suyuan.twin.visits import DailyLife

TEN_DAYS = 10 * 1440


def deepest_generation(people: int, seed: int) -> int:
    """Run the scenario and return the steps from the first people to the last infected within ten days of them."""
    scenario = load_scenario("delta-market")
    rng = np.random.default_rng(seed)
    city = make_city(people, scenario, rng)
    life = DailyLife(city, scenario.habits, seed)
    settings = read_epidemic(dict(scenario.epidemic or {}), "delta-market")
    epidemic = start_epidemic(city, settings, life.visits_of_day, rng)
    for day in range(11):
        epidemic.advance(day, life.visits_of_day(day, epidemic.status(day)))
    new = join_infections(epidemic)
    return int(epidemic.people.generation[new.person[new.at <= new.at.min() + TEN_DAYS]].max())


def test_delta_reaches_five_generations_in_ten_days():
    """In a town of 20,000 all of three seeds reach at least five steps from the first people."""
    assert min(deepest_generation(20_000, seed) for seed in range(3)) >= 5


@pytest.mark.slow
def test_delta_reaches_five_generations_in_the_full_city():
    """In the city of 100,000 at least eight of twelve seeds reach five steps, and ten reach four."""
    deepest = np.array([deepest_generation(100_000, seed) for seed in range(12)])
    assert (deepest >= 5).sum() >= 8
    assert (deepest >= 4).sum() >= 10
