"""The manifest: the one name in a log that is ever replaced, and the list of all files that count."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from suyuan.exposure.log.arrays import force_to_disk
from suyuan.terms import BadInput

NAME = "manifest.json"
FORMAT = 1
DICTIONARIES = ("persons", "places", "zones", "sources", "cells")


class RecordFile(msgspec.Struct):
    """A Parquet file of versions, and the bounds of their starts and ends in seconds since 1970."""

    file: str
    rows: int
    first_start: int
    first_end: int
    last_end: int


class DeadFile(msgspec.Struct):
    """Positions of superseded rows of one segment."""

    file: str
    rows: int


class SegmentFile(msgspec.Struct):
    """A packed segment and what is dead in it; ``base`` tells the folded segment of an era from its deltas."""

    file: str
    era: int
    rows: int
    base: bool
    dense: bool
    dead: list[DeadFile] = []

    @property
    def n_living(self) -> int:
        """Rows that were not superseded."""
        return self.rows - sum(dead.rows for dead in self.dead)


class BlockFile(msgspec.Struct):
    """A run of numbers of one dictionary."""

    file: str
    first: int
    count: int


class ImportEntry(msgspec.Struct):
    """One line of the import ledger; ``key`` is the digest of the file."""

    key: str
    name: str
    recorded_at: int
    rows: int
    visits: int
    duplicates: int
    refused: int


class Manifest(msgspec.Struct):
    """All that a snapshot of the log consists of."""

    timezone: str
    format: int = FORMAT
    version: int = 0
    next_file: int = 1
    next_row: int = 1
    n_encounters: int = 0
    records: list[RecordFile] = []
    encounter_records: list[RecordFile] = []
    segments: list[SegmentFile] = []
    dictionaries: dict[str, list[BlockFile]] = {}
    cells: str | None = None
    coordinates: str | None = None
    encounters: str | None = None
    imports: list[ImportEntry] = []

    def files(self) -> Iterator[str]:
        """Name every file that belongs to this snapshot."""
        for record in (*self.records, *self.encounter_records):
            yield record.file
        for segment in self.segments:
            yield segment.file
            yield from (dead.file for dead in segment.dead)
        for blocks in self.dictionaries.values():
            yield from (block.file for block in blocks)
        yield from (name for name in (self.cells, self.coordinates, self.encounters) if name)

    def count(self, dictionary: str) -> int:
        """Numbers given out by a dictionary so far."""
        blocks = self.dictionaries.get(dictionary)
        return blocks[-1].first + blocks[-1].count if blocks else 0

    @property
    def n_visits(self) -> int:
        """Living visits."""
        return sum(segment.n_living for segment in self.segments)

    def copy(self) -> Manifest:
        """Make a copy that may be changed."""
        return msgspec.json.decode(msgspec.json.encode(self), type=Manifest)


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of the log in a folder.

    Raises
    ------
    BadInput
        If there is no log, it was written by a newer edition of the program, or the manifest is damaged.
    """
    try:
        text = (path / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise BadInput("log.absent", path=path) from fault
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.DecodeError as fault:
        raise BadInput("log.damaged", file=NAME, path=path) from fault
    if manifest.format > FORMAT:
        raise BadInput("log.newer", path=path, format=manifest.format)
    return manifest


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Replace the manifest: after a crash the old one stands or the new one, never a mixture."""
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    temporary = path / f"{NAME}.new"
    with temporary.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    force_to_disk(path)  # the new files' names first: a manifest must never outlive what it names
    temporary.replace(path / NAME)
    force_to_disk(path)
