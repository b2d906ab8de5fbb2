from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from suyuan.store import models as rows
from suyuan.store.plans import refresh_statistics
from suyuan.web import background
from suyuan.web.background import Clockwork


def test_the_planner_learns_of_rows_that_came_since(db):
    """After counting, the statistics name every index of a table that holds rows, and no trace of the work is left."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts for itself")
    for n in range(3):
        rows.PersonRow.objects.create(id=n + 1, code=f"p{n}", area="990101001001")
    assert refresh_statistics() > 50
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'store_personrow'")
        known = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'statistics_are_fresh'")
        assert cursor.fetchone() == (0,)
    assert known["person_area"].startswith("3 ")


def test_connections_that_are_open_plan_anew(tmp_path, monkeypatch):
    """A reader who was there before uses the index that the new statistics speak for."""
    path = Path(tmp_path) / "t.db"
    writer, reader = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    for line in ("CREATE TABLE t (x, y, z)", "CREATE INDEX ix ON t (x)", "CREATE INDEX iy ON t (y)"):
        writer.execute(line)
    writer.executemany("INSERT INTO t VALUES (?, ?, ?)", [(1, i, i) for i in range(2000)])
    monkeypatch.setattr("suyuan.store.plans.connection", _Connection(writer))
    refresh_statistics()
    assert "INDEX iy" in _plan(reader, 1)
    writer.execute("DELETE FROM t")
    writer.executemany("INSERT INTO t VALUES (?, ?, ?)", [(i, 1, i) for i in range(2000)])
    refresh_statistics()
    assert "INDEX ix" in _plan(reader, 2)
    writer.close()
    reader.close()


def test_the_clock_counts_once_an_hour(monkeypatch):
    """Not at the start, and not at every turn."""
    counted, now = [], [0.0]
    monkeypatch.setattr(background, "leads", lambda: True)
    monkeypatch.setattr(background, "hand_on", lambda office: 0)
    monkeypatch.setattr(background, "tick", lambda office: {})
    monkeypatch.setattr(background, "refresh_statistics", lambda: counted.append(now[0]))
    monkeypatch.setattr(background.time, "monotonic", lambda: now[0])
    clockwork = Clockwork(None, parent=os.getppid())
    for minute in range(0, 181, 20):
        now[0] = minute * 60.0
        clockwork.turn()
    assert counted == [3600.0, 7200.0, 10800.0]


def _plan(reader, n):
    reader.execute("SELECT count(*) FROM t").fetchone()
    return str(reader.execute(f"EXPLAIN QUERY PLAN SELECT z, {n} FROM t WHERE x = ? AND y = ?", (1, 2)).fetchall())


class _Connection:
    """As much of Django's connection as the counting uses."""

    vendor = "sqlite"

    def __init__(self, plain):
        self.ops = self
        self.plain = plain

    def quote_name(self, name):
        return f'"{name}"'

    def cursor(self):
        return _Cursor(self.plain)


class _Cursor:
    def __init__(self, plain):
        self.cursor = plain.cursor()

    def __enter__(self):
        return self.cursor

    def __exit__(self, *_):
        self.cursor.close()
