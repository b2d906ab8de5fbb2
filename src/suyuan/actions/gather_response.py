"""What was done about a case, brought into its report: contacts by ring, sources, measures, what comes next."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from suyuan.actions.case_days import CaseDays
from suyuan.actions.desk import Desk
from suyuan.actions.interview_form import InterviewForm, read_instant
from suyuan.actions.make_tasks import PENDING
from suyuan.actions.response_plan import response_plan
from suyuan.reporting.case_report import Measure, NamedContact, NextStep, RingCount, SourceCandidate
from suyuan.terms import (
    BadInput,
    CaseRecord,
    Contact,
    ContactState,
    Investigation,
    Order,
    OrderState,
    Ring,
    Task,
    TaskState,
    say,
)
from suyuan.terms.wording import sentences

RINGS = {
    Ring.CLOSE: "close",
    Ring.CONTACT_OF_CONTACT: "contact_of_contact",
    Ring.GENERAL: "general",
    Ring.COLOCATED: "colocated",
}
LISTED = 200
"""Close contacts listed one by one; a gathering of thousands is a table of its own."""
Written = tuple[InterviewForm, str, str]
"""The form, the zone its times are in, the language of the room's own sentences."""


def rings_of(desk: Desk, case: CaseRecord) -> tuple[RingCount, ...] | None:
    """Count the contacts of a case by ring, and how many were told of their order or fell ill; None if not traced."""
    contacts = _living(desk.room.contacts.find(infector_case_id=case.id))
    if not contacts:
        return () if desk.room.tracings.count(incident_id=case.incident_id) else None
    orders = _orders(desk, contacts)
    told = {order.subject_id for order in orders if order.told_at}
    counts = []
    for ring, name in RINGS.items():
        some = [each for each in contacts if each.ring is ring]
        if some:
            n_told = sum(each.id in told for each in some)
            n_positive = sum(each.state is ContactState.BECAME_CASE for each in some)
            counts.append(RingCount(name, len(some), n_told=n_told, n_positive=n_positive))
    return tuple(counts)


def contacts_of(desk: Desk, case: CaseRecord, names: dict[int, str], lang: str) -> tuple[NamedContact, ...]:
    """List the close contacts by number, and by name where the writer may see it."""
    close = _living(desk.room.contacts.find(infector_case_id=case.id, ring=Ring.CLOSE))[:LISTED]
    codes = {each.id: each.code for each in desk.room.people.find(id=[each.person_id for each in close])}
    return tuple(
        NamedContact(
            number=codes.get(each.person_id, "–"),
            ring=RINGS[each.ring],
            name=names.get(each.person_id),
            last_exposure=each.last_exposure,
            place=each.place or None,
            state=_word("contact_state", each.state, lang),
        )
        for each in close
    )


def candidates_of(desk: Desk, case: CaseRecord, form: InterviewForm, lang: str) -> tuple[SourceCandidate, ...]:
    """Put suspected sources together: candidates with a probability, and what the investigator suspects."""
    found = []
    for each in desk.room.candidates.find(case_id=case.id):
        if each.infector_id:
            number = desk.room.cases.get(each.infector_id).number
            what = say("investigation_report.case", lang, number=number)
        else:
            what = say("investigation_report.nobody_found", lang)
        found.append(SourceCandidate(what, "person", (), each.p))
    for row in form.sources:
        kind = row.kind if row.kind in ("person", "place", "object") else "place"
        reasons = tuple(text.strip() for text in row.reasons.splitlines() if text.strip())
        found.append(SourceCandidate(row.what, kind, reasons))  # type: ignore[arg-type]
    return tuple(found)


def measures_of(
    desk: Desk, case: CaseRecord, investigation: Investigation, written: Written
) -> tuple[Measure, ...] | None:
    """Tell what was done: orders signed, tasks finished, and what the investigator writes."""
    form, zone, lang = written
    measures = [*_orders_told(desk, case, lang)]
    measures += [
        Measure(task.done_at, _title(task, lang), _group(task.group, lang))
        for task in _tasks(desk, case, (TaskState.DONE,))
        if task.done_at
    ]
    unit = _group("investigation", lang)
    reached = (("by_telephone", investigation.by_telephone_at), ("on_site", investigation.on_site_at))
    measures += [Measure(at, say(f"investigation_report.{how}", lang), unit) for how, at in reached if at]
    measures += [Measure(at, row.what, row.by or None) for row in form.measures if (at := _when(row.at, zone))]
    return tuple(measures) if measures or "measures" in form.none else None


def next_steps_of(desk: Desk, case: CaseRecord, written: Written) -> tuple[NextStep, ...] | None:
    """Tell what is to be done: tasks that wait, and what the investigator plans."""
    form, zone, lang = written
    steps = [
        NextStep(_title(task, lang), _group(task.group, lang), task.due_at) for task in _tasks(desk, case, PENDING)
    ]
    steps += [NextStep(row.what, row.by or None, _when(row.due, zone)) for row in form.next_steps]
    return tuple(steps) if steps or "next_steps" in form.none else None


def contradictions_told(days: CaseDays, zone: str, lang: str) -> list[str]:
    """Say what the interview and the records disagree on, as open questions."""
    there = ZoneInfo(zone)
    return [
        say(
            "investigation_report.contradiction",
            lang,
            said=each.said.place or _word("place_kind", each.said.kind, lang),
            recorded=each.recorded.place,
            source=_word("visit_source", each.recorded.source, lang),
            start=f"{each.start.astimezone(there):%m-%d %H:%M}",
            end=f"{each.end.astimezone(there):%H:%M}",
        )
        for day in days.days
        for each in day.contradictions
    ]


def _living(contacts: list[Contact]) -> list[Contact]:
    return [each for each in contacts if each.state is not ContactState.REMOVED]


def _orders(desk: Desk, contacts: list[Contact]) -> list[Order]:
    return desk.room.orders.find(subject_id=[each.id for each in contacts], subject="contact")


def _orders_told(desk: Desk, case: CaseRecord, lang: str) -> list[Measure]:
    """Orders about the case one by one; those about its contacts as one line a kind, with how many."""
    own = desk.room.orders.find(subject="case", subject_id=case.id)
    found = [
        Measure(each.signed_at, say("investigation_report.order", lang, kind=_word("order_kind", each.kind, lang)))
        for each in own
        if each.signed_at
    ]
    of_contacts = [
        each
        for each in _orders(desk, _living(desk.room.contacts.find(infector_case_id=case.id)))
        if each.signed_at and each.state is not OrderState.REFUSED
    ]
    first: dict[str, datetime] = {}
    for each in of_contacts:
        if each.signed_at:
            first[each.kind.value] = min(first.get(each.kind.value, each.signed_at), each.signed_at)
    counts = Counter(each.kind.value for each in of_contacts)
    return found + [
        Measure(
            first[kind], say("investigation_report.orders", lang, kind=_word("order_kind", kind, lang), n=counts[kind])
        )
        for kind in sorted(counts)
    ]


def _tasks(desk: Desk, case: CaseRecord, states: tuple[TaskState, ...]) -> list[Task]:
    return desk.room.tasks.find(subject_id=case.id, subject="case", state=list(states))


def _title(task: Task, lang: str) -> str:
    sentence = sentences(lang).get(f"task.{task.kind}")
    if sentence:
        try:
            return sentence.format(**task.values)
        except (KeyError, IndexError, ValueError):
            return sentence
    planned = response_plan().tasks.get(task.kind)
    return planned.title.text(lang) if planned else task.kind


def _group(group: str, lang: str) -> str:
    known = response_plan().groups.get(group)
    return known.name.text(lang) if known else group


def _when(text: str, zone: str) -> datetime | None:
    try:
        return read_instant(text, zone, "measures", 0)
    except BadInput:
        return None


def _word(table: str, value: str, lang: str) -> str:
    return sentences(lang).get(f"{table}.{value}", str(value))
