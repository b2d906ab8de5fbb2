"""The days of one case, read: its windows by the edition, the stays that the visit log knows, the interview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.actions.desk import Desk
from suyuan.actions.interview_form import InterviewForm, read_stops
from suyuan.actions.time_line import INTERVIEW, Day, Statement, time_line
from suyuan.exposure.log.texts import NO_ONE
from suyuan.exposure.match import visits_of_infectors
from suyuan.exposure.window import Window, exposure_window, infectors_of, tracing_window
from suyuan.protocols import load
from suyuan.terms import PLACE_KINDS, Case, CaseRecord, Incident, Person, PersonId


@dataclass(frozen=True, slots=True)
class Windows:
    """When the case may have caught it, and when its contacts are sought."""

    exposure: Window
    tracing: Window

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the beginning of the earlier to the end of the later."""
        return min(self.exposure.start, self.tracing.start), max(self.exposure.end, self.tracing.end)


@dataclass(frozen=True, slots=True)
class CaseDays:
    """What a form and a report show of the days of a case; ``windows`` None where the case has no date yet."""

    windows: Windows | None
    recorded: tuple[Statement, ...]
    days: tuple[Day, ...]


def windows_of(case: CaseRecord, code: str, incident: Incident) -> Windows | None:
    """Work the windows out under the edition of the incident; None without onset and sampling."""
    if case.onset_at is None and case.sampled_at is None:
        return None
    edition = load(incident.protocol)
    dated = Case(PersonId(code), case.onset_at, case.sampled_at, case.isolated_at)
    zone = incident.timezone
    return Windows(exposure_window(dated, edition, zone), tracing_window(dated, edition, zone))


def case_days(desk: Desk, case: CaseRecord, incident: Incident, form: InterviewForm) -> CaseDays:
    """Read the stays of a case within its windows and lay them beside the interview, up to now."""
    person = desk.room.people.get(case.person_id)
    windows = windows_of(case, person.code, incident)
    if windows is None:
        return CaseDays(None, (), ())
    start, end = windows.span
    end = max(start, min(end, desk.now))
    recorded = recorded_stays(desk, person, incident, (start, end))
    said = said_stays(form, incident.timezone)
    return CaseDays(windows, recorded, time_line((*recorded, *said), (start, end), incident.timezone))


def said_stays(form: InterviewForm, timezone: str) -> tuple[Statement, ...]:
    """Stays as the interview tells them; rows that cannot be read yet are left out."""
    return tuple(
        Statement(start, end, row.place, row.kind, INTERVIEW)
        for start, end, row in read_stops(form, timezone, strict=False)
    )


def recorded_stays(
    desk: Desk, person: Person, incident: Incident, span: tuple[datetime, datetime]
) -> tuple[Statement, ...]:
    """Stays of a person in the incident's visit log, also under the numbers of records merged into this one."""
    if not incident.visit_log:
        return ()
    log = desk.visit_logs.open(incident.visit_log)
    codes = [person.code, *(each.code for each in desk.room.people.find(merged_into=person.id))]
    numbers = log.person_numbers(codes)
    numbers = numbers[numbers != NO_ONE]
    if not len(numbers):
        return ()
    visits = visits_of_infectors(log, infectors_of(numbers, [Window(span[0], span[1], span[0])] * len(numbers)))
    order = np.argsort(visits.start, kind="stable")
    cells = visits.cell[order]
    zone = ZoneInfo(incident.timezone)
    return tuple(
        Statement(_at(start, zone), _at(end, zone), place, PLACE_KINDS[kind], source)
        for start, end, place, kind, source in zip(
            visits.start[order].tolist(),
            visits.end[order].tolist(),
            log.cell_places(cells),
            _kinds(log.cells.kind[cells].tolist()),
            log.cell_sources(cells),
            strict=True,
        )
    )


def _kinds(numbers: Iterable[int]) -> list[int]:
    """Kinds as positions of the closed list; an unknown number is the last, ``other``."""
    return [number if number < len(PLACE_KINDS) else len(PLACE_KINDS) - 1 for number in numbers]


def _at(minute: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)
