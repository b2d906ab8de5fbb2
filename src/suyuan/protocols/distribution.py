"""Delay distributions given by mean and standard deviation, in plain mathematics (no scipy)."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Shape = Literal["lognormal", "gamma", "weibull"]
Days = Annotated[float, msgspec.Meta(gt=0, le=365)]


class Distribution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long something takes, in days.

    Parameters
    ----------
    shape
        ``lognormal``, ``gamma`` or ``weibull``.
    mean_days, sd_days
        Mean and standard deviation of the delay itself, not of its logarithm.
    source
        Key into the edition's sources.

    Examples
    --------
    >>> incubation = Distribution("lognormal", mean_days=5.8, sd_days=3.0)
    >>> round(incubation.quantile(0.5), 2), round(incubation.quantile(0.95), 2)
    (5.15, 11.48)
    """

    shape: Shape
    mean_days: Days
    sd_days: Days
    source: str = ""

    def cdf(self, days: float) -> float:
        """Probability that the delay is at most ``days``."""
        if days <= 0:
            return 0.0
        first, second = self.parameters()
        if self.shape == "lognormal":
            return NormalDist(first, second).cdf(math.log(days))
        if self.shape == "gamma":
            return gamma_share(first, days / second)
        return -math.expm1(-math.pow(days / second, first))

    def quantile(self, p: float) -> float:
        """Delay in days that a share ``p`` of people do not exceed.

        Raises
        ------
        ValueError
            If ``p`` is not between 0 and 1; 0 gives 0, 1 gives infinity.
        """
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"A quantile needs a share between 0 and 1, not {p}.")
        if p in (0.0, 1.0):
            return 0.0 if p == 0.0 else math.inf
        first, second = self.parameters()
        if self.shape == "lognormal":
            return math.exp(NormalDist(first, second).inv_cdf(p))
        if self.shape == "weibull":
            return second * math.pow(-math.log1p(-p), 1.0 / first)
        return self._bisect(p)

    def pmf(self, n_days: int) -> NDArray[np.float64]:
        """Probability of each whole number of days elapsed.

        Parameters
        ----------
        n_days
            Number of entries, at least 1.

        Returns
        -------
        numpy.ndarray
            Shape (n_days,); entry ``d`` is P(d <= T < d + 1 | T < n_days), so the entries sum to one.

        Raises
        ------
        ValueError
            If ``n_days`` is less than 1.

        Notes
        -----
        Convention: time is cut at whole days after the start instant (floor). For the difference of two civil
        dates with a start spread evenly over its day, average neighbouring entries; this is not done here because
        the visit log knows instants.
        """
        import numpy as np

        if n_days < 1:
            raise ValueError(f"A distribution by day needs at least one day, not {n_days}.")
        steps = np.diff(np.array([self.cdf(day) for day in range(n_days + 1)], dtype=np.float64))
        return np.asarray(steps / steps.sum(), dtype=np.float64)

    def parameters(self) -> tuple[float, float]:
        """Natural parameters: (mu, sigma) of the logarithm, or (shape, scale in days) of gamma and Weibull."""
        ratio = (self.sd_days / self.mean_days) ** 2
        if self.shape == "lognormal":
            variance = math.log1p(ratio)
            return math.log(self.mean_days) - variance / 2, math.sqrt(variance)
        if self.shape == "gamma":
            return 1.0 / ratio, self.mean_days * ratio
        shape = _weibull_shape(ratio)
        return shape, self.mean_days / math.gamma(1 + 1 / shape)

    def _bisect(self, p: float) -> float:
        low, high = 0.0, self.mean_days
        while self.cdf(high) < p:
            high *= 2
        for _ in range(200):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            low, high = (middle, high) if self.cdf(middle) < p else (low, middle)
        return (low + high) / 2


def _weibull_shape(ratio: float) -> float:
    # squared coefficient of variation falls with the shape, so halving the interval of its logarithm finds it
    low, high = math.log(0.1), math.log(200.0)
    for _ in range(100):
        shape = math.exp((low + high) / 2)
        spread = math.expm1(math.lgamma(1 + 2 / shape) - 2 * math.lgamma(1 + 1 / shape))
        low, high = ((low + high) / 2, high) if spread > ratio else (low, (low + high) / 2)
    return math.exp((low + high) / 2)


def gamma_share(shape: float, x: float) -> float:
    """Regularised lower incomplete gamma function P(shape, x).

    Notes
    -----
    Power series below ``shape + 1``, continued fraction (modified Lentz) above it: each converges fast on its side.

    References
    ----------
    Press et al., Numerical Recipes, 3rd ed., section 6.2 (ISBN 978-0-521-88068-8).
    """
    if x <= 0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1.0 / shape
        n = shape
        while abs(term) > abs(total) * 1e-17:
            n += 1
            term *= x / n
            total += term
        return min(1.0, front * total)
    return max(0.0, 1.0 - front * _upper_fraction(shape, x))


def _upper_fraction(shape: float, x: float) -> float:
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    result = d
    for i in range(1, 10_000):
        step = -i * (i - shape)
        b += 2
        d = 1 / (step * d + b or tiny)
        c = b + step / c or tiny
        result *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return result
