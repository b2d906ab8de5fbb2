"""Isolate a case: from this instant it meets nobody, and its tracing window ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from suyuan.actions.case_course import ENDED, keep_case, need_past
from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, Classification, Course


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolateCase:
    """When and where a case was isolated; ``where`` is the code of a hospital or site. Left out, it is now."""

    case_id: int
    isolated_at: datetime | None = None
    where: str = field(default="")
    reason: str = ""
    version: int | None = None


@deed("manage_case", "cases/{case_id}/isolate")
def isolate_case(desk: Desk, command: IsolateCase) -> int:
    """Keep that the case is isolated and return its new version."""
    case = desk.room.cases.get(command.case_id, version=command.version)
    desk.require("manage_case", case.area)
    if case.classification is Classification.RULED_OUT:
        raise BadInput("cases.is_ruled_out", number=case.number)
    if case.course in ENDED:
        raise BadInput("cases.has_ended", number=case.number)
    need_past(desk, isolated_at=command.isolated_at)
    at = command.isolated_at or desk.now
    earlier = case.isolated_at
    case = keep_case(desk, case, {"course": Course.ISOLATED, "isolated_at": at}, command.reason)
    if command.where:
        desk.record("case", case, "isolated_where", ("", command.where[:64]), command.reason)
    desk.tell("case_isolated", case.id, case.incident_id, where=command.where[:64])
    if earlier != case.isolated_at:
        desk.tell("case_dates_changed", case.id, case.incident_id)
    return case.version
