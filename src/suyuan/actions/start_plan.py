"""Start the plan of the first 24 hours when a response begins, in each district affected; stop it when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from suyuan.actions.desk import Desk
from suyuan.actions.hearing import hears
from suyuan.actions.make_tasks import NewTask, cancel_tasks, make_tasks
from suyuan.actions.response_plan import response_plan
from suyuan.protocols import ResponsePlan, load, plan_tasks
from suyuan.protocols.plan import PlannedTask
from suyuan.terms import Classification, Fact, Incident, IncidentState, district_of, say
from suyuan.terms.officers import DISTRICT_WIDTH

DISTRICT_LEVEL = 3
PLANNED = (IncidentState.RESPONSE, IncidentState.WINDING_DOWN)


@hears("incident_state_changed")
def start_plan(desk: Desk, fact: Fact) -> None:
    """Entering the response makes the plan's tasks; leaving it for good calls off what is left of them."""
    incident = desk.room.incidents.get(fact.subject_id)
    if incident.state is IncidentState.RESPONSE:
        _start(desk, incident, [("", incident.area), *(("d", area) for area in _affected(desk, incident))])
    elif incident.state not in PLANNED:
        reason = " · ".join(say(f"incidents.plan_{incident.state.value}", lang) for lang in ("zh", "en"))
        cancel_tasks(desk, "incident", [incident.id], reason)


@hears("case_confirmed")
def join_district(desk: Desk, fact: Fact) -> None:
    """Start a district's part of the plan with its first case."""
    case = desk.room.cases.get(fact.subject_id)
    incident = desk.room.incidents.get(case.incident_id)
    district = district_of(case.area)
    inside = district.startswith(incident.area) and len(district) == DISTRICT_WIDTH
    if incident.state is IncidentState.RESPONSE and inside:
        _start(desk, incident, [("d", district)])


def _start(desk: Desk, incident: Incident, scopes: list[tuple[str, str]]) -> None:
    plan, edition = response_plan(), load(incident.protocol)
    news = [
        new
        for mark, area in scopes
        for new in _news(
            incident, plan, plan_tasks(plan, edition, "district" if mark else "incident"), (area, desk.now)
        )
    ]
    make_tasks(desk, news)


def _news(
    incident: Incident, plan: ResponsePlan, planned: tuple[PlannedTask, ...], part: tuple[str, datetime]
) -> Iterator[NewTask]:
    """Tasks of one part: the incident's count from the response's beginning, a district's from when it joins."""
    area, joined = part
    begun = incident.response_at or joined
    for each in planned:
        start = begun if each.task.per == "incident" else max(begun, joined)
        yield NewTask(
            incident_id=incident.id,
            cause=f"plan:{incident.id}:{int(begun.timestamp())}:{each.key}:{area}",
            kind=each.key,
            group=each.task.group,
            area=area,
            due_at=start + timedelta(hours=each.due_hours),
            subject="incident",
            subject_id=incident.id,
            values={
                "plan": plan.id,
                "hours": each.hours,
                "from": each.task.counted_from,
                "after": list(each.after),
                "source": each.source.title,
            },
            early_action=each.task.early_action,
        )


def _affected(desk: Desk, incident: Incident) -> list[str]:
    """Districts with a case that is not ruled out; while none is known, every district of the incident's area."""
    if len(incident.area) >= DISTRICT_WIDTH:
        return [district_of(incident.area)]
    likely = [each for each in Classification if each is not Classification.RULED_OUT]
    cases = desk.room.cases.find(incident_id=incident.id, classification=likely)
    known = {district_of(case.area) for case in cases if case.area.startswith(incident.area)}
    districts = sorted(district for district in known if len(district) == DISTRICT_WIDTH)
    return districts or desk.room.areas_inside(incident.area, DISTRICT_LEVEL) or [incident.area]
