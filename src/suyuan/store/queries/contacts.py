"""Contacts as pages show them: the queue by ring and probability, and one contact with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from suyuan.store import models as rows
from suyuan.store.mapping import Mapping
from suyuan.store.queries.cases import orders_about, plain_rows
from suyuan.store.queries.contacts_because import met_in_words, reasons_in_words
from suyuan.store.queries.histories import Change, changes_of
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.terms import Contact, NothingFound, Officer

RIGHT = "see_contacts"
CONTACTS = Mapping(Contact, rows.ContactRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFilter:
    """What to list; empty fields restrict nothing. ``search`` is a person's whole number."""

    incident_id: int = 0
    state: str = "proposed"
    ring: int = 0
    district: str = ""
    least_p: float = 0.0
    case_id: int = 0
    search: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """One row of the queue; ``met`` says the deciding meeting in words."""

    id: int
    version: int
    incident_id: int
    person_id: int
    person_code: str
    area: str
    district: str
    ring: int
    state: str
    infector_case_id: int
    last_exposure: datetime
    p: float
    quarantine: str
    release_on: date | None
    by_hand: bool
    met: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """One contact with what hangs on it, each part as far as the reader may see it (None: not at all)."""

    contact: Contact
    person_code: str
    incident_code: str
    infector_number: int
    became: dict[str, Any] | None
    reasons: list[str]
    orders: list[dict[str, Any]] | None
    follow_ups: list[dict[str, Any]] | None
    history: tuple[Change, ...] = field(default=(), repr=False)


def list_contacts(officer: Officer, wanted: ContactFilter, cursor: str, lang: str, size: int = 50) -> Page[ContactLine]:
    """Return one page of the contacts within the officer's reach: nearest ring first, likeliest first.

    Notes
    -----
    A page stays inside one ring as long as the ring lasts, so that each page begins at a place in an index.
    """
    found = within(rows.ContactRow.objects.select_related("person"), officer, RIGHT)
    equal = {
        "incident_id": wanted.incident_id,
        "state": wanted.state,
        "ring": wanted.ring,
        "district": wanted.district,
        "infector_case_id": wanted.case_id,
    }
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if wanted.least_p > 0:
        found = found.filter(p__gte=wanted.least_p)
    if typed := wanted.search.strip():
        found = found.filter(person_id__in=list(rows.PersonRow.objects.filter(code=typed).values_list("id", flat=True)))
    page, following = page_of(found, ("ring", "-p", "id"), cursor, size)
    return Page([_line(row, lang) for row in page], following)


def one_contact(officer: Officer, contact_id: int) -> Contact:
    """Return one contact.

    Raises
    ------
    NothingFound
        If there is none, or none that the officer may see: the two look the same from outside.
    """
    found = within(rows.ContactRow.objects.filter(id=contact_id), officer, RIGHT)
    values = found.values_list(*CONTACTS.names).first()
    if values is None:
        raise NothingFound("room.no_such", kind="Contact", id=contact_id)
    return CONTACTS.to_term(values)


def view_contact(officer: Officer, contact_id: int, lang: str) -> ContactView:
    """Return one contact with its reasons and what follows from it.

    Raises
    ------
    NothingFound
        As for ``one_contact``.
    """
    contact = one_contact(officer, contact_id)
    case = rows.CaseRow.objects.filter(id=contact.infector_case_id).values_list("number", flat=True).first()
    became = rows.CaseRow.objects.filter(incident_id=contact.incident_id, person_id=contact.person_id)
    return ContactView(
        contact=contact,
        person_code=rows.PersonRow.objects.values_list("code", flat=True).get(id=contact.person_id),
        incident_code=rows.IncidentRow.objects.values_list("code", flat=True).get(id=contact.incident_id),
        infector_number=case or 0,
        became=next(iter(plain_rows(became.values("id", "number", "classification")[:1])), None),
        reasons=reasons_in_words(contact.because, lang),
        orders=orders_about(officer, "contact", contact.id, contact.area),
        follow_ups=_follow_ups(officer, contact),
        history=changes_of(rows.HistoryRow.objects.filter(subject="contact", subject_id=contact.id)),
    )


def _follow_ups(officer: Officer, contact: Contact) -> list[dict[str, Any]] | None:
    if not officer.may("see_follow_ups", contact.area):
        return None
    found = rows.FollowUpRow.objects.filter(incident_id=contact.incident_id, person_id=contact.person_id).order_by("id")
    return plain_rows(found.values("id", "kind", "state", "starts_on", "ends_on", "n_missed")[:20])


def _line(row: Any, lang: str) -> ContactLine:
    names = (name for name in ContactLine.__dataclass_fields__ if name not in ("person_code", "met"))
    plain = {name: getattr(row, name) for name in names}
    return ContactLine(**plain, person_code=row.person.code, met=met_in_words(row.because, lang))
