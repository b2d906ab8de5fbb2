"""The life of a visit log, step by step, beside a plain one."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from plain_log import (
    BEGIN,
    OTHER,
    TIMEZONE,
    Met,
    PlainLog,
    Row,
    assert_same,
    batch_of,
    met_batch,
)

from suyuan.exposure.log import LogWriter, create_log, open_log


@st.composite
def rows_of(draw: st.DrawFn, most: int = 12) -> list[Row]:
    made = []
    for _ in range(draw(st.integers(1, most))):
        t_in = BEGIN + draw(st.integers(0, 20 * 24)) * 3600 + draw(st.sampled_from((0, 1, 59, 60)))
        place = draw(st.integers(0, 2))
        made.append(
            Row(
                f"P{draw(st.integers(0, 4))}",
                f"L{place}",
                draw(st.sampled_from(("", "A"))),
                draw(st.sampled_from(("", "location"))),
                draw(st.sampled_from((OTHER, place, (place + 1) % 3))),
                t_in,
                t_in + draw(st.sampled_from((0, 59, 60, 3600, 17 * 86400))),
            )
        )
    return made


class Life(RuleBasedStateMachine):
    """Deeds in any order; after each the packed log and the plain one hold the same."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        create_log(self.folder, TIMEZONE)
        self.plain = PlainLog()
        self.log = open_log(self.folder)
        self.writer = LogWriter(self.folder).__enter__()

    @rule(rows=rows_of())
    def append(self, rows: list[Row]) -> None:
        before = self.plain.copy()
        self.plain.add(rows)
        outcome = self.writer.append(batch_of(rows))
        assert outcome.visits == len(self.plain.living) - len(before.living)
        assert outcome.rows == outcome.visits + outcome.duplicates + outcome.n_refused
        assert outcome.n_refused == len(rows) - (len(self.plain.versions) - len(before.versions))

    @rule(rows=rows_of(30), key=st.sampled_from(("a", "b", "c")))
    def import_file(self, rows: list[Row], key: str) -> None:
        known = key in self.plain.keys
        self.plain.import_file(key, rows)
        outcome = self.writer.import_batches([batch_of(rows[:3]), batch_of(rows[3:])], key)
        assert outcome.already == known

    @rule(data=st.data(), new=rows_of(4), withdraw=st.booleans())
    def supersede(self, data: st.DataObject, new: list[Row], withdraw: bool) -> None:
        living = sorted(self.plain.living)
        if not living:
            return
        old = []
        for _ in new:
            key = data.draw(st.sampled_from(living))
            row = Row(*key[:4], OTHER, key[4] * 60, key[5] * 60)
            if data.draw(st.booleans()):
                row = row._replace(zone="", source="")
            old.append(row)
        n_before = len(self.plain.living)
        self.plain.supersede(old, None if withdraw else new)
        reasons = ["mistaken"] * len(old)
        if withdraw:
            outcome = self.writer.withdraw(batch_of(old), reasons)
        else:
            outcome = self.writer.correct(batch_of(old), batch_of(new), reasons)
        assert outcome.visits - outcome.superseded == len(self.plain.living) - n_before
        assert outcome.n_refused == len(old) - outcome.superseded

    @rule(rows=rows_of(5))
    def meet(self, rows: list[Row]) -> None:
        met = [Met(row.person, row.person + "b", row.t_in, row.t_out) for row in rows]
        self.plain.meet(met)
        self.writer.add_encounters(met_batch(met))

    @rule()
    def part(self) -> None:
        rows = sorted(self.plain.met)[:2]
        if rows:
            self.plain.met -= set(rows)
            assert self.writer.withdraw_encounters(met_batch(rows), ["mistaken"] * len(rows)).superseded == len(rows)

    @rule()
    def compact(self) -> None:
        self.writer.compact()
        assert all(entry.base and not entry.dead for entry in self.writer._state.segments)

    @rule(days=st.integers(0, 45))
    def purge(self, days: int) -> None:
        day = date(2023, 8, 26) + timedelta(days=days)
        n_before = len(self.plain.living)
        foreseen = self.writer.purge(day, dry_run=True)
        erasure = self.writer.purge(day)
        self.plain.purge(day)
        assert (foreseen.visits, foreseen.versions, foreseen.persons) == (
            erasure.visits,
            erasure.versions,
            erasure.persons,
        )
        assert erasure.visits == n_before - len(self.plain.living)

    @rule()
    def reopen(self) -> None:
        self.writer.__exit__(None, None, None)
        self.writer = LogWriter(self.folder).__enter__()

    @invariant()
    def same(self) -> None:
        if hasattr(self, "log"):
            self.log = self.log.refresh()
            assert_same(self.log, self.plain)
            deltas = [entry.era for entry in self.log.manifest.segments if not entry.base]
            assert all(deltas.count(era) <= 3 for era in deltas)
            assert np.all(self.log.cells.place[self.log.cells.sibling] == self.log.cells.place)

    def teardown(self) -> None:
        if hasattr(self, "writer"):
            self.writer.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
