"""Order a case investigation 流调单 for each case, give it to the team whose turn it is, and call it off again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from suyuan.actions.case_course import ENDED
from suyuan.actions.choose_team import Need, choose_team
from suyuan.actions.desk import Desk
from suyuan.actions.hearing import hears
from suyuan.actions.make_tasks import NewTask, cancel_tasks, make_tasks
from suyuan.actions.response_plan import response_plan
from suyuan.protocols import load
from suyuan.terms import (
    CaseRecord,
    Classification,
    Fact,
    Incident,
    Investigation,
    InvestigationState,
    Team,
    district_of,
    say,
)

CLOCK = "investigate_case"
GROUP = "investigation"
OPEN = (InvestigationState.ORDERED, InvestigationState.TAKEN)
"""Investigations that count as a team's load."""


@hears("case_reported", "case_confirmed")
def order_investigation(desk: Desk, fact: Fact) -> None:
    """Order the investigation of a case once; one that was called off begins anew when the case comes back."""
    case = desk.room.cases.get(fact.subject_id)
    if case.classification is Classification.RULED_OUT or case.course in ENDED:
        return
    incident = desk.room.incidents.get(case.incident_id)
    known = desk.room.investigations.find(case_id=case.id)
    if not known:
        _order(desk, incident, case)
    elif known[0].state is InvestigationState.CANCELLED:
        _begin_anew(desk, incident, known[0])


@hears("case_ruled_out")
def cancel_investigation(desk: Desk, fact: Fact) -> None:
    """Call the investigation of a case off that turned out to be none."""
    case = desk.room.cases.get(fact.subject_id)
    if case.classification is not Classification.RULED_OUT:
        return
    for order in desk.room.investigations.find(case_id=case.id, state=list(OPEN)):
        desk.record("investigation", order, "state", (order.state, InvestigationState.CANCELLED))
        desk.room.investigations.save(replace(order, state=InvestigationState.CANCELLED))
        reason = " · ".join(say("investigation_report.called_off", lang) for lang in ("zh", "en"))
        cancel_tasks(desk, "investigation", [order.id], reason)


def deadline(incident: Incident, begun: datetime) -> datetime:
    """Until when an investigation is to be finished: by the edition's clock, else by the plan."""
    clock = load(incident.protocol).clocks.get(CLOCK)
    hours = clock.hours if clock else response_plan().tasks[CLOCK].hours
    return begun + timedelta(hours=hours)


def give_to_team(desk: Desk, incident: Incident, order: Investigation) -> Investigation:
    """Give an order to the team whose turn it is; where there is none, the coordination is asked to find one."""
    teams = desk.room.teams.find(on_duty=True)
    # counted, not read: after an import thousands may be open
    loads = {team.id: desk.room.investigations.count(team_id=team.id, state=list(OPEN)) for team in teams}
    person = desk.room.people.get(order.person_id)
    turn = choose_team(teams, loads, Need(person.language, order.area, incident.area))
    if turn is None:
        _ask_coordination(desk, order)
        return replace(order, team_id=0, because={"rule": "no_team", "language": person.language, "area": order.area})
    take_turn(desk, turn.team)
    return replace(order, team_id=turn.team.id, because=turn.because | {"team": turn.team.code})


def take_turn(desk: Desk, team: Team) -> None:
    """Note that a team was given an order: it now has waited shortest."""
    desk.room.teams.save(replace(team, turn=desk.room.number("investigation turn")))


def ask_team(desk: Desk, order: Investigation, case_number: int, team: str) -> None:
    """Make the task of the investigation itself."""
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id,
                cause=f"investigate {order.id} {int(order.ordered_at.timestamp())}",
                kind="investigate",
                group=GROUP,
                area=order.area,
                due_at=order.due_at,
                subject="investigation",
                subject_id=order.id,
                person_id=order.person_id,
                values={"number": case_number, "team": team},
            )
        ],
    )


def _order(desk: Desk, incident: Incident, case: CaseRecord) -> None:
    fresh = Investigation(
        incident_id=incident.id,
        case_id=case.id,
        person_id=case.person_id,
        area=case.area,
        district=district_of(case.area),
        ordered_at=desk.now,
        due_at=deadline(incident, desk.now),
    )
    order = desk.room.investigations.add(fresh)
    given = give_to_team(desk, incident, order)
    order = desk.room.investigations.save(given)
    _told(desk, order, case.number, "")


def _begin_anew(desk: Desk, incident: Incident, order: Investigation) -> None:
    before = order.state
    order = replace(order, state=InvestigationState.ORDERED, ordered_at=desk.now, due_at=deadline(incident, desk.now))
    order = desk.room.investigations.save(give_to_team(desk, incident, order))
    _told(desk, order, desk.room.cases.get(order.case_id).number, before)


def _told(desk: Desk, order: Investigation, number: int, before: str) -> None:
    team = str(order.because.get("team", ""))
    desk.record("investigation", order, "state", (before, order.state))
    desk.record("investigation", order, "team", ("", team))
    ask_team(desk, order, number, team or "–")
    desk.tell("investigation_ordered", order.id, order.incident_id, case_id=order.case_id, team_id=order.team_id)


def _ask_coordination(desk: Desk, order: Investigation) -> None:
    number = desk.room.cases.get(order.case_id).number
    make_tasks(
        desk,
        [
            NewTask(
                incident_id=order.incident_id,
                cause=f"assign_investigation {order.id} {int(order.ordered_at.timestamp())}",
                kind="assign_investigation",
                group=response_plan().coordination,
                area=order.area,
                due_at=desk.now + timedelta(hours=response_plan().tasks["deploy_investigators"].hours),
                subject="investigation",
                subject_id=order.id,
                values={"number": number},
            )
        ],
    )
