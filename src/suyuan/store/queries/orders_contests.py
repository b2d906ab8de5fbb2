"""Contests of orders for pages: the open ones by their clock, one with its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from suyuan.store.mapping import Mapping
from suyuan.store.models import ContestRow, HistoryRow
from suyuan.store.queries.orders import called, one_order
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.terms import Contest, NothingFound, Officer, Order

CONTESTS = Mapping(Contest, ContestRow, sealed=("words", "decision"))
READERS = ("decide_contest", "receive_contest")
"""Rights that let somebody read what a person wrote."""


@dataclass(frozen=True, slots=True)
class ContestLine:
    """One row of the list; what was said is not in it."""

    id: int
    order_id: int
    order_kind: str
    person_id: int
    person: str
    state: str
    received_at: datetime
    due_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContestSheet:
    """One contest with its order; ``readable`` tells whether the reader may see the words."""

    contest: Contest = field(repr=False)
    order: Order
    signers: frozenset[int]
    decided_by: str
    readable: bool


def list_contests(officer: Officer, *, decided: bool = False, cursor: str = "") -> Page[ContestLine]:
    """Return contests within reach: open ones by the time of their answer, or those decided, newest first."""
    rows = within(ContestRow.objects.select_related("order__person"), officer, "see_orders", districts=False)
    rows = rows.exclude(state="open") if decided else rows.filter(state="open")
    order = ("-due_at", "-id") if decided else ("due_at", "id")
    found, following = page_of(rows.defer("words", "decision"), order, cursor)
    lines = [
        ContestLine(
            row.id, row.order_id, row.order.kind, row.order.person_id, row.order.person.code, row.state,
            row.received_at, row.due_at, row.decided_at,
        )
        for row in found
    ]  # fmt: skip
    return Page(lines, following)


def contest_sheet(officer: Officer, contest_id: int) -> ContestSheet:
    """Return one contest within reach.

    Raises
    ------
    NothingFound
        If there is none, or it lies outside the officer's areas.
    """
    found = ContestRow.objects.filter(id=contest_id).values_list(*CONTESTS.names).first()
    if found is None or not officer.may("see_orders", found[CONTESTS.names.index("area")]):
        raise NothingFound("room.no_such", kind="Contest", id=contest_id)
    contest = CONTESTS.to_term(found)
    order = one_order(officer, contest.order_id)
    lines = HistoryRow.objects.filter(subject="order", subject_id=order.id, what="signature")
    signers = frozenset(lines.values_list("officer_id", flat=True)) | ({order.signed_by} - {0})
    readable = any(officer.may(right, contest.area) for right in READERS)
    return ContestSheet(contest, order, signers, called([contest.decided_by]).get(contest.decided_by, ""), readable)
