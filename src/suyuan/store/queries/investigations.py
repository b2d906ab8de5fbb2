"""Investigations and teams as pages read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F

from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.store.queries.histories import Change, changes_of
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import inside, within
from suyuan.terms import CaseRecord, Investigation, NothingFound, Officer, Person, ReportState, Team

RIGHT = "see_investigations"
OPEN = ("ordered", "taken")
SHOWN = {
    "open": OPEN,
    "submitted": ("submitted",),
    "reviewed": ("reviewed",),
    "cancelled": ("cancelled",),
}
"""What a list may show, and the states that it means."""

INVESTIGATIONS = Mapping(Investigation, rows.InvestigationRow)
CASES, PEOPLE, TEAMS = Mapping(CaseRecord, rows.CaseRow), Mapping(Person, rows.PersonRow), Mapping(Team, rows.TeamRow)
MOST_TEAMS = 500


@dataclass(frozen=True, slots=True)
class InvestigationLine:
    """One investigation in a list."""

    id: int
    incident_id: int
    incident: str
    case_number: int
    person_id: int
    person_code: str
    area: str
    state: str
    team: str
    ordered_at: datetime
    due_at: datetime
    by_telephone_at: datetime | None
    on_site_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether its clock still runs."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report, without its text."""

    id: int
    version: int
    number: int
    state: ReportState
    written_at: datetime
    written_by: int
    author: str
    reviewed_at: datetime | None
    reviewer: str
    remark: str


@dataclass(frozen=True, slots=True)
class InvestigationSheet:
    """One investigation with what its page shows."""

    order: Investigation
    case: CaseRecord
    person: Person
    incident_code: str
    timezone: str
    team: Team | None
    history: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team with its load and the names of its members."""

    team: Team
    load: int
    members: tuple[str, ...]


def list_investigations(
    officer: Officer, show: str, *, incident_id: int = 0, team_ids: Iterable[int] = (), cursor: str = ""
) -> Page[InvestigationLine]:
    """List investigations of one kind within reach, the earliest deadline first.

    Parameters
    ----------
    show
        A key of ``SHOWN``.
    team_ids
        Only those of these teams; nothing for all.
    """
    found = within(rows.InvestigationRow.objects.filter(state__in=SHOWN.get(show, OPEN)), officer, RIGHT)
    if incident_id:
        found = found.filter(incident_id=incident_id)
    teams = list(team_ids)
    if teams:
        found = found.filter(team_id__in=teams)
    page, following = page_of(found.select_related("incident", "case", "person"), ("due_at", "id"), cursor)
    names = dict(rows.TeamRow.objects.filter(id__in={row.team_id for row in page}).values_list("id", "code"))
    return Page([_line(row, names) for row in page], following)


def _line(row: Any, names: dict[int, str]) -> InvestigationLine:
    return InvestigationLine(
        id=row.id,
        incident_id=row.incident_id,
        incident=row.incident.code,
        case_number=row.case.number,
        person_id=row.person_id,
        person_code=row.person.code,
        area=row.area,
        state=row.state,
        team=names.get(row.team_id, ""),
        ordered_at=row.ordered_at,
        due_at=row.due_at,
        by_telephone_at=row.by_telephone_at,
        on_site_at=row.on_site_at,
    )


def one_investigation(officer: Officer, investigation_id: int) -> InvestigationSheet:
    """Return one investigation.

    Raises
    ------
    NothingFound
        If there is none, or none within reach.
    """
    found = within(rows.InvestigationRow.objects.filter(id=investigation_id), officer, RIGHT)
    row = found.select_related("incident", "case", "person").first()
    if row is None:
        raise NothingFound("room.no_such", kind="Investigation", id=investigation_id)
    given: Any = row
    team = rows.TeamRow.objects.filter(id=given.team_id).first() if given.team_id else None
    return InvestigationSheet(
        order=_term(INVESTIGATIONS, given),
        case=_term(CASES, given.case),
        person=_term(PEOPLE, given.person),
        incident_code=given.incident.code,
        timezone=given.incident.timezone,
        team=_term(TEAMS, team) if team else None,
        history=changes_of(rows.HistoryRow.objects.filter(subject="investigation", subject_id=given.id)),
    )


def versions_of(officer: Officer, investigation_id: int) -> list[Version]:
    """List the versions of a report with who wrote and who reviewed them, the newest first.

    The remark is sealed: it is opened for those who may read the report, and left out for others.
    """
    order = rows.InvestigationRow.objects.filter(id=investigation_id).first()
    if order is None or not any(officer.may(right, order.area) for right in ("investigate", "review_report")):
        return []
    from suyuan.store.room import StoreRoom

    records = StoreRoom.reports.find(investigation_id=investigation_id)
    names = officer_names({each.written_by for each in records} | {each.reviewed_by for each in records})
    return [
        Version(
            id=each.id,
            version=each.version,
            number=each.number,
            state=each.state,
            written_at=each.written_at,
            written_by=each.written_by,
            author=names.get(each.written_by, "–"),
            reviewed_at=each.reviewed_at,
            reviewer=names.get(each.reviewed_by, ""),
            remark=each.remark,
        )
        for each in reversed(records)
    ]


def officer_names(ids: Iterable[int]) -> dict[int, str]:
    """Display names of officers by id."""
    found = rows.OfficerRow.objects.filter(id__in=set(ids) - {0}).values_list("id", "display_name", "username")
    return {i: display or username for i, display, username in found}


def teams_within(officer: Officer) -> list[TeamLine]:
    """List the teams that touch the officer's reach, with how many investigations each has open."""
    reach = within(rows.TeamRow.objects.all(), officer, RIGHT, districts=False)
    around = rows.TeamRow.objects.filter(area__in=_around(officer.areas(RIGHT)))
    found = list((reach | around).distinct().order_by("-on_duty", "area", "code")[:MOST_TEAMS])
    open_ones = rows.InvestigationRow.objects.filter(team_id__in=[row.id for row in found], state__in=OPEN)
    loads = dict(open_ones.values_list("team_id").annotate(n=Count("id")).values_list(F("team_id"), F("n")))
    names = officer_names(i for row in found for i in row.members)
    return [
        TeamLine(_term(TEAMS, row), loads.get(row.id, 0), tuple(names.get(i, str(i)) for i in row.members))
        for row in found
    ]


def my_teams(officer: Officer, teams: Iterable[TeamLine]) -> list[Team]:
    """Teams of which the officer is a member."""
    return [line.team for line in teams if officer.id in line.team.members]


def investigators_within(officer: Officer) -> list[tuple[int, str]]:
    """Officers with a duty to investigate where the reader forms teams: those who can be members."""
    roles = [role.name for role in rows.RoleRow.objects.all() if "investigate" in role.rights]
    areas = officer.areas("assign_investigation")
    duties = rows.DutyRow.objects.filter(role_id__in=roles)
    if areas != ("",):
        reach = inside("none", districts=False)
        for area in areas:
            reach |= inside(area, districts=False)
        duties = duties.filter(reach)
    ids = set(duties.values_list("officer_id", flat=True)[:MOST_TEAMS])
    return sorted(officer_names(ids).items(), key=lambda each: each[1])


def _around(areas: Iterable[str]) -> list[str]:
    return sorted({area[:n] for area in areas for n in range(2, len(area) + 1)})


def _term(mapping: Mapping[Any], row: Any) -> Any:
    return mapping.to_term(tuple(getattr(row, name) for name in mapping.names))
