"""What the city does about it: results arrive, cases are isolated, contacts found and quarantined."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from suyuan.exposure.compiled import compiled
from suyuan.twin.city import DayVisits
from suyuan.twin.epidemic_people import NEVER, PeopleState
from suyuan.twin.epidemic_settings import EpidemicSettings, Response
from suyuan.twin.natural_history import MINUTES_PER_DAY
from suyuan.twin.testing import Reason, Tests, asked_today, draw_tests, screened_today

ISOLATION_DAYS = 14
QUARANTINE_TEST_DAYS = (1, 4, 7)


@dataclass
class Casebook:
    """Tests taken, cases found, people quarantined."""

    seek_at: NDArray[np.int32]
    case_sampled_at: NDArray[np.int32]
    case_isolated_at: NDArray[np.int32]
    first_detection: int = int(NEVER)
    tests: list[Tests] = field(default_factory=list)
    quarantine_test_days: dict[int, list[NDArray[np.int32]]] = field(default_factory=dict)
    recent: list[DayVisits] = field(default_factory=list)
    quarantined: list[tuple[int, NDArray[np.int32]]] = field(default_factory=list)
    """Minute, and the people quarantined then."""


def start_casebook(n_people: int) -> Casebook:
    """Nothing has been found yet."""
    never = np.full(n_people, NEVER, np.int32)
    return Casebook(never, never.copy(), never.copy())


def respond(
    book: Casebook,
    people: PeopleState,
    day: int,
    visits: DayVisits,
    settings: EpidemicSettings,
    rng: np.random.Generator,
) -> None:
    """Test, isolate whoever is positive, and quarantine their contacts if the scenario traces."""
    asked = asked_today(book.seek_at, day, settings.testing, rng)
    asked += [(Reason.QUARANTINE, who) for who in book.quarantine_test_days.pop(day, [])]
    asked += screened_today(len(book.seek_at), day, book.first_detection, settings.testing, rng)
    tests = draw_tests(people, day, asked, settings.testing, rng)
    book.tests.append(tests)
    new = open_cases(book, people, tests, settings)
    if settings.response is None:
        return
    book.recent = [*book.recent[-settings.response.days_before_sampling :], visits]
    if len(new):
        quarantine_contacts(book, people, new, settings.response, rng)


def open_cases(book: Casebook, people: PeopleState, tests: Tests, settings: EpidemicSettings) -> NDArray[np.int32]:
    """Make a case of everybody who is positive for the first time, and isolate them; returns their numbers."""
    rows = np.flatnonzero(tests.positive & (book.case_sampled_at[tests.person] == NEVER))
    who, sampled = tests.person[rows], tests.sampled_at[rows]
    plan = settings.testing
    result = sampled + np.int32(plan.result_hours * 60)
    isolated = result + np.int32(plan.isolation_hours * 60)
    book.case_sampled_at[who] = sampled
    book.case_isolated_at[who] = isolated
    elsewhere = ~((people.away_from[who] <= isolated) & (isolated < people.away_until[who]))
    people.away_from[who[elsewhere]] = isolated[elsewhere]
    people.away_until[who] = isolated + np.int32(ISOLATION_DAYS * MINUTES_PER_DAY)
    if len(result):
        book.first_detection = min(book.first_detection, int(result.min()))
    return who


def quarantine_contacts(
    book: Casebook, people: PeopleState, cases: NDArray[np.int32], plan: Response, rng: np.random.Generator
) -> None:
    """Take the found contacts of new cases out of the city's places, and plan their tests."""
    is_case = np.zeros(len(book.seek_at), np.bool_)
    is_case[cases] = True
    met = np.zeros(len(book.seek_at), np.bool_)
    for visits in book.recent:
        rows = np.flatnonzero(is_case[visits.person])
        rows = rows[np.lexsort((visits.zone[rows], visits.place[rows]))]
        mark_met(visits, DayVisits(*(column[rows] for column in visits)), plan.minutes, met)
    found = np.flatnonzero(met & (book.case_sampled_at == NEVER) & (people.away_from == NEVER)).astype(np.int32)
    found = found[rng.random(len(found)) < plan.found_share]
    if len(found) == 0:
        return
    start = int(book.case_isolated_at[cases].min()) + int(plan.delay_hours * 60)
    people.away_from[found] = start
    people.away_until[found] = start + plan.quarantine_days * MINUTES_PER_DAY
    book.quarantined.append((start, found))
    for after in QUARANTINE_TEST_DAYS:
        book.quarantine_test_days.setdefault(start // MINUTES_PER_DAY + after, []).append(found)


@compiled
def mark_met(visits: DayVisits, of_cases: DayVisits, minutes: int, met: NDArray[np.bool_]) -> None:
    """Mark everybody who was in a case's place and zone long enough; ``of_cases`` is ordered by place."""
    for row in range(len(visits.person)):
        place = visits.place[row]
        at = np.searchsorted(of_cases.place, place)
        while at < len(of_cases.place) and of_cases.place[at] == place:
            together = min(visits.t_out[row], of_cases.t_out[at]) - max(visits.t_in[row], of_cases.t_in[at])
            if together >= minutes and visits.zone[row] == of_cases.zone[at]:
                met[visits.person[row]] = True
            at += 1
