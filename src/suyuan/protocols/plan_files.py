"""From a plan's TOML file to its typed form: read, laid over the plan it changes, every fault found."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import inspect

from suyuan.protocols.faults import Walk
from suyuan.protocols.tables import HEADER, Table, merge
from suyuan.terms import BadInput, BadUsage

T = TypeVar("T", bound=msgspec.Struct)


class Broken(NamedTuple):
    """Something that holds between tables and does not hold here.

    Parameters
    ----------
    code
        Key of the sentence in the table ``plan`` of the texts.
    where
        Table and key in the file.
    details
        Further values of the sentence.
    """

    code: str
    where: str
    details: dict[str, Any]


class FaultyPlan(BadInput):
    """A plan that cannot be used, with all its faults.

    Parameters
    ----------
    file
        The plan's file.
    faults
        Every fault found.
    """

    def __init__(self, file: str, faults: list[BadInput]) -> None:
        super().__init__("plan.faulty", file=file, n=len(faults))
        self.faults = faults

    def sentence(self, lang: str = "en") -> str:
        """All faults, one a line, below a heading."""
        return "\n".join([super().sentence(lang), *(fault.sentence(lang) for fault in self.faults)])


def plan_names() -> list[str]:
    """Names of the plan files that come with Suyuan, sorted."""
    return list(_names())


@cache
def _names() -> tuple[str, ...]:
    folder = files("suyuan.protocols") / "plans"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_as(kind: type[T], name_or_path: str | Path, broken: Callable[[T], Iterator[Broken]]) -> T:
    """Load a plan file as one type.

    Parameters
    ----------
    kind
        Type of the whole file.
    name_or_path
        Name of a plan that comes with Suyuan, or the path of a TOML file: whole, or a local override that names the
        plan it changes.
    broken
        Finds what must hold between tables and does not.

    Raises
    ------
    BadUsage
        If a bare name is not known.
    BadInput
        If the file cannot be read, or (``FaultyPlan``, with every fault) says something that cannot be used.
    """
    label = _label(name_or_path)
    tables = _read(name_or_path, kind, ())
    sources = tables.get("sources")
    walk = Walk(label, set(sources) if isinstance(sources, dict) else set())
    walk.visit(tables, inspect.type_info(kind), "", "")
    if walk.faults:
        raise FaultyPlan(label, walk.faults)
    plan = msgspec.convert(tables, kind)
    faults = [BadInput(f"plan.{code}", where=f"{label}: {where}", **details) for code, where, details in broken(plan)]
    if faults:
        raise FaultyPlan(label, faults)
    return plan


def _label(name_or_path: str | Path) -> str:
    text = str(name_or_path)
    return f"{text}.toml" if text in _names() else text


def _key(name_or_path: str | Path) -> str:
    text = str(name_or_path)
    return text if text in _names() else str(Path(text).resolve())


def _read(name_or_path: str | Path, kind: type[msgspec.Struct], above: tuple[str, ...]) -> Table:
    label = _label(name_or_path)
    try:
        own: Table = tomllib.loads(_text(name_or_path))
    except tomllib.TOMLDecodeError as failure:
        raise BadInput("protocol.not_toml", file=label, reason=str(failure)) from failure
    if "changes" not in own:
        return own
    missing = [key for key in HEADER if key not in own]
    if missing:
        raise BadInput("protocol.override_header", file=label, missing=", ".join(missing))
    wanted = str(own.pop("changes"))
    base: str | Path = wanted if wanted in _names() else Path(name_or_path).parent / wanted
    if isinstance(base, Path) and not base.is_file():
        raise BadInput("plan.unknown_base", file=label, base=wanted, names=", ".join(_names()))
    if _key(base) in (*above, _key(name_or_path)):
        raise BadInput("protocol.base_circle", file=label, base=wanted)
    below = _read(base, kind, (*above, _key(name_or_path)))
    source = str(own.pop("source"))
    own.setdefault("id", Path(label).stem)
    return merge(below, _stamped(own, kind, source))


def _stamped(own: Table, kind: type[msgspec.Struct], source: str) -> Table:
    """Write the override's source to every row it touches: a changed number must not keep the old one's source."""
    stamped = dict(own)
    for field in msgspec.structs.fields(kind):
        value = own.get(field.name)
        if not isinstance(value, dict):
            continue
        shape = inspect.type_info(field.type)
        if isinstance(shape, inspect.DictType) and _has_source(shape.value_type):
            rows = {key: {"source": source, **row} if isinstance(row, dict) else row for key, row in value.items()}
            stamped[field.name] = rows
        elif _has_source(shape):
            stamped[field.name] = {"source": source, **value}
    return stamped


def _has_source(shape: inspect.Type) -> bool:
    return isinstance(shape, inspect.StructType) and any(field.name == "source" for field in shape.fields)


def _text(name_or_path: str | Path) -> str:
    text = str(name_or_path)
    if text in _names():
        return (files("suyuan.protocols") / "plans" / f"{text}.toml").read_text("utf-8")
    path = Path(name_or_path)
    if not path.is_file():
        if path.suffix == ".toml" or len(path.parts) > 1:
            raise BadInput("file.absent", path=text)
        raise BadUsage("plan.unknown_name", name=text, names=", ".join(_names()))
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as failure:
        raise BadInput("protocol.not_text_file", file=text) from failure
