"""The ground plan: quarters, and the book in which every builder enters its places."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.terms import PLACE_KINDS, PlaceKind
from suyuan.twin.city import KIND, Places

GOLDEN_ANGLE = np.pi * (3.0 - np.sqrt(5.0))
KIND_SHIFT = 32


class Quarters(NamedTuple):
    """Centres of the quarters in km from the city's centre, and how far their places scatter."""

    x_km: NDArray[np.float64]
    y_km: NDArray[np.float64]
    spread_km: float

    def scatter(self, quarter: NDArray[np.int32], rng: np.random.Generator) -> NDArray[np.float32]:
        """Draw a position near the centre of each quarter given; shape (2, n)."""
        noise = rng.normal(0.0, self.spread_km, (2, len(quarter)))
        return np.stack([self.x_km[quarter], self.y_km[quarter]]).astype(np.float32) + noise.astype(np.float32)


def lay_quarters(n_people: int, quarter_people: int, people_per_km2: float, rng: np.random.Generator) -> Quarters:
    """Lay quarters of equal population on a disc, in the order of a sunflower's seeds.

    Parameters
    ----------
    n_people, quarter_people
        People in the city and in one quarter.
    people_per_km2
        Mean density.
    rng
        Source of chance, for a little disorder.
    """
    n = max(1, round(n_people / quarter_people))
    radius = np.sqrt(n_people / people_per_km2 / np.pi)
    order = np.arange(n)
    distance = radius * np.sqrt((order + 0.5) / n)
    spread = float(radius / np.sqrt(n))
    noise = rng.normal(0.0, spread / 6, (2, n))
    x = distance * np.cos(order * GOLDEN_ANGLE) + noise[0]
    y = distance * np.sin(order * GOLDEN_ANGLE) + noise[1]
    return Quarters(x, y, spread / 2)


class PlaceBook:
    """Takes places in any order and numbers them by kind and quarter when it is closed."""

    def __init__(self, quarters: Quarters) -> None:
        self.quarters = quarters
        self._blocks: dict[int, list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]]] = {}
        self._counts: dict[int, int] = {}

    def enter(
        self, kind: PlaceKind, quarter: NDArray[np.int32], zones: NDArray[np.int32], position: NDArray[np.float32]
    ) -> NDArray[np.int64]:
        """Enter places and return a ticket for each, to be changed for its number by `numbers`.

        Parameters
        ----------
        kind
            One kind for all of them.
        quarter, zones
            Quarter and number of zones of each; shape (place,).
        position
            Kilometres east and north of the centre, shape (2, place); NaN for what moves.
        """
        number = KIND[kind]
        known = self._counts.get(number, 0)
        self._blocks.setdefault(number, []).append((quarter, zones, position))
        self._counts[number] = known + len(quarter)
        return (np.int64(number) << KIND_SHIFT) + np.arange(known, known + len(quarter), dtype=np.int64)

    def close(self) -> Places:
        """Give all places their numbers: by kind, then by quarter, then as entered."""
        n_quarters = len(self.quarters.x_km)
        first_of_kind = np.zeros((len(PLACE_KINDS), n_quarters + 1), dtype=np.int32)
        kinds, quarters, zones, positions = [], [], [], []
        self._number: dict[int, NDArray[np.int32]] = {}
        before = 0
        for kind in range(len(PLACE_KINDS)):
            blocks = self._blocks.get(kind, [])
            quarter = np.concatenate([np.zeros(0, np.int32), *(block[0] for block in blocks)]).astype(np.int32)
            order = np.argsort(quarter, kind="stable")
            number = np.empty(len(order), dtype=np.int32)
            number[order] = before + np.arange(len(order), dtype=np.int32)
            self._number[kind] = number
            first_of_kind[kind] = before + np.searchsorted(quarter[order], np.arange(n_quarters + 1))
            before += len(order)
            kinds.append(np.full(len(order), kind, dtype=np.uint8))
            quarters.append(quarter[order])
            zones.extend([np.concatenate([block[1] for block in blocks])[order]] if blocks else [])
            positions.extend([np.concatenate([block[2] for block in blocks], axis=1)[:, order]] if blocks else [])
        zone_count = np.concatenate(zones).astype(np.int32)
        position = np.concatenate(positions, axis=1)
        first_cell = np.concatenate([[0], np.cumsum(np.maximum(zone_count, 1))]).astype(np.int32)
        return Places(
            np.concatenate(kinds), np.concatenate(quarters), zone_count, first_cell,
            position[0].astype(np.float32), position[1].astype(np.float32), first_of_kind,
        )  # fmt: skip

    def numbers(self, tickets: NDArray[np.int64]) -> NDArray[np.int32]:
        """Change tickets for place numbers once the book is closed; -1 stays -1."""
        result = np.full(len(tickets), -1, dtype=np.int32)
        for kind, number in self._number.items():
            mine = (tickets >= 0) & (tickets >> KIND_SHIFT == kind)
            result[mine] = number[tickets[mine] & ((1 << KIND_SHIFT) - 1)]
        return result
