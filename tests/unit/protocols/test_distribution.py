"""Delay distributions against values known from elsewhere."""

import math

import numpy as np
import pytest

from suyuan.protocols import Distribution
from suyuan.protocols.distribution import gamma_share


def test_lognormal_reproduces_a_published_incubation_period():
    """Lauer et al. 2020 (doi:10.7326/M20-0504): mu 1.621, sigma 0.418 give a median of 5.1 d and 97.5 % by 11.5 d."""
    mean = math.exp(1.621 + 0.418**2 / 2)
    sd = mean * math.sqrt(math.expm1(0.418**2))
    delay = Distribution("lognormal", mean, sd)
    assert delay.parameters() == pytest.approx((1.621, 0.418))
    assert round(delay.quantile(0.5), 1) == 5.1
    assert round(delay.quantile(0.975), 1) == 11.5


def test_gamma_is_chi_square_at_its_parameters():
    """A gamma of shape 2.5 and scale 2 is chi-square with 5 degrees of freedom: 95 % at 11.0705."""
    delay = Distribution("gamma", 5.0, math.sqrt(10.0))
    assert delay.parameters() == pytest.approx((2.5, 2.0))
    assert delay.quantile(0.95) == pytest.approx(11.0704976935, abs=1e-9)
    assert delay.quantile(0.05) == pytest.approx(1.1454762261, abs=1e-9)


@pytest.mark.parametrize("x", [0.1, 1.0, 2.0, 3.9, 4.1, 8.0, 30.0])
def test_incomplete_gamma_matches_its_finite_sum(x: float):
    """For shape 3 the share is 1 - exp(-x) (1 + x + x^2 / 2), on both sides of the switch of method."""
    assert gamma_share(3, x) == pytest.approx(1 - math.exp(-x) * (1 + x + x * x / 2), abs=1e-13)


@pytest.mark.parametrize("shape", ["gamma", "weibull"])
def test_equal_mean_and_sd_is_exponential(shape):
    """Gamma and Weibull of equal mean and standard deviation are the exponential distribution."""
    delay = Distribution(shape, 4.0, 4.0)
    assert delay.quantile(0.5) == pytest.approx(4.0 * math.log(2), rel=1e-9)
    assert delay.cdf(4.0) == pytest.approx(1 - math.exp(-1), rel=1e-9)


def test_weibull_of_shape_two_is_rayleigh():
    """A Rayleigh distribution of scale 3 is a Weibull of shape 2 and scale 3 sqrt 2."""
    delay = Distribution("weibull", 3 * math.sqrt(math.pi / 2), 3 * math.sqrt((4 - math.pi) / 2))
    assert delay.parameters() == pytest.approx((2.0, 3 * math.sqrt(2)), rel=1e-9)
    assert delay.quantile(0.5) == pytest.approx(3 * math.sqrt(2 * math.log(2)), rel=1e-9)


@pytest.mark.parametrize("shape", ["lognormal", "gamma", "weibull"])
@pytest.mark.parametrize(("mean", "sd"), [(5.8, 3.0), (0.6, 0.5), (15.3, 9.3), (12.5, 0.4), (2.0, 5.0)])
def test_quantile_and_moments_agree(shape, mean: float, sd: float):
    """The quantile undoes the distribution function, and the mean of the quantiles is the stated mean."""
    delay = Distribution(shape, mean, sd)
    shares = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
    assert [delay.cdf(delay.quantile(p)) for p in shares] == pytest.approx(shares, abs=1e-10)
    middle = np.mean([delay.quantile((i + 0.5) / 1000) for i in range(1000)])
    assert middle == pytest.approx(mean, rel=0.03)


def test_ends_of_the_quantile():
    """No delay is below 0 or beyond infinity, and a share outside 0 to 1 is refused."""
    delay = Distribution("gamma", 3.0, 1.0)
    assert delay.quantile(0.0) == 0.0
    assert delay.quantile(1.0) == math.inf
    assert delay.cdf(-1.0) == 0.0
    with pytest.raises(ValueError, match="between 0 and 1"):
        delay.quantile(1.5)


def test_pmf_cuts_at_whole_days():
    """Entry d is P(d <= T < d + 1 | T < n): for the exponential a geometric row, renormalised."""
    delay = Distribution("gamma", 2.0, 2.0)
    fall = math.exp(-0.5)
    expected = np.array([(1 - fall) * fall**day for day in range(6)]) / (1 - fall**6)
    np.testing.assert_allclose(delay.pmf(6), expected, rtol=1e-12)
    assert delay.pmf(1).tolist() == [1.0]
    with pytest.raises(ValueError, match="at least one day"):
        delay.pmf(0)
