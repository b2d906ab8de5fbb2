"""Late visits arrive in a log by other doors; the clock sees it and lets the incidents trace again."""

from __future__ import annotations

from suyuan.actions.desk import Desk, Office, perform_by_clock
from suyuan.actions.tick import ticks
from suyuan.terms import IncidentState

LIVING = [state for state in IncidentState if state is not IncidentState.ALL_CLEAR]


@ticks
def watch_logs(office: Office) -> int:
    """Tell ``visit_log_changed`` for each log of a living incident that changed, and return how many did.

    After a start every log counts as changed once: what came in meanwhile is not missed, and a tracing of the same
    data is not repeated (``retrace_on_late_data``).
    """
    with office.open_room() as room:
        names = sorted({each.visit_log for each in room.incidents.find(state=LIVING) if each.visit_log})
    changed = {name: state for name in names if (state := office.visit_logs.news(name))}
    for name, state in changed.items():

        def tell(desk: Desk, name: str = name) -> str:
            desk.tell("visit_log_changed", 0, visit_log=name)
            return name

        perform_by_clock(office, "watch_logs", tell)
        office.visit_logs.note(name, state)
    return len(changed)
