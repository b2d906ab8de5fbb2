"""Fast readers of times against Python's own, one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.gateways.civil import ABSENT, TWICE, UNIQUE, civil_zone
from suyuan.gateways.iso import CIVIL, DATE, EMPTY, INSTANT, UNREADABLE, Texts, parse_times

ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Tehran",
]
START = datetime(1996, 1, 1, tzinfo=UTC)
SLIPS = ["2022", "2022-06", "2022-06-", "2022-06/28", "22-06-28", "2022-13-01", "2022-02-29", "+2022-06-28"]
SLIPS += ["2022-06-28_08:05", "2022-06-28T"]
SLIPS += [
    f"2022-06-28 {clock}"
    for clock in (
        *("8", "08:0", "08:60", "24:01", "25:00", "08:05:7", "08:05:07.", "-8:05", "08:05 ?", "08:05Zx"),
        *("08:05+8", "08:05+15:00", "08:05+08:60", "08:05+08:0"),
    )
]
WEST = timezone(timedelta(hours=-3, minutes=-30))


def parse(*texts: str) -> list[tuple[int, int]]:
    column = pa.array(texts, pa.string())
    _, offsets, data = column.buffers()
    view = np.frombuffer(data if data is not None else b"", np.uint8)
    seconds, shape = parse_times(Texts(view, np.frombuffer(offsets, np.int32)[: len(texts) + 1]))
    return list(zip(seconds.tolist(), shape.tolist(), strict=True))


@settings(deadline=None)
@given(
    instant=st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),  # noqa: DTZ001 - civil times are meant
    zone=st.sampled_from([None, UTC, timezone(timedelta(hours=8)), WEST]),
    separator=st.sampled_from("T "),
    spec=st.sampled_from(["minutes", "seconds", "milliseconds", "microseconds"]),
)
def test_iso_texts(instant, zone, separator, spec):
    """Every ISO text is read as Python reads it, to the second."""
    text = instant.replace(tzinfo=zone).isoformat(separator, spec)
    read = datetime.fromisoformat(text)
    expected = (read if zone else read.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    assert parse(text) == [(expected // timedelta(seconds=1), INSTANT if zone else CIVIL)]


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789-/:T .Z+"), max_size=22))
def test_other_texts(text):
    """What Python refuses is refused, but for the forms this reader adds on purpose."""
    ((_, shape),) = parse(text)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        assert shape in {UNREADABLE, EMPTY} or "/" in text or " " in text or "24:00" in text or len(text) < 25
    if shape == DATE:
        assert len(text.strip()) <= 10


@pytest.mark.parametrize("text", SLIPS)
def test_unreadable(text):
    """Slips of every kind are unreadable, not bent into a time."""
    assert parse(text) == [(0, UNREADABLE)]


def test_added_forms():
    """Unpadded Chinese forms, the end of the day, blanks and short offsets are understood."""
    day = 1656374400  # 2022-06-28 00:00 as if UTC
    assert parse("", "   ") == [(0, EMPTY), (0, EMPTY)]
    assert parse(
        "2022/6/28 8:05",
        " 2022-06-28 24:00 ",
        "2022-6-8",
        "2022-06-28 08:05 +0800",
        "2022-06-28t08:05z",
        "2022-06-28 08:05-03",
    ) == [
        (day + 29100, CIVIL),
        (day + 86400, CIVIL),
        (day - 20 * 86400, DATE),
        (day + 300, INSTANT),
        (day + 29100, INSTANT),
        (day + 29100 + 10800, INSTANT),
    ]


def slow_readings(civil: int, zone: ZoneInfo) -> set[int]:
    """All instants whose civil time is this one, by trying both folds and going back again."""
    naive = datetime(1970, 1, 1) + timedelta(seconds=civil)  # noqa: DTZ001 - a civil time
    found = set()
    for fold in (0, 1):
        instant = naive.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == naive:
            found.add(int(instant.timestamp()))
    return found


def near_a_change(name: str) -> st.SearchStrategy[int]:
    changes = [int(start) for start in civil_zone(name).starts[1:]] or [int(START.timestamp())]
    return st.builds(lambda change, step: change + step, st.sampled_from(changes), st.integers(-7300, 7300))


@settings(deadline=None)
@given(data=st.data(), name=st.sampled_from(ZONES))
def test_civil_times(data, name):
    """Civil times are unique, absent or twofold exactly as the time zone's own rules say, above all near changes."""
    span = st.integers(int(START.timestamp()), int(datetime(2044, 1, 1, tzinfo=UTC).timestamp()))
    civil = np.array(data.draw(st.lists(near_a_change(name) | span, min_size=1, max_size=20)))
    instants, readings = civil_zone(name).to_instants(civil)
    for row, moment in enumerate(civil.tolist()):
        slow = slow_readings(moment, ZoneInfo(name))
        expected = {0: ABSENT, 1: UNIQUE, 2: TWICE}[len(slow)]
        assert (UNIQUE if readings is None else readings[row]) == expected
        if slow:
            assert instants[row] == min(slow)


@settings(deadline=None)
@given(day=st.integers(9500, 27000), name=st.sampled_from([*ZONES, "America/Sao_Paulo", "Asia/Beirut"]))
def test_day_starts(day, name):
    """A day starts with its earliest instant, also where midnight is sprung over or happens twice."""
    zone = ZoneInfo(name)
    (start,) = civil_zone(name).day_starts(np.array([day * 86400])).tolist()
    date = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date()
    assert datetime.fromtimestamp(start, zone).date() == date
    assert datetime.fromtimestamp(start - 1, zone).date() < date
