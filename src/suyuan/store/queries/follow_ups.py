"""Daily follow-up for pages: today's round, who missed days, who is lost, one person's days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from suyuan.actions.follow_up_calendar import follow_up_plan
from suyuan.actions.order_reasons import day_of, instant_of
from suyuan.store.mapping import Mapping
from suyuan.store.models import FollowUpDayRow, FollowUpRow, IncidentRow, PersonRow, TaskRow
from suyuan.store.queries.areas import area_names
from suyuan.store.queries.orders import Line, called, history_of
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.terms import FollowUp, FollowUpDay, NothingFound, Officer
from suyuan.terms.wording import sentences

FOLLOW_UPS = Mapping(FollowUp, FollowUpRow)
DAYS = Mapping(FollowUpDay, FollowUpDayRow, sealed=("note",))


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One person of a round."""

    id: int
    person_id: int
    person: str
    area: str
    kind: str
    ends_on: date
    last_seen_on: date | None
    n_missed: int
    due_at: datetime | None
    test_today: bool


@dataclass(frozen=True, slots=True)
class DistrictRound:
    """How the round stands in one district."""

    district: str
    name: str
    n_active: int
    n_missed: int
    n_lost: int


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a follow-up; ``entry`` is None where nothing was recorded. ``stands``: no later entry replaced it."""

    day: date
    entry: FollowUpDay | None = field(repr=False)
    symptoms: str = ""
    recorded_by: str = ""
    stands: bool = True


@dataclass(frozen=True, slots=True)
class FollowUpSheet:
    """One follow-up with its days, newest first, its history and its open tasks."""

    follow_up: FollowUp
    person: str
    incident: str
    today: date
    days: Sequence[DayLine]
    history: Sequence[Line]
    tasks: Sequence[tuple[int, str, dict[str, Any], datetime]]


def round_today(officer: Officer, now: datetime, *, kind: str = "", district: str = "", cursor: str = "") -> Any:
    """Return a page of those who have not been reached today, the nearest alarm first."""
    today = day_of(now, settings.SUYUAN_TIMEZONE)
    # whoever was reached today is waited for tomorrow, plus the rule's hours: this bound leaves most of them out
    latest = max(rule.missed_alarm_hours for rule in follow_up_plan().kinds.values())
    bound = instant_of(today, settings.SUYUAN_TIMEZONE) + timedelta(hours=latest)
    rows = _active(officer, kind, district).filter(next_due_at__lte=bound, starts_on__lte=today)
    return _lines(rows.filter(Q(last_seen_on__isnull=True) | Q(last_seen_on__lt=today)), today, cursor)


def round_missed(officer: Officer, now: datetime, *, kind: str = "", district: str = "", cursor: str = "") -> Any:
    """Return a page of those who missed a day and have not been reached since."""
    today = day_of(now, settings.SUYUAN_TIMEZONE)
    return _lines(_active(officer, kind, district).filter(n_missed__gt=0), today, cursor)


def round_lost(officer: Officer, now: datetime, *, kind: str = "", district: str = "", cursor: str = "") -> Any:
    """Return a page of those who count as lost, by id."""
    rows = _narrowed(within(FollowUpRow.objects.filter(state="lost"), officer, "see_follow_ups"), kind, district)
    return _lines(rows, day_of(now, settings.SUYUAN_TIMEZONE), cursor, ("id",))


def _active(officer: Officer, kind: str, district: str) -> QuerySet[FollowUpRow]:
    rows = within(FollowUpRow.objects.filter(state="active"), officer, "see_follow_ups")
    return _narrowed(rows, kind, district)


def _narrowed(rows: QuerySet[FollowUpRow], kind: str, district: str) -> QuerySet[FollowUpRow]:
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(district=district) if district else rows


def _lines(
    rows: QuerySet[FollowUpRow], today: date, cursor: str, order: tuple[str, ...] = ("next_due_at", "id")
) -> Page[RoundLine]:
    found, following = page_of(rows.select_related("person"), order, cursor)
    return Page([_line(row, today) for row in found], following)


def _line(row: Any, today: date) -> RoundLine:
    return RoundLine(
        row.id, row.person_id, row.person.code, row.area, row.kind, row.ends_on, row.last_seen_on, row.n_missed,
        row.next_due_at, today.isoformat() in row.because.get("tests", ()),
    )  # fmt: skip


def rounds_by_district(officer: Officer, lang: str) -> list[DistrictRound]:
    """Return how the round stands in each district within reach."""
    rows = within(FollowUpRow.objects.filter(state__in=["active", "lost"]), officer, "see_follow_ups")
    active = Q(state="active")
    counted = rows.values("district").annotate(
        active=Count("id", filter=active), missed=Count("id", filter=active & Q(n_missed__gt=0)),
        lost=Count("id", filter=Q(state="lost")),
    ).order_by("district")  # fmt: skip
    found = list(counted)
    names = area_names([each["district"] for each in found], lang)
    return [
        DistrictRound(each["district"], names.get(each["district"], each["district"]), each["active"], each["missed"],
                      each["lost"])
        for each in found
    ]  # fmt: skip


def follow_up_sheet(officer: Officer, follow_up_id: int, lang: str, now: datetime) -> FollowUpSheet:
    """Return one follow-up within reach with all its days.

    Raises
    ------
    NothingFound
        If there is none, or it lies outside the officer's areas.
    """
    found = FollowUpRow.objects.filter(id=follow_up_id).values_list(*FOLLOW_UPS.names).first()
    if found is None or not officer.may("see_follow_ups", found[FOLLOW_UPS.names.index("area")]):
        raise NothingFound("room.no_such", kind="FollowUp", id=follow_up_id)
    follow_up = FOLLOW_UPS.to_term(found)
    person = PersonRow.objects.only("code").get(id=follow_up.person_id)
    incident = IncidentRow.objects.only("code", "timezone").get(id=follow_up.incident_id)
    today = day_of(now, incident.timezone)
    tasks = TaskRow.objects.filter(subject="follow_up", subject_id=follow_up.id, state__in=["open", "taken"])
    return FollowUpSheet(
        follow_up=follow_up,
        person=person.code,
        incident=incident.code,
        today=today,
        days=_days(follow_up, lang, today),
        history=history_of("follow_up", follow_up.id, lang),
        tasks=tuple(tasks.order_by("due_at").values_list("id", "kind", "values", "due_at")),
    )


def _days(follow_up: FollowUp, lang: str, today: date) -> list[DayLine]:
    """Return the days recorded, the latest first, and between them the days of which nothing is known."""
    values = FollowUpDayRow.objects.filter(follow_up_id=follow_up.id).order_by("id").values_list(*DAYS.names)
    entries = [DAYS.to_term(each) for each in values]
    names = called(entry.recorded_by for entry in entries)
    by_day: dict[date, list[FollowUpDay]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    last = min(today, max([follow_up.ends_on - timedelta(days=1), *by_day]))
    lines: list[DayLine] = []
    for back in range(max(0, (last - follow_up.starts_on).days + 1)):
        day = last - timedelta(days=back)
        of_day = by_day.get(day, [])
        lines += [
            DayLine(day, entry, _symptoms(entry.symptoms, lang), names.get(entry.recorded_by, ""), entry is of_day[-1])
            for entry in reversed(of_day)
        ] or [DayLine(day, None)]
    return lines


def _symptoms(keys: Iterable[str], lang: str) -> str:
    choices = follow_up_plan().questions["symptoms"].choices
    return sentences(lang)["reason.joint"].join(choices[key].text(lang) if key in choices else key for key in keys)
