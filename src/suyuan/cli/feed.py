"""Between a reader and the log: good rows on to the log, bad ones and the log's own refusals to the error file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.cli.bad_rows import BadRows
from suyuan.exposure.log import EncounterBatch, Refusal, VisitBatch
from suyuan.gateways import Reading, ReadOptions, Rejects
from suyuan.terms import PLACE_KINDS


class Feed:
    """Batches for the writer of a log, one at a time.

    Parameters
    ----------
    reading
        What is read.
    bad
        Where bad rows go.
    options
        How it is read.
    tell
        Called with the rows read so far.
    """

    def __init__(self, reading: Reading[Any], bad: BadRows, options: ReadOptions, tell: Callable[[int], None]) -> None:
        self.name = Path(reading.path).name
        self._reading, self._bad, self._options, self._tell = reading, bad, options, tell
        self._batch: Any = None
        self._handed_before = 0
        self._chunk: tuple[int, int, Any] = (0, 0, ())
        # as a spreadsheet counts: a header is row 1; Parquet and tables in memory have none
        plain = Path(reading.path).suffix.lower() in {".parquet", ""}
        self._next_row = 1 if plain or not options.mapping.file.header else 2

    def __iter__(self) -> Iterator[Any]:
        for batch, rejects in self._reading:
            self._bad.add(rejects)
            self._number(len(batch), rejects)
            self._batch = batch
            yield batch
            self._handed_before += len(batch)
            self._tell(self._reading.counts.n_read)

    def _number(self, n_good: int, rejects: Rejects) -> None:
        """Remember which rows of the file the chunk holds; which of them are good is worked out if one is refused."""
        n_rows = n_good + len(rejects)
        self._chunk = (self._next_row, n_rows, rejects.rows)
        self._next_row += n_rows

    def _row(self, at: int) -> int | None:
        """Find the number of a good row of the chunk; None where blank or joined rows make it uncertain."""
        first, n_rows, bad = self._chunk
        rows = np.setdiff1d(np.arange(first, first + n_rows), bad)
        counts = self._reading.counts
        certain = len(rows) == n_rows - len(bad) and not counts.n_blank and not counts.n_joined
        return int(rows[at]) if certain else None

    def refused(self, refusal: Refusal) -> None:
        """Take back a row that the log did not want; the writer still works on the batch it came with."""
        at = refusal.row - self._handed_before
        row = self._row(at)
        columns = self._options.mapping.columns
        zone = ZoneInfo(self._options.zone_name)
        values = {str(columns.get(name, name)): value for name, value in _values(self._batch, at, zone).items()}
        self._bad.refuse(row, (refusal.code, refusal.sentence(self._bad.lang)), values)


def _values(batch: VisitBatch | EncounterBatch, at: int, zone: ZoneInfo) -> dict[str, object]:
    def text(name: str) -> str:
        column = getattr(batch, name)
        return str(column.texts[int(column.codes[at])].as_py())

    def time(name: str) -> str:
        return datetime.fromtimestamp(int(getattr(batch, name)[at]), UTC).astimezone(zone).isoformat()

    if isinstance(batch, EncounterBatch):
        names = {name: text(name) for name in ("person_a", "person_b", "source")}
        return {
            **names,
            "start": time("start"),
            "end": time("end"),
            "setting": str(PLACE_KINDS[int(batch.setting[at])]),
        }
    return {
        "person_id": text("person"),
        "place_id": text("place"),
        "t_in": time("t_in"),
        "t_out": time("t_out"),
        "place_kind": str(PLACE_KINDS[int(batch.kind[at])]),
        "zone": text("zone"),
        "source": text("source"),
        "confidence": float(batch.confidence[at]),
    }
