"""Rows that cannot go in, as they were, each with its number and the reasons in words."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa

from suyuan.gateways.faults import REASONS, Bits
from suyuan.terms import say


@dataclass(frozen=True, slots=True)
class Rejects:
    """Bad rows of one chunk.

    Parameters
    ----------
    rows
        int64 array, shape (bad rows,): number of the row in its file, as a spreadsheet counts (a header is row 1).
    bits
        int64, shape (bad rows,): all reasons, see ``faults.REASONS``.
    original
        Text columns under the file's own headers, only those that were read; a row that does not fit the columns is
        kept whole in the column ``line``.
    told
        Values for the sentences, such as ``max_stay_days``.
    """

    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    bits: Bits
    original: pa.Table
    told: Mapping[str, object] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def reasons(self) -> list[str]:
        """Give the first reason of each row, as a code."""
        return [REASONS[(int(bits) & -int(bits)).bit_length() - 1] for bits in self.bits]

    def all_reasons(self) -> list[tuple[str, ...]]:
        """Give every reason of each row, as codes."""
        return [tuple(code for place, code in enumerate(REASONS) if int(bits) >> place & 1) for bits in self.bits]

    def sentences(self, lang: str = "en") -> list[str]:
        """Say for each row everything that is wrong with it and how to mend it."""
        known = {code: say(f"reject.{code}", lang, **self.told) for codes in self.all_reasons() for code in codes}
        gap = "" if lang == "zh" else " "
        return [gap.join(known[code] for code in codes) for codes in self.all_reasons()]

    def by_reason(self) -> Counter[str]:
        """Count the rows by their first reason; the counts add up to the number of rows."""
        return Counter(self.reasons())


class RejectsFile:
    """A CSV of bad rows that grows as a file is read; it appears with the first bad row.

    Parameters
    ----------
    path
        Where to write. An older file of that name is replaced, and removed if no row is bad.
    lang
        Language of the sentences, ``en`` or ``zh``.

    Notes
    -----
    The columns are ``row``, ``reason`` (codes), ``why`` (sentences), the read columns of the original under their own
    headers, and ``line`` for rows that have the wrong number of columns. Written as UTF-8 with a byte-order mark, which
    Excel needs to show Chinese.
    """

    def __init__(self, path: str | Path, lang: str = "en") -> None:
        self.path, self.lang, self.n_rows = Path(path), lang, 0
        self._file: Any = None
        self._headers: list[str] = []

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def add(self, rejects: Rejects) -> None:
        """Append the bad rows of one chunk."""
        if not len(rejects):
            return
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._headers = rejects.original.column_names
            csv.writer(self._file).writerow(["row", "reason", "why", *self._headers])
        columns = [rejects.original.column(name).to_pylist() for name in self._headers]
        codes = (" ".join(all_codes) for all_codes in rejects.all_reasons())
        csv.writer(self._file).writerows(
            zip(rejects.rows.tolist(), codes, rejects.sentences(self.lang), *columns, strict=True)
        )
        self.n_rows += len(rejects)

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def write_rejects(path: str | Path, rejects: Iterable[Rejects], lang: str = "en") -> int:
    """Write bad rows to a CSV with their reasons; no file if there are none.

    Parameters
    ----------
    rejects
        Chunks of one file, in order.

    Returns
    -------
    int
        How many rows were written.
    """
    with RejectsFile(path, lang) as file:
        for chunk in rejects:
            file.add(chunk)
    return file.n_rows


def together(parts: list[Rejects], headers: Iterable[str]) -> Rejects:
    """Join the rejects of several chunks of one file.

    Parameters
    ----------
    headers
        The file's own headers that were read, for a file without a single chunk.
    """
    if parts:
        rows = np.concatenate([part.rows for part in parts])
        bits = np.concatenate([part.bits for part in parts])
        return Rejects(rows, bits, pa.concat_tables([part.original for part in parts]), parts[0].told)
    empty = pa.table({name: pa.array([], pa.string()) for name in (*headers, "line")})
    return Rejects(np.zeros(0, np.int64), np.zeros(0, np.int64), empty)
