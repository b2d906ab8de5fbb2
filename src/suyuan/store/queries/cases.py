"""Cases as pages show them: the list, and one case with what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.store.queries.histories import Change, changes_of
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.store.queries.task_titles import task_title
from suyuan.terms import CaseRecord, NothingFound, Officer

RIGHT = "see_cases"
CASES = Mapping(CaseRecord, rows.CaseRow)
MOST = 50
PENDING = ("open", "taken")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What to list; empty fields restrict nothing. ``search`` is a case number or a person's whole number."""

    incident_id: int = 0
    classification: str = ""
    course: str = ""
    district: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One row of the list."""

    id: int
    number: int
    incident_id: int
    incident_code: str
    person_id: int
    person_code: str
    area: str
    district: str
    classification: str
    course: str
    severity: str
    onset_at: datetime | None
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RingCount:
    """Contacts of a case in one ring, by state."""

    ring: int
    total: int
    states: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Infector:
    """A possible infector of a case; ``case_id`` 0 is somebody not found."""

    case_id: int
    number: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case with what hangs on it, each part as far as the reader may see it (None: not at all)."""

    case: CaseRecord
    person_code: str
    incident_code: str
    incident_name: str
    visit_log: str
    from_contact: dict[str, Any] | None
    rings: list[RingCount]
    infectors: list[Infector]
    orders: list[dict[str, Any]] | None
    tasks: list[dict[str, Any]] | None
    investigations: list[dict[str, Any]] | None
    history: tuple[Change, ...] = field(default=(), repr=False)


def list_cases(officer: Officer, wanted: CaseFilter, cursor: str = "", size: int = MOST) -> Page[CaseLine]:
    """Return one page of the cases within the officer's reach, newest report first."""
    found = within(rows.CaseRow.objects.select_related("incident", "person"), officer, RIGHT)
    for name in ("incident_id", "classification", "course", "district"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if typed := wanted.search.strip():
        found = found.filter(number=int(typed)) if _is_number(typed) else found.filter(person_id__in=_people(typed))
    page, following = page_of(found, ("-reported_at", "-id"), cursor, size)
    return Page([_line(row) for row in page], following)


def one_case(officer: Officer, case_id: int, right: str = RIGHT) -> CaseRecord:
    """Return one case.

    Raises
    ------
    NothingFound
        If there is none, or none that the officer may see: the two look the same from outside.
    """
    values = within(rows.CaseRow.objects.filter(id=case_id), officer, right).values_list(*CASES.names).first()
    if values is None:
        raise NothingFound("room.no_such", kind="CaseRecord", id=case_id)
    return CASES.to_term(values)


def view_case(officer: Officer, case_id: int, lang: str) -> CaseView:
    """Return one case with what hangs on it.

    Raises
    ------
    NothingFound
        As for ``one_case``.
    """
    case = one_case(officer, case_id)
    incident = rows.IncidentRow.objects.get(id=case.incident_id)
    return CaseView(
        case=case,
        person_code=code_of_person(case.person_id),
        incident_code=incident.code,
        incident_name=incident.name,
        visit_log=incident.visit_log,
        from_contact=_from_contact(case.from_contact_id) if case.from_contact_id else None,
        rings=count_rings(case.id) if officer.may("see_contacts", case.area) else [],
        infectors=_infectors(case.id),
        orders=orders_about(officer, "case", case.id, case.area),
        tasks=tasks_about(officer, ("case", case.id), case.area, lang),
        investigations=_investigations(officer, case),
        history=changes_of(rows.HistoryRow.objects.filter(subject="case", subject_id=case.id)),
    )


def code_of_person(person_id: int) -> str:
    """Return the number that science and visit logs use of a person."""
    return rows.PersonRow.objects.values_list("code", flat=True).get(id=person_id)


def count_rings(case_id: int) -> list[RingCount]:
    """Count the contacts of a case by ring and state."""
    counted = rows.ContactRow.objects.filter(infector_case_id=case_id).order_by()
    found: dict[int, dict[str, int]] = {}
    for ring, state, n in counted.values_list("ring", "state").annotate(n=Count("id")):
        found.setdefault(ring, {})[state] = n
    return [RingCount(ring=ring, total=sum(found[ring].values()), states=found[ring]) for ring in sorted(found)]


def orders_about(officer: Officer, subject: str, subject_id: int, area: str) -> list[dict[str, Any]] | None:
    """Orders that follow from a record, None without the right to see them."""
    if not officer.may("see_orders", area):
        return None
    found = rows.OrderRow.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
    return plain_rows(found.values("id", "kind", "state", "starts_at", "ends_at")[:MOST])


def tasks_about(officer: Officer, about: tuple[str, int], area: str, lang: str) -> list[dict[str, Any]] | None:
    """Pending tasks about a record, None without the right to see them."""
    if not officer.may("see_tasks", area):
        return None
    found = rows.TaskRow.objects.filter(subject=about[0], subject_id=about[1], state__in=PENDING).order_by("due_at")
    return [
        {"id": row.id, "title": task_title(row.kind, row.values, lang), "due_at": row.due_at, "state": row.state}
        for row in found[:MOST]
    ]


def plain_rows(values: Any) -> list[dict[str, Any]]:
    """Take rows of values out of a query."""
    return [dict(row) for row in values]


def _investigations(officer: Officer, case: CaseRecord) -> list[dict[str, Any]] | None:
    if not officer.may("see_investigations", case.area):
        return None
    found = rows.InvestigationRow.objects.filter(case_id=case.id).order_by("id")
    return plain_rows(found.values("id", "state", "due_at")[:MOST])


def _infectors(case_id: int) -> list[Infector]:
    found = list(rows.InfectorCandidateRow.objects.filter(case_id=case_id).order_by("-p", "id")[:MOST])
    ids = [row.infector_id for row in found if row.infector_id]
    numbers = dict(rows.CaseRow.objects.filter(id__in=ids).values_list("id", "number")) if ids else {}
    return [Infector(case_id=row.infector_id, number=numbers.get(row.infector_id, 0), p=row.p) for row in found]


def _from_contact(contact_id: int) -> dict[str, Any] | None:
    contact = rows.ContactRow.objects.filter(id=contact_id).values("id", "ring", "infector_case_id").first()
    if contact is None:
        return None
    infector = rows.CaseRow.objects.filter(id=contact["infector_case_id"]).values_list("number", flat=True).first()
    return {**contact, "infector_number": infector or 0}


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= 7


def _people(code: str) -> list[int]:
    return list(rows.PersonRow.objects.filter(code=code).values_list("id", flat=True))


def _line(row: Any) -> CaseLine:
    plain = {name: getattr(row, name) for name in CaseLine.__dataclass_fields__ if not name.endswith("_code")}
    return CaseLine(**plain, incident_code=row.incident.code, person_code=row.person.code)
