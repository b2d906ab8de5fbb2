"""Correct what is known of a case: dates, severity, generation; with the reason, and traced again where dates moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from suyuan.actions.case_course import INFECTED, keep_case, need_past
from suyuan.actions.deciding_contacts import need_reason
from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, CaseRecord, Classification, Course, Severity

DATES = ("onset_at", "sampled_at", "isolated_at")
PLAIN = ("severity", "generation")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCase:
    """New values of what was wrong; what is left out stays, what stands in ``clear`` becomes unknown."""

    case_id: int
    onset_at: datetime | None = None
    sampled_at: datetime | None = None
    isolated_at: datetime | None = None
    severity: Severity | None = None
    generation: int | None = None
    clear: tuple[Literal["onset_at", "sampled_at", "isolated_at", "generation"], ...] = ()
    reason: str = ""
    version: int | None = None


@deed("manage_case", "cases/{case_id}/correct")
def correct_case(desk: Desk, command: CorrectCase) -> int:
    """Correct the case and return its new version; the outbox traces again when a date of an infected case moved."""
    case = desk.room.cases.get(command.case_id, version=command.version)
    desk.require("manage_case", case.area)
    reason = need_reason(command.reason)
    need_past(desk, onset_at=command.onset_at, sampled_at=command.sampled_at, isolated_at=command.isolated_at)
    given = {name: getattr(command, name) for name in (*DATES, *PLAIN)}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    changes |= dict.fromkeys(command.clear)
    if "isolated_at" in changes and case.course in (Course.AT_LARGE, Course.ISOLATED):
        changes["course"] = Course.ISOLATED if changes["isolated_at"] else Course.AT_LARGE
    _need_sense(case, changes)
    after = keep_case(desk, case, changes, reason)
    if after.classification in INFECTED and any(getattr(case, name) != getattr(after, name) for name in DATES):
        desk.tell("case_dates_changed", case.id, case.incident_id)
    return after.version


def _need_sense(case: CaseRecord, changes: dict[str, Any]) -> None:
    onset, sampled = (changes.get(name, getattr(case, name)) for name in ("onset_at", "sampled_at"))
    if case.classification in INFECTED and onset is None and sampled is None:
        raise BadInput("cases.no_dates", number=case.number)
    if case.classification is Classification.ASYMPTOMATIC and onset is not None:
        raise BadInput("cases.asymptomatic_with_onset", number=case.number)
    if (changes.get("generation") or 0) < 0:
        raise BadInput("cases.generation_below_zero", number=case.number)
