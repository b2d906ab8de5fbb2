"""From a tracing's tables to proposals: one contact for each person whose row differs, with why it is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from suyuan.actions.desk import Desk
from suyuan.exposure.result import RING_NAMES, TraceResult
from suyuan.protocols import Protocol
from suyuan.terms import Case, CaseRecord, Contact, Incident, Person, PlaceKind, Ring, district_of

RINGS = {name: Ring(number) for number, name in RING_NAMES.items()}
LOG_PERSON = "visit_log"
"""Where a bare record comes from whose number only the visit log knew."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a tracing proposes: contacts by person, persons nobody exposed any more, and persons by number."""

    contacts: Mapping[int, Contact]
    gone: Sequence[int]
    people: Mapping[str, Person]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What a proposal is made from: its meeting by (person, ring), the cases by number, and who infected whom."""

    edition: Protocol
    meetings: Mapping[tuple[str, str], Mapping[str, Any]]
    cases: Mapping[str, CaseRecord]
    infectors: Mapping[str, str]

    def infector_of(self, code: str) -> CaseRecord | None:
        """Follow a contact of a contact back to the case."""
        return self.cases.get(code) or self.cases.get(self.infectors.get(code, ""))


def propose_contacts(
    desk: Desk,
    incident: Incident,
    result: TraceResult,
    against: tuple[pl.DataFrame | None, Sequence[tuple[Case, CaseRecord]]],
) -> Proposals:
    """Make proposals of the rows that differ from the last tracing.

    Parameters
    ----------
    against
        The contacts of the last tracing (None: the first one), and the cases that were traced.
    """
    before, infected = against
    contacts = result.contacts.with_columns(pl.col("ring").cast(pl.String))
    moved, gone = _moved(contacts, before)
    people = _people(desk, [*moved["person_id"], *gone], incident)
    evidence = _evidence(result, contacts, moved, infected)
    cases = {record.person_id for _, record in infected}
    made: dict[int, Contact] = {}
    for row in moved.iter_rows(named=True):  # nearest ring first, so of two numbers of one person the nearer counts
        person = people[row["person_id"]]
        if person.id not in cases and person.id not in made:
            made[person.id] = _proposal(desk, incident, person, row, evidence)
    left = dict.fromkeys(people[code].id for code in gone)
    return Proposals(made, [each for each in left if each not in made], people)


def _moved(contacts: pl.DataFrame, before: pl.DataFrame | None) -> tuple[pl.DataFrame, list[str]]:
    if before is None:
        return contacts, []
    old = before.with_columns(pl.col("ring").cast(pl.String))
    moved = contacts.join(old, on=contacts.columns, how="anti", nulls_equal=True, maintain_order="left")
    gone = old.join(contacts, on="person_id", how="anti")["person_id"].to_list()
    return moved, gone


def _people(desk: Desk, codes: Sequence[str], incident: Incident) -> dict[str, Person]:
    """Find the persons; those nobody knew get a bare record each, in the incident's area until somebody knows more."""
    known = desk.room.people.by_codes(codes)
    new = [
        Person(code=code, area=incident.area, source=LOG_PERSON) for code in dict.fromkeys(codes) if code not in known
    ]
    return {**known, **{person.code: person for person in desk.room.people.add_all(new)}}


def _evidence(
    result: TraceResult, contacts: pl.DataFrame, moved: pl.DataFrame, infected: Sequence[tuple[Case, CaseRecord]]
) -> _Evidence:
    concerned = result.evidence.filter(pl.col("person_id").is_in(moved["person_id"].implode()))
    likeliest = concerned.sort("p_infection", descending=True, nulls_last=True, maintain_order=True).unique(
        ["person_id", "ring"], keep="first", maintain_order=True
    )
    further = contacts.filter(pl.col("person_id").is_in(moved["infector_id"].drop_nulls().implode()))
    return _Evidence(
        edition=result.protocol,
        meetings={(row["person_id"], str(row["ring"])): row for row in likeliest.iter_rows(named=True)},
        cases={case.person.code: record for case, record in infected},
        infectors=dict(further.select("person_id", "infector_id").iter_rows()),
    )


def _proposal(desk: Desk, incident: Incident, person: Person, row: Mapping[str, Any], evidence: _Evidence) -> Contact:
    ring = RINGS[row["ring"]]
    infector = evidence.infector_of(row["infector_id"] or "")
    meeting = evidence.meetings.get((row["person_id"], row["ring"]), {})
    area = person.area or incident.area
    return Contact(
        incident_id=incident.id,
        person_id=person.id,
        area=area,
        district=district_of(area),
        ring=ring,
        infector_case_id=infector.id if infector else 0,
        first_exposure=_utc(row["first_exposure"]),
        last_exposure=_utc(row["last_exposure"]),
        minutes=float((row["minutes_together"] or 0) + (row["minutes_lingering"] or 0)),
        p=float(row["p_infection"] or 0.0),
        place=meeting.get("place_id") or "",
        place_kind=meeting.get("place_kind") or "",
        n_meetings=int(row["n_meetings"]),
        quarantine=first_step(evidence.edition, ring),
        release_on=row["quarantine_until"],
        because=_because(row, meeting, evidence, infector),
        created_at=desk.now,
    )


def first_step(edition: Protocol, ring: Ring) -> str:
    """Name the first step of the quarantine that an edition asks of a ring, empty for none."""
    rule = {Ring.CLOSE: edition.rings.close, Ring.CONTACT_OF_CONTACT: edition.rings.contact_of_contact}.get(ring)
    steps = rule.quarantine if rule and rule.determined else ()
    return steps[0].kind.value if steps else ""


def sources_of(edition: Protocol, ring: Ring, place_kind: str) -> dict[str, str]:
    """Keys of the edition's sources for a ring and for the rule of a kind of place."""
    rule = {Ring.CLOSE: edition.rings.close, Ring.CONTACT_OF_CONTACT: edition.rings.contact_of_contact}.get(ring)
    place = edition.places.get(PlaceKind(place_kind)) if place_kind else None
    found = {"ring_source": rule.source if rule else "", "rule_source": place.source if place else ""}
    return {name: key for name, key in found.items() if key}


def _because(
    row: Mapping[str, Any], meeting: Mapping[str, Any], evidence: _Evidence, infector: CaseRecord | None
) -> dict[str, Any]:
    via = row["infector_id"] if row["infector_id"] not in evidence.cases else ""
    told: dict[str, Any] = {
        "rule": row["rule"],
        "edition": evidence.edition.id,
        **sources_of(evidence.edition, RINGS[row["ring"]], meeting.get("place_kind") or ""),
        "infector": infector.number if infector else 0,
    }
    if via:
        told["via"] = via
    if meeting:
        told["meeting"] = {
            "place": meeting["place_id"] or "",
            "kind": meeting["place_kind"] or "",
            "zone": meeting["zone"] or "",
            "start": meeting["start"].isoformat(),
            "end": meeting["end"].isoformat(),
            "minutes": meeting["minutes_together"],
            "lingering": meeting["minutes_lingering"],
            "p": round(meeting["p_infection"] or 0.0, 6),
            "source": meeting["source"] or "",
        }
    return told


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
