"""What is known of places apart from visits: kinds that the owner states, and coordinates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from suyuan.exposure.log.arrays import map_arrays, write_arrays
from suyuan.exposure.log.batch import Coded
from suyuan.exposure.log.cells import UNSAID
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.numbering import Numbering
from suyuan.exposure.log.outcome import OnRefusal, Outcome, RefusalList
from suyuan.terms import PLACE_KINDS


@dataclass(frozen=True, slots=True)
class PlaceBatch:
    """Places as columns of one length.

    Parameters
    ----------
    place
        Texts.
    kind
        uint8, shape (rows,): position in ``terms.PLACE_KINDS``; ``other`` says nothing.
    longitude, latitude
        float64, shape (rows,): degrees, WGS 84; nan where unknown.
    """

    place: Coded
    kind: npt.NDArray[np.uint8]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.kind)


def describe_places(
    change: Change, batch: PlaceBatch, *, replace_kinds: bool, on_refusal: OnRefusal | None = None
) -> Outcome:
    """Take the list of places in.

    Parameters
    ----------
    replace_kinds
        Whether a kind in this list may replace another that was said before.
    on_refusal
        Told of each row that contradicts the kind on record, or lies outside the globe; such a row changes nothing.
    """
    refusals, numbering = RefusalList(on_refusal), Numbering(change)
    place = numbering.coded("places", batch.place)
    off = (np.abs(batch.longitude) > 180) | (np.abs(batch.latitude) > 90)
    accepted = []
    for row in range(len(batch)):
        said, known = int(batch.kind[row]), int(numbering.place_kind[place[row]])
        text = batch.place.texts[int(batch.place.codes[row])].as_py()
        if off[row]:
            refusals.add(row, "log.off_the_globe", place=text)
        elif UNSAID not in (said, known) and said != known and not replace_kinds:
            kinds = {"said": str(PLACE_KINDS[said]), "known": str(PLACE_KINDS[known])}
            refusals.add(row, "log.kind_contradicts", place=text, **kinds)
        else:
            accepted.append(row)
            if said != UNSAID:
                numbering.set_kind(int(place[row]), said)
    numbering.save(change)
    rows = np.array(accepted, np.intp)
    _store_coordinates(change, place[rows], batch.longitude[rows], batch.latitude[rows])
    return Outcome(rows=len(batch), n_refused=refusals.count, refused=tuple(refusals.kept))


def _store_coordinates(
    change: Change, place: npt.NDArray[np.uint32], longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
) -> None:
    stored = map_arrays(change.path / change.manifest.coordinates) if change.manifest.coordinates else {}
    known = ~(np.isnan(longitude) | np.isnan(latitude))
    arrays = {}
    for name, column in (("longitude", longitude), ("latitude", latitude)):
        whole = np.full(change.manifest.count("places"), np.nan)
        before = stored.get(name, whole[:0])
        whole[: len(before)] = before
        whole[place[known]] = column[known]
        arrays[name] = whole
    path = change.new_file("coordinates")
    write_arrays(path, arrays)
    change.manifest.coordinates = path.name
