"""Who infected whom as trees: children, sizes, and an order in which everybody comes after their infector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Forest:
    """Trees over people numbered by their position in the list given.

    Parameters
    ----------
    parent
        Number of the infector, -1 for the root of a tree.
    children
        Numbers of those a person infected, in the order of the list.
    order
        Everybody, infectors before those they infected.
    size
        People in the subtree that begins with a person, that person included.
    unknown
        People whose infector is named but not in the list; they are roots.
    circles
        Groups who infected each other in a circle; the first of each group was made a root.
    """

    parent: list[int]
    children: list[list[int]]
    order: list[int]
    size: list[int]
    unknown: list[int]
    circles: list[list[int]]

    @property
    def roots(self) -> list[int]:
        """Numbers of the roots in the order of the list."""
        return [number for number, parent in enumerate(self.parent) if parent < 0]


def grow_forest(ids: Sequence[str], infectors: Sequence[str | None], dates: Sequence[float] | None = None) -> Forest:
    """Grow trees from pairs of infectee and infector.

    Parameters
    ----------
    ids
        Codes, each once.
    infectors
        Code of the infector of each, or None.
    dates
        Anything that orders people in time; a circle is cut before its earliest member. Default: list order.

    Examples
    --------
    >>> forest = grow_forest(["a", "b", "c", "d"], [None, "a", "b", "x"])
    >>> forest.roots, forest.size, forest.unknown
    ([0, 3], [3, 2, 1, 1], [3])
    """
    number = {code: place for place, code in enumerate(ids)}
    parent = [-1 if infector is None else number.get(infector, -2) for infector in infectors]
    unknown = [place for place, infector in enumerate(parent) if infector == -2]
    for place in unknown:
        parent[place] = -1
    circles = _cut_circles(parent, range(len(ids)) if dates is None else dates)
    children: list[list[int]] = [[] for _ in ids]
    for place, infector in enumerate(parent):
        if infector >= 0:
            children[infector].append(place)
    order = [place for place, infector in enumerate(parent) if infector < 0]
    for place in order:  # grows while it is walked: breadth first
        order += children[place]
    size = [1] * len(parent)
    for place in reversed(order):
        if parent[place] >= 0:
            size[parent[place]] += size[place]
    return Forest(parent, children, order, size, unknown, circles)


def _cut_circles(parent: list[int], dates: Sequence[float]) -> list[list[int]]:
    """Make the earliest member of each circle a root; return the circles, that member first."""
    walk_of = [0] * len(parent)
    found = []
    for start in range(len(parent)):
        place = start
        while place >= 0 and not walk_of[place]:
            walk_of[place] = start + 1
            place = parent[place]
        if place >= 0 and walk_of[place] == start + 1:  # met its own track: a circle not seen before
            circle = [place]
            while parent[circle[-1]] != place:
                circle.append(parent[circle[-1]])
            first = min(circle, key=lambda one: (dates[one], one))
            parent[first] = -1
            found.append([first, *(one for one in circle if one != first)])
    return found
