"""From a TOML file to plain tables, with the editions it changes merged below it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from suyuan.terms import BadInput, BadUsage

Table = dict[str, Any]

HEADER = ("name", "issuer", "issued", "source")
SOURCED = ("tracing_window", "exposure_window", "infectiousness", "incubation", "latent", "generation_interval", "dose")
GROUPS = ("places", "rings", "clocks")
DOSE_KEYS = frozenset(
    {"hazard_per_hour", "lingering_hazard_share", "from_attack_rate", "from_kind", "air_changes_per_hour"}
)


def names() -> list[str]:
    """Names of the editions that come with Suyuan, sorted."""
    return list(_names())


@cache
def _names() -> tuple[str, ...]:
    folder = files("suyuan.protocols") / "editions"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


class Reading(NamedTuple):
    """Merged tables, with what is wrong at the top of the overrides they came through."""

    tables: Table
    faults: list[BadInput]


def read_tables(name_or_path: str | Path) -> Reading:
    """Read an edition by name or path, merged onto the editions it changes.

    Raises
    ------
    BadInput
        If the file is absent, not text, not TOML, or names an edition that does not exist or ends in a circle.
    BadUsage
        If a bare name is not one of the editions that come with Suyuan.
    """
    return _read(name_or_path, ())


def label_of(name_or_path: str | Path) -> str:
    """Return the file name by which sentences speak of an edition."""
    text = str(name_or_path)
    return f"{text}.toml" if text in names() else text


def _read(name_or_path: str | Path, above: tuple[str, ...]) -> Reading:
    text = _text_of(name_or_path)
    label = label_of(name_or_path)
    try:
        own: Table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise BadInput("protocol.not_toml", file=label, reason=str(failure)) from failure
    _write_dates_as_text(own)
    if "changes" not in own:
        return Reading(own, [])
    below = _read(_base_of(own["changes"], name_or_path, above), (*above, _key_of(name_or_path)))
    missing = [key for key in HEADER if key not in own]
    fault = BadInput("protocol.override_header", file=label, missing=", ".join(missing))
    return Reading(_lay_over(own, below.tables, label), [*below.faults, fault] if missing else below.faults)


def _text_of(name_or_path: str | Path) -> str:
    text = str(name_or_path)
    if text in names():
        return (files("suyuan.protocols") / "editions" / f"{text}.toml").read_text("utf-8")
    path = Path(name_or_path)
    if not path.is_file():
        if path.suffix == ".toml" or len(path.parts) > 1:
            raise BadInput("file.absent", path=text)
        raise BadUsage("protocol.unknown_name", name=text, names=", ".join(names()))
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as failure:
        raise BadInput("protocol.not_text_file", file=text) from failure


def _key_of(name_or_path: str | Path) -> str:
    text = str(name_or_path)
    return text if text in names() else str(Path(text).resolve())


def _base_of(wanted: object, child: str | Path, above: tuple[str, ...]) -> str | Path:
    label = label_of(child)
    base: str | Path = str(wanted)
    if base not in names():
        base = Path(child).parent / str(wanted)
        if not base.is_file():
            raise BadInput("protocol.unknown_base", file=label, base=wanted, names=", ".join(names()))
    if _key_of(base) in (*above, _key_of(child)):
        raise BadInput("protocol.base_circle", file=label, base=wanted)
    return base


def _lay_over(own: Table, base: Table, label: str) -> Table:
    stamped = _stamp(own, str(own["source"])) if "source" in own else dict(own)
    stamped.pop("source", None)
    stamped.setdefault("id", Path(label).stem)
    return merge(base, stamped)


def merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> Table:
    """Lay ``own`` over ``base``, table by table.

    Notes
    -----
    Lists are replaced whole. The text "none" removes a table or number of the base; a text is never removed.

    Examples
    --------
    >>> merge({"a": {"x": 1, "y": 2}, "b": [1, 2]}, {"a": {"y": 3}, "b": [9]})
    {'a': {'x': 1, 'y': 3}, 'b': [9]}
    """
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        if value == "none" and not isinstance(below, str):
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(below, dict):
            merged[key] = merge(below, value)
        else:
            merged[key] = value
    return merged


def _stamp(own: Table, source: str) -> Table:
    # a changed number must not keep the base edition's source: the override's own source is written to each table
    stamped = dict(own)
    for key, value in own.items():
        if key in SOURCED:
            stamped[key] = _with_source(value, source)
        elif key == "release" and isinstance(value, list):
            stamped[key] = [_with_source(item, source) for item in value]
        elif key in GROUPS and isinstance(value, dict):
            each = _place_with_source if key == "places" else _with_source
            stamped[key] = {name: each(table, source) for name, table in value.items()}
    return stamped


def _with_source(table: object, source: str) -> object:
    return {"source": source, **table} if isinstance(table, dict) else table


def _place_with_source(table: object, source: str) -> object:
    if not isinstance(table, dict):
        return table
    stamped: Table = {}
    if DOSE_KEYS & table.keys():
        stamped["dose_source"] = source
    if table.keys() - DOSE_KEYS - {"dose_source"}:
        stamped["source"] = source
    if "hazard_per_hour" in table:  # the base's derivation no longer explains the number
        stamped |= {"from_attack_rate": "none", "from_kind": "none"}
    if "lingering_hazard_share" in table:
        stamped["air_changes_per_hour"] = "none"
    return {**stamped, **table}


def _write_dates_as_text(own: Table) -> None:
    sources = own.get("sources")
    for table in sources.values() if isinstance(sources, dict) else ():
        if isinstance(table, dict) and isinstance(table.get("date"), date):
            table["date"] = table["date"].isoformat()
