"""Shapes of the API, made from the commands of the deeds and from the records of the house."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from functools import cache
from typing import Annotated, Any, get_type_hints

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

LONGEST = 2000
"""Characters of a text, items of a list of texts: what a command takes at most."""
MOST_IDS = 10_000
EARLIEST, LATEST = 1850, 2200


row_number = Annotated[int, Field(ge=0, le=2**53)]
"""Id of a record: what every client and every database can hold."""
plain_text = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")]


class ProblemOut(Schema):
    """What is wrong, where, and how to mend it."""

    code: str
    sentence: str


class StaleOut(ProblemOut):
    """Somebody saved the record meanwhile: both versions, nothing of yours was saved."""

    theirs: dict[str, Any]
    yours: dict[str, Any]


class DoneOut(Schema):
    """A deed was done; ``answer`` is what it returned: an id, a count, or a small record."""

    deed: str
    answer: Any


@cache
def body_of(command: type, path: str) -> type[Schema] | None:
    """Shape of a deed's body: the command's fields without those of the path and ``version`` (``If-Match``)."""
    hints = get_type_hints(command)
    fields: dict[str, Any] = {}
    for field in dataclasses.fields(command):
        if field.name == "version" or f"{{{field.name}}}" in path:
            continue
        hint = bounded(hints[field.name])
        if field.default is not dataclasses.MISSING:
            fields[field.name] = (hint, field.default)
        elif field.default_factory is not dataclasses.MISSING:
            fields[field.name] = (hint, Field(default_factory=field.default_factory))
        else:
            fields[field.name] = (hint, ...)
    if not fields:
        return None
    return create_model(command.__name__, __base__=Closed, **fields)


class Closed(Schema):
    """A body that knows its fields and refuses others: a misspelt field is never silently dropped."""

    model_config = ConfigDict(extra="forbid")


def bounded(hint: Any) -> Any:
    """Put bounds on a type: texts and lists end somewhere, instants carry their zone, numbers fit the database."""
    from types import UnionType
    from typing import Union, get_args, get_origin

    plain: dict[Any, Any] = {
        str: Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")],
        int: Annotated[int, Field(ge=-(2**53), le=2**53)],
        float: Annotated[float, Field(allow_inf_nan=False)],
        datetime: Annotated[AwareDatetime, AfterValidator(_in_our_time)],
    }
    if hint in plain:
        return plain[hint]
    inner = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        found: Any = bounded(inner[0])
        for each in inner[1:]:
            found = found | bounded(each)
        return found
    if get_origin(hint) is tuple:
        return Annotated[tuple[bounded(inner[0]), ...], Field(max_length=MOST_IDS)]
    return hint


def _in_our_time(instant: datetime) -> datetime:
    """Keep to years that every clock and database can count in.

    Raises
    ------
    ValueError
        If not.
    """
    if not EARLIEST <= instant.year <= LATEST:
        message = f"the year must be {EARLIEST} to {LATEST}"
        raise ValueError(message)
    return instant


@cache
def record_of(record: type) -> type[Schema]:
    """Shape of a record as it is read; what is sealed or only machine-readable stays out."""
    hints = get_type_hints(record)
    fields: dict[str, Any] = {
        field.name: (hints[field.name], FieldInfo(default=None) if field.default is None else ...)
        for field in dataclasses.fields(record)
        if field.repr and hints[field.name] is not bytes
    }
    return create_model(f"{record.__name__}Out", __base__=Schema, **fields)


def page_shape(record: type) -> type[Schema]:
    """Shape of one page of records."""
    return create_model(
        f"{record.__name__}Page", __base__=Schema, items=(list[record_of(record)], ...), following=(str, "")
    )
