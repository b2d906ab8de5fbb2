"""Orders for pages: what waits for a signature, one order with its reason and history, the notice to its person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import Greatest

from suyuan.actions.order_life import binds, content_digest, time_in_force
from suyuan.actions.order_words import tell_evidence, tell_reasons
from suyuan.store.mapping import Mapping
from suyuan.store.models import ContestRow, HistoryRow, IncidentRow, OfficerRow, OrderRow, PersonRow
from suyuan.store.queries.areas import area_names
from suyuan.store.queries.epochs import Seconds
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.terms import NothingFound, Officer, Order
from suyuan.terms.wording import sentences

ORDERS = Mapping(Order, OrderRow)
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Proposals of one kind in one district of one incident."""

    incident_id: int
    incident: str
    district: str
    district_name: str
    kind: str
    n_orders: int
    n_people: int
    person_days: float
    oldest: datetime
    example: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One row of a list of orders."""

    id: int
    person_id: int
    person: str
    kind: str
    state: str
    district: str
    starts_at: datetime
    ends_at: datetime
    evidence: str
    days: float = 0.0


@dataclass(frozen=True, slots=True)
class SigningSheet:
    """Everything that waits in a group: what an officer signs who signs it all."""

    order_ids: tuple[int, ...]
    n_people: int
    person_days: float
    last_end: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a record's history."""

    at: datetime
    who: str
    what: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """One order with all that stands around it."""

    order: Order
    incident: str
    person: str
    person_language: str
    signed_by: str
    binds_now: bool
    days: float
    together: tuple[Order, ...]
    contests: tuple[tuple[int, str, datetime], ...]
    history: tuple[Line, ...]
    reasons: tuple[str, ...] = field(default=())


def waiting_groups(officer: Officer, lang: str, now: datetime) -> list[WaitingGroup]:
    """Return what waits for a signature, by incident, district and kind, the oldest first."""
    rows = within(OrderRow.objects.filter(state="proposed", ends_at__gt=now), officer, "see_orders")
    span = Seconds("ends_at") - Seconds(Greatest("starts_at", now))
    grouped = list(
        rows.values("incident_id", "incident__code", "district", "kind")
        .annotate(
            n=Count("id"), people=Count("person_id", distinct=True), seconds=Sum(span), oldest=Min("proposed_at"),
            first=Min("id"),
        )
        .order_by("oldest", "kind")
    )  # fmt: skip
    names = area_names([each["district"] for each in grouped], lang)
    samples = OrderRow.objects.filter(id__in=[each["first"] for each in grouped]).values_list("id", "because")
    because = dict(samples)
    return [
        WaitingGroup(
            each["incident_id"], each["incident__code"], each["district"],
            names.get(each["district"], each["district"]), each["kind"], each["n"], each["people"],
            each["seconds"] / DAY_SECONDS, each["oldest"],
            tell_reasons(because[each["first"]], lang, settings.SUYUAN_TIMEZONE)[1],
        )
        for each in grouped
    ]  # fmt: skip


def group_named(group: tuple[int, str, str], lang: str) -> dict[str, str]:
    """Return a group of proposals as a heading names it: incident by code, district by name, kind."""
    incident, district, kind = group
    code = IncidentRow.objects.filter(id=incident).values_list("code", flat=True).first()
    return {"incident": code or "–", "district": area_names([district], lang).get(district, "–"), "kind": kind}


def _group(officer: Officer, incident_id: int, district: str, kind: str, now: datetime) -> QuerySet[OrderRow]:
    rows = OrderRow.objects.filter(
        incident_id=incident_id, district=district, kind=kind, state="proposed", ends_at__gt=now
    )
    return within(rows, officer, "see_orders")


def waiting(
    officer: Officer, group: tuple[int, str, str], lang: str, now: datetime, cursor: str = ""
) -> Page[OrderLine]:
    """Return proposals of one group (incident, district, kind), by id."""
    found, following = page_of(_group(officer, *group, now).select_related("person"), ("id",), cursor)
    return Page(order_lines(found, lang, now), following)


def everything_waiting(officer: Officer, group: tuple[int, str, str], now: datetime) -> SigningSheet | None:
    """Return what signing a whole group means; None if nothing waits."""
    values = _group(officer, *group, now).order_by("id").values_list(*ORDERS.names)
    orders = [ORDERS.to_term(each) for each in values]
    if not orders:
        return None
    asked = sum((order.ends_at - max(order.starts_at, now) for order in orders), timedelta(0))
    people = {order.person_id for order in orders}
    last = max(order.ends_at for order in orders)
    return SigningSheet(tuple(order.id for order in orders), len(people), asked / timedelta(days=1), last,
                        content_digest(orders))  # fmt: skip


def order_lines(rows: Iterable[Any], lang: str, now: datetime) -> list[OrderLine]:
    """Return rows of a list with their evidence in words; the persons must be loaded with the rows."""
    return [
        OrderLine(
            row.id, row.person_id, row.person.code, row.kind, row.state, row.district, row.starts_at, row.ends_at,
            tell_evidence(row.because, lang, settings.SUYUAN_TIMEZONE),
            time_in_force(_term(row), now) / timedelta(days=1),
        )
        for row in rows
    ]  # fmt: skip


def _term(row: OrderRow) -> Order:
    return ORDERS.to_term(tuple(getattr(row, name) for name in ORDERS.names))


def one_order(officer: Officer, order_id: int, right: str = "see_orders") -> Order:
    """Return an order within reach.

    Raises
    ------
    NothingFound
        If there is none, or it lies outside the officer's areas.
    """
    found = OrderRow.objects.filter(id=order_id).values_list(*ORDERS.names).first()
    if found is None or not officer.may(right, found[ORDERS.names.index("area")]):
        raise NothingFound("room.no_such", kind="Order", id=order_id)
    return ORDERS.to_term(found)


def order_sheet(officer: Officer, order_id: int, lang: str, now: datetime) -> OrderSheet:
    """Return one order with its reason in words, its history, its contests, and the orders signed with it."""
    order = one_order(officer, order_id)
    incident = IncidentRow.objects.only("code", "timezone").get(id=order.incident_id)
    person = PersonRow.objects.only("code", "language").get(id=order.person_id)
    siblings = OrderRow.objects.filter(subject_id=order.subject_id, subject=order.subject).exclude(id=order.id)
    together = tuple(ORDERS.to_term(each) for each in siblings.order_by("starts_at", "id").values_list(*ORDERS.names))
    history = history_of("order", order.id, lang)
    contests = ContestRow.objects.filter(order_id=order.id).order_by("id").values_list("id", "state", "due_at")
    return OrderSheet(
        order=order,
        incident=incident.code,
        person=person.code,
        person_language=person.language,
        signed_by=called([order.signed_by]).get(order.signed_by, ""),
        binds_now=binds(order, now),
        days=time_in_force(order, now) / timedelta(days=1),
        together=together,
        contests=tuple(contests),
        history=history,
        reasons=tell_reasons(order.because, lang, incident.timezone),
    )


def called(officer_ids: Iterable[int]) -> dict[int, str]:
    """Names of officers by id."""
    found = OfficerRow.objects.filter(id__in=set(officer_ids) - {0}).values_list("id", "display_name", "username")
    return {i: display or username for i, display, username in found}


def history_of(subject: str, subject_id: int, lang: str) -> tuple[Line, ...]:
    """Return the history of a record in words, oldest first."""
    found = list(HistoryRow.objects.filter(subject=subject, subject_id=subject_id).order_by("id"))
    names = called(row.officer_id for row in found)
    words = sentences(lang)
    states = f"{subject}_state"

    def told(what: str, value: str) -> str:
        table = {"state": states, "signature": states, "contest": "contest_state"}.get(what, "")
        return words.get(f"{table}.{value}", f"{value[:12]}…" if what == "signature" and value else value)

    return tuple(
        Line(
            row.occurred_at, names.get(row.officer_id, ""), words.get(f"history_what.{row.what}", row.what),
            told(row.what, row.before), told(row.what, row.after),
            words.get(row.reason, words.get(f"told_how.{row.reason}", row.reason)),
        )
        for row in found
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told: every live order of the same ground, each with its term; the reason; who signed."""

    orders: Sequence[Order]
    incident: str
    timezone: str
    person_id: int
    person: str
    language: str
    reasons: tuple[str, ...]
    signed_by: str
    signed_at: datetime | None


def notice_of(officer: Officer, order_id: int, lang: str = "") -> Notice:
    """Return the notice of an order and of those that go with it, in a language (the person's if empty)."""
    order = one_order(officer, order_id)
    incident = IncidentRow.objects.only("code", "timezone").get(id=order.incident_id)
    person = PersonRow.objects.only("code", "language").get(id=order.person_id)
    language = lang if lang in ("en", "zh") else ("en" if person.language == "en" else "zh")
    siblings = OrderRow.objects.filter(subject_id=order.subject_id, subject=order.subject, state__in=["signed", "told"])
    terms = [ORDERS.to_term(each) for each in siblings.order_by("starts_at", "id").values_list(*ORDERS.names)]
    orders = terms if order.id in {each.id for each in terms} else [order]
    signed = orders[0] if orders[0].signed_at else order
    return Notice(
        orders, incident.code, incident.timezone, order.person_id, person.code, language,
        tell_reasons(orders[0].because, language, incident.timezone),
        called([signed.signed_by]).get(signed.signed_by, ""), signed.signed_at,
    )  # fmt: skip
