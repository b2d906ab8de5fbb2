"""An officer's reach as part of the query: as fast for a district as for the whole city."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from suyuan.terms import Officer
from suyuan.terms.officers import DISTRICT_WIDTH

M = TypeVar("M", bound=Model)


def within(rows: QuerySet[M], officer: Officer, right: str, *, districts: bool = True) -> QuerySet[M]:
    """Keep the rows in areas where the officer has the right.

    Parameters
    ----------
    rows
        A query on a table with a column ``area``.
    right
        Name of the right.
    districts
        Whether the table has a column ``district``: a whole district is then an equality, which an index that is
        sorted by deadline can use; smaller areas are a range of codes.
    """
    areas = officer.areas(right)
    if not areas:
        return rows.none()
    if areas == ("",):
        return rows
    reach = Q()
    for area in areas:
        reach |= inside(area, districts=districts)
    return rows.filter(reach)


def inside(area: str, *, districts: bool = True) -> Q:
    """Condition for the rows of one area and everything inside it."""
    if districts and len(area) == DISTRICT_WIDTH:
        return Q(district=area)
    if len(area) < DISTRICT_WIDTH:
        # most rows of a table lie in a whole city: a list must walk its own order, not the area's range
        return Q(Exact(Substr("district" if districts else "area", 1, len(area)), area))
    # codes are digits only: every code inside begins with the area and sorts before it followed by a letter
    return Q(area__gte=area, area__lt=f"{area}z")
