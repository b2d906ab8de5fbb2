"""Whole lists leave the room: within reach, chunk by chunk, flat in memory, with every person shown in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from suyuan.actions.desk import NotAllowed
from suyuan.store.models import CaseRow
from suyuan.store.people import PeopleShelf
from suyuan.store.queries.export_columns import PERSONAL, Sheet, personal_cells, sheets
from suyuan.store.queries.reach import within
from suyuan.store.queries.records import KINDS
from suyuan.store.room import open_room
from suyuan.terms import AuditEntry, BadInput, Details, NothingFound, Officer

CHUNK = 1000
RIGHT, SEALED_RIGHT = "export_data", "reveal_details"
EXPORTS = ("people", "cases", "contacts", "orders", "follow-ups")
SHORTEST_PURPOSE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is asked for: a kind, equal values to filter by, and what for if details that identify are wanted too."""

    kind: str
    filters: dict[str, Any] = field(default_factory=dict)
    personal: bool = False
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """A table that leaves: its header, and its rows, read while they are written out."""

    header: list[str]
    rows: Iterator[list[Any]]


def may_export(officer: Officer, kind: str) -> bool:
    """Tell whether the officer may export a kind anywhere."""
    return bool(officer.areas(RIGHT) and officer.areas(KINDS[kind].right))


def begin_export(officer: Officer, export: Export) -> Exported:
    """Check what is asked for, note it in the audit, and return the table.

    Raises
    ------
    NothingFound
        If there is no such kind.
    NotAllowed
        If the officer may not export it anywhere, or not with details that identify.
    BadInput
        If these are asked for without a purpose.
    """
    if export.kind not in EXPORTS:
        raise NothingFound("exports.no_kind", kinds=", ".join(EXPORTS))
    rights = (RIGHT, KINDS[export.kind].right, *((SEALED_RIGHT,) if export.personal else ()))
    for right in rights:
        if not officer.areas(right):
            raise NotAllowed("room.not_allowed", right=right, area="–")
    if export.personal and len(export.purpose.strip()) < SHORTEST_PURPOSE:
        raise BadInput("people.no_purpose")
    sheet = sheets(ZoneInfo(settings.SUYUAN_TIMEZONE))[export.kind]
    asked = {"kind": export.kind, "filters": export.filters, "personal": export.personal}
    _audit(officer, "export", export, (), asked)
    header = [column.name for column in sheet.columns]
    return Exported(header + (list(PERSONAL) if export.personal else []), _rows(officer, export, sheet))


def _rows(officer: Officer, export: Export, sheet: Sheet) -> Iterator[list[Any]]:
    found = _within(officer, export)
    lookups = [sheet.person, sheet.home, "id", *(column.lookup for column in sheet.columns)]
    last = 0
    while chunk := list(islice(found.filter(id__gt=last).order_by("id").values_list(*lookups)[:CHUNK], CHUNK)):
        last = chunk[-1][2]
        details = _details(officer, export, {person: home for person, home, *_ in chunk})
        infectors = _infectors(sheet, chunk)
        for person, _, _, *values in chunk:
            cells = [
                infectors.get(value, "") if column.name == "infector_code"
                else column.write(value) if column.write else value
                for column, value in zip(sheet.columns, values, strict=True)
            ]  # fmt: skip
            yield cells + (personal_cells(details.get(person, Details())) if export.personal else [])


def _within(officer: Officer, export: Export) -> QuerySet[Any]:
    kind = KINDS[export.kind]
    rows = kind.mapping.row._default_manager.filter(**export.filters)
    if export.kind == "people":
        rows = rows.filter(merged_into=0)
    seen = within(rows, officer, kind.right, districts=kind.districts)
    return within(seen, officer, RIGHT, districts=kind.districts)


def _details(officer: Officer, export: Export, homes: dict[int, str]) -> dict[int, Details]:
    """Open the details of some persons, noted in the audit before any of them leaves."""
    seen = [person for person, home in homes.items() if officer.may(SEALED_RIGHT, home)]
    if not export.personal or not seen:
        return {}
    _audit(officer, "export_details", export, tuple(sorted(seen)), {"kind": export.kind})
    return PeopleShelf().details(seen)


def _infectors(sheet: Sheet, chunk: list[Any]) -> dict[int, str]:
    if sheet.kind != "contacts":
        return {}
    place = 3 + [column.name for column in sheet.columns].index("infector_code")
    ids = sorted({values[place] for values in chunk})
    return dict(CaseRow.objects.filter(id__in=ids).values_list("id", "person__code"))


def _audit(officer: Officer, deed: str, export: Export, people: tuple[int, ...], detail: dict[str, Any]) -> None:
    entry = AuditEntry(
        at=timezone.now(), officer_id=officer.id, deed=deed, subject=export.kind, purpose=export.purpose.strip(),
        people=people, detail=detail,
    )  # fmt: skip
    with open_room() as room:
        room.write_audit([entry])
