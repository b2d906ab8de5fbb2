"""What tracing kept: the itinerary and the meetings of a case, and what each tracing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.utils import timezone

from suyuan.actions.tracing_archive import open_archive, read_table
from suyuan.exposure.changed import explain
from suyuan.store import models as rows
from suyuan.store.mapping import Mapping as RowMapping
from suyuan.store.queries.cases import plain_rows
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import within
from suyuan.store.room import open_room
from suyuan.terms import AuditEntry, Officer, Tracing, TracingChange, say

TRACINGS = RowMapping(Tracing, rows.TracingRow)
CHANGES = RowMapping(TracingChange, rows.TracingChangeRow)
RINGS = {"close": 1, "contact_of_contact": 2, "general": 3, "colocated": 4}
MOST_MEETINGS = 15
DATES = ("quarantine_until_before", "quarantine_until_after")
MOMENTS = ("first_exposure_before", "first_exposure_after", "start", "end")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingLine:
    """One meeting of a case, as evidence."""

    person_code: str
    contact_id: int
    ring: int
    place: str
    place_kind: str
    start: datetime
    end: datetime
    minutes: int
    p: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change, said in words."""

    id: int
    person_id: int
    person_code: str
    area: str
    change: str
    sentence: str
    decided: str
    contact_id: int
    contact_state: str
    traced_at: datetime


def latest_tracing(incident_id: int) -> Tracing | None:
    """Return the last tracing of an incident with its tables."""
    values = (
        rows.TracingRow.objects.filter(incident_id=incident_id).order_by("-id").values_list(*TRACINGS.names).first()
    )
    return TRACINGS.to_term(values) if values else None


def last_traced(incident_id: int) -> dict[str, Any] | None:
    """Say when an incident was last traced, without its tables."""
    found = rows.TracingRow.objects.filter(incident_id=incident_id).order_by("-id")
    return next(iter(plain_rows(found.values("id", "traced_at", "n_contacts", "n_changes")[:1])), None)


def note_reading(officer: Officer, case_id: int, person_id: int, area: str) -> None:
    """Note in the audit that somebody looked at where a person was and whom the person met."""
    with open_room() as room:
        entry = AuditEntry(
            at=timezone.now(),
            officer_id=officer.id,
            deed="see_itinerary",
            subject="case",
            subject_id=case_id,
            area=area,
            people=(person_id,),
        )
        room.write_audit([entry])


def itinerary_of(incident_id: int, person_code: str) -> dict[str, Any]:
    """Return the stays of a case in its tracing window, as the lanes are drawn; no stays where nobody traced it."""
    tracing = latest_tracing(incident_id)
    nothing: dict[str, Any] = {"days": [], "stays": [], "window": None}
    if tracing is None:
        return nothing
    archive = open_archive(tracing)
    stays = read_table(archive, "itinerary").filter(pl.col("person_id") == person_code).sort("t_in")
    window = read_table(archive, "cases").filter(pl.col("person_id") == person_code).to_dicts()
    if stays.is_empty():
        return nothing
    told = [
        {
            "place": stay["place_id"] + (f" {stay['zone']}" if stay["zone"] else ""),
            "kind": stay["place_kind"] or "",
            "start": stay["t_in"].isoformat(),
            "end": stay["t_out"].isoformat(),
            "n_contacts": stay["n_close"],
            "source": stay["source"] or "",
        }
        for stay in stays.iter_rows(named=True)
    ]
    first, last = stays["t_in"].min(), stays["t_out"].max()
    ends = [window[0]["window_from"].isoformat(), window[0]["window_to"].isoformat()] if window else None
    return {"days": _days(first, last), "stays": told, "window": ends}


def meetings_of(incident_id: int, person_code: str) -> tuple[list[MeetingLine], int]:
    """Return the likeliest meetings of a case with contacts, and how many there are in all."""
    tracing = latest_tracing(incident_id)
    if tracing is None:
        return [], 0
    evidence = read_table(open_archive(tracing), "evidence").filter(pl.col("infector_id") == person_code)
    shown = evidence.sort("p_infection", descending=True, nulls_last=True).head(MOST_MEETINGS)
    contacts = _contacts_by_code(incident_id, shown["person_id"].unique().to_list())
    return [_meeting(row, contacts) for row in shown.iter_rows(named=True)], evidence.height


def list_changes(officer: Officer, incident_id: int, decided: str | None, cursor: str, lang: str) -> Page[ChangeLine]:
    """Return one page of changes within the officer's reach, the newest first.

    Parameters
    ----------
    decided
        Empty for those that wait, None for all.
    """
    found = rows.TracingChangeRow.objects.filter(incident_id=incident_id).select_related("tracing", "person")
    found = within(found.defer("tracing__answer"), officer, "see_contacts", districts=False)
    if decided is not None:
        found = found.filter(decided=decided)
    page, following = page_of(found, ("-id",), cursor)
    people = [row.person_id for row in page]
    contacts = rows.ContactRow.objects.filter(incident_id=incident_id, person_id__in=people)
    by_person = {person: (i, state) for person, i, state in contacts.values_list("person_id", "id", "state")}
    return Page([_change(row, by_person.get(row.person_id, (0, "")), lang) for row in page], following)


def count_waiting(officer: Officer, incident_id: int) -> int:
    """Count the changes of an incident that wait for this officer."""
    found = rows.TracingChangeRow.objects.filter(incident_id=incident_id, decided="")
    return within(found, officer, "decide_contacts", districts=False).count()


def _change(row: Any, contact: tuple[int, str], lang: str) -> ChangeLine:
    return ChangeLine(
        id=row.id,
        person_id=row.person_id,
        person_code=row.person.code,
        area=row.area,
        change=row.change,
        sentence=_sentence(row.because.get("row"), row.change, row.person.code, lang),
        decided=row.decided,
        contact_id=contact[0],
        contact_state=contact[1],
        traced_at=row.tracing.traced_at,
    )


def _sentence(told: Mapping[str, Any] | None, change: str, code: str, lang: str) -> str:
    if told is None:
        return say("contact_change.gone" if change == "removed" else "contact_change.differs", lang, person=code)
    row = dict(told)
    for names, kind in ((DATES, date), (MOMENTS, datetime)):
        for name in names:
            row[name] = kind.fromisoformat(row[name]) if row.get(name) else None
    return explain(row, lang)


def _days(first: Any, last: Any) -> list[str]:
    n = (last.date() - first.date()).days
    return [(first.date() + timedelta(days=i)).isoformat() for i in range(n + 1)]


def _contacts_by_code(incident_id: int, codes: list[str]) -> dict[str, int]:
    found = rows.ContactRow.objects.filter(incident_id=incident_id, person__code__in=codes)
    return dict(found.values_list("person__code", "id"))


def _meeting(row: Mapping[str, Any], contacts: Mapping[str, int]) -> MeetingLine:
    return MeetingLine(
        person_code=row["person_id"],
        contact_id=contacts.get(row["person_id"], 0),
        ring=RINGS.get(str(row["ring"]), 0),
        place=row["place_id"] or "",
        place_kind=row["place_kind"] or "",
        start=row["start"],
        end=row["end"],
        minutes=int(row["minutes_together"] or 0) + int(row["minutes_lingering"] or 0),
        p=float(row["p_infection"] or 0.0),
        source=row["source"] or "",
    )
