"""The interview's form as fields of a page: columns of each list, and reading what was sent back."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from django.http import QueryDict

from suyuan.actions.interview_form import LISTS, QUESTIONS, InterviewForm
from suyuan.reporting.case_report import SECTIONS

WIDGETS = {
    "day": "date",
    "at": "datetime-local",
    "start": "datetime-local",
    "end": "datetime-local",
    "first": "datetime-local",
    "last": "datetime-local",
    "due": "datetime-local",
    "telephone": "tel",
    "temperature": "decimal",
    "age": "numeric",
    "ring": "ring",
    "reasons": "long",
}
"""Kinds of field by name; whatever is not named here is a line of text."""
KINDS = {"stops": "place_kind", "sources": "source_kind"}
"""What the column ``kind`` offers in each list that has one."""
BLANK_ROWS = {"stops": 3, "companions": 2}
"""Empty rows offered at the end of a list, one where nothing is said here; more come by the button."""
LONGEST = 500
WITH_HELP = ("symptoms", "stops", "companions", "household")


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one row."""

    name: str
    label: str
    widget: str
    value: str


@dataclass(frozen=True, slots=True)
class Rows:
    """One list of the form with its rows, blank ones at the end. ``theirs`` are rows of the text it conflicts with."""

    name: str
    labels: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    none: bool
    helped: bool
    theirs: tuple[tuple[str, ...], ...] = ()
    differs: bool = False


def row_types() -> dict[str, type]:
    """Return the dataclass of each list's rows."""
    hints = get_type_hints(InterviewForm)
    return {name: get_args(hints[name])[0] for name in LISTS}


def rows_of(form: InterviewForm, theirs: InterviewForm | None = None) -> list[Rows]:
    """Prepare the lists of a form for its template."""
    found = []
    for name, kind in row_types().items():
        columns = [field.name for field in dataclasses.fields(kind)]
        written = [dataclasses.astuple(row) for row in getattr(form, name)]
        blank = [tuple("" for _ in columns)] * BLANK_ROWS.get(name, 1)
        other = tuple(dataclasses.astuple(row) for row in getattr(theirs, name)) if theirs else ()
        found.append(
            Rows(
                name=name,
                labels=tuple(_label(name, column) for column in columns),
                rows=tuple(_cells(name, columns, values) for values in (*written, *blank)),
                none=name in form.none,
                helped=name in WITH_HELP,
                theirs=other,
                differs=theirs is not None and list(other) != written,
            )
        )
    return found


def blank_row(name: str) -> tuple[Cell, ...]:
    """Return one more empty row of a list."""
    columns = [field.name for field in dataclasses.fields(row_types()[name])]
    return _cells(name, columns, tuple("" for _ in columns))


def _label(name: str, column: str) -> str:
    """Word of a column: the kind of a suspected source is not a kind of place."""
    return "person_object_place" if (name, column) == ("sources", "kind") else column


def _cells(name: str, columns: list[str], values: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            f"{name}.{column}",
            _label(name, column),
            KINDS[name] if column == "kind" else WIDGETS.get(column, "text"),
            value,
        )
        for column, value in zip(columns, values, strict=True)
    )


def form_sent(sent: QueryDict) -> InterviewForm:
    """Read the form as it was sent; a row is the n-th value of each of its columns."""
    fields: dict[str, Any] = {}
    for name, kind in row_types().items():
        columns = [field.name for field in dataclasses.fields(kind)]
        values = [[text[:LONGEST].strip() for text in sent.getlist(f"{name}.{column}")] for column in columns]
        n = max(map(len, values), default=0)
        padded = [column + [""] * (n - len(column)) for column in values]
        fields[name] = tuple(kind(**dict(zip(columns, row, strict=True))) for row in zip(*padded, strict=True))
    answers = {key: text for key in QUESTIONS if (text := sent.get(f"answer.{key}", ""))}
    return InterviewForm(
        **fields,
        answers=answers,
        details={key: text[:LONGEST] for key in QUESTIONS if (text := sent.get(f"detail.{key}", "").strip())},
        questions=sent.get("questions", "").strip(),
        own={key: text for key in SECTIONS if (text := sent.get(f"own.{key}", "").strip())},
        none=tuple(name for name in sent.getlist("none") if name in (*LISTS, "questions")),
    )
