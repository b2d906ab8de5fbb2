"""Places: their kind and where they lie."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.gateways.columns import PLACES, find_columns
from suyuan.gateways.faults import Faults
from suyuan.gateways.opening import open_source
from suyuan.gateways.options import ReadOptions
from suyuan.gateways.reading import Chunk, as_text, gather_rejects
from suyuan.gateways.rejects import Rejects, together
from suyuan.gateways.texts import (
    NO_KIND,
    UNKNOWN_KIND,
    TextShape,
    check_decoded,
    check_labels,
    constant_text,
    kinds_of,
    read_text_column,
)


@dataclass(frozen=True, slots=True)
class Places:
    """Known places, one row each.

    Parameters
    ----------
    codes
        Arrow string array, shape (places,): unique ``place_id``.
    kind
        uint8, shape (places,): position in ``terms.PLACE_KINDS``.
    longitude, latitude
        float64, shape (places,): degrees, nan where not known.
    """

    codes: pa.Array
    kind: npt.NDArray[np.uint8]
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.codes)

    def holds(self, texts: pa.Array) -> npt.NDArray[np.bool_]:
        """Whether each text is a known place: shape (texts,)."""
        return np.asarray(pc.is_in(texts, value_set=self.codes))

    def kinds(self, texts: pa.Array) -> npt.NDArray[np.uint8]:
        """Kind of each place, 254 where it is not known: shape (texts,)."""
        found = pc.index_in(texts, value_set=self.codes)
        with_unknown = np.append(self.kind, np.uint8(NO_KIND)).astype(np.uint8)
        kinds: npt.NDArray[np.uint8] = with_unknown[np.asarray(found.fill_null(len(self.codes)))]
        return kinds

    def digest(self) -> str:
        """Fingerprint of codes and kinds, the part that changes how visits are read."""
        lines = zip(self.codes.to_pylist(), self.kind.tolist(), strict=True)
        return hashlib.sha256("\n".join(sorted(f"{kind} {code}" for code, kind in lines)).encode()).hexdigest()


def read_places(path: str | Path, options: ReadOptions) -> tuple[Places, Rejects]:
    """Read a places file: ``place_id``, ``place_kind`` and, if known, ``longitude`` and ``latitude`` in degrees.

    Returns
    -------
    Places
        The good rows.
    Rejects
        The others; a place named again is refused, the first row holds.

    Raises
    ------
    BadInput
        If the file as a whole cannot be used.
    """
    source = open_source(path, options.mapping)
    found = find_columns(source.path, source.headers, PLACES, options.mapping)
    parts, rejects = [], []
    seen: set[str] = set()
    for chunk in source.chunks(found, options.batch_rows):
        part, faults = _check(
            chunk, TextShape(source.path, options.mapping.file.missing, options.mapping.values), options
        )
        again = np.zeros(faults.rows, np.bool_)
        for row in np.flatnonzero(faults.good()):
            again[row] = (code := part.codes[int(row)].as_py()) in seen
            seen.add(code)
        faults.mark("place_twice", again)
        good = faults.good()
        codes = part.codes.filter(pa.array(good))
        parts.append(Places(codes, part.kind[good], part.longitude[good], part.latitude[good]))
        rejects.append(gather_rejects(chunk, faults, found, options))
    return _joined(parts), together(rejects, found.values())


def _check(chunk: Chunk, shape: TextShape, options: ReadOptions) -> tuple[Places, Faults]:
    faults = Faults(len(chunk.rows))
    constants = options.mapping.constants
    columns = {}
    for name in ("place_id", "place_kind"):
        given = chunk.columns.get(name)
        columns[name] = (
            constant_text(constants[name], faults.rows) if given is None else read_text_column(given, name, shape)
        )
        check_decoded(faults, columns[name])
    place = columns["place_id"]
    if place.missing is not None:
        faults.mark("missing_place", place.missing)
    check_labels(faults, place)
    kind = kinds_of(columns["place_kind"])
    faults.mark("unknown_kind", kind >= NO_KIND)
    longitude, wrong_longitude = _degrees(chunk, "longitude", faults.rows, 180)
    latitude, wrong_latitude = _degrees(chunk, "latitude", faults.rows, 90)
    half = np.isnan(longitude) != np.isnan(latitude)
    faults.mark("coordinates", wrong_longitude | wrong_latitude | half)
    return Places(place.coded.decode(), np.where(kind == UNKNOWN_KIND, 0, kind), longitude, latitude), faults


def _degrees(chunk: Chunk, name: str, rows: int, limit: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    if name not in chunk.columns:
        return np.full(rows, np.nan), np.zeros(rows, np.bool_)
    texts = pl.Series(as_text(chunk.columns[name])).str.strip_chars(" ")
    given = (texts.is_not_null() & (texts != "")).to_numpy()
    values = np.array(texts.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy())
    return values, given & ~(np.abs(values) <= limit)


def _joined(parts: list[Places]) -> Places:
    return Places(
        pa.concat_arrays([pa.array([], pa.string()), *(part.codes for part in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(part.kind for part in parts)]).astype(np.uint8),
        np.concatenate([np.zeros(0), *(part.longitude for part in parts)]),
        np.concatenate([np.zeros(0), *(part.latitude for part in parts)]),
    )
