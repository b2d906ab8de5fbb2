"""From a line list to cases, however the user has it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from suyuan.gateways import Mapping, ReadOptions, load_mapping, read_cases
from suyuan.terms import BadInput, Case


def case_options(timezone: str, mapping: str | None = None) -> ReadOptions:
    """Say how a line list is read: dates in the log's time zone unless the mapping states another."""
    given = load_mapping(mapping) if mapping else Mapping()
    return ReadOptions(now=datetime.now(UTC), timezone=None if given.time.timezone else timezone, mapping=given)


def cases_of(given: Any, timezone: str) -> Sequence[Case]:
    """Take cases as a Python user has them: a file, a list of Case, or a table with the columns of the cases file.

    Raises
    ------
    BadInput
        If a row cannot be used, or this is none of the three.
    """
    if isinstance(given, str | Path):
        return _all_good(Path(given), str(given), timezone)
    if isinstance(given, Sequence):
        return given
    if not hasattr(given, "__arrow_c_stream__"):
        raise BadInput("cli.no_cases_table", found=type(given).__name__)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        pq.write_table(pa.table(given), path)
        return _all_good(path, "cases", timezone)


def _all_good(path: Path, name: str, timezone: str) -> list[Case]:
    cases, rejects = read_cases(path, case_options(timezone))
    if len(rejects):
        raise BadInput("cli.bad_cases", n=len(rejects), file=name, first=rejects.sentences()[0])
    return cases
