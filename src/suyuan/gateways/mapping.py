"""How somebody else's table is to be read: a small TOML file with their headers, constants, values and clock."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from suyuan.gateways.columns import KNOWN_COLUMNS, NOT_TEXT
from suyuan.terms import PLACE_KINDS, BadInput


class FileShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Outer form of the file.

    Parameters
    ----------
    delimiter, encoding
        None where they are to be recognised.
    header
        False where the first line is data already; columns are then named by position, from 1.
    sheet
        Name of the Excel sheet; None for the first.
    missing
        Words that stand for "not known", beside the empty text.
    """

    delimiter: str | None = None
    encoding: str | None = None
    header: bool = True
    sheet: str | None = None
    missing: tuple[str, ...] = ()


class TimeShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Form of the times.

    Parameters
    ----------
    format
        ``iso``, ``epoch_seconds``, ``epoch_milliseconds``, a pattern such as ``%d.%m.%Y %H:%M``, or None: recognised
        once for the file.
    timezone
        IANA name for times without offset; None where the caller states it.
    """

    format: str | None = None
    timezone: str | None = None


class DeviceRecords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Encounters from a device that samples.

    Parameters
    ----------
    duration_seconds
        How long one record stands for where there is no end column.
    merge_gap_seconds
        Records of one pair no further apart than this are joined; None keeps every record.
    """

    duration_seconds: int | None = None
    merge_gap_seconds: int | None = None


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to read a table.

    Parameters
    ----------
    about
        Free text: whose table, which edition, licence.
    columns
        Our column name to theirs (text), or to its position from 1 where there is no header.
    constants
        Our column name to one value for every row.
    values
        Our column name to their value to our value.
    assumed_stay_minutes
        Place kind to the stay to assume where ``t_out`` is missing; kinds not named stay bad rows.
    """

    about: str = ""
    file: FileShape = FileShape()
    time: TimeShape = TimeShape()
    columns: dict[str, str | int] = {}
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    assumed_stay_minutes: dict[str, int] = {}
    records: DeviceRecords = DeviceRecords()


TABLES = {"file": FileShape, "time": TimeShape, "records": DeviceRecords}
FORMS = ("iso", "epoch_seconds", "epoch_milliseconds")
BY_COLUMN = ("columns", "constants", "values")


def mapping_names() -> list[str]:
    """List the mappings that come with Suyuan."""
    folder = files("suyuan.gateways") / "mappings"
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def load_mapping(name_or_path: str | Path) -> Mapping:
    """Read a mapping file, or one that comes with Suyuan by its name.

    Raises
    ------
    BadInput
        If the file is absent or not TOML, or a key, column name, kind or type in it is wrong.

    Examples
    --------
    >>> load_mapping("sociopatterns").records.duration_seconds
    20
    """
    path = str(name_or_path)
    try:
        data = tomllib.loads(_text_of(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadInput("mapping.not_toml", path=path, detail=fault) from fault
    _refuse_unknown(path, "", data, list(Mapping.__struct_fields__))
    for table, shape in TABLES.items():
        if isinstance(data.get(table), dict):
            _refuse_unknown(path, f"{table}.", data[table], list(shape.__struct_fields__))
    for table in BY_COLUMN:
        if isinstance(data.get(table), dict):
            _refuse_unknown(path, f"{table}.", data[table], sorted(KNOWN_COLUMNS))
    try:
        mapping = msgspec.convert(data, Mapping)
    except msgspec.ValidationError as fault:
        raise BadInput("mapping.wrong_type", path=path, detail=fault) from fault
    _check_sense(path, mapping)
    return mapping


def _text_of(path: str) -> str:
    if path in mapping_names():
        return (files("suyuan.gateways") / "mappings" / f"{path}.toml").read_text("utf-8")
    if not Path(path).is_file():
        raise BadInput("mapping.absent", path=path, names=", ".join(mapping_names()))
    return Path(path).read_text("utf-8-sig")


def _refuse_unknown(path: str, table: str, found: dict[str, Any], known: list[str]) -> None:
    for key in found:
        if key not in known:
            nearest = (get_close_matches(key, known, 1, 0.0) or known)[0]
            raise BadInput("mapping.unknown_key", path=path, entry=table + key, nearest=table + nearest)


def _check_sense(path: str, mapping: Mapping) -> None:
    kinds = {str(kind) for kind in PLACE_KINDS}
    for kind, minutes in mapping.assumed_stay_minutes.items():
        if kind not in kinds:
            raise BadInput("mapping.unknown_kind", path=path, kind=kind, kinds=", ".join(sorted(kinds)))
        if not 0 < minutes <= 24 * 60:
            raise BadInput("mapping.stay_out_of_range", path=path, kind=kind, minutes=minutes)
    _check_columns(path, mapping)
    if mapping.file.delimiter is not None and len(mapping.file.delimiter) != 1:
        raise BadInput("mapping.delimiter", path=path, delimiter=mapping.file.delimiter)
    if mapping.time.format is not None and mapping.time.format not in FORMS and not _is_pattern(mapping.time.format):
        raise BadInput("mapping.pattern", path=path, pattern=mapping.time.format)
    records = mapping.records
    if (records.duration_seconds is not None and records.duration_seconds <= 0) or (records.merge_gap_seconds or 0) < 0:
        raise BadInput("mapping.records", path=path)


def _is_pattern(text: str) -> bool:
    sample = datetime(2022, 6, 28, 8, 5, tzinfo=UTC)
    try:
        read = datetime.strptime(sample.strftime(text), text)  # noqa: DTZ007 - only the directives are tried
    except ValueError:
        return False
    return read.date() == sample.date()


def _check_columns(path: str, mapping: Mapping) -> None:
    for column in (*mapping.constants, *mapping.values):
        if column in NOT_TEXT:
            raise BadInput("mapping.not_text", path=path, column=column)
    for column in mapping.constants:
        if column in mapping.columns:
            raise BadInput("mapping.column_and_constant", path=path, column=column)
    for column, theirs in mapping.columns.items():
        if isinstance(theirs, int) and (mapping.file.header or theirs < 1):
            raise BadInput("mapping.position", path=path, column=column, position=theirs)
