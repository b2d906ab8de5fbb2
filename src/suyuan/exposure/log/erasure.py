"""Erasure: what ended before a date leaves every file, and so do the codes of persons of whom nothing is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.exposure.log.arrays import map_arrays
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.dictionary import Dictionary, erase_texts
from suyuan.exposure.log.encounters import meetings_of, open_encounters, store_encounters
from suyuan.exposure.log.index import any_ended, append_segment, living_rows, part_of
from suyuan.exposure.log.manifest import RecordFile, SegmentFile
from suyuan.exposure.log.record import ENCOUNTERS, VISITS, RecordWriter, read_versions
from suyuan.exposure.log.staging import Staging
from suyuan.exposure.segment import ERA_MINUTES

LONGEST_MINUTES = 0xFFFF


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a purge removes, or would remove.

    Parameters
    ----------
    before
        Visits and encounters that ended before this civil date, in the log's time zone, go.
    visits, encounters
        Living ones that go.
    versions
        Rows of the record that go: superseded versions and withdrawals as well.
    persons, places
        Codes that are blanked, because nothing on record refers to them any more.
    files
        Files that are deleted or written anew.
    bytes
        By how much the log shrinks; for a dry run what the expired rows take up, as a share of their files.
    done
        Whether it was carried out.
    """

    before: date
    visits: int
    versions: int
    encounters: int
    persons: int
    places: int
    files: int
    bytes: int
    done: bool


def first_instant(day: date, timezone: str) -> int:
    """Seconds since 1970 at which a civil date begins in a time zone."""
    return int(datetime.combine(day, time(), ZoneInfo(timezone)).timestamp())


def purge_change(change: Change, before: date) -> Erasure:
    """Take everything that ended before a date out of a change.

    Notes
    -----
    The files with expired rows are written anew without them. The old files are deleted when the change is
    committed; if the process dies in between, the next writer deletes them before it does anything else.
    """
    cut = first_instant(before, change.manifest.timezone)
    old = change.manifest.copy()
    size_before = _size(change.path, set(old.files()))
    for entry in old.segments:
        _purge_segment(change, entry, cut)
    change.manifest.records = _purge_records(change, old.records, VISITS, "t_out", cut)
    change.manifest.encounter_records = _purge_records(change, old.encounter_records, ENCOUNTERS, "end", cut)
    _purge_encounters(change, cut)
    persons, places = _blank(change)
    kept = set(change.manifest.files())
    new = change.manifest
    return Erasure(
        before=before,
        visits=old.n_visits - new.n_visits,
        versions=_versions(old.records, old.encounter_records) - _versions(new.records, new.encounter_records),
        encounters=old.n_encounters - new.n_encounters,
        persons=persons,
        places=places,
        files=len(set(old.files()) - kept),
        bytes=size_before - _size(change.path, kept),
        done=True,
    )


def _versions(*lists: list[RecordFile]) -> int:
    return sum(entry.rows for entries in lists for entry in entries)


def _size(path: Path, names: set[str]) -> int:
    return sum((path / name).stat().st_size for name in names)


def _purge_segment(change: Change, entry: SegmentFile, cut: int) -> None:
    minute = cut // 60 - entry.era * ERA_MINUTES
    if minute <= 0:
        return
    if minute > LONGEST_MINUTES:
        change.manifest.segments = [part for part in change.manifest.segments if part.file != entry.file]
        return
    part = part_of(change, entry)
    if not any_ended(part.person_rows, minute):
        return
    change.manifest.segments = [other for other in change.manifest.segments if other.file != entry.file]
    staging = Staging(change)
    for rows in living_rows(part, ended_from=minute):
        staging.add_rows(entry.era, rows)
    if staging.counts:
        append_segment(change, entry.era, staging.rows(entry.era), base=entry.base)


def _purge_records(
    change: Change, entries: list[RecordFile], schema: pa.Schema, end: str, cut: int
) -> list[RecordFile]:
    kept = []
    for entry in entries:
        if entry.first_end >= cut:
            kept.append(entry)
        elif entry.last_end >= cut:
            writer = RecordWriter(change, schema)
            for table in read_versions(change.path, [entry]):
                writer.add_table(_without_traces(table.filter(pc.greater_equal(table.column(end), cut)), schema))
            made = writer.close()
            if made:
                kept.append(made)
    return kept


def _without_traces(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Encode reasons anew: a filtered dictionary column still carries the texts of the rows that went."""
    at = table.schema.get_field_index("reason")
    reasons = pc.dictionary_encode(table.column("reason").cast(pa.string()))
    return table.set_column(at, "reason", reasons).cast(schema)


def _purge_encounters(change: Change, cut: int) -> None:
    rows = meetings_of(open_encounters(change))
    keep = rows.end >= cut
    if not keep.all():
        store_encounters(change, rows.take(keep))


def _blank(change: Change) -> tuple[int, int]:
    """Blank the texts that nothing refers to: persons and zones without a row, places without row and coordinates."""
    manifest = change.manifest
    persons = np.zeros(manifest.count("persons"), bool)
    cells = np.zeros(manifest.count("cells"), bool)
    for table in read_versions(change.path, manifest.records, ["person", "cell"]):
        persons[np.asarray(table.column("person"))] = True
        cells[np.asarray(table.column("cell"))] = True
    for table in read_versions(change.path, manifest.encounter_records, ["person_a", "person_b"]):
        persons[np.asarray(table.column("person_a"))] = True
        persons[np.asarray(table.column("person_b"))] = True
    places, zones = (np.zeros(manifest.count(name), bool) for name in ("places", "zones"))
    zones[:1] = True  # "not known"
    if manifest.cells:
        table = map_arrays(change.path / manifest.cells)
        places[table["place"][cells]] = True
        zones[table["zone"][cells]] = True
    if manifest.coordinates:
        known = ~np.isnan(map_arrays(change.path / manifest.coordinates)["longitude"])
        places[: len(known)] |= known
    _erase_unused(change, "zones", zones)
    return _erase_unused(change, "persons", persons), _erase_unused(change, "places", places)


def _erase_unused(change: Change, name: str, used: npt.NDArray[np.bool_]) -> int:
    unused = np.flatnonzero(~used).astype(np.uint32)
    if not unused.size:
        return 0
    known = Dictionary.open(change.path, change.manifest.dictionaries.get(name, []))
    lengths = np.diff(known.texts(unused).offsets)
    written = unused[lengths > 0]
    if written.size:
        erase_texts(change, name, written)
    return len(written)
