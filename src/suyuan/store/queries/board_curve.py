"""The epidemic curve of the board: cases by day of onset and by day of report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from suyuan.store.models import CaseRow
from suyuan.store.queries.board_scope import Scope
from suyuan.store.queries.remembered import remembered

MOST_DAYS = 120
USUAL_DELAY_DAYS = 3
"""Days from onset to report that are taken for granted while too few cases tell."""
ENOUGH = 20
REPORTED_SHARE = 0.9
"""A day of onset counts as complete once this share of its cases is usually reported."""


def curve_of(scope: Scope) -> dict[str, Any]:
    """Return the curve for the island: days, counts by onset and by report, the first incomplete day of onset."""
    return remembered(("curve", scope.key), lambda: _curve(scope))


def _curve(scope: Scope) -> dict[str, Any]:
    there = ZoneInfo(settings.SUYUAN_TIMEZONE)
    today = scope.now.astimezone(there).date()
    pairs = list(_days(scope, there))
    onset: Counter[date] = Counter()
    report: Counter[date] = Counter()
    delays: list[int] = []
    for onset_day, report_day, n in pairs:
        report[report_day] += n
        if onset_day is not None:
            onset[onset_day] += n
            delays += [max(0, (report_day - onset_day).days)] * n
    known = onset.keys() | report.keys()
    if not known:
        return {"days": [], "by_onset": [], "by_report": [], "incomplete_from": None}
    first = max(min(known), today - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return {
        "days": [day.isoformat() for day in days],
        "by_onset": [onset[day] for day in days],
        "by_report": [report[day] for day in days],
        "incomplete_from": max(first, today - timedelta(days=usual_delay(delays))).isoformat(),
    }


def usual_delay(delays: list[int]) -> int:
    """Return the days after which ``REPORTED_SHARE`` of the cases of a day of onset are reported.

    Examples
    --------
    >>> usual_delay([1] * 18 + [5, 9]), usual_delay([1, 2])
    (1, 3)
    """
    if len(delays) < ENOUGH:
        return USUAL_DELAY_DAYS
    return sorted(delays)[int(REPORTED_SHARE * len(delays)) - 1]


def _days(scope: Scope, there: ZoneInfo) -> Iterable[tuple[date | None, date, int]]:
    """Yield civil day of onset (or None), civil day of report and the number of cases with both."""
    cases = scope.of(CaseRow.objects.exclude(classification="ruled_out"))
    if connection.vendor == "sqlite":
        # the driver's texts are cut to the hour in the database: parsing every instant would cost more than the rest
        sql, values = cases.values("onset_at", "reported_at").query.sql_with_params()
        hours: Counter[tuple[str | None, str]] = Counter()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT substr(onset_at, 1, 13), substr(reported_at, 1, 13), count(*) FROM ({sql}) "  # noqa: S608 - our own statement
                "GROUP BY 1, 2",
                values,
            )
            for onset, report, n in cursor.fetchall():
                hours[onset, report] += n
        known = {text: _civil(text, there) for pair in hours for text in pair if text}
        for (onset, report), n in hours.items():
            yield known.get(onset or ""), known[report], n
        return
    for onset_at, reported_at in cases.values_list("onset_at", "reported_at").iterator(chunk_size=5000):
        yield onset_at and onset_at.astimezone(there).date(), reported_at.astimezone(there).date(), 1


def _civil(hour: str, there: ZoneInfo) -> date:
    return datetime.fromisoformat(f"{hour}:00:00+00:00").astimezone(there).date()
