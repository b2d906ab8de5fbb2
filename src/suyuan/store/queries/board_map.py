"""The map of the board: areas with counts, and cases as points that point to no address."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from suyuan.store import models as rows
from suyuan.store.queries.areas import COMMUNITY, level_inside
from suyuan.store.queries.board_counts import by_district, counts_of
from suyuan.store.queries.board_scope import Scope
from suyuan.store.queries.incidents import one_incident
from suyuan.store.queries.remembered import remembered
from suyuan.terms import Officer
from suyuan.terms.officers import DISTRICT_WIDTH

WIDTHS = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}
MOST_POINTS = 1000
POINT_DAYS = 21
JITTER_DEGREES = 0.0012
"""About 120 m: a point stands near the middle of a community, never at somebody's door."""
GOLDEN_ANGLE = 2.399963229728653


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area with its shape."""

    code: str
    name: str
    shape: dict[str, Any]


def map_of(officer: Officer, scope: Scope, lang: str) -> dict[str, Any]:
    """Return the map for the island: bounds, areas with counts, points of recent cases where the reader sees cases."""
    sees = officer.areas("see_cases")
    return remembered(("map", lang, sees, scope.key), lambda: _map(officer, scope, lang))


def _map(officer: Officer, scope: Scope, lang: str) -> dict[str, Any]:
    drawn, width = _drawn(officer, scope, lang)
    counts = _counts(scope, width) if drawn else {}
    areas = [
        _feature(area.shape, {"code": area.code, "name": area.name, **counts.get(area.code, _NOTHING)})
        for area in drawn
    ]
    points = list(_points(officer, scope))
    return {
        "bounds": _bounds([area.shape for area in drawn]),
        "areas": {"type": "FeatureCollection", "features": areas},
        "points": {"type": "FeatureCollection", "features": points},
    }


_NOTHING = {"n_cases": 0, "n_new": 0, "n_contacts": 0, "n_orders": 0}


def _feature(shape: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape, "properties": properties}


def _drawn(officer: Officer, scope: Scope, lang: str) -> tuple[list[Drawn], int]:
    """Areas right inside the reach that have a shape, and the width of their codes."""
    tops = list(scope.areas)
    if scope.incident_id:
        own = one_incident(officer, scope.incident_id, "see_board").area
        tops = [own if own.startswith(top) else top for top in tops if own.startswith(top) or top.startswith(own)]
    level = max((level_inside(top) for top in tops), default=0)
    found = rows.AreaRow.objects.exclude(shape=None)
    reach = Q(pk__in=[])
    for top in tops:
        reach |= Q(code__gte=top, code__lt=f"{top}z")
    named = found.filter(reach, level=level or COMMUNITY).order_by("code")
    drawn = [
        Drawn(code, name or code, shape) for code, name, shape in named.values_list("code", f"name_{lang}", "shape")
    ]
    return drawn, WIDTHS[level or COMMUNITY]


def _counts(scope: Scope, width: int) -> dict[str, dict[str, int]]:
    """Count by the first ``width`` digits of the area."""
    if width == DISTRICT_WIDTH:
        counts = counts_of(scope)
        columns = {
            "n_cases": by_district(counts.cases, "all".__eq__),
            "n_new": by_district(counts.cases, "all_new".__eq__),
            "n_contacts": by_district(counts.contacts, "accepted".__eq__),
            "n_orders": by_district(counts.orders, ("signed", "told").__contains__),
        }
    else:
        columns = _by_part(scope, width)
    found: dict[str, dict[str, int]] = {}
    for name, counted in columns.items():
        for code, n in counted.items():
            found.setdefault(code, dict(_NOTHING))[name] = n
    return found


def _by_part(scope: Scope, width: int) -> dict[str, dict[str, int]]:
    cases = scope.of(rows.CaseRow.objects.exclude(classification="ruled_out"))
    return {
        "n_cases": _added(cases, width),
        "n_new": _added(cases.filter(reported_at__gt=scope.yesterday), width),
        "n_contacts": _added(_ranges(scope, rows.ContactRow.objects.filter(state="accepted")), width),
        "n_orders": _added(_ranges(scope, rows.OrderRow.objects.filter(state__in=["signed", "told"])), width),
    }


def _ranges(scope: Scope, query: Any) -> Any:
    """Keep the rows of a scope by ranges of codes: the index on area and state then answers alone."""
    reach = Q(pk__in=[])
    for area in scope.areas:
        reach |= Q(area__gte=area, area__lt=f"{area}z")
    found = query.filter(reach)
    return found.filter(incident_id=scope.incident_id) if scope.incident_id else found


def _added(query: Any, width: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for area, n in query.values_list("area").annotate(n=Count("*")).order_by():
        found[area[:width]] = found.get(area[:width], 0) + n
    return found


def _points(officer: Officer, scope: Scope) -> Iterable[dict[str, Any]]:
    """Recent cases near the middle of their community, for readers who may see cases there."""
    recent = scope.of(rows.CaseRow.objects.filter(reported_at__gt=scope.now - timedelta(days=POINT_DAYS)))
    recent = recent.exclude(classification="ruled_out").order_by("-reported_at", "-id")
    cases = [
        case
        for case in recent.values_list("id", "number", "area", "reported_at")[:MOST_POINTS]
        if officer.may("see_cases", case[2])
    ]
    codes = sorted({area for _, _, area, _ in cases})
    middles: dict[str, tuple[float, float]] = {}
    for i in range(0, len(codes), 500):
        shapes = rows.AreaRow.objects.filter(code__in=codes[i : i + 500]).exclude(shape=None)
        middles |= {code: _middle(shape) for code, shape in shapes.values_list("code", "shape") if shape}
    there = ZoneInfo(settings.SUYUAN_TIMEZONE)
    for case_id, number, area, reported_at in cases:
        if area in middles:
            place = {"type": "Point", "coordinates": _near(middles[area], case_id)}
            day = reported_at.astimezone(there).date().isoformat()
            yield _feature(place, {"kind": "case", "label": f"#{number}", "url": _url("case", case_id), "day": day})


def _near(middle: tuple[float, float], number: int) -> list[float]:
    """Scatter points evenly around a middle: the same case always stands at the same place."""
    angle, radius = number * GOLDEN_ANGLE, JITTER_DEGREES * math.sqrt((number % 97) / 97)
    east = radius * math.cos(angle) / max(0.2, math.cos(math.radians(middle[1])))
    return [round(middle[0] + east, 5), round(middle[1] + radius * math.sin(angle), 5)]


def _url(name: str, number: int) -> str:
    try:
        return reverse(name, args=[number])
    except NoReverseMatch:
        return ""


def _corners(shape: dict[str, Any]) -> Iterable[tuple[float, float]]:
    """Yield every corner of a geometry."""
    waiting: list[Any] = [shape.get("coordinates", [])]
    while waiting:
        part = waiting.pop()
        if part and isinstance(part[0], int | float):
            yield float(part[0]), float(part[1])
        else:
            waiting.extend(part)


def _middle(shape: dict[str, Any]) -> tuple[float, float]:
    west, south, east, north = _bounds([shape]) or (0.0, 0.0, 0.0, 0.0)
    return (west + east) / 2, (south + north) / 2


def _bounds(shapes: list[dict[str, Any]]) -> list[float] | None:
    corners = [corner for shape in shapes for corner in _corners(shape)]
    if not corners:
        return None
    east_west, north_south = [x for x, _ in corners], [y for _, y in corners]
    return [min(east_west), min(north_south), max(east_west), max(north_south)]
