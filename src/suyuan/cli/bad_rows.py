"""The error file: rows that did not go in, as they were, with the reasons in words."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from suyuan.gateways import Rejects
from suyuan.terms import say


class BadRows:
    """A CSV of bad rows that appears with the first of them.

    Parameters
    ----------
    path
        Where to write. An older file of that name is replaced, and removed if no row is bad.
    lang
        Language of the sentences.

    Notes
    -----
    Columns: ``row`` (as a spreadsheet counts; empty where it cannot be told), ``reason`` (codes), ``why`` (sentences),
    then the columns of the original under their own headers. UTF-8 with a byte-order mark, which Excel needs to show
    Chinese.
    """

    def __init__(self, path: Path, lang: str) -> None:
        self.path, self.lang = path, lang
        self.n_rows = 0
        self.reasons: Counter[str] = Counter()
        self._sentences: dict[str, str] = {}
        self._headers: list[str] = []
        self._file: Any = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, rejects: Rejects) -> None:
        """Append the rows that a reader refused; also tells which columns the file has."""
        self._headers = self._headers or list(rejects.original.column_names)
        if not len(rejects):
            return
        columns = [rejects.original.column(name).to_pylist() for name in self._headers]
        codes = [" ".join(codes) for codes in rejects.all_reasons()]
        self._write(zip(rejects.rows.tolist(), codes, rejects.sentences(self.lang), *columns, strict=True))
        self.n_rows += len(rejects)
        for code in rejects.reasons():
            self.reasons[code] += 1
            self._sentences.setdefault(code, say(f"reject.{code}", self.lang, **rejects.told))

    def refuse(self, row: int | None, fault: tuple[str, str], values: Mapping[str, object]) -> None:
        """Append one row that was refused behind the reader.

        Parameters
        ----------
        row
            Its number in the file, None if that cannot be told.
        fault
            Code and sentence.
        values
            What stands in the row, by header.
        """
        code, sentence = fault[0].rpartition(".")[2], fault[1]
        self._headers = self._headers or [*values, "line"]
        given = [values.get(header, "") for header in self._headers]
        self._write([("" if row is None else row, code, sentence, *given)])
        self.n_rows += 1
        self.reasons[code] += 1
        self._sentences.setdefault(code, sentence)

    def sentences(self) -> list[tuple[int, str]]:
        """Count the rows by their first reason, the most frequent first; each reason as the first such row had it."""
        return [(number, self._sentences[code]) for code, number in self.reasons.most_common()]

    def _write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(["row", "reason", "why", *self._headers])
        csv.writer(self._file).writerows(rows)
