"""Which reader a file needs, told from its first bytes."""

from __future__ import annotations

from pathlib import Path

from suyuan.gateways.columnar import ParquetSource, SheetSource
from suyuan.gateways.delimited import DelimitedSource
from suyuan.gateways.mapping import Mapping
from suyuan.gateways.reading import Source
from suyuan.terms import BadInput

PARQUET, ZIP, OLD_OFFICE, GZIP = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
EXCEL_ENDINGS = {".xlsx", ".xlsm"}


def open_source(path: str | Path, mapping: Mapping) -> Source:
    """Open a table file.

    Raises
    ------
    BadInput
        If it is absent, empty, a folder, packed, or not what its name says.
    """
    name = str(path)
    start = _first_bytes(name)
    ending = Path(name).suffix.lower()
    if start == PARQUET or ending == ".parquet":
        return ParquetSource(name)
    if start == OLD_OFFICE or ending == ".xls":
        raise BadInput("reading.old_excel", path=name)
    if start == ZIP or ending in EXCEL_ENDINGS:
        return SheetSource(name, mapping)
    if start.startswith(GZIP):
        raise BadInput("reading.packed", path=name)
    return DelimitedSource(name, mapping)


def _first_bytes(path: str) -> bytes:
    if not Path(path).exists():
        raise BadInput("file.absent", path=path)
    if Path(path).is_dir():
        raise BadInput("reading.folder", path=path)
    try:
        with Path(path).open("rb") as file:
            start = file.read(4)
    except OSError as fault:
        raise BadInput("reading.not_allowed", path=path, detail=fault.strerror) from fault
    if not start:
        raise BadInput("reading.empty", path=path)
    return start
