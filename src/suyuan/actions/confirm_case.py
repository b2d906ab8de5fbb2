"""Confirm a case: the deed that everything else follows from.

One way for all sizes: the officer who confirms gets the answer of the tracing at once, in the same transaction as the
confirmation, because a confirmed case without its contacts is a state nobody should ever see. What a tracing writes
is bounded by what it changed, not by the size of the incident. Late data (visits, corrected dates) is traced by
``retrace_incident``, which an officer or the outbox calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from suyuan.actions.case_course import finish_tasks, keep_case, need_past
from suyuan.actions.contact_becomes_case import leave_contacts
from suyuan.actions.desk import Desk, deed
from suyuan.actions.trace_incident import trace_incident
from suyuan.protocols import load
from suyuan.terms import BadInput, CaseRecord, Classification, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCase:
    """The decision that somebody is infected; dates left out stay as they were reported."""

    case_id: int
    classification: Literal["confirmed", "asymptomatic"] = "confirmed"
    onset_at: datetime | None = None
    sampled_at: datetime | None = None
    severity: Severity = Severity.UNKNOWN
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a confirmation brought: proposals that wait for a decision, and changes of earlier decisions."""

    case_id: int
    tracing_id: int = 0
    n_contacts: int = 0
    n_proposed: int = 0
    n_waiting: int = 0


@deed("confirm_case", "cases/{case_id}/confirm")
def confirm_case(desk: Desk, command: ConfirmCase) -> Confirmed:
    """Classify the case under the edition, trace its contacts, and bring the proposals to the officer."""
    case = desk.room.cases.get(command.case_id, version=command.version)
    desk.require("confirm_case", case.area)
    desk.require_named()
    incident = desk.room.incidents.get(case.incident_id)
    edition = load(incident.protocol)
    case = _classify(desk, case, command)
    case = leave_contacts(desk, case)
    traced = trace_incident(desk, incident, edition, case.id)
    finish_tasks(desk, "decide_case", "case", case.id)
    desk.tell("case_confirmed", case.id, incident.id, classification=case.classification.value)
    return Confirmed(
        case_id=case.id,
        tracing_id=traced.tracing_id,
        n_contacts=traced.n_contacts,
        n_proposed=traced.n_proposed,
        n_waiting=traced.n_waiting,
    )


def _classify(desk: Desk, case: CaseRecord, command: ConfirmCase) -> CaseRecord:
    wanted = Classification(command.classification)
    if case.classification is Classification.RULED_OUT:
        raise BadInput("cases.is_ruled_out", number=case.number)
    if case.classification is wanted:
        raise BadInput("cases.same_classification", number=case.number, classification=wanted.value)
    onset, sampled = command.onset_at or case.onset_at, command.sampled_at or case.sampled_at
    if onset is None and sampled is None:
        raise BadInput("cases.no_dates", number=case.number)
    if wanted is Classification.ASYMPTOMATIC and onset is not None:
        raise BadInput("cases.asymptomatic_with_onset", number=case.number)
    need_past(desk, onset_at=onset, sampled_at=sampled)
    changes = {
        "classification": wanted,
        "onset_at": onset,
        "sampled_at": sampled,
        "severity": command.severity or case.severity,
        "confirmed_at": case.confirmed_at or desk.now,
    }
    return keep_case(desk, case, changes, command.reason)
