"""What a log holds, in figures: for ``suyuan log info`` and for whoever plans a disk."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from suyuan.exposure.log.manifest import NAME, Manifest, SegmentFile
from suyuan.exposure.segment import ERA_MINUTES


def describe_log(path: Path, manifest: Manifest, written: dict[str, int]) -> dict[str, Any]:
    """Describe a snapshot; every value can be written as JSON.

    Parameters
    ----------
    written
        How many persons, places and zones have a text, erased ones not counted.

    Returns
    -------
    dict
        counts, span (local time of the first arrival and the last departure on record, superseded versions
        included), bytes by part, segments, imports.
    """
    zone = ZoneInfo(manifest.timezone)
    bytes_by_part = _bytes_by_part(path, manifest)
    return {
        "path": str(path),
        "timezone": manifest.timezone,
        "version": manifest.version,
        "counts": {
            "visits": manifest.n_visits,
            "versions": sum(entry.rows for entry in manifest.records),
            "encounters": manifest.n_encounters,
            "encounter_versions": sum(entry.rows for entry in manifest.encounter_records),
            **written,
            "cells": manifest.count("cells"),
        },
        "span": {
            "first": _local(min((entry.first_start for entry in manifest.records), default=None), zone),
            "last": _local(max((entry.last_end for entry in manifest.records), default=None), zone),
        },
        "bytes": {**bytes_by_part, "total": sum(bytes_by_part.values())},
        "segments": [_segment(entry) for entry in manifest.segments],
        "imports": [msgspec.to_builtins(entry) for entry in manifest.imports],
    }


def _bytes_by_part(path: Path, manifest: Manifest) -> dict[str, int]:
    parts: dict[str, list[str | None]] = {
        "index": [entry.file for entry in manifest.segments],
        "superseded": [dead.file for entry in manifest.segments for dead in entry.dead],
        "record": [entry.file for entry in (*manifest.records, *manifest.encounter_records)],
        "dictionaries": [block.file for blocks in manifest.dictionaries.values() for block in blocks],
        "cells": [manifest.cells, manifest.coordinates],
        "encounters": [manifest.encounters],
        "manifest": [NAME],
    }
    return {name: sum((path / file).stat().st_size for file in files if file) for name, files in parts.items()}


def _segment(entry: SegmentFile) -> dict[str, Any]:
    begin = datetime.fromtimestamp(entry.era * ERA_MINUTES * 60, UTC).date()
    return {
        "file": entry.file,
        "from": begin.isoformat(),
        "rows": entry.rows,
        "dead": entry.rows - entry.n_living,
        "part": "base" if entry.base else "delta",
        "dense": entry.dense,
    }


def _local(instant: int | None, zone: ZoneInfo) -> str | None:
    if instant is None:
        return None
    return datetime.fromtimestamp(instant, zone).isoformat()
