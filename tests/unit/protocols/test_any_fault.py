"""Whatever stands in a file, the answer is a list of sentences or a usable edition, never a traceback."""

import copy
from datetime import date, datetime
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.protocols import Protocol
from suyuan.protocols.describe import describe
from suyuan.protocols.faults import find_faults
from suyuan.protocols.tables import read_tables
from suyuan.terms import LANGUAGES

MEASLES = read_tables("measles").tables
JUNK = ["", "x", "none", -1, 0, 7, 10**9, 0.5, float("nan"), float("inf"), True, [], [1], [[]], {}, {"en": 1}]
JUNK += [date(2022, 6, 28), datetime(2022, 6, 28, 1)]  # noqa: DTZ001 - TOML has such values


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [below for key, item in items for below in ((*path, key), *paths_of(item, (*path, key)))]


PATHS = paths_of(MEASLES)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(JUNK)), min_size=1, max_size=3))
def test_junk_anywhere_is_told_or_usable(changes):
    """Junk put anywhere in an edition gives sentences in both languages; if there are none, the edition loads."""
    tables = copy.deepcopy(MEASLES)
    for path, junk in changes:
        inner = tables
        for key in path[:-1]:
            inside = isinstance(inner, dict) and key in inner
            inside |= isinstance(inner, list) and isinstance(key, int) and key < len(inner)
            if not inside:
                break
            inner = inner[key]
        else:
            if isinstance(inner, dict) or (
                isinstance(inner, list) and isinstance(path[-1], int) and path[-1] < len(inner)
            ):
                inner[path[-1]] = copy.deepcopy(junk)
    faults = find_faults(tables, "any.toml")
    for fault in faults:
        assert all(fault.sentence(lang).startswith("any.toml: ") for lang in LANGUAGES)
    if not faults:
        describe(msgspec.convert(tables, Protocol))
