"""The visit-driven epidemic gives back the offspring distribution and the intervals that it was asked for.

First cases are drawn at random all over a city, nobody is tested or isolated, and those whom they infect infect
nobody, so that every first case meets susceptible people for the whole of its course.
"""

import msgspec
import numpy as np
import pytest

from suyuan.twin.epidemic import start_epidemic
from suyuan.twin.epidemic_fit import Doses, Fit, follow_sample
from suyuan.twin.epidemic_people import Cause, Infected, infect
from suyuan.twin.epidemic_settings import Care, EpidemicSettings, Objects, Seeds, read_epidemic
from suyuan.twin.epidemic_tables import join_infections
from suyuan.twin.founding import make_city
from suyuan.twin.natural_history import NaturalHistory, draw_courses
from suyuan.twin.scenario import load_scenario
from suyuan.twin.visits import DailyLife

FITTED = 400
"""People whom the fit follows; its own sampling error belongs into the tolerance."""


def quiet(name: str) -> EpidemicSettings:
    """Take a scenario's disease without tests, care, objects, response or immunity."""
    settings = read_epidemic(dict(load_scenario(name).epidemic or {}), name)
    testing = msgspec.structs.replace(settings.testing, seek_share=0.0, other_fever_per_day=0.0, screening_share=0.0)
    return msgspec.structs.replace(
        settings, testing=testing, care=Care(), response=None, immune_share=0.0,
        objects=Objects(source="none"), seeds=Seeds(n=1, day=-1),
    )  # fmt: skip


def one_generation(name: str, people: int, n_first: int, seed: int):
    """Infect n_first people and let them, and only them, infect; returns offspring and intervals in days."""
    scenario, settings = load_scenario(name), quiet(name)
    rng = np.random.default_rng(seed)
    city = make_city(people, scenario, rng)
    life = DailyLife(city, scenario.habits, seed)
    epidemic = start_epidemic(city, settings, life.visits_of_day, rng)
    first = rng.choice(people, n_first, replace=False).astype(np.int32)
    none, state = np.full(n_first, -1, np.int32), epidemic.people
    # spread over a week, so that no weekday weighs more
    at = rng.integers(0, 7 * 1440, n_first).astype(np.int32)
    new = Infected(first, at, np.full(n_first, int(Cause.SEED), np.uint8), none, none, none, none.astype(np.int16))
    infect(state, new, settings, epidemic.fit.factor_shape, rng)
    epidemic.infections.append(new)
    last = int(state.infectious_from[first].max()) // 1440 + len(settings.history.infectiousness)
    for day in range(last + 1):
        epidemic.advance(day, life.visits_of_day(day))
        state.factor[state.generation > 0] = 0.0
    all_ = join_infections(epidemic)
    links = np.flatnonzero(all_.cause == Cause.PERSON)
    offspring = np.bincount(all_.infector[links], minlength=people)[first]
    infector, infectee = all_.infector[links], all_.person[links]
    generation = (all_.at[links] - state.infected_at[infector]) / 1440
    serial = (state.onset_at[infectee].astype(np.int64) - state.onset_at[infector]) / 1440
    doses = follow_sample(city, settings, life.visits_of_day, rng)
    expected = expected_generation(doses, epidemic.fit, settings.history, rng)
    return settings.history, offspring, infector, generation, serial, expected


def expected_generation(doses: Doses, fit: Fit, history: NaturalHistory, rng: np.random.Generator) -> float:
    """Work out the mean generation interval, allowing for contacts who are infected on an early day and cannot again.

    A contact with total dose x escapes until the share F of the course with chance exp(-g x F).
    """
    curve = np.array(history.infectiousness)
    felt = np.concatenate([[0.0], np.cumsum(curve)]) / curve.sum()
    x = rng.choice(doses.dose, 50_000) * fit.hazard_per_hour * rng.gamma(fit.factor_shape, 1 / fit.factor_shape, 50_000)
    ill = rng.random(50_000) < history.symptomatic_share
    x *= np.where(ill, 1.0, history.asymptomatic_infectiousness)
    infected = -np.diff(np.exp(-x[:, None] * felt), axis=1).sum(axis=0)
    latent = draw_courses(history, 200_000, rng).latent_minutes.mean() / 1440
    return float(latent + (infected * (np.arange(len(curve)) + 0.5)).sum() / infected.sum())


def clustered_error(values: np.ndarray, cluster: np.ndarray) -> float:
    """Find the standard error of a mean whose values come in clusters: one infector's share its delays."""
    _, which = np.unique(cluster, return_inverse=True)
    sums = np.bincount(which, values - values.mean())
    return float(np.sqrt((sums**2).sum()) / len(values))


def dispersion(counts: np.ndarray) -> float:
    """Dispersion by moments: mean^2 / (variance - mean)."""
    mean = counts.mean()
    return float(mean**2 / max(counts.var(ddof=1) - mean, 1e-9))


def check(name: str, people: int, n_first: int, seeds: range) -> None:
    """Pool several seeds and compare mean, k and both intervals with the scenario's."""
    runs = [one_generation(name, people, n_first, seed) for seed in seeds]
    history = runs[0][0]
    offspring = np.concatenate([run[1] for run in runs])
    n, rng = len(offspring), np.random.default_rng(1)
    # mean: chance of the counts, and of the people followed by the fit (contacts vary by at most their mean, assumed)
    error = np.hypot(offspring.std() / np.sqrt(n), history.r0 / np.sqrt(FITTED * len(runs)))
    depletion = history.r0 * n_first / people * history.r0
    assert history.r0 - 4 * error - depletion < offspring.mean() < history.r0 + 4 * error
    # k: what the estimator does on true negative binomial counts of this size; a fifth for the fit's own grid
    k = history.dispersion_k
    ideal = [dispersion(rng.poisson(rng.gamma(k, history.r0 / k, n))) for _ in range(2000)]
    low, high = np.quantile(ideal, [0.001, 0.999])
    assert low / 1.2 < dispersion(offspring) < high * 1.2
    infector = np.concatenate([run[2] + number * people for number, run in enumerate(runs)])
    generation = np.concatenate([run[3] for run in runs])
    serial = np.concatenate([run[4] for run in runs])
    expected = np.mean([run[5] for run in runs])
    # half a day: infectiousness changes by whole days and is taken at the middle of a visit
    assert abs(generation.mean() - expected) < 4 * clustered_error(generation, infector) + 0.5
    assert (generation > 0).all()
    # onset to onset differs from infection to infection by two draws of one incubation: the same mean
    difference = serial - generation
    assert abs(difference.mean()) < 4 * clustered_error(difference, infector)
    assert serial.var() > generation.var()


def test_delta_gives_back_its_offspring_and_intervals():
    """Offspring mean and k, generation and serial interval of the Delta scenario come out as asked."""
    check("delta-market", 8000, 100, range(4))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["omicron-boarding-school", "norovirus-canteen", "ebola-ward"])
def test_every_disease_gives_back_its_offspring_and_intervals(name):
    """The same for the other diseases, in larger cities and over more seeds."""
    check(name, 20_000, 60, range(12))
