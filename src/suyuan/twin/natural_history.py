"""The course of an infection in one person: the part that both epidemic engines share."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

MINUTES_PER_DAY = 1440
SHORTEST_LATENT_SHARE = 0.2
"""Nobody infects in the first fifth of the incubation, however early infectiousness was drawn (assumed)."""


class Spread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A delay: gamma by its mean and standard deviation, in days."""

    mean_days: float
    sd_days: float

    def draw(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw n delays in days; a standard deviation of 0 gives the mean."""
        if self.sd_days <= 0:
            return np.full(n, self.mean_days)
        shape = (self.mean_days / self.sd_days) ** 2
        return rng.gamma(shape, self.mean_days / shape, n)


class NaturalHistory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an infection runs: times, symptoms and infectiousness.

    Attributes
    ----------
    pathogen
        Its name, for the record.
    incubation
        Infection to onset. Those without symptoms keep the date on which they would have had them.
    presymptomatic
        How long before onset infectiousness begins; negative values are not drawn, so an illness that infects only
        from onset says mean 0, sd 0.
    infectiousness
        Relative infectiousness by whole day since it began; the largest is 1.
    symptomatic_share, asymptomatic_infectiousness
        Share with symptoms; infectiousness of the others relative to them.
    r0
        Mean number infected by one person among susceptible people of this city, everything else left alone.
    dispersion_k
        Dispersion of that number; small means superspreading.
    source
        Where the numbers come from.

    Notes
    -----
    Infection to infectiousness (latent) = incubation - presymptomatic, at least a fifth of the incubation.
    """

    pathogen: str
    incubation: Spread
    presymptomatic: Spread
    infectiousness: tuple[float, ...]
    symptomatic_share: float
    asymptomatic_infectiousness: float
    r0: float
    dispersion_k: float
    source: str

    def mean_generation_days(self, n_draws: int, rng: np.random.Generator) -> float:
        """Mean time from infection to infecting, by Monte Carlo over the delays, contacts being the same each day."""
        latent = draw_courses(self, n_draws, rng).latent_minutes.mean() / MINUTES_PER_DAY
        curve = np.array(self.infectiousness)
        return float(latent + (curve * (np.arange(len(curve)) + 0.5)).sum() / curve.sum())


class Courses(NamedTuple):
    """n infections, in minutes after infection; arrays of shape (n,)."""

    latent_minutes: NDArray[np.int64]
    incubation_minutes: NDArray[np.int64]
    symptomatic: NDArray[np.bool_]


def draw_courses(history: NaturalHistory, n: int, rng: np.random.Generator) -> Courses:
    """Draw how n infections will run.

    Examples
    --------
    >>> measles = NaturalHistory("measles", Spread(12.5, 3.0), Spread(2.0, 0.5), (1.0, 0.8), 0.98, 1.0, 14.0, 0.5, "")
    >>> courses = draw_courses(measles, 1000, np.random.default_rng(1))
    >>> round(courses.incubation_minutes.mean() / 1440), round(courses.latent_minutes.mean() / 1440)
    (12, 10)
    """
    incubation = history.incubation.draw(n, rng)
    presymptomatic = history.presymptomatic.draw(n, rng)
    latent = np.maximum(incubation - presymptomatic, SHORTEST_LATENT_SHARE * incubation)
    return Courses(
        np.maximum(1, latent * MINUTES_PER_DAY).astype(np.int64),
        np.maximum(2, incubation * MINUTES_PER_DAY).astype(np.int64),
        rng.random(n) < history.symptomatic_share,
    )


def draw_factors(dispersion: float, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw how infectious n people are relative to the mean: gamma, mean 1.

    Parameters
    ----------
    dispersion
        Shape of the gamma; infinite means everybody is alike.

    References
    ----------
    Lloyd-Smith et al. 2005, doi:10.1038/nature04153.
    """
    if not np.isfinite(dispersion):
        return np.ones(n)
    return rng.gamma(dispersion, 1.0 / dispersion, n)
