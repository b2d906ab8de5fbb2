"""The board's figures: counts with what changed since the same time yesterday, late tasks, the plan's progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from suyuan.store import models as rows
from suyuan.store.queries.areas import area_names, group_names
from suyuan.store.queries.board_counts import Counts, counts_of, total
from suyuan.store.queries.board_scope import Scope
from suyuan.store.queries.incidents import (
    INCIDENTS,
    ActionLine,
    GroupProgress,
    actions_of,
    overlapping,
    plan_tasks_of,
    progress_of,
    response_ends,
)
from suyuan.store.queries.remembered import remembered
from suyuan.terms import Incident, IncidentState, Officer

BINDING = ("signed", "told")


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: ``more`` and ``less`` since the same time yesterday, None where that is not known."""

    key: str
    n: int
    more: int | None = None
    less: int | None = None


@dataclass(frozen=True, slots=True)
class LateCell:
    """Late tasks, and tasks late within the hour, of one group in one district."""

    n_late: int = 0
    n_soon: int = 0


@dataclass(frozen=True, slots=True)
class LateTable:
    """Groups by districts; only those with something late or soon late."""

    districts: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str, tuple[LateCell, ...], LateCell], ...]
    """Group, its name, one cell for each district, the sum."""
    totals: tuple[LateCell, ...]


@dataclass(frozen=True, slots=True)
class Golden:
    """The first 24 hours of one incident's response."""

    incident_id: int
    code: str
    name: str
    state: str
    ends_at: datetime | None
    n: int
    n_done: int
    n_late: int
    groups: tuple[GroupProgress, ...]
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows as text."""

    tiles: tuple[Tile, ...]
    waiting: tuple[Tile, ...]
    late: LateTable
    golden: tuple[Golden, ...]


def board_of(officer: Officer, scope: Scope, lang: str) -> Board:
    """Return the figures of a board; they are kept for a few seconds for all who have the same reach."""
    return remembered(("board", lang, scope.key), lambda: _board(officer, scope, lang))


def _board(officer: Officer, scope: Scope, lang: str) -> Board:
    counts = counts_of(scope)
    late = late_table(counts, lang)
    return Board(
        tiles=(*_cases(counts), *_contacts(counts), _orders(counts), *_tasks(counts, late)),
        waiting=(
            Tile("orders_proposed", total(counts.orders, "proposed".__eq__)),
            Tile("contacts_proposed", total(counts.contacts, "proposed".__eq__)),
            *_contests(scope),
            *_reports(scope),
        ),
        late=late,
        golden=golden_of(officer, scope, lang),
    )


def _cases(counts: Counts) -> tuple[Tile, ...]:
    def n(name: str) -> int:
        return total(counts.cases, name.__eq__)

    return (
        Tile("confirmed", n("confirmed"), n("confirmed_new")),
        Tile("suspected", n("suspected"), n("suspected_new")),
        Tile("at_large", n("at_large"), None, n("isolated_new")),
        *([Tile("died", n("died"), n("died_new"))] if n("died") else []),
    )


def _contacts(counts: Counts) -> tuple[Tile, ...]:
    accepted_new = total(counts.since, "accepted".__eq__)
    return (
        Tile("contacts", total(counts.contacts, "accepted".__eq__), accepted_new),
        Tile("became_case", total(counts.contacts, "became_case".__eq__)),
    )


def _orders(counts: Counts) -> Tile:
    signed, ended = total(counts.since, "signed".__eq__), total(counts.since, "ended".__eq__)
    in_force = total(counts.orders, BINDING.__contains__) - total(counts.since, "not_begun".__eq__)
    return Tile("orders", in_force, signed, ended)


def _tasks(counts: Counts, late: LateTable) -> tuple[Tile, ...]:
    return (
        Tile("missed", total(counts.missed, "missed".__eq__)),
        Tile("late", sum(cell.n_late for cell in late.totals)),
        Tile("soon", sum(cell.n_soon for cell in late.totals)),
    )


def _contests(scope: Scope) -> tuple[Tile, ...]:
    contests = rows.ContestRow.objects.filter(state="open")
    if scope.incident_id:
        contests = contests.filter(order__incident_id=scope.incident_id)
    due = [(area, due_at) for area, due_at in contests.values_list("area", "due_at") if _reaches(scope, area)]
    late = sum(due_at <= scope.now for _, due_at in due)
    return Tile("contests", len(due)), *([Tile("contests_late", late)] if late else [])


def _reports(scope: Scope) -> tuple[Tile, ...]:
    submitted = rows.InvestigationRow.objects.filter(state="submitted")
    return (Tile("reports", scope.of(submitted).count()),)


def _reaches(scope: Scope, area: str) -> bool:
    return any(area.startswith(held) for held in scope.areas)


def late_table(counts: Counts, lang: str) -> LateTable:
    """Lay out late tasks, and those late within the hour, by group and district."""
    n: dict[tuple[str, str, bool], int] = {}
    for (_, district, third), some in counts.late.items():
        group, late = cast("tuple[str, bool]", third)
        n[group, district, late] = n.get((group, district, late), 0) + some
    cells = {
        (group, district): LateCell(n.get((group, district, True), 0), n.get((group, district, False), 0))
        for group, district, _ in n
    }
    districts = sorted({district for _, district in cells})
    groups = {group for group, _ in cells}
    names, areas = group_names(lang), area_names(districts, lang)
    order = [*(code for code in names if code in groups), *sorted(groups - names.keys())]
    lines = []
    for group in order:
        line = tuple(cells.get((group, district), LateCell()) for district in districts)
        lines.append((group, names.get(group, group), line, _sum(line)))
    totals = tuple(_sum(cells.get((group, district), LateCell()) for group in order) for district in districts)
    return LateTable(tuple((code, areas.get(code, code)) for code in districts), tuple(lines), totals)


def _sum(cells: Iterable[LateCell]) -> LateCell:
    some = list(cells)
    return LateCell(sum(cell.n_late for cell in some), sum(cell.n_soon for cell in some))


def golden_of(officer: Officer, scope: Scope, lang: str) -> tuple[Golden, ...]:
    """Tell how far the plans of the incidents under response are, the newest first."""
    active = active_incidents(officer)
    if scope.incident_id:
        active = [incident for incident in active if incident.id == scope.incident_id]
    running = [incident for incident in active if incident.response_at]
    tasks = plan_tasks_of([incident.id for incident in running], officer, "see_board") if running else []
    by_incident: dict[int, list[Any]] = {incident.id: [] for incident in running}
    for task in tasks:
        by_incident[task.incident_id].append(task)
    return tuple(_golden(incident, by_incident[incident.id], scope, lang) for incident in running)


def _golden(incident: Incident, tasks: list[Any], scope: Scope, lang: str) -> Golden:
    groups = progress_of(tasks, lang, scope.now)
    return Golden(
        incident_id=incident.id,
        code=incident.code,
        name=incident.name,
        state=incident.state.value,
        ends_at=response_ends(incident),
        n=sum(group.n for group in groups),
        n_done=sum(group.n_done for group in groups),
        n_late=sum(group.n_late for group in groups),
        groups=groups,
        actions=actions_of(tasks, lang),
    )


def active_incidents(officer: Officer) -> list[Incident]:
    """Return the incidents that are not over and touch the officer's board, the newest first."""
    found: Any = rows.IncidentRow.objects.filter(overlapping(officer, "see_board"))
    found = found.exclude(state=IncidentState.ALL_CLEAR).order_by("-opened_at", "-id")
    return [INCIDENTS.to_term(values) for values in found.values_list(*INCIDENTS.names)[:50]]
