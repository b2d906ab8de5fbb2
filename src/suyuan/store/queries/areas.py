"""Areas and working groups by name, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from suyuan.actions.response_plan import response_plan
from suyuan.store.models import AreaRow, GroupRow
from suyuan.terms import Officer
from suyuan.terms.officers import DISTRICT_WIDTH

DISTRICT, STREET, COMMUNITY = 3, 4, 5


@dataclass(frozen=True, slots=True)
class Area:
    """An area as pages name it."""

    code: str
    name: str
    level: int = 0


def area_names(codes: Iterable[str], lang: str) -> dict[str, str]:
    """Return names by division code; a code nobody named stands for itself."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    column = f"name_{lang}"
    known = dict(AreaRow.objects.filter(code__in=wanted).values_list("code", column))
    return {code: known.get(code) or code for code in wanted}


def children(area: str, lang: str) -> list[Area]:
    """Return the areas right inside an area, by code: the nearest level that is known there."""
    return _named(AreaRow.objects.filter(_inside(area), level=level_inside(area)), lang)


def level_inside(area: str) -> int:
    """Return the nearest level below an area that has names; 0 if there is none."""
    levels = AreaRow.objects.filter(_inside(area)).exclude(code=area)
    if len(area) < DISTRICT_WIDTH:
        levels = levels.filter(level__gte=DISTRICT)
    return levels.order_by("level").values_list("level", flat=True).first() or 0


def districts_of(officer: Officer, right: str, lang: str) -> list[Area]:
    """Return the districts in which an officer has a right somewhere."""
    held = officer.areas(right)
    if not held:
        return []
    reach = Q(pk__in=[])
    for area in held:
        reach |= _inside(area) | Q(code=area[:DISTRICT_WIDTH])
    return _named(AreaRow.objects.filter(reach, level=DISTRICT), lang)


def areas_to_choose(officer: Officer, right: str, lang: str) -> list[Area]:
    """Return provinces, cities and districts in which an officer has a right throughout, widest first."""
    reach = Q(pk__in=[])
    for area in officer.areas(right):
        reach |= _inside(area)
    return _named(AreaRow.objects.filter(reach, level__lte=DISTRICT), lang)


def _inside(area: str) -> Q:
    return Q(code__gte=area, code__lt=f"{area}z")


def _named(rows: object, lang: str) -> list[Area]:
    found = rows.order_by("code").values_list("code", f"name_{lang}", "level")  # type: ignore[attr-defined]
    return [Area(code, name or code, level) for code, name, level in found]


def group_names(lang: str) -> dict[str, str]:
    """Return the working groups in their order: those of the plan, and what this installation calls them or adds."""
    names = {code: group.name.text(lang) for code, group in response_plan().groups.items()}
    own = GroupRow.objects.order_by("place", "code").values_list("code", f"name_{lang}")
    return names | {code: name for code, name in own if name}
