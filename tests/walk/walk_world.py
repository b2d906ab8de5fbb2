"""The walk of a positive result through the house: a small outbreak, a stubborn officer, and a machine that dies.

``Walk.run`` does what HOUSE.md section 3 tells, from the report to the end of the orders. A ``Weather`` says what goes
wrong meanwhile: at which transaction the machine dies (before or after its commit), whether facts come twice, and
in what order.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from room_logs import FIRST_VISITS, there, write_visits
from suyuan.actions.all_deeds import all_deeds
from suyuan.actions.desk import Office, perform
from suyuan.actions.hearing import RECEIVERS, deliver
from suyuan.actions.tick import TICKS
from suyuan.store import models as rows
from suyuan.terms import Fact

CITY = "9901"
BEGIN = datetime(2022, 7, 8, 1, 0, tzinfo=UTC)
LATE = [("P5", "P-ROOM", "classroom", "07-04 08:00", "07-04 11:30")]
"""A fourth person sat in class with the case; nobody knew on the first day."""
ROUNDS = 200


class Crash(BaseException):
    """The machine died: nothing in the house may catch this."""


@dataclass
class Weather:
    """What goes wrong."""

    dies_at: int = 0
    after_commit: bool = False
    twice: bool = False
    shuffled: int | None = None
    n_writes: int = 0

    def passes(self, wrote: bool, *, committed: bool) -> None:
        """Die here if this is the transaction and the side of its commit."""
        if not wrote or committed != self.after_commit:
            return
        self.n_writes += 1
        if self.n_writes == self.dies_at:
            raise Crash


@dataclass
class StoppedTime:
    """The clock of a walk."""

    instant: datetime = BEGIN

    def now(self) -> datetime:
        return self.instant


@dataclass
class Walk:
    """One walk in a database of its own."""

    plain: Office
    officer: Any
    logs: Path
    weather: Weather = field(default_factory=Weather)
    time: StoppedTime = field(default_factory=StoppedTime)

    def __post_init__(self) -> None:
        self.office = replace(self.plain, open_room=self._open_room, clock=self.time)
        self.log = f"walk-{uuid.uuid4().hex[:8]}"
        self.incident = 0

    @contextmanager
    def _open_room(self) -> Iterator[Any]:
        with self.plain.open_room() as room:
            wrote = []
            keep = room.write_audit
            room.write_audit = lambda entries: (wrote.append(bool(entries)), keep(entries))
            yield room
            self.weather.passes(any(wrote), committed=False)
        self.weather.passes(any(wrote), committed=True)

    def do(self, name: str, /, **fields: Any) -> Any:
        """Do a deed; after a crash the officer sends the same again under the same key."""
        what, key = all_deeds()[name], uuid.uuid4().hex
        command = msgspec.convert(fields, what.command, strict=False)  # as both doors do
        return self._until_done(lambda: perform(self.office, self.officer, what, command, key=key))

    def _until_done(self, act: Callable[[], Any]) -> Any:
        for _ in range(3):
            try:
                return act()
            except Crash:
                continue
        raise AssertionError("died three times")

    def settle(self) -> None:
        """Hand facts on until nothing waits, through crashes; with ``twice`` every receiver hears everything again."""
        self._deliver_all()
        if self.weather.twice:
            rows.DeliveryRow.objects.all().delete()
            self._deliver_all()

    def _deliver_all(self) -> None:
        rng = random.Random(self.weather.shuffled)
        for _ in range(ROUNDS):
            waiting = self._waiting()
            if not waiting:
                return
            if self.weather.shuffled is not None:
                rng.shuffle(waiting)
            for fact, receiver in waiting:
                self._until_done(lambda fact=fact, receiver=receiver: deliver(self.office, fact, receiver))
        raise AssertionError("the outbox never empties")

    def _waiting(self) -> list[tuple[Fact, Any]]:
        with self.plain.open_room() as room:
            return [
                (fact, receiver)
                for receiver in RECEIVERS.values()
                for fact in room.undelivered(receiver.name, receiver.kinds, 500)
            ]

    def tick(self, **moment: int) -> None:
        """Move the clock to an instant of July 2022 and let everything happen that time brings about."""
        self.time.instant = BEGIN.replace(**moment)
        for function in list(TICKS.values()):
            self._until_done(lambda function=function: function(self.office))
        self.settle()

    def run(self, *, late: str = "after") -> None:
        """Walk from the report to the end of the orders.

        ``late`` says when the fourth pupil's visit becomes known: ``before`` the case is confirmed, ``after`` the
        contacts were accepted, or ``never``.
        """
        write_visits(self.logs / self.log, FIRST_VISITS, BEGIN)
        self.incident = self.do(
            "open_incident", name="School", protocol="covid19-9", area=CITY, visit_log=self.log, detected_at=BEGIN
        )
        self.case = self.do("report_case", incident_id=self.incident, person_code="P1", onset_at=there("07-06 00:00"))
        self.settle()
        if late == "before":
            write_visits(self.logs / self.log, LATE, BEGIN)
        self.do("confirm_case", case_id=self.case)
        self.settle()
        self.accept()
        if late == "after":
            write_visits(self.logs / self.log, LATE, BEGIN)
            self.do("retrace_incident", incident_id=self.incident)
            self.settle()
            self.accept()
        self.sign_and_tell()
        self.tick(day=12)
        self.tick(day=31)

    def accept(self) -> None:
        """Accept whoever is proposed, and let follow what follows."""
        self.do("accept_contacts", incident_id=self.incident, everything=True)
        self.settle()

    def sign_and_tell(self) -> None:
        """Sign what is proposed and tell those it binds."""
        proposed = self.orders(state="proposed")
        self.do("approve_orders", order_ids=tuple(proposed))
        self.settle()
        while signed := self.orders(state="signed"):
            self.do("tell_order", order_id=signed[0], how="telephone", contest_explained=True)
        self.settle()

    def orders(self, **equal: Any) -> list[int]:
        found = rows.OrderRow.objects.filter(incident_id=self.incident, **equal).order_by("id")
        return list(found.values_list("id", flat=True))


def end_state() -> dict[str, list[Any]]:
    """Everything the walk leaves behind, without ids: who, what, from when to when, in what state."""
    return {
        "cases": _rows(rows.CaseRow, "person__code", "number", "classification", "course", "onset_at", "confirmed_at"),
        "contacts": _rows(
            rows.ContactRow, "person__code", "ring", "state", "release_on", "first_exposure", "last_exposure", "minutes"
        ),
        "orders": _rows(
            rows.OrderRow, "person__code", "kind", "state", "subject", "starts_at", "ends_at", "signed_at", "told_at"
        ),
        "follow_ups": _rows(rows.FollowUpRow, "person__code", "kind", "state", "starts_on", "ends_on", "n_missed"),
        "tasks": sorted(
            (row.kind, _code(row.person_id), row.area, row.group, row.state, row.due_at.isoformat())
            for row in rows.TaskRow.objects.all()
        ),
        "history": sorted(
            (row.subject, row.what, row.before, row.after, row.occurred_at.isoformat(), row.reason)
            for row in rows.HistoryRow.objects.exclude(what="signature")
        ),
    }


def facts() -> list[tuple[Any, ...]]:
    """Facts told, by kind and instant: a fact told twice would be there twice."""
    return sorted(rows.FactRow.objects.values_list("kind", "occurred_at"))


def _rows(table: Any, *columns: str) -> list[Any]:
    return sorted(map(repr, table.objects.values_list(*columns)))


def _code(person_id: int) -> str:
    found = rows.PersonRow.objects.filter(id=person_id).values_list("code", flat=True).first()
    return found or ""
