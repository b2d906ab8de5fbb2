"""Find everything that is wrong with an edition's tables, not the first fault only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import inspect

from suyuan.protocols.edition import EDITION_ID, ISO_DATE, Protocol
from suyuan.protocols.rules import broken_rules
from suyuan.protocols.tables import Table
from suyuan.terms import BadInput

EXAMPLES = {EDITION_ID: "covid19-9", ISO_DATE: "2022-06-28"}


class FaultyEdition(BadInput):
    """An edition that cannot be used, with all its faults.

    Parameters
    ----------
    file
        The edition's file.
    faults
        Every fault found, in the order of the file's tables.
    """

    def __init__(self, file: str, faults: list[BadInput]) -> None:
        super().__init__("protocol.faulty", file=file, n=len(faults))
        self.faults = faults

    def sentence(self, lang: str = "en") -> str:
        """All faults, one a line, below a heading."""
        return "\n".join([super().sentence(lang), *(fault.sentence(lang) for fault in self.faults)])


def find_faults(tables: Table, label: str) -> list[BadInput]:
    """All faults of an edition's merged tables.

    Parameters
    ----------
    tables
        As read by ``tables.read_tables``.
    label
        The file name that the sentences show.
    """
    sources = tables.get("sources")
    walk = Walk(label, set(sources) if isinstance(sources, dict) else set())
    walk.visit(tables, inspect.type_info(Protocol), "", "")
    return walk.faults


class Walk:
    """One pass over the tables, side by side with the types they should have."""

    def __init__(self, label: str, sources: set[str]) -> None:
        self.label = label
        self.sources = sources
        self.faults: list[BadInput] = []

    def fault(self, code: str, table: str, key: str, **details: object) -> None:
        """Note a fault at a key of a table; an empty table name is the top of the file."""
        where = f"{self.label}: " + " ".join(part for part in (f"[{table}]" if table else "", key) if part)
        self.faults.append(BadInput(f"protocol.{code}", where=where, **details))

    def visit(self, value: object, kind: inspect.Type, table: str, key: str) -> None:
        """Compare one value with its type and go down into it."""
        if isinstance(kind, inspect.UnionType):
            kind = next(each for each in kind.types if not isinstance(each, inspect.NoneType))
        below = ".".join(part for part in (table, key) if part)
        if isinstance(kind, inspect.StructType):
            self._visit_struct(value, kind, below) if isinstance(value, dict) else self._wrong(value, kind, table, key)
        elif isinstance(kind, inspect.DictType):
            self._visit_dict(value, kind, below) if isinstance(value, dict) else self._wrong(value, kind, table, key)
        elif isinstance(kind, inspect.VarTupleType):
            if not isinstance(value, list):
                self._wrong(value, kind, table, key)
                return
            for place, item in enumerate(value, start=1):
                self.visit(item, kind.item_type, table, f"{key}[{place}]")
        else:
            self._visit_leaf(value, kind, table, key)

    def _visit_struct(self, tables: Table, kind: inspect.StructType, table: str) -> None:
        before = len(self.faults)
        known = {field.encode_name: field for field in kind.fields}
        for name in tables.keys() - known.keys():
            self.fault("unknown_key", table, name, known=", ".join(known))
        for name, field in known.items():
            if name in tables:
                self.visit(tables[name], field.type, table, name)
            elif field.required:
                self.fault("missing_key", table, name)
        self._check_sources(tables, known.keys() & {"source", "dose_source"}, table)
        if len(self.faults) == before:
            whole = msgspec.convert(tables, kind.cls)
            for code, key, details in broken_rules(whole):
                self.fault(code, table, key, **details)

    def _visit_dict(self, tables: Table, kind: inspect.DictType, table: str) -> None:
        allowed = (
            [member.value for member in kind.key_type.cls] if isinstance(kind.key_type, inspect.EnumType) else None
        )
        for name, value in tables.items():
            if allowed and name not in allowed:
                self.fault("unknown_key", table, name, known=", ".join(allowed))
            else:
                self.visit(value, kind.value_type, table, name)
        missing = [name for name in allowed or () if name not in tables]
        if missing:
            self.fault("missing_kind", table, "", kinds=", ".join(missing), first=missing[0])

    def _check_sources(self, tables: Table, keys: set[str], table: str) -> None:
        for key in sorted(keys):
            named = tables.get(key, "")
            if not named:
                self.fault("no_source", table, key)
            elif isinstance(named, str) and named not in self.sources:
                self.fault("unknown_source", table, key, value=named)

    def _visit_leaf(self, value: object, kind: inspect.Type, table: str, key: str) -> None:
        choices = _choices(kind)
        if choices is not None:
            if value not in choices:
                self.fault("not_one_of", table, key, value=value, choices=", ".join(map(str, choices)))
        elif not _fits(value, kind):
            self._wrong(value, kind, table, key)
        elif not _converts(value, kind):
            pattern = getattr(kind, "pattern", None)
            if pattern:
                self.fault("wrong_form", table, key, value=value, example=EXAMPLES.get(pattern, pattern))
            else:
                self.fault("out_of_range", table, key, value=value, bounds=", ".join(_bounds(kind)))

    def _wrong(self, value: object, kind: inspect.Type, table: str, key: str) -> None:
        self.fault(WRONG[type(kind)], table, key, value=_short(value))


WRONG: dict[type[inspect.Type], str] = {
    inspect.StructType: "not_table",
    inspect.DictType: "not_table",
    inspect.VarTupleType: "not_list",
    inspect.IntType: "not_whole",
    inspect.FloatType: "not_number",
    inspect.StrType: "not_text",
    inspect.BoolType: "not_yes_no",
    inspect.DateType: "not_date",
}

PYTHON_TYPES: dict[type[inspect.Type], tuple[type, ...]] = {
    inspect.IntType: (int,),
    inspect.FloatType: (int, float),
    inspect.StrType: (str,),
    inspect.BoolType: (bool,),
    inspect.DateType: (date,),
}


def _fits(value: object, kind: inspect.Type) -> bool:
    if isinstance(value, bool) and not isinstance(kind, inspect.BoolType):
        return False  # Python counts true as 1, a reader of the file does not
    if isinstance(value, datetime):
        return False
    return isinstance(value, PYTHON_TYPES[type(kind)])


def _converts(value: object, kind: inspect.Type) -> bool:
    if isinstance(kind, (inspect.IntType, inspect.FloatType)):
        return all(_bound_tests(value, kind))
    if isinstance(kind, inspect.StrType) and kind.pattern:
        return re.search(kind.pattern, str(value)) is not None
    return True


SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}


def _bounds(kind: inspect.Type) -> list[str]:
    return [f"{sign} {getattr(kind, name)}" for name, sign in SIGNS.items() if getattr(kind, name) is not None]


def _bound_tests(value: Any, kind: Any) -> Iterator[bool]:
    yield value == value  # noqa: PLR0124 - nan is the only number unlike itself, and no bound catches it
    if kind.gt is not None:
        yield value > kind.gt
    if kind.ge is not None:
        yield value >= kind.ge
    if kind.lt is not None:
        yield value < kind.lt
    if kind.le is not None:
        yield value <= kind.le


def _choices(kind: inspect.Type) -> list[object] | None:
    if isinstance(kind, inspect.EnumType):
        return [member.value for member in kind.cls]
    if isinstance(kind, inspect.LiteralType):
        return list(kind.values)
    return None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
