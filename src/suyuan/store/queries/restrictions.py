"""All restrictions in force, and what they have cost so far in person-days.

Notes
-----
Person-days are the sum, over every order that was ever signed, of the time for which it has bound its person until
now: from the later of its start and its signature, to the earliest of now, its end and its revocation. It is the same
arithmetic as ``actions.order_life.time_in_force``, done inside the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from suyuan.store.models import OrderRow
from suyuan.store.queries.areas import area_names
from suyuan.store.queries.epochs import Seconds
from suyuan.store.queries.orders import DAY_SECONDS, OrderLine, order_lines
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.terms import Officer


@dataclass(frozen=True, slots=True)
class Tally:
    """One kind of order in one district: in force now, and person-days so far."""

    district: str
    name: str
    kind: str
    n_orders: int
    person_days: float


@dataclass(frozen=True, slots=True)
class Restrictions:
    """The whole: people bound now, orders in force, person-days so far, and each kind in each district."""

    n_people: int
    n_orders: int
    person_days: float
    tallies: Sequence[Tally]


def in_force(now: datetime) -> Q:
    """Condition for orders that bind somebody at an instant, whether or not a clock has run."""
    return Q(state__in=["signed", "told"], starts_at__lte=now, ends_at__gt=now, signed_at__lte=now)


def restrictions(officer: Officer, lang: str, now: datetime) -> Restrictions:
    """Count what binds people now and what it has cost, within the officer's reach."""
    reach = within(OrderRow.objects.all(), officer, "see_orders")
    bound = reach.filter(in_force(now))
    days = {(each["district"], each["kind"]): each["seconds"] for each in _person_seconds(reach, now)}
    counts = bound.values("district", "kind").annotate(n=Count("id")).order_by()
    orders = {(each["district"], each["kind"]): each["n"] for each in counts}
    names = area_names([district for district, _ in days], lang)
    tallies = [
        Tally(district, names.get(district, district), kind, orders.get((district, kind), 0), seconds / DAY_SECONDS)
        for (district, kind), seconds in sorted(days.items())
    ]
    n_people = bound.aggregate(n=Count("person_id", distinct=True))["n"]
    return Restrictions(n_people, sum(orders.values()), sum(each.person_days for each in tallies), tallies)


def _person_seconds(reach: QuerySet[OrderRow], now: datetime) -> Any:
    ends = Least(Value(now), F("ends_at"), Coalesce("ended_at", "ends_at"))
    begins = Greatest(F("starts_at"), F("signed_at"))
    length = Greatest(Seconds(ends) - Seconds(begins), Value(0.0))
    signed = reach.filter(signed_at__isnull=False)
    return signed.values("district", "kind").annotate(seconds=Sum(length)).order_by()


def person_days(officer: Officer, now: datetime) -> float:
    """Return the person-days so far within the officer's reach, one number."""
    reach = within(OrderRow.objects.all(), officer, "see_orders")
    return float(sum(each["seconds"] for each in _person_seconds(reach, now))) / DAY_SECONDS


def list_in_force(
    officer: Officer, lang: str, now: datetime, *, kind: str = "", district: str = "", cursor: str = ""
) -> Page[OrderLine]:
    """Return the orders that bind people now, those that end first."""
    rows = within(OrderRow.objects.filter(in_force(now)), officer, "see_orders").select_related("person")
    if kind:
        rows = rows.filter(kind=kind)
    if district:
        rows = rows.filter(district=district)
    found, following = page_of(rows, ("ends_at", "id"), cursor)
    return Page(order_lines(found, lang, now), following)
