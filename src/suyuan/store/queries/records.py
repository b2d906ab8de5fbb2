"""Records as programs read them: one list and one record of each kind, inside the officer's reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.store.queries.paging import page_of
from suyuan.store.queries.reach import within
from suyuan.terms import (
    CaseRecord,
    Contact,
    Contest,
    DuplicateFinding,
    FollowUp,
    HistoryEntry,
    Incident,
    Investigation,
    NothingFound,
    Officer,
    Order,
    Person,
    Task,
    TracingChange,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """One kind of record that programs may read.

    ``right`` is asked for in the area of each record; ``filters`` are the columns that may be compared for equality.
    """

    name: str
    mapping: Mapping[T]
    right: str
    filters: tuple[str, ...]
    order: tuple[str, ...] = ("id",)
    districts: bool = True


KINDS: dict[str, Kind[Any]] = {
    kind.name: kind
    for kind in (
        Kind("incidents", Mapping(Incident, rows.IncidentRow), "see_incidents", ("state", "code"), districts=False),
        Kind(
            "cases",
            Mapping(CaseRecord, rows.CaseRow),
            "see_cases",
            ("incident_id", "person_id", "classification", "course", "district"),
            ("-reported_at", "-id"),
        ),
        Kind(
            "contacts",
            Mapping(Contact, rows.ContactRow),
            "see_contacts",
            ("incident_id", "person_id", "ring", "state", "district", "infector_case_id"),
            ("id",),
        ),
        Kind(
            "tracing-changes",
            Mapping(TracingChange, rows.TracingChangeRow),
            "see_contacts",
            ("incident_id", "tracing_id", "decided"),
            districts=False,
        ),
        Kind("orders", Mapping(Order, rows.OrderRow), "see_orders", ("incident_id", "person_id", "state", "kind")),
        Kind("contests", Mapping(Contest, rows.ContestRow), "see_orders", ("order_id", "state"), districts=False),
        Kind(
            "tasks",
            Mapping(Task, rows.TaskRow),
            "see_tasks",
            ("incident_id", "person_id", "group", "state", "kind", "district", "assignee_id"),
            ("due_at", "id"),
        ),
        Kind(
            "follow-ups",
            Mapping(FollowUp, rows.FollowUpRow),
            "see_follow_ups",
            ("incident_id", "person_id", "state", "kind", "district"),
        ),
        Kind(
            "investigations",
            Mapping(Investigation, rows.InvestigationRow),
            "see_investigations",
            ("incident_id", "case_id", "team_id", "state"),
            ("due_at", "id"),
        ),
        Kind("people", Mapping(Person, rows.PersonRow), "see_people", ("code", "household"), districts=False),
        Kind(
            "duplicates",
            Mapping(DuplicateFinding, rows.DuplicateFindingRow),
            "merge_people",
            ("state",),
            ("-p", "id"),
            districts=False,
        ),
    )
}

HISTORY = Mapping(HistoryEntry, rows.HistoryRow)
SUBJECTS = {"incidents": "incident", "cases": "case", "contacts": "contact", "orders": "order", "tasks": "task"}
"""Kinds that keep a history, and what it calls them."""


def list_records(
    kind: Kind[T], officer: Officer, filters: dict[str, Any], cursor: str, size: int
) -> tuple[list[T], str]:
    """Return one page of the records of a kind that the officer may see, and the cursor of the next."""
    found = within(kind.mapping.row._default_manager.filter(**filters), officer, kind.right, districts=kind.districts)
    page, following = page_of(found, kind.order, cursor, size)
    return [kind.mapping.to_term(tuple(getattr(row, name) for name in kind.mapping.names)) for row in page], following


def one_record(kind: Kind[T], officer: Officer, record_id: int) -> T:
    """Return one record.

    Raises
    ------
    NothingFound
        If there is none, or none that the officer may see: the two look the same from outside.
    """
    found = within(
        kind.mapping.row._default_manager.filter(id=record_id), officer, kind.right, districts=kind.districts
    )
    values = found.values_list(*kind.mapping.names).first()
    if values is None:
        raise NothingFound("room.no_such", kind=kind.mapping.record.__name__, id=record_id)
    return kind.mapping.to_term(values)


def history_of(kind: Kind[Any], officer: Officer, record_id: int) -> list[HistoryEntry]:
    """Return what happened to one record, oldest first.

    Raises
    ------
    NothingFound
        As for ``one_record``.
    """
    one_record(kind, officer, record_id)
    found = rows.HistoryRow.objects.filter(subject=SUBJECTS[kind.name], subject_id=record_id).order_by("id")
    return [HISTORY.to_term(values) for values in found.values_list(*HISTORY.names)]
