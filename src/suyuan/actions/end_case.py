"""End a case: recovered or died, with the date; and take a wrong end back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from suyuan.actions.case_course import ENDED, INFECTED, keep_case, need_past
from suyuan.actions.deciding_contacts import need_reason
from suyuan.actions.desk import Desk, deed
from suyuan.terms import BadInput, Classification, Course


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCase:
    """How a case ended and when; left out, it is now."""

    case_id: int
    course: Literal["recovered", "died"]
    ended_at: datetime | None = None
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackEnd:
    """Why a recorded end does not stand."""

    case_id: int
    reason: str = ""
    version: int | None = None


@deed("manage_case", "cases/{case_id}/end")
def end_case(desk: Desk, command: EndCase) -> int:
    """Keep how the case ended and return its new version. Who is only suspected can die, but not recover."""
    case = desk.room.cases.get(command.case_id, version=command.version)
    desk.require("manage_case", case.area)
    if case.classification is Classification.RULED_OUT:
        raise BadInput("cases.is_ruled_out", number=case.number)
    if case.course in ENDED:
        raise BadInput("cases.has_ended", number=case.number)
    course = Course(command.course)
    if course is Course.RECOVERED and case.classification not in INFECTED:
        raise BadInput("cases.not_infected", number=case.number)
    at = command.ended_at or desk.now
    need_past(desk, ended_at=at)
    if any(earlier and at < earlier for earlier in (case.onset_at, case.isolated_at)):
        raise BadInput("cases.ended_too_early", number=case.number)
    case = keep_case(desk, case, {"course": course, "ended_at": at}, command.reason)
    desk.tell("case_ended", case.id, case.incident_id, course=case.course.value)
    return case.version


@deed("manage_case", "cases/{case_id}/take-back-end")
def take_back_end(desk: Desk, command: TakeBackEnd) -> int:
    """Take a wrong end back and return the case's new version."""
    case = desk.room.cases.get(command.case_id, version=command.version)
    desk.require("manage_case", case.area)
    reason = need_reason(command.reason)
    if case.course not in ENDED:
        raise BadInput("cases.has_not_ended", number=case.number)
    course = Course.ISOLATED if case.isolated_at else Course.AT_LARGE
    return keep_case(desk, case, {"course": course, "ended_at": None}, reason).version
