"""Counts by incident and district, made once in a few seconds for all boards: each is one walk through one index."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from suyuan.store import models as rows
from suyuan.store.queries.board_scope import Scope
from suyuan.store.queries.remembered import remembered
from suyuan.terms.officers import DISTRICT_WIDTH

SOON = timedelta(hours=1)
PENDING = ["open", "taken"]
INFECTED = Q(classification__in=["confirmed", "asymptomatic"])
Counted = dict[tuple[int, str, Hashable], int]
"""How many by incident, district and a third thing."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that a board counts, by incident, district and state (or what else divides it)."""

    cases: Counted
    contacts: Counted
    orders: Counted
    missed: Counted
    late: Counted
    """Third: (group, whether late already)."""
    since: Counted
    """What happened since the same time yesterday. Third: ``accepted``, ``signed``, ``ended``; and ``not_begun``:
    signed orders of later steps."""


def counts_of(scope: Scope) -> Counts:
    """Return the counts of a scope.

    Notes
    -----
    Readers whose reach is made of whole districts share one set of counts for the whole installation, of which each
    takes a part; smaller reaches count their own few rows.
    """
    if all(len(area) <= DISTRICT_WIDTH for area in scope.areas):
        everywhere = Scope(("",), 0, scope.now)
        return _part(scope, remembered(("counts", everywhere.key), lambda: _counted(everywhere)))
    around = Scope(scope.areas, 0, scope.now)
    return _part(scope, remembered(("counts", around.key), lambda: _counted(around)))


def _part(scope: Scope, counts: Counts) -> Counts:
    whole = scope.areas == ("",) or any(len(area) > DISTRICT_WIDTH for area in scope.areas)
    if whole and not scope.incident_id:
        return counts

    def mine(incident: int, district: str) -> bool:
        return scope.incident_id in (0, incident) and (whole or district.startswith(scope.areas))

    def take(counted: Counted) -> Counted:
        return {key: n for key, n in counted.items() if mine(key[0], key[1])}

    return Counts(**{name: take(getattr(counts, name)) for name in Counts.__slots__})


def total(counted: Counted, wanted: Callable[[Any], bool]) -> int:
    """Add up the counts whose third thing is wanted."""
    return sum(n for (_, _, third), n in counted.items() if wanted(third))


def by_district(counted: Counted, wanted: Callable[[Any], bool]) -> dict[str, int]:
    """Add up by district the counts whose third thing is wanted."""
    found: dict[str, int] = {}
    for (_, district, third), n in counted.items():
        if wanted(third):
            found[district] = found.get(district, 0) + n
    return found


def _counted(scope: Scope) -> Counts:
    contacts, orders = scope.of(rows.ContactRow.objects.all()), scope.of(rows.OrderRow.objects.all())
    missed = scope.of(rows.FollowUpRow.objects.filter(state="active", n_missed__gt=0))
    since = {
        "accepted": contacts.filter(accepted_at__gt=scope.yesterday),
        "signed": orders.filter(signed_at__gt=scope.yesterday),
        "ended": orders.filter(ended_at__gt=scope.yesterday),
        "not_begun": orders.filter(state__in=["signed", "told"], starts_at__gt=scope.now),
    }
    return Counts(
        cases=_cases(scope),
        contacts=_states(contacts),
        orders=_states(orders),
        missed=_named(missed, "missed"),
        late=_late(scope),
        since={key: n for name, query in since.items() for key, n in _named(query, name).items()},
    )


def _states(query: QuerySet[Any]) -> Counted:
    found = query.values_list("incident_id", "district", "state").annotate(n=Count("*")).order_by()
    return {(incident, district, state): n for incident, district, state, n in found}


def _named(query: QuerySet[Any], name: str) -> Counted:
    found = query.values_list("incident_id", "district").annotate(n=Count("*")).order_by()
    return {(incident, district, name): n for incident, district, n in found}


def _cases(scope: Scope) -> Counted:
    since = scope.yesterday
    asked = {
        "all": ~Q(classification="ruled_out"),
        "all_new": ~Q(classification="ruled_out") & Q(reported_at__gt=since),
        "confirmed": INFECTED,
        "confirmed_new": INFECTED & Q(confirmed_at__gt=since),
        "suspected": Q(classification="suspected"),
        "suspected_new": Q(classification="suspected", reported_at__gt=since),
        "at_large": Q(course="at_large") & ~Q(classification="ruled_out"),
        "isolated_new": Q(isolated_at__gt=since),
        "died": Q(course="died"),
        "died_new": Q(course="died", ended_at__gt=since),
    }
    sums = {name: Count("id", filter=condition) for name, condition in asked.items()}
    found: Iterable[Any] = (
        scope.of(rows.CaseRow.objects.all()).values_list("incident_id", "district").annotate(**sums).order_by()
    )
    return {(row[0], row[1], name): n for row in found for name, n in zip(asked, row[2:], strict=True) if n}


def _late(scope: Scope) -> Counted:
    pending = rows.TaskRow.objects.filter(state__in=PENDING, due_at__lte=scope.now + SOON)
    late = Q(due_at__lte=scope.now)
    found = scope.of(pending).values_list("incident_id", "district", "group")
    counted: Counted = {}
    for incident, district, group, n_late, n_soon in found.annotate(
        n_late=Count("due_at", filter=late), n_soon=Count("due_at", filter=~late)
    ).order_by():
        counted[incident, district, (group, True)] = n_late
        counted[incident, district, (group, False)] = n_soon
    return counted
