"""Sections 3 and 4 of a case report: where the case was, and whom it met."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from suyuan.reporting.case_report import CaseReport, RingCount, Stop, Trail
from suyuan.reporting.case_report_pen import Pen
from suyuan.reporting.voice import RINGS

GAP = timedelta(hours=4)
GAPS_TOLD = 12


def find_gaps(
    stays: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime, at_least: timedelta = GAP
) -> list[tuple[datetime, datetime]]:
    """Find the times of a window that no stay covers.

    Parameters
    ----------
    stays
        Start and end of each stay, in any order; they may overlap.
    start, end
        The window.
    at_least
        Shorter gaps are journeys, not holes.

    Returns
    -------
    list of tuple
        Start and end of each gap, in order.

    Examples
    --------
    >>> at = lambda hour: datetime(2022, 3, 1, hour)
    >>> find_gaps([(at(9), at(12)), (at(10), at(11))], at(8), at(20))
    [(datetime.datetime(2022, 3, 1, 12, 0), datetime.datetime(2022, 3, 1, 20, 0))]
    """
    gaps = []
    known_until = start
    for stay_start, stay_end in sorted((*stays, (end, end))):
        upto = min(stay_start, end)
        if upto - known_until >= at_least:
            gaps.append((known_until, upto))
        known_until = max(known_until, stay_end)
    return gaps


def write_exposure(report: CaseReport, pen: Pen) -> None:
    """Write the windows, the exposure history, the itinerary and the hours without record."""
    trail = report.trail
    if pen.has("exposure_window", trail.exposure_window) and trail.exposure_window:
        first, last = trail.exposure_window
        pen.fact("exposure_window", first=pen.day(first), last=pen.day(last))
    if pen.has("tracing_window", trail.tracing_window) and trail.tracing_window:
        start, end = trail.tracing_window
        pen.fact("tracing_window", start=pen.moment(start), end=pen.moment_or(end, "until_isolated"))
    _write_answers(trail, pen)
    if not pen.has("stops", trail.stops):
        return
    if trail.stops:
        _write_stops(trail, pen)
    else:
        pen.fact("stops_none")
    _write_gaps(report, pen)


def _write_answers(trail: Trail, pen: Pen) -> None:
    if not trail.answers:
        pen.unasked("answers")
        return
    for answer in trail.answers:
        key = "answer_detail" if answer.detail else "answer"
        text = pen.say(key, question=answer.question, answer=pen.word(answer.answer), detail=answer.detail)
        pen.item("item", text=pen.sourced(text, answer.source))


def _write_stops(trail: Trail, pen: Pen) -> None:
    stops = sorted(trail.stops or (), key=lambda stop: (pen.voice.local(stop.start), pen.voice.local(stop.end)))
    pen.table(
        "stops",
        (("from", 3), ("to", 3), ("place", 5), ("phase", 2.4), ("what", 5), ("source", 2.6), ("n_contacts", 2)),
        [
            (
                pen.moment(stop.start),
                pen.moment(stop.end),
                pen.say("place_kind", place=stop.place, kind=pen.voice.kind(stop.place_kind))
                if stop.place_kind
                else stop.place,
                _phase(stop, trail, pen),
                pen.text_or(stop.what),
                pen.text_or(stop.source),
                pen.number_or(stop.n_contacts),
            )
            for stop in stops
        ],
    )


def _phase(stop: Stop, trail: Trail, pen: Pen) -> str:
    """Say in which window a stay lies: when the case may have caught it, when contacts are sought."""
    start, end = pen.voice.local(stop.start), pen.voice.local(stop.end)
    caught = trail.exposure_window is not None and _days_meet(start, end, *trail.exposure_window)
    sought = trail.tracing_window is not None and _meets(pen, start, end, trail.tracing_window)
    if caught and sought:
        return pen.say("phase_both")
    if caught:
        return pen.say("phase_exposure")
    return pen.say("phase_tracing") if sought else pen.say("dash")


def _days_meet(start: datetime, end: datetime, first: date, last: date) -> bool:
    return start.date() <= last and end.date() >= first


def _meets(pen: Pen, start: datetime, end: datetime, window: tuple[datetime, datetime | None]) -> bool:
    opens, closes = window
    return end > pen.voice.local(opens) and (closes is None or start < pen.voice.local(closes))


def _write_gaps(report: CaseReport, pen: Pen) -> None:
    window = _whole_window(report, pen)
    if window is None:
        return
    local = pen.voice.local
    stays = [(local(stop.start), local(stop.end)) for stop in report.trail.stops or ()]
    gaps = find_gaps(stays, *window)
    if not gaps:
        pen.fact("gaps_none")
        return
    hours = sum((until - since).total_seconds() for since, until in gaps) / 3600
    told = pen.say("semicolon").join(pen.voice.span(since, until) for since, until in gaps[:GAPS_TOLD])
    key = "gaps_more" if len(gaps) > GAPS_TOLD else "gaps"
    pen.fact(key, gaps=told, hours=f"{hours:,.0f}", more=len(gaps) - GAPS_TOLD)


def _whole_window(report: CaseReport, pen: Pen) -> tuple[datetime, datetime] | None:
    """Span both windows: from the earlier beginning to the isolation of the case, or to now."""
    caught, sought = report.trail.exposure_window, report.trail.tracing_window
    starts = [datetime.combine(caught[0], time())] if caught else []
    starts += [sought[0]] if sought else []
    if not starts:
        return None
    isolation = report.illness.isolation
    end = (sought[1] if sought else None) or (isolation.at if isolation else report.heading.generated_at)
    return min(map(pen.voice.local, starts)), pen.voice.local(end)


def write_contacts(report: CaseReport, pen: Pen) -> None:
    """Write how many contacts of each ring there are and how far the work has come."""
    if pen.has("rings", report.rings):
        if report.rings:
            _write_rings(report, pen)
        else:
            pen.fact("rings_none")
    if report.contacts:
        pen.fact(
            "contacts_listed_one" if len(report.contacts) == 1 else "contacts_listed", n=f"{len(report.contacts):,}"
        )


def _write_rings(report: CaseReport, pen: Pen) -> None:
    rings = report.rings or ()
    pen.fact("rings", counts=pen.voice.series([_counted(row, pen) for row in rings]))
    pen.table(
        "rings",
        (("ring", 4), ("n_determined", 2), ("n_told", 2), ("n_in_place", 3), ("n_tested", 2), ("n_positive", 2)),
        [
            (
                pen.voice.ring(row.ring),
                f"{row.n_determined:,}",
                pen.number_or(row.n_told),
                pen.number_or(row.n_in_place),
                pen.number_or(row.n_tested),
                pen.number_or(row.n_positive),
            )
            for row in rings
        ],
    )


def _counted(row: RingCount, pen: Pen) -> str:
    known = row.ring in RINGS
    return pen.voice.count(row.ring, row.n_determined) if known else f"{row.ring} {row.n_determined:,}"


def write_contact_list(report: CaseReport, pen: Pen) -> None:
    """Write the contacts one by one."""
    pen.table(
        "",
        (
            ("person", 2.4),
            ("name", 2.4),
            ("ring", 2.2),
            ("relation", 2),
            ("last_exposure", 2.9),
            ("place", 5),
            ("state", 3.4),
        ),
        [
            (
                contact.number,
                pen.text_or(contact.name),
                pen.voice.ring(contact.ring),
                pen.text_or(contact.relation),
                pen.moment_or(contact.last_exposure),
                pen.text_or(contact.place),
                pen.text_or(contact.state),
            )
            for contact in report.contacts
        ],
    )
