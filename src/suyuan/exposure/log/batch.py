"""What goes into the log, a batch of columns at a time: visits and encounters that have passed every check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int32]
Instants = npt.NDArray[np.int64]


class Coded(NamedTuple):
    """A text column as numbers into its list of texts.

    Parameters
    ----------
    codes
        int32, shape (rows,): position of the row's text in ``texts``.
    texts
        Arrow string array of unique, non-null texts; may hold texts that no row uses.
    """

    codes: Codes
    texts: pa.Array

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray | Sequence[str] | npt.NDArray[np.str_]) -> Coded:
        """Encode a column of texts without nulls.

        Parameters
        ----------
        column
            Arrow array (plain or dictionary) or a sequence of texts, shape (rows,).

        Raises
        ------
        ValueError
            If a text is null.

        Examples
        --------
        >>> Coded.of(["b", "a", "b"]).codes.tolist(), Coded.of(["b", "a", "b"]).texts.to_pylist()
        ([0, 1, 0], ['b', 'a'])
        """
        whole = column if isinstance(column, pa.Array | pa.ChunkedArray) else pa.array(column, pa.string())
        if isinstance(whole, pa.ChunkedArray):
            whole = whole.combine_chunks()
        if whole.null_count:
            raise ValueError("A coded column may not hold nulls.")
        if not pa.types.is_dictionary(whole.type):
            whole = pc.dictionary_encode(whole)
        return cls(_numbers(whole.indices, np.int32), whole.dictionary.cast(pa.string()))

    @classmethod
    def constant(cls, text: str, rows: int) -> Coded:
        """Encode one text that stands in every row."""
        return cls(np.zeros(rows, np.int32), pa.array([text], pa.string()))

    def decode(self) -> pa.Array:
        """Write the column out again as an Arrow string array, shape (rows,)."""
        return self.texts.take(pa.array(self.codes))

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Coded:
        """Keep some rows (positions or a mask); the list of texts stays whole."""
        return Coded(self.codes[rows], self.texts)


@dataclass(frozen=True, slots=True)
class VisitBatch:
    """Valid visits as columns of one length.

    Parameters
    ----------
    person, place, zone, source
        Texts; ``zone`` is ``""`` where it is not known, ``source`` ``"location"`` for location data only.
    kind
        uint8, shape (rows,): position in ``terms.PLACE_KINDS``.
    t_in, t_out
        int64, shape (rows,): seconds since 1970 UTC; the interval contains its start, not its end.
    confidence
        float32, shape (rows,): 0 to 1.
    """

    person: Coded
    place: Coded
    zone: Coded
    source: Coded
    kind: npt.NDArray[np.uint8]
    t_in: Instants
    t_out: Instants
    confidence: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.t_in)

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Self:
        """Keep some rows, given by position or by a mask of shape (rows,)."""
        return type(self)(
            person=self.person.take(rows),
            place=self.place.take(rows),
            zone=self.zone.take(rows),
            source=self.source.take(rows),
            kind=self.kind[rows],
            t_in=self.t_in[rows],
            t_out=self.t_out[rows],
            confidence=self.confidence[rows],
        )

    def to_table(self) -> pa.Table:
        """Write the batch out as an Arrow table with texts (for tests, exports and small answers)."""
        return pa.table(
            {
                "person_id": self.person.decode(),
                "place_id": self.place.decode(),
                "zone": self.zone.decode(),
                "source": self.source.decode(),
                "kind": self.kind,
                "t_in": self.t_in,
                "t_out": self.t_out,
                "confidence": self.confidence,
            }
        )


@dataclass(frozen=True, slots=True)
class EncounterBatch:
    """Valid encounters as columns of one length; the order of the two people means nothing.

    Parameters
    ----------
    person_a, person_b, source
        Texts; the two people of a row differ.
    setting
        uint8, shape (rows,): position in ``terms.PLACE_KINDS``.
    start, end
        int64, shape (rows,): seconds since 1970 UTC; the interval contains its start, not its end.
    """

    person_a: Coded
    person_b: Coded
    source: Coded
    setting: npt.NDArray[np.uint8]
    start: Instants
    end: Instants

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Self:
        """Keep some rows, given by position or by a mask of shape (rows,)."""
        return type(self)(
            person_a=self.person_a.take(rows),
            person_b=self.person_b.take(rows),
            source=self.source.take(rows),
            setting=self.setting[rows],
            start=self.start[rows],
            end=self.end[rows],
        )


def _numbers(column: pa.Array, dtype: npt.DTypeLike) -> npt.NDArray[np.int32]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=dtype)
