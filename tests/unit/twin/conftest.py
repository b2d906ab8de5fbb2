"""A small city that many tests look at; nobody may change it."""

from __future__ import annotations

import numpy as np
import pytest

from suyuan.twin.city import City
from suyuan.twin.founding import make_city
from suyuan.twin.scenario import Scenario, load_scenario
from suyuan.twin.visits import DailyLife


@pytest.fixture(scope="session")
def ordinary() -> Scenario:
    return load_scenario("false-alarms")


@pytest.fixture(scope="session")
def town(ordinary: Scenario) -> City:
    return make_city(12_000, ordinary, np.random.default_rng(1))


@pytest.fixture(scope="session")
def life(town: City, ordinary: Scenario) -> DailyLife:
    return DailyLife(town, ordinary.habits, seed=5)
