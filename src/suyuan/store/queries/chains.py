"""Who infected whom, as far as it is known: one table for the drawing, without any name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.conf import settings

from suyuan.reporting.chain_layout import Axis, lay_out_chain
from suyuan.store import models as rows
from suyuan.store.queries.reach import within
from suyuan.terms import Officer

AT_ONCE = 500
DATES = ("onset_at", "sampled_at", "reported_at")
FIELDS = ("id", "number", *DATES, "generation", "classification", "course", "from_contact_id")
SCHEMA = {
    "id": pl.String,
    "onset": pl.Date,
    "reported": pl.Date,
    "generation": pl.Int64,
    "infector_id": pl.String,
    "p": pl.Float64,
    "label": pl.String,
    "state": pl.String,
    "url": pl.String,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFilter:
    """Which cases to draw; ruled-out ones are never drawn unless asked for."""

    incident_id: int
    classification: str = ""
    district: str = ""
    axis: Axis = "onset"


def chain_of(officer: Officer, wanted: ChainFilter, lang: str) -> dict[str, Any]:
    """Lay the cases within the officer's reach out as a forest, ready for JSON.

    Notes
    -----
    The infector of a case is the likeliest candidate that somebody inferred; else the case whose contact it was.
    An infector outside the officer's reach or the filter is not drawn, and the case then stands as a root.
    """
    found = rows.CaseRow.objects.filter(incident_id=wanted.incident_id)
    if wanted.classification:
        found = found.filter(classification=wanted.classification)
    else:
        found = found.exclude(classification="ruled_out")
    if wanted.district:
        found = found.filter(district=wanted.district)
    cases = list(within(found, officer, "see_cases").order_by("number").values_list(*FIELDS))
    links = _links(wanted.incident_id, cases)
    shown = {case[0] for case in cases}
    zone = ZoneInfo(settings.SUYUAN_TIMEZONE)
    table = [_row(case, links, shown, zone) for case in cases]
    layout = lay_out_chain(pl.DataFrame(table, schema=SCHEMA, orient="row"), wanted.axis, lang)
    return layout.as_dict()


def _row(
    case: tuple[Any, ...], links: dict[int, tuple[int, float]], shown: set[int], zone: ZoneInfo
) -> tuple[Any, ...]:
    case_id, number, onset, sampled, reported, generation, classification, course, _ = case
    infector, p = links.get(case_id, (0, 0.0))
    linked = infector in shown and infector != case_id
    return (
        str(case_id),
        onset.astimezone(zone).date() if onset else None,
        (sampled or reported).astimezone(zone).date(),
        generation,
        str(infector) if linked else None,
        p if linked else None,
        str(number),
        course if course in ("died", "recovered") else classification,
        f"/cases/{case_id}/",
    )


def _links(incident_id: int, cases: list[tuple[Any, ...]]) -> dict[int, tuple[int, float]]:
    """Find the infector of each case, with the probability of the link."""
    links: dict[int, tuple[int, float]] = {}
    contacts = {case[-1]: case[0] for case in cases if case[-1]}
    ids = list(contacts)
    for start in range(0, len(ids), AT_ONCE):
        part = rows.ContactRow.objects.filter(id__in=ids[start : start + AT_ONCE])
        for contact_id, infector, p in part.values_list("id", "infector_case_id", "p"):
            if infector:
                links[contacts[contact_id]] = (infector, p)
    inferred = rows.InfectorCandidateRow.objects.filter(case__incident_id=incident_id).order_by("p", "-id")
    for case_id, infector, p in inferred.values_list("case_id", "infector_id", "p"):
        links[case_id] = (infector, p)  # the likeliest comes last
    return links
