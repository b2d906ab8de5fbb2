"""A visit log in plain Python: sets and lists, to judge the packed one by."""

from __future__ import annotations

import copy
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.exposure.locate import is_dead
from suyuan.exposure.log import Coded, EncounterBatch, LogWriter, PackedLog, VisitBatch

TIMEZONE = "Asia/Shanghai"
ZONE = ZoneInfo(TIMEZONE)
OTHER = 15
ERA = 28 * 86400
BEGIN = 700 * ERA - 5 * 86400
"""Five days before an era ends, so that every test crosses the border."""


class Row(NamedTuple):
    person: str
    place: str
    zone: str
    source: str
    kind: int
    t_in: int
    t_out: int


class Met(NamedTuple):
    a: str
    b: str
    start: int
    end: int


class PlainLog:
    """What must be true of a log after each deed."""

    def __init__(self) -> None:
        self.living: set[tuple] = set()
        self.kinds: dict[str, int] = {}
        self.met: set[Met] = set()
        self.versions: list[tuple[int, str]] = []
        self.keys: set[str] = set()

    def copy(self) -> PlainLog:
        return copy.deepcopy(self)

    def add(self, rows: list[Row]) -> None:
        for row in rows:
            known = self.kinds.setdefault(row.place, OTHER)
            if OTHER not in (known, row.kind) and known != row.kind:
                continue
            self.kinds[row.place] = known if row.kind == OTHER else row.kind
            self.living.add(key_of(row))
            self.versions.append((row.t_out, row.place))

    def import_file(self, key: str, rows: list[Row]) -> None:
        if key not in self.keys:
            self.keys.add(key)
            self.add(rows)

    def named(self, row: Row, taken: set[tuple]) -> tuple | None:
        """Which living visit a correction means: the exact one, else the only one that fits what is left open."""
        key = key_of(row)
        if key in self.living and key not in taken:
            return key
        fits = [
            other
            for other in self.living - taken
            if (other[0], other[1], *other[4:]) == (key[0], key[1], *key[4:])
            and key[2] in ("", other[2])
            and key[3] in ("", other[3])
        ]
        return fits[0] if len(fits) == 1 and "" in key[2:4] else None

    def supersede(self, old: list[Row], new: list[Row] | None) -> None:
        taken: set[tuple] = set()
        ended = []
        for i, row in enumerate(old):
            key = self.named(row, taken)
            if key is not None:
                taken.add(key)
                ended.append((i, key))
        fresh = []
        for i, key in ended:
            if new is not None:
                said, known = new[i].kind, self.kinds.setdefault(new[i].place, OTHER)
                if OTHER not in (known, said) and known != said:
                    continue
                self.kinds[new[i].place] = known if said == OTHER else said
                fresh.append(new[i])
            self.living.discard(key)
            self.versions.append((old[i].t_out, old[i].place))
        self.add(fresh)

    def meet(self, rows: list[Met]) -> None:
        for row in rows:
            self.met.add(Met(min(row.a, row.b), max(row.a, row.b), row.start, row.end))

    def purge(self, before: date) -> None:
        cut = int(datetime(before.year, before.month, before.day, tzinfo=ZONE).timestamp())
        self.living = {key for key in self.living if key[5] * 60 >= cut}
        self.met = {row for row in self.met if row.end >= cut}
        self.versions = [version for version in self.versions if version[0] >= cut]
        # a place of which nothing is left is forgotten, its kind as well
        left = {place for _, place in self.versions}
        self.kinds = {place: kind for place, kind in self.kinds.items() if place in left}


def key_of(row: Row) -> tuple:
    return (row.person, row.place, row.zone, row.source, row.t_in // 60, row.t_out // 60)


def batch_of(rows: list[Row]) -> VisitBatch:
    return VisitBatch(
        person=Coded.of([row.person for row in rows]),
        place=Coded.of([row.place for row in rows]),
        zone=Coded.of([row.zone for row in rows]),
        source=Coded.of([row.source for row in rows]),
        kind=np.array([row.kind for row in rows], np.uint8),
        t_in=np.array([row.t_in for row in rows], np.int64),
        t_out=np.array([row.t_out for row in rows], np.int64),
        confidence=np.ones(len(rows), np.float32),
    )


def met_batch(rows: list[Met]) -> EncounterBatch:
    return EncounterBatch(
        person_a=Coded.of([row.a for row in rows]),
        person_b=Coded.of([row.b for row in rows]),
        source=Coded.of(["device" for _ in rows]),
        setting=np.zeros(len(rows), np.uint8),
        start=np.array([row.start for row in rows], np.int64),
        end=np.array([row.end for row in rows], np.int64),
    )


def visits_in(log: PackedLog) -> list[tuple]:
    """All living visits, read through the segments in both orders, which must agree."""
    found: list[tuple] = []
    for segment in log.segments:
        by_person = _rows(segment.person_keys, segment.person_offsets, segment.person_rows, segment.dead_person)
        by_cell = _rows(segment.cell_keys, segment.cell_offsets, segment.cell_rows, segment.dead_cell)
        swapped = sorted((other, key, t_in, t_out) for key, other, t_in, t_out in by_cell)
        assert sorted(by_person) == swapped, "the two orders of a segment differ"
        found += [
            (person, cell, t_in + segment.epoch, t_out + segment.epoch) for person, cell, t_in, t_out in by_person
        ]
    person = log.person_codes(np.array([row[0] for row in found], np.uint32))
    cell = np.array([row[1] for row in found], np.uint32)
    place, zone, source = log.cell_places(cell), log.cell_zones(cell), log.cell_sources(cell)
    minutes = [row[2:] for row in found]
    return sorted(
        (*texts, *times) for texts, times in zip(zip(person, place, zone, source, strict=True), minutes, strict=True)
    )


def _rows(keys, offsets, rows, dead) -> list[tuple]:
    numbers = keys if len(keys) else np.arange(len(offsets) - 1)
    owner = np.repeat(numbers, np.diff(offsets.astype(np.int64)))
    return [
        (int(owner[i]), int(rows[i]) & 0xFFFFFFFF, int(rows[i]) >> 48, (int(rows[i]) >> 32) & 0xFFFF)
        for i in range(len(rows))
        if not is_dead(dead, i)
    ]


def met_in(log: PackedLog) -> set[Met]:
    index = log.encounters
    person = log.person_codes(np.repeat(index.person_keys, np.diff(index.offsets.astype(np.int64))))
    other = log.person_codes(index.other)
    both = list(zip(person, other, index.start.tolist(), index.end.tolist(), strict=True))
    assert sorted(both) == sorted((b, a, start, end) for a, b, start, end in both), "the two directions differ"
    return {Met(a, b, start, end) for a, b, start, end in both if a < b}


def assert_same(log: PackedLog, plain: PlainLog) -> None:
    """Check that the packed log shows what the plain one holds, each visit once, with every version on record."""
    assert visits_in(log) == sorted(plain.living)
    assert log.n_visits == len(plain.living)
    assert met_in(log) == plain.met
    assert log.n_encounters == len(plain.met)
    assert sum(entry.rows for entry in log.manifest.records) == len(plain.versions)
    known = {place for place in plain.kinds if {key for key in plain.living if key[1] == place}}
    numbers = log.place_numbers(sorted(known))
    assert [int(log.place_kinds[n]) for n in numbers] == [plain.kinds[place] for place in sorted(known)]


def random_row(chance: random.Random, n_persons: int = 8, n_days: int = 20) -> Row:
    t_in = BEGIN + chance.randrange(n_days * 24) * 3600 + chance.choice((0, 0, 0, 59, 60))
    place = f"L{chance.randrange(4)}"
    return Row(
        f"P{chance.randrange(n_persons)}",
        place,
        chance.choice(("", "A")),
        chance.choice(("", "", "location")),
        chance.choice((OTHER, OTHER, int(place[1]))),
        t_in,
        t_in + chance.choice((0, 30, 3600, 86400)),
    )


def deed(number: int, plain: PlainLog, seed: int) -> tuple[str, list]:
    """Choose the deed with a number: always the same one for the same log and seed."""
    chance = random.Random(f"{seed} {number}")
    kind = chance.choices(
        ("append", "import", "withdraw", "correct", "meet", "compact", "purge"), (6, 3, 3, 3, 2, 1, 1)
    )[0]
    living = sorted(plain.living)
    if kind in ("withdraw", "correct") and not living:
        kind = "append"
    if kind in ("withdraw", "correct"):
        keys = [chance.choice(living) for _ in range(5)]
        old = [Row(*key[:4], OTHER, key[4] * 60, key[5] * 60) for key in keys]
        return kind, [old, [random_row(chance)._replace(kind=OTHER) for _ in old]]
    if kind in ("append", "import"):
        return kind, [[random_row(chance, 30) for _ in range(40 if kind == "append" else 400)]]
    if kind == "meet":
        rows = [random_row(chance) for _ in range(10)]
        return kind, [[Met(row.person, row.person + "b", row.t_in, row.t_out) for row in rows]]
    if kind == "purge":
        return kind, [date(2023, 8, 27) + timedelta(days=chance.randrange(12))]
    return kind, []


def do_plainly(number: int, plain: PlainLog, seed: int) -> None:
    """Do the deed to the plain log."""
    kind, given = deed(number, plain, seed)
    if kind == "append":
        plain.add(given[0])
    elif kind == "import":
        plain.import_file(f"file {number}", given[0])
    elif kind == "withdraw":
        plain.supersede(given[0], None)
    elif kind == "correct":
        plain.supersede(*given)
    elif kind == "meet":
        plain.meet(given[0])
    elif kind == "purge":
        plain.purge(given[0])


def do_packed(number: int, plain: PlainLog, seed: int, writer: LogWriter) -> None:
    """Do the deed to the packed log; ``plain`` is the state before."""
    kind, given = deed(number, plain, seed)
    if kind == "append":
        writer.append(batch_of(given[0]))
    elif kind == "import":
        writer.import_batches([batch_of(given[0][:300]), batch_of(given[0][300:])], f"file {number}")
    elif kind == "withdraw":
        writer.withdraw(batch_of(given[0]), ["mistaken"] * len(given[0]))
    elif kind == "correct":
        writer.correct(batch_of(given[0]), batch_of(given[1]), ["mistaken"] * len(given[0]))
    elif kind == "meet":
        writer.add_encounters(met_batch(given[0]))
    elif kind == "purge":
        writer.purge(given[0])
    else:
        writer.compact()


def bytes_of(path: Path) -> bytes:
    """Everything in a log's folder."""
    return b"".join(file.read_bytes() for file in sorted(path.iterdir()) if file.is_file())
