"""What the builders of the city hand to each other before the places have numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


@dataclass
class CityDraft:
    """People while the city is being built; places are tickets of the `PlaceBook`, -1 for none."""

    age: NDArray[np.uint8]
    household: NDArray[np.int32]
    quarter: NDArray[np.int32]
    role: NDArray[np.uint8]
    home: NDArray[np.int64]
    home_zone: NDArray[np.int16]
    day: NDArray[np.int64]
    day_zone: NDArray[np.int16]
    canteen: NDArray[np.int64]
    work_quarter: NDArray[np.int32]


class Posts(NamedTuple):
    """Posts to be filled by workers: where, at which place and zone, which canteen, in which role."""

    quarter: NDArray[np.int32]
    place: NDArray[np.int64]
    zone: NDArray[np.int16]
    canteen: NDArray[np.int64]
    role: NDArray[np.uint8]

    @staticmethod
    def none() -> Posts:
        """No posts."""
        return Posts(np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int16), np.zeros(0, np.int64),
                     np.zeros(0, np.uint8))  # fmt: skip

    def and_more(self, more: Posts) -> Posts:
        """Both lists, one after the other."""
        return Posts(
            np.concatenate([self.quarter, more.quarter]),
            np.concatenate([self.place, more.place]),
            np.concatenate([self.zone, more.zone]),
            np.concatenate([self.canteen, more.canteen]),
            np.concatenate([self.role, more.role]),
        )
