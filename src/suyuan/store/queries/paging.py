"""Pages of long lists by their last row, so that page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from suyuan.terms import BadUsage

T = TypeVar("T")
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; ``following`` is the cursor of the next page, empty at the end."""

    rows: Sequence[T]
    following: str = ""
    names: dict[int, str] = field(default_factory=dict, repr=False)
    """Names of the persons in ``rows`` by person id, where the reader may see them."""


def page_of(rows: QuerySet[Any], order: tuple[str, ...], cursor: str, size: int = SIZE) -> tuple[list[Any], str]:
    """Return one page of a query and the cursor of the next.

    Parameters
    ----------
    order
        Columns; a leading ``-`` sorts down. The last one must be unique.
    cursor
        As an earlier page gave it, empty for the first.

    Raises
    ------
    BadUsage
        If the cursor is not one of ours.
    """
    if cursor:
        values = _read(cursor, len(order))
        try:
            rows = rows.filter(_after(order, values))
        except (ValueError, TypeError, ValidationError):  # a forged one: its values are not of the columns' kinds
            raise BadUsage("room.bad_cursor") from None
    found = list(rows.order_by(*order)[: size + 1])
    if len(found) <= size:
        return found, ""
    last = found[size - 1]
    return found[:size], _write([getattr(last, name.lstrip("-")) for name in order])


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after a position; the first column is also bounded alone, so that an index can start there."""
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        side = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{side}": value})
        equal &= Q(**{column: value})
    first = order[0]
    bound = Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": values[0]})
    return bound & condition


def _write(values: list[Any]) -> str:
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(msgspec.json.encode(plain)).decode().rstrip("=")


def _read(cursor: str, n: int) -> list[Any]:
    try:
        plain = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value for value in plain]
    except (ValueError, TypeError, KeyError, binascii.Error, msgspec.DecodeError):
        raise BadUsage("room.bad_cursor") from None
    if len(values) != n:
        raise BadUsage("room.bad_cursor")
    return values
