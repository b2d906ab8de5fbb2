"""Tables of persons, cases and contacts: any CSV or Excel, row by row as texts, with the row's number in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from suyuan.gateways.mapping import Mapping
from suyuan.gateways.opening import open_source
from suyuan.gateways.reading import Source, as_text
from suyuan.terms import BadInput, IncomingRow, UploadKind

PERSON = (
    "person_code", "name", "sex", "birth_date", "birth_year", "identity_kind", "identity_number", "telephones",
    "address", "workplace", "area", "occupation", "household", "vulnerabilities", "language",
)  # fmt: skip
COLUMNS: dict[UploadKind, tuple[str, ...]] = {
    UploadKind.PEOPLE: PERSON,
    UploadKind.CASES: (
        *PERSON,
        "classification",
        "course",
        "severity",
        "date_onset",
        "date_sampling",
        "date_reporting",
        "date_confirmation",
        "date_isolation",
        "date_outcome",
        "generation",
        "found_by",
    ),
    UploadKind.CONTACTS: (
        *PERSON,
        "infector_code",
        "ring",
        "first_exposure",
        "last_exposure",
        "place",
        "place_kind",
        "minutes",
        "reason",
    ),
}
"""Our columns of each kind, all optional in the file; what a row needs is judged row by row."""

LONGEST_CELL = 500
MISFIT = "row_misfit"
"""Stands in the values of a row that has the wrong number of columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table: which of its columns are read, which are not."""

    kind: UploadKind
    source: Source
    found: dict[str, str]
    unused: tuple[str, ...]

    def rows(self, at_once: int = 500) -> Iterator[list[IncomingRow]]:
        """Hand out the rows in order, some at a time; cells are stripped, empty ones left out."""
        waiting: list[IncomingRow] = []
        for chunk in self.source.chunks(self.found, at_once):
            columns = {name: as_text(column).to_pylist() for name, column in chunk.columns.items()}
            rows = [
                IncomingRow(number=int(number), values=_filled({name: texts[i] for name, texts in columns.items()}))
                for i, number in enumerate(chunk.rows)
            ]
            rows += [IncomingRow(number=number, values={MISFIT: text}) for number, text in chunk.misfits]
            waiting += sorted(rows, key=lambda row: row.number)
            while len(waiting) >= at_once:
                yield waiting[:at_once]
                waiting = waiting[at_once:]
        if waiting:
            yield waiting


def open_table(path: Path, kind: UploadKind) -> Table:
    """Open a table and find its columns.

    Raises
    ------
    BadInput
        If the file cannot be read, a column stands there twice, or none of ours does.
    """
    source = open_source(path, Mapping())
    headers = [header.strip() for header in source.headers]
    wanted = COLUMNS[kind]
    twice = {header for header in headers if header in wanted and headers.count(header) > 1}
    if twice:
        raise BadInput("uploads.column_twice", column=min(twice))
    found = {header: theirs for header, theirs in zip(headers, source.headers, strict=True) if header in wanted}
    if not found:
        raise BadInput("uploads.no_column", columns=", ".join(wanted))
    unused = tuple(header for header in headers if header not in wanted)
    return Table(kind, source, found, unused)


def _filled(values: dict[str, str | None]) -> dict[str, str]:
    return {name: text for name, value in values.items() if value and (text := value.strip())}
