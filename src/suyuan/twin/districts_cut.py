"""Cut a convex piece of land into convex parts of about the same population, by straight lines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (point, 2): kilometres east and north, or any plane."""

TURN_SD = 0.25
"""How much a cut leans from straight across, radians: so that no map of the city looks ruled."""


class Part(NamedTuple):
    """A part: its corners, counter-clockwise, and the numbers of the points in it."""

    corners: Points
    inside: NDArray[np.int64]


def outline(points: Points, margin: float) -> Points:
    """Corners of a convex piece of land around all points.

    Parameters
    ----------
    points
        What it must hold; at least one.
    margin
        Distance kept from the outermost.
    """
    low, high = points.min(axis=0) - 2 * margin, points.max(axis=0) + 2 * margin
    corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    for angle in np.linspace(0, 2 * np.pi, 40, endpoint=False):
        direction = np.array([np.cos(angle), np.sin(angle)])
        corners = _clip(corners, direction, float((points @ direction).max()) + margin)
    return corners


def cut_even(
    part: Part, n_parts: int, points: Points, weights: NDArray[np.float64], rng: np.random.Generator
) -> list[Part]:
    """Cut a part into n parts of about equal weight.

    Parameters
    ----------
    part
        What is cut.
    n_parts
        At least 1.
    points, weights
        Of everything; the part's numbers point into them.
    rng
        Source of chance, for the lean of the lines.

    Notes
    -----
    Halved again and again across the longer extent, at the weighted quantile that leaves each side its share of
    parts; parts of convex land cut by lines are convex, so they meet without gaps and hold exactly their points.
    """
    if n_parts == 1:
        return [part]
    n_left = n_parts // 2
    own, weight = points[part.inside], weights[part.inside]
    direction = _long_way(own if len(own) > 2 else part.corners, rng)
    along = own @ direction
    order = np.argsort(along, kind="stable")
    total = np.cumsum(weight[order] if weight.sum() > 0 else np.ones(len(order)))
    at = int(np.searchsorted(total, total[-1] * n_left / n_parts)) if len(order) else 0
    if len(order) > 1:
        at = min(max(at, 0), len(order) - 2)
        line = float(along[order[at]] + along[order[at + 1]]) / 2
    else:
        line = float((part.corners @ direction).mean())
    left = Part(_clip(part.corners, direction, line), part.inside[along <= line])
    right = Part(_clip(part.corners, -direction, -line), part.inside[along > line])
    return [
        *cut_even(left, n_left, points, weights, rng),
        *cut_even(right, n_parts - n_left, points, weights, rng),
    ]


def _long_way(points: Points, rng: np.random.Generator) -> Points:
    """Return a unit vector along the longest extent, leaning a little."""
    spread = np.cov(points.T)
    main = np.linalg.eigh(spread)[1][:, -1]
    angle = np.arctan2(main[1], main[0]) + rng.normal(0.0, TURN_SD)
    return np.array([np.cos(angle), np.sin(angle)])


def _clip(corners: Points, direction: Points, line: float) -> Points:
    """Keep of a convex polygon what lies at most at ``line`` along ``direction`` (Sutherland and Hodgman 1974)."""
    beyond = corners @ direction - line
    kept = []
    for one, here, there in zip(range(len(corners)), beyond, np.roll(beyond, -1), strict=True):
        start, end = corners[one], corners[(one + 1) % len(corners)]
        if here <= 0:
            kept.append(start)
        if (here < 0 < there) or (there < 0 < here):
            kept.append(start + (end - start) * (here / (here - there)))
    return np.array(kept)
