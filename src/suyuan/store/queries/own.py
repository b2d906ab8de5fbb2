"""What concerns oneself: a person's own orders, test days, follow-up and contests, and nobody else's anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from suyuan.actions.follow_up_calendar import rule_of
from suyuan.actions.order_life import binds
from suyuan.actions.order_reasons import day_of
from suyuan.actions.order_words import tell_reasons
from suyuan.store.models import ContestRow, FollowUpDayRow, FollowUpRow, IncidentRow, OrderRow, PersonRow
from suyuan.store.queries.follow_ups import FOLLOW_UPS
from suyuan.store.queries.orders import ORDERS, called
from suyuan.store.queries.orders_contests import CONTESTS
from suyuan.store.room import open_room
from suyuan.terms import BINDING, AuditEntry, Contest, ContestState, FollowUp, NothingFound, Officer, Order


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order that an officer signed; ``stands`` is ``now``, ``later``, ``over`` or ``revoked``."""

    order: Order
    stands: str
    signed_by: str
    reasons: tuple[str, ...]
    contests: tuple[Contest, ...] = field(repr=False)
    can_contest: bool


@dataclass(frozen=True, slots=True)
class OwnTest:
    """A day on which a sample is planned or was taken."""

    day: date
    result: str


@dataclass(frozen=True, slots=True)
class OwnFollowUp:
    """A daily follow-up with how it ends by its rule."""

    follow_up: FollowUp
    end_rule: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that a person sees about themselves: orders that bind first, then those to come, then the past."""

    number: str
    name: str = field(repr=False)
    orders: Sequence[OwnOrder]
    tests: Sequence[OwnTest]
    follow_ups: Sequence[OwnFollowUp]


ORDER_OF_STATES = ("now", "later", "over", "revoked")


def own_page(officer: Officer, lang: str, now: datetime) -> OwnPage:
    """Return what concerns the person whose account it is; that it was read is in the audit.

    Raises
    ------
    NothingFound
        If the account belongs to no person.
    """
    person = PersonRow.objects.filter(id=officer.person_id or -1).only("code").first()
    if person is None:
        raise NothingFound("own.nobody")
    orders = _orders(officer.person_id, lang, now)
    follow_ups = _follow_ups(officer.person_id, lang)
    name = _note_reading(officer, now)
    return OwnPage(person.code, name, orders, _tests(officer.person_id, orders, follow_ups, now), follow_ups)


def own_order(officer: Officer, order_id: int, lang: str, now: datetime) -> OwnOrder:
    """Return one of the person's own orders; anybody else's looks as if it did not exist.

    Raises
    ------
    NothingFound
        If there is none, it was never signed, or it is not about this person.
    """
    found = _orders(officer.person_id, lang, now, order_id) if officer.person_id else []
    if not found:
        raise NothingFound("room.no_such", kind="Order", id=order_id)
    _note_reading(officer, now, order_id)
    return found[0]


def _orders(person_id: int, lang: str, now: datetime, order_id: int = 0) -> list[OwnOrder]:
    rows = OrderRow.objects.filter(person_id=person_id, signed_at__isnull=False)
    rows = rows.filter(id=order_id) if order_id else rows
    orders = [ORDERS.to_term(each) for each in rows.order_by("starts_at", "id").values_list(*ORDERS.names)]
    zones = dict(IncidentRow.objects.filter(id__in={o.incident_id for o in orders}).values_list("id", "timezone"))
    signers = called(order.signed_by for order in orders)
    contests: dict[int, list[Contest]] = {}
    of_orders = ContestRow.objects.filter(order_id__in=[order.id for order in orders])
    for values in of_orders.order_by("id").values_list(*CONTESTS.names):
        contest = CONTESTS.to_term(values)
        contests.setdefault(contest.order_id, []).append(contest)
    found = [
        OwnOrder(
            order, _stands(order, now), signers.get(order.signed_by, ""),
            tell_reasons(order.because, lang, zones[order.incident_id]), tuple(contests.get(order.id, ())),
            _stands(order, now) in ("now", "later")
            and not any(each.state is ContestState.OPEN for each in contests.get(order.id, ())),
        )
        for order in orders
    ]  # fmt: skip
    return sorted(found, key=lambda own: ORDER_OF_STATES.index(own.stands))


def _stands(order: Order, now: datetime) -> str:
    if binds(order, now):
        return "now"
    if order.state in BINDING:
        return "later" if order.starts_at > now else "over"
    return "revoked" if order.state.value == "revoked" else "over"


def _follow_ups(person_id: int, lang: str) -> list[OwnFollowUp]:
    rows = FollowUpRow.objects.filter(person_id=person_id).order_by("-ends_on", "-id")
    terms = [FOLLOW_UPS.to_term(each) for each in rows.values_list(*FOLLOW_UPS.names)]
    return [OwnFollowUp(each, rule_of(each.kind).end_rule.text(lang)) for each in terms]


def _tests(
    person_id: int, orders: Sequence[OwnOrder], follow_ups: Sequence[OwnFollowUp], now: datetime
) -> list[OwnTest]:
    """Return the samples planned from today on by what stands, and those whose result is known; by date."""
    results = dict(
        FollowUpDayRow.objects.filter(follow_up__person_id=person_id)
        .exclude(test_result="")
        .order_by("id")
        .values_list("day", "test_result")
    )
    grounds = [own.order.because for own in orders if own.stands in ("now", "later")]
    grounds += [own.follow_up.because for own in follow_ups if own.follow_up.state.value in ("active", "lost")]
    today = day_of(now, settings.SUYUAN_TIMEZONE)
    planned = {date.fromisoformat(day) for because in grounds for day in because.get("tests") or ()}
    days = {day for day in planned if day >= today} | set(results)
    return [OwnTest(day, results.get(day, "")) for day in sorted(days)]


def _note_reading(officer: Officer, now: datetime, order_id: int = 0) -> str:
    """Keep in the audit that a person read about themselves, and return their name."""
    with open_room() as room:
        details = room.people.details([officer.person_id]).get(officer.person_id)
        entry = AuditEntry(
            at=now, officer_id=officer.id, deed="read_own", subject="order" if order_id else "person",
            subject_id=order_id or officer.person_id, purpose="own page", people=(officer.person_id,),
        )  # fmt: skip
        room.write_audit([entry])
    return details.name if details else ""
