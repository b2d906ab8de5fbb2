"""What the address of a list asks for: its filter and its next page; and whether the reader may ask at all."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, QueryDict

from suyuan.actions.desk import NotAllowed
from suyuan.terms import BadInput, Officer

F = TypeVar("F", bound=Any)


def need(who: Officer, right: str) -> None:
    """Stop unless the officer has the right somewhere.

    Raises
    ------
    NotAllowed
        If not.
    """
    if not who.areas(right):
        raise NotAllowed("room.not_allowed", right=right, area="–")


def asked(filter_: type[F], query: QueryDict) -> F:
    """Make a filter of an address's fields; empty ones are left out, unknown ones ignored.

    Raises
    ------
    BadInput
        If a field is not what the filter expects.
    """
    known = [field.name for field in dataclasses.fields(filter_)]
    fields = {name: query[name] for name in known if query.get(name)}
    try:
        made: F = msgspec.convert(fields, filter_, strict=False)
    except msgspec.ValidationError as fault:
        raise BadInput("room.bad_field", fault=str(fault)) from None
    return made


def further(request: HttpRequest, cursor: str) -> str:
    """Address of the next page of the list that was asked for, empty at its end."""
    if not cursor:
        return ""
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"?{query.urlencode()}"
