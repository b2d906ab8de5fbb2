"""Persons for pages: found by what somebody types, one record, the queue of duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from suyuan.store import likeness
from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.store.secrets import cipher
from suyuan.terms import NothingFound, Officer, Person

PEOPLE = Mapping(Person, rows.PersonRow)
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person."""

    id: int
    version: int
    person: Person
    other: Person
    p: float
    band: str
    reasons: tuple[str, ...]
    state: str

    @property
    def band_key(self) -> str:
        """Key of the band's word."""
        return f"band_{self.band}"


@dataclass(frozen=True, slots=True)
class Trail:
    """What the room knows of one person beyond the register: where the person turns up, and what happened."""

    cases: Sequence[Any]
    contacts: Sequence[Any]
    orders: Sequence[Any]
    household: list[Person]
    merges: Sequence[Any]
    history: Sequence[Any]


def find_people(officer: Officer, typed: str) -> list[Person]:
    """Find persons by what somebody typed: number, name in characters or pinyin, telephone, identity number, tails.

    Returns
    -------
    list of Person
        At most fifty, those found under the most exact reading first; merged records are left out.
    """
    mine = within(rows.PersonRow.objects.filter(merged_into=0), officer, "see_people", districts=False)
    text = typed.strip()
    if not text:
        return []
    exact = list(mine.filter(code=text).values_list(*PEOPLE.names))
    if exact:
        return [PEOPLE.to_term(values) for values in exact]
    for digest in [cipher().blind(kind, key) for kind, key in likeness.typed_keys(text)]:
        holders = rows.PersonKeyRow.objects.filter(digest=digest).values("person_id")
        found = list(mine.filter(id__in=holders).order_by("id").values_list(*PEOPLE.names)[:MOST_FOUND])
        if found:
            return [PEOPLE.to_term(values) for values in found]
    return []


def newest_people(officer: Officer, cursor: str) -> Page[Person]:
    """List persons, the newest first."""
    mine = within(rows.PersonRow.objects.filter(merged_into=0), officer, "see_people", districts=False)
    page, following = page_of(mine, ("-id",), cursor)
    return Page([_person(row) for row in page], following)


def one_person(officer: Officer, person_id: int) -> Person:
    """Return one person.

    Raises
    ------
    NothingFound
        If there is none, or none within reach.
    """
    mine = within(rows.PersonRow.objects.filter(id=person_id), officer, "see_people", districts=False)
    values = mine.values_list(*PEOPLE.names).first()
    if values is None:
        raise NothingFound("room.no_such", kind="Person", id=person_id)
    return PEOPLE.to_term(values)


def trail_of(officer: Officer, person: Person) -> Trail:
    """Return where a person turns up, each kind only as far as the officer may see it."""

    def mine(table: Any, right: str) -> Any:
        return within(table.objects.filter(person_id=person.id), officer, right).order_by("-id")

    household = rows.PersonRow.objects.filter(household=person.household, merged_into=0).exclude(id=person.id)
    own = within(household, officer, "see_people", districts=False) if person.household else household.none()
    merges = rows.MergeRow.objects.filter(kept_id=person.id, undone=False) | rows.MergeRow.objects.filter(
        gone_id=person.id, undone=False
    )
    return Trail(
        cases=list(
            mine(rows.CaseRow, "see_cases").values("id", "number", "incident__code", "classification", "course")
        ),
        contacts=list(
            mine(rows.ContactRow, "see_contacts").values("id", "incident__code", "ring", "state", "release_on")
        ),
        orders=list(mine(rows.OrderRow, "see_orders").values("id", "kind", "state", "starts_at", "ends_at")),
        household=[_person(row) for row in own.order_by("id")[:20]],
        merges=list(merges.values("id", "version", "kept_id", "gone_id", "kept__code", "gone__code")),
        history=list(
            rows.HistoryRow.objects.filter(subject="person", subject_id=person.id)
            .order_by("-id")
            .values("what", "before", "after", "occurred_at", "officer_id", "reason")[:50]
        ),
    )


def duplicates(officer: Officer, cursor: str) -> Page[Pair]:
    """List the pairs that wait for a decision, the likeliest first."""
    mine = within(rows.DuplicateFindingRow.objects.filter(state="open"), officer, "merge_people", districts=False)
    page, following = page_of(mine.select_related("person", "other"), ("-p", "id"), cursor, 25)
    return Page([_pair(row) for row in page], following)


def one_pair(officer: Officer, finding_id: int) -> Pair:
    """Return one pair.

    Raises
    ------
    NothingFound
        If there is none, or none within reach.
    """
    mine = within(rows.DuplicateFindingRow.objects.filter(id=finding_id), officer, "merge_people", districts=False)
    row = mine.select_related("person", "other").first()
    if row is None:
        raise NothingFound("room.no_such", kind="DuplicateFinding", id=finding_id)
    return _pair(row)


def records_of(person_ids: list[int]) -> dict[int, dict[str, int]]:
    """Count what hangs on some persons, so that one sees what a merge would move."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for name, table in (("cases", rows.CaseRow), ("contacts", rows.ContactRow), ("orders", rows.OrderRow)):
        for person_id in table.objects.filter(person_id__in=person_ids).values_list("person_id", flat=True):
            counts[person_id][name] = counts[person_id].get(name, 0) + 1
    return counts


def _person(row: rows.PersonRow) -> Person:
    return PEOPLE.to_term(tuple(getattr(row, name) for name in PEOPLE.names))


def _pair(row: rows.DuplicateFindingRow) -> Pair:
    person, other = _person(row.person), _person(row.other)
    return Pair(row.id, row.version, person, other, row.p, row.band, tuple(row.reasons), row.state)
