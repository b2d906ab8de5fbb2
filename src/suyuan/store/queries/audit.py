"""Reading the audit: by officer, by subject, by day, by the person whose data was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q

from suyuan.actions.desk import NotAllowed
from suyuan.store.models import AuditRow, OfficerRow, PersonRow
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import inside
from suyuan.terms import Officer

RIGHT = "see_audit"
READS = ("read_details", "see_names", "reveal_details")
SHOWN_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit for a page: who, when, what, about what, why, and how many people's data was read."""

    id: int
    at: datetime
    officer_id: int
    username: str
    deed: str
    subject: str
    subject_id: int
    area: str
    purpose: str
    n_people: int
    people: tuple[str, ...]
    detail: dict[str, Any]

    @property
    def is_read(self) -> bool:
        """Whether personal data was read."""
        return self.n_people > 0


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks of the audit; whatever is left empty does not narrow the answer."""

    username: str = ""
    deed: str = ""
    subject: str = ""
    subject_id: int = 0
    day: date | None = None
    person_code: str = ""
    reads_only: bool = False


def audit_lines(officer: Officer, question: Question, cursor: str = "") -> Page[Line]:
    """Lines of the audit, the newest first.

    Notes
    -----
    Who audits everywhere sees every line. Who audits an area sees the lines that officers wrote whose every duty lies
    there: a line's own area is not always known, its writer is.

    Raises
    ------
    NotAllowed
        If the officer audits nowhere.
    """
    rows = _asked(_seen(officer), question)
    found, following = page_of(rows, ("-id",), cursor)
    return Page(_lines(found), following)


def who_looked_at(officer: Officer, person_code: str, cursor: str = "") -> Page[Line]:
    """Every read of one person's data, the newest first."""
    return audit_lines(officer, Question(person_code=person_code), cursor)


def _seen(officer: Officer) -> Any:
    areas = officer.areas(RIGHT)
    if not areas:
        raise NotAllowed("room.not_allowed", right=RIGHT, area="–")
    if areas == ("",):
        return AuditRow.objects.all()
    reach = Q()
    for area in areas:
        reach |= inside(area, districts=False)
    inside_only = OfficerRow.objects.filter(duties__isnull=False).exclude(
        pk__in=OfficerRow.objects.filter(duties__in=_duties_outside(reach)).values("pk")
    )
    return AuditRow.objects.filter(officer_id__in=inside_only.values("pk"))


def _duties_outside(reach: Q) -> Any:
    from suyuan.store.models import DutyRow

    return DutyRow.objects.exclude(reach)


def _asked(rows: Any, question: Question) -> Any:
    if question.username:
        rows = rows.filter(officer_id__in=OfficerRow.objects.filter(username=question.username).values("pk"))
    equal = {"deed": question.deed, "subject": question.subject, "subject_id": question.subject_id}
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if question.day:
        begin = datetime(
            question.day.year, question.day.month, question.day.day, tzinfo=ZoneInfo(settings.SUYUAN_TIMEZONE)
        )
        rows = rows.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    if question.reads_only:
        rows = rows.exclude(people=[])
    if question.person_code:
        person = PersonRow.objects.filter(code=question.person_code).values_list("pk", flat=True).first()
        rows = _with_person(rows, person or 0)
    return rows


def _with_person(rows: Any, person_id: int) -> Any:
    about = Q(subject="person", subject_id=person_id)
    if connection.vendor == "postgresql":
        return rows.filter(about | Q(people__contains=person_id))
    read = "EXISTS (SELECT 1 FROM json_each(store_auditrow.people) WHERE json_each.value = %s)"
    return rows.extra(where=[f"({read} OR (subject = 'person' AND subject_id = %s))"], params=[person_id, person_id])  # noqa: S610


def _lines(found: Iterable[AuditRow]) -> list[Line]:
    found = list(found)
    names = dict(OfficerRow.objects.filter(pk__in={row.officer_id for row in found}).values_list("pk", "username"))
    shown = {i for row in found for i in row.people[:SHOWN_PEOPLE]}
    codes = dict(PersonRow.objects.filter(pk__in=shown).values_list("pk", "code"))
    return [
        Line(
            id=row.id,
            at=row.at,
            officer_id=row.officer_id,
            username=names.get(row.officer_id, ""),
            deed=row.deed,
            subject=row.subject,
            subject_id=row.subject_id,
            area=row.area,
            purpose=row.purpose,
            n_people=len(row.people),
            people=tuple(codes.get(i, str(i)) for i in row.people[:SHOWN_PEOPLE]),
            detail=row.detail,
        )
        for row in found
    ]
