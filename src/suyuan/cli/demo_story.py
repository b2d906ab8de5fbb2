"""The first days of the response to the invented outbreak, through the deeds that officers do, at the hours they would.

The clock of the story walks from the first positive to now; every deed goes through the same door as a form of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from suyuan.actions.all_deeds import all_deeds
from suyuan.actions.desk import Office, perform
from suyuan.actions.hearing import hand_on
from suyuan.actions.tick import tick
from suyuan.bootstrap import office as joined
from suyuan.cli.demo_accounts import CITY, demo_officer
from suyuan.store.accounts import account_id
from suyuan.terms import Officer, OrderState, TaskState
from suyuan.terms.incidents import IncidentState

ZONE, PROTOCOL = "Asia/Shanghai", "covid19-20"
TO_REPORT, TO_CONFIRM = timedelta(hours=3), timedelta(hours=2)
"""Before a case is isolated: the laboratory reports it, an officer confirms it."""
SETTLED = timedelta(hours=10)
"""Contacts and orders older than this have been decided; what is younger waits on the board."""
WAITING, FRESH, JUST_NOW = 2, 3, timedelta(minutes=40)
"""The last cases, reported just now, wait to be confirmed; of the last confirmed ones the contacts wait."""
AT_ONCE = 500
OBJECTION = "那天我不在市场，可以查我的车票。/ I was not at the market that day; my train ticket shows it."
Step = Callable[[], object]


class StoryClock:
    """The clock of the story."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """Return where the story stands."""
        return self.instant


@dataclass(frozen=True, slots=True)
class Known:
    """One case as the city's laboratories and hospitals know it."""

    code: str
    onset_at: datetime | None
    sampled_at: datetime
    isolated_at: datetime | None


class Story:
    """The response so far."""

    def __init__(self, log: str, first: datetime) -> None:
        self.clock = StoryClock(first)
        self.office: Office = replace(joined(), clock=self.clock)
        self.log = log
        self.commander = demo_officer("commander")
        self.duty_officer = demo_officer("duty_officer")
        self.incident = 0
        self._n = 0

    def act(self, who: Officer, deed: str, **fields: Any) -> Any:
        """Do one deed for an officer, as a form would."""
        what = all_deeds()[deed]
        self._n += 1
        return perform(self.office, who, what, what.command(**fields), key=f"demo-{self._n}")

    def settle(self) -> None:
        """Let what follows from the deeds happen, as the room's clock would."""
        while hand_on(self.office):
            pass
        tick(self.office)
        while hand_on(self.office):
            pass

    def open(self, detected_at: datetime) -> None:
        """Open the incident, form the teams, and begin the response."""
        self.incident = self.act(
            self.commander,
            "open_incident",
            name="市场疫情 / Market outbreak",
            protocol=PROTOCOL,
            area=CITY,
            visit_log=self.log,
            timezone=ZONE,
            detected_at=detected_at,
            reason="first positive of a stall holder",
        )
        self._form_teams()
        for state in (IncidentState.SUSPECTED, IncidentState.RESPONSE):
            self.act(self.commander, "change_incident", incident_id=self.incident, state=state, reason="confirmed")
        self.settle()

    def _form_teams(self) -> None:
        for number, (username, area) in enumerate((("investigator", "990101"), ("investigator_2", "990102")), 1):
            names = {"name_en": f"Team {number}", "name_zh": f"流调 {number} 队"}
            members = (account_id(username),)
            self.act(self.commander, "form_team", code=f"T{number}", area=area, members=members, capacity=12, **names)

    def report(self, case: Known) -> int:
        """Report a case from the laboratory, with the onset as far as anybody can know it by then."""
        latest = self.clock.now() - timedelta(hours=1)
        onset = case.onset_at if case.onset_at and case.onset_at <= latest else None
        return int(
            self.act(
                self.duty_officer,
                "report_case",
                incident_id=self.incident,
                person_code=case.code,
                onset_at=onset,
                sampled_at=min(case.sampled_at, latest),
                found_by="laboratory",
            )
        )

    def confirm(self, case: Known, case_id: int) -> None:
        """Confirm it; tracing answers at once."""
        onset_known = case.onset_at is not None and case.onset_at < self.clock.now()
        kind = "confirmed" if onset_known else "asymptomatic"
        self.act(self.duty_officer, "confirm_case", case_id=case_id, classification=kind)
        self.settle()

    def decide(self, before: datetime) -> None:
        """Accept the contacts and sign the orders that have waited since before an instant, and tell some."""
        with self.office.open_room() as room:
            proposed = room.contacts.find(incident_id=self.incident, state="proposed")
        ids = tuple(contact.id for contact in proposed if contact.created_at < before)
        for i in range(0, len(ids), AT_ONCE):
            part = ids[i : i + AT_ONCE]
            self.act(self.duty_officer, "accept_contacts", incident_id=self.incident, contact_ids=part)
        self.settle()
        with self.office.open_room() as room:
            orders = room.orders.find(incident_id=self.incident, state=OrderState.PROPOSED)
        ready = [order for order in orders if order.proposed_at < before or order.subject == "case"]
        standing = tuple(order.id for order in ready if order.ends_at > self.clock.now())
        for i in range(0, len(standing), AT_ONCE):
            self.act(self.commander, "approve_orders", order_ids=standing[i : i + AT_ONCE], reason="edition")
        self.settle()

    def work(self, before: datetime) -> None:
        """Do most of the tasks that were made before an instant; every fifth stays, and becomes late."""
        with self.office.open_room() as room:
            tasks = room.tasks.find(incident_id=self.incident, state=TaskState.OPEN)
        done = tuple(task.id for task in tasks if task.created_at < before and task.id % 5)
        for i in range(0, len(done), AT_ONCE):
            self.act(self.commander, "finish_tasks", task_ids=done[i : i + AT_ONCE], reason="done")
        self.settle()

    def contest(self) -> None:
        """Let one person object to an order, so that an answer is due."""
        with self.office.open_room() as room:
            signed = room.orders.find(incident_id=self.incident, state=OrderState.SIGNED, subject="contact")
        bound = [order for order in signed if order.ends_at > self.clock.now()]
        if bound:
            self.act(self.duty_officer, "contest_order", order_id=bound[len(bound) // 2].id, words=OBJECTION)

    def counts(self) -> dict[str, int]:
        """Count what the room holds."""
        with self.office.open_room() as room:
            shelves: dict[str, Any] = {
                "cases": room.cases,
                "contacts": room.contacts,
                "orders": room.orders,
                "tasks": room.tasks,
            }
            return {name: shelf.count(incident_id=self.incident) for name, shelf in shelves.items()}


def respond(observed: Path, log: str) -> dict[str, int]:
    """Let the team respond to what the city's laboratories found until now, and return what the room then holds."""
    now = datetime.now(UTC).replace(microsecond=0)
    known = sorted(known_cases(observed, now), key=lambda case: case.isolated_at or now)
    first = min((case.sampled_at for case in known), default=now - timedelta(hours=12))
    story = Story(log, min(first + timedelta(hours=6), now - timedelta(hours=6)))
    story.open(first)
    last_decision = story.clock.now()
    for at, step in _steps(story, known, now):
        story.clock.instant = max(story.clock.instant, min(at, now))
        step()
        if story.clock.instant - last_decision > SETTLED:
            last_decision = story.clock.instant
            story.decide(last_decision - SETTLED)
            story.work(last_decision - SETTLED)
    story.clock.instant = now
    undecided = (known[-WAITING - FRESH].isolated_at or now) - TO_CONFIRM if len(known) > WAITING + FRESH else now
    before = min(now - SETTLED, undecided)
    story.decide(before)
    story.work(before)
    story.contest()
    return story.counts()


def _steps(story: Story, known: list[Known], now: datetime) -> Iterator[tuple[datetime, Step]]:
    """Yield reports, confirmations and isolations in the order of their hours; the last reports wait."""
    ids: dict[str, int] = {}
    n_done = len(known) - WAITING if len(known) > WAITING + FRESH else len(known)
    steps = [(at, n, step) for n, case in enumerate(known[:n_done]) for at, step in _life(story, case, ids, now)]
    for n, case in enumerate(known[n_done:], n_done):
        steps.append((now - JUST_NOW, n, partial(story.report, case)))
    for at, _, step in sorted(steps, key=lambda each: each[:2]):
        if at <= now:
            yield at, step


def _life(story: Story, case: Known, ids: dict[str, int], now: datetime) -> Iterator[tuple[datetime, Step]]:
    """Yield what happens to one case, each with its hour."""

    def report() -> None:
        ids[case.code] = story.report(case)

    def isolate() -> None:
        story.act(
            story.duty_officer, "isolate_case", case_id=ids[case.code], isolated_at=case.isolated_at, where="CITY-1"
        )

    at = case.isolated_at or now
    yield at - TO_REPORT, report
    yield at - TO_CONFIRM, lambda: story.confirm(case, ids[case.code])
    if case.isolated_at and case.isolated_at <= now:
        yield at, isolate


def known_cases(observed: Path, now: datetime) -> list[Known]:
    """Read the cases that are known by now; a city too small for one by now has its first one today."""
    import polars as pl

    zone = ZoneInfo(ZONE)
    rows = pl.read_csv(observed / "cases.csv", infer_schema=False).to_dicts()
    found = []
    for row in rows:
        sampled = datetime.fromisoformat(row["date_sampling"]).replace(hour=8, tzinfo=zone)
        onset = datetime.fromisoformat(row["date_onset"]).replace(hour=8, tzinfo=zone) if row["date_onset"] else None
        isolated = datetime.fromisoformat(row["isolated_at"]) if row["isolated_at"] else None
        case = Known(row["person_id"], onset, sampled, isolated)
        if sampled < now and (isolated is None or isolated - TO_REPORT < now):
            found.append(case)
    if not found:
        code = rows[0]["person_id"] if rows else pl.read_csv(observed / "register.csv", n_rows=1)["person_id"][0]
        found.append(Known(str(code), None, now - timedelta(hours=12), None))
    return found
