"""Trace an incident: all its infected people against its visit log, then only what differs from the last time.

The whole incident is traced each time, because one more case can change who gave whom the largest dose; but only
people whose row differs are looked up and written. Decisions of officers are never undone here: what an officer has
accepted or removed stays so, and a difference waits beside it as a ``TracingChange`` with its reason.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from suyuan.actions.case_course import INFECTED
from suyuan.actions.contact_proposals import propose_contacts
from suyuan.actions.desk import Desk
from suyuan.actions.keep_contacts import Kept, keep_contacts
from suyuan.actions.log_changes import visits_since
from suyuan.actions.tracing_archive import TABLES, Archive, answer_of, open_archive, pack_tables, read_table
from suyuan.actions.tracing_tasks import ask_for_decisions
from suyuan.exposure.changed import Answer, find_changes
from suyuan.exposure.log.packed import PackedLog
from suyuan.exposure.log.texts import NO_ONE
from suyuan.exposure.result import TraceResult
from suyuan.exposure.trace import trace
from suyuan.protocols import Protocol
from suyuan.terms import Case, CaseRecord, Incident, PersonId, Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """What a tracing found.

    ``tracing_id`` 0: there was nothing to trace, because the incident has no visit log or the log knows none of its
    cases. ``same``: nothing that tracing depends on has changed since the last one.
    """

    tracing_id: int = 0
    n_contacts: int = 0
    n_proposed: int = 0
    n_waiting: int = 0
    same: bool = False


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The last tracing of the incident and what it kept."""

    tracing: Tracing
    archive: Archive
    answer: Answer


def trace_incident(desk: Desk, incident: Incident, edition: Protocol, case_id: int = 0) -> Traced:
    """Trace all infected people of an incident and keep what that changes.

    Parameters
    ----------
    case_id
        The case that asked for it, 0 for late data.
    """
    if not incident.visit_log:
        return Traced()
    log = desk.visit_logs.open(incident.visit_log)
    infected = _infected(desk, incident, log)
    earlier = _earlier(desk, incident)
    if not infected and earlier is None:
        return Traced()
    inputs = _digest(desk.visit_logs.digest(incident.visit_log), [case for case, _ in infected], edition)
    if earlier and earlier.archive.inputs == inputs:
        return Traced(tracing_id=earlier.tracing.id, n_contacts=earlier.tracing.n_contacts, same=True)
    result = _traced(log, [case for case, _ in infected], edition, earlier)
    changes = _changes(log, earlier, result)
    proposals = propose_contacts(desk, incident, result, (earlier.answer.contacts if earlier else None, infected))
    tracing = desk.room.tracings.add(
        Tracing(
            incident_id=incident.id,
            case_id=case_id,
            protocol=edition.id,
            traced_at=desk.now,
            n_contacts=result.contacts.height,
            n_changes=0 if changes is None else changes.height,
            answer=pack_tables(result, inputs, log.version),
        )
    )
    if earlier:  # only the newest answer is compared with again; what the older ones changed is kept beside them
        desk.room.tracings.save(replace(earlier.tracing, answer=b""))
    kept = keep_contacts(desk, tracing, proposals, changes)
    _tell(desk, incident, edition, tracing, kept)
    return Traced(
        tracing_id=tracing.id,
        n_contacts=result.contacts.height,
        n_proposed=kept.n_proposed,
        n_waiting=kept.n_waiting,
    )


def latest_tracing(desk: Desk, incident_id: int) -> Tracing | None:
    """Return the last tracing of an incident."""
    ids = desk.room.tracings.find(incident_id=incident_id)
    return ids[-1] if ids else None


def _infected(desk: Desk, incident: Incident, log: PackedLog) -> list[tuple[Case, CaseRecord]]:
    """Cases of the incident that the log knows, as science sees them."""
    records = desk.room.cases.find(incident_id=incident.id, classification=list(INFECTED))
    people = {person.id: person.code for person in desk.room.people.find(id=[each.person_id for each in records])}
    codes = [people[record.person_id] for record in records]
    known = log.person_numbers(codes) != NO_ONE if codes else []
    return [
        (Case(PersonId(code), record.onset_at, record.sampled_at, record.isolated_at), record)
        for record, code, is_known in zip(records, codes, known, strict=True)
        if is_known
    ]


def _earlier(desk: Desk, incident: Incident) -> _Earlier | None:
    tracing = latest_tracing(desk, incident.id)
    if tracing is None:
        return None
    archive = open_archive(tracing)
    return _Earlier(tracing, archive, answer_of(archive, tracing.protocol))


def _digest(log_digest: str, cases: list[Case], edition: Protocol) -> str:
    facts: list[Any] = [log_digest, edition.id]
    facts += sorted((case.person.code, str(case.onset), str(case.sampled), str(case.isolated)) for case in cases)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _traced(log: PackedLog, cases: list[Case], edition: Protocol, earlier: _Earlier | None) -> TraceResult:
    """Trace; where the last case was ruled out nobody is exposed any more, and the tables are empty."""
    if cases:
        return trace(log, cases, edition)
    if earlier is None:
        raise AssertionError("nothing to trace")
    nothing = {name: read_table(earlier.archive, name).clear() for name in TABLES}
    return TraceResult(**nothing, generations=pl.DataFrame(), protocol=edition, timezone=log.timezone)


def _changes(log: PackedLog, earlier: _Earlier | None, result: TraceResult) -> pl.DataFrame | None:
    """Say what differs from the last answer and why; the log is asked for late visits only if it has moved on."""
    if earlier is None:
        return None
    after = Answer(result.cases, result.contacts, result.evidence, result.protocol.id)
    changes = find_changes(earlier.answer, after)
    if log.version == earlier.archive.log_version:
        return changes
    visits = visits_since(log, changes, earlier.tracing.traced_at)
    return changes if visits is None else find_changes(earlier.answer, after, visits)


def _tell(desk: Desk, incident: Incident, edition: Protocol, tracing: Tracing, kept: Kept) -> None:
    if kept.n_proposed:
        desk.tell("contacts_proposed", incident.id, incident.id, tracing_id=tracing.id, n=kept.n_proposed)
    if kept.n_waiting:
        desk.tell("tracing_changed", incident.id, incident.id, tracing_id=tracing.id, n=kept.n_waiting)
    ask_for_decisions(desk, incident, edition, tracing, (kept.n_proposed, kept.n_waiting))
