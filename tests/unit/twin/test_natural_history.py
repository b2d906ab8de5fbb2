import numpy as np
import pytest

from suyuan.twin.natural_history import NaturalHistory, Spread, draw_courses, draw_factors

HISTORY = NaturalHistory(
    "test", Spread(4.0, 0.0), Spread(1.5, 0.0), (1.0, 0.5), 0.8, 0.5, 2.0, 0.4, "test"
)  # fmt: skip


def test_delays_without_spread_are_exact():
    """With standard deviations of 0 everybody is infectious after 2.5 days and ill after 4."""
    courses = draw_courses(HISTORY, 100, np.random.default_rng(1))
    assert set(courses.latent_minutes.tolist()) == {3600}
    assert set(courses.incubation_minutes.tolist()) == {5760}


def test_the_mean_generation_interval_is_latent_plus_curve():
    """Latent 2.5 d, then a curve of 1 and 0.5 on two days, whose mean is 0.5 + 1/3 d: 3.33 d."""
    assert HISTORY.mean_generation_days(10, np.random.default_rng(1)) == pytest.approx(2.5 + 0.5 + 1 / 3)


def test_gamma_delays_have_their_mean_and_spread():
    """Drawn delays have the mean and standard deviation asked for, within four standard errors."""
    n = 40_000
    drawn = Spread(5.0, 2.0).draw(n, np.random.default_rng(2))
    assert abs(drawn.mean() - 5.0) < 4 * 2.0 / np.sqrt(n)
    # the variance of the variance of a gamma: excess kurtosis 6 / shape
    assert abs(drawn.var() - 4.0) < 4 * 4.0 * np.sqrt((2 + 6 / 6.25) / n)


def test_the_latent_period_is_never_below_a_fifth_of_the_incubation():
    """However early infectiousness would begin, the first fifth of the incubation infects nobody."""
    early = NaturalHistory("test", Spread(4.0, 1.0), Spread(9.0, 1.0), (1.0,), 1.0, 1.0, 2.0, 0.4, "test")
    courses = draw_courses(early, 1000, np.random.default_rng(3))
    assert (courses.latent_minutes >= courses.incubation_minutes // 5 - 1).all()
    assert (courses.latent_minutes < courses.incubation_minutes).all()


def test_infinite_dispersion_makes_everybody_alike():
    """Without dispersion all factors are 1; with it their mean is 1."""
    assert (draw_factors(np.inf, 5, np.random.default_rng(1)) == 1).all()
    factors = draw_factors(0.5, 40_000, np.random.default_rng(1))
    assert abs(factors.mean() - 1) < 4 * np.sqrt(2 / 40_000)
