"""Looking back: which stays of others, each taken as the infector's, meet a case's stay by the rules."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

import numpy as np

from suyuan.exposure.compiled import compiled, inlined
from suyuan.exposure.kernels.gather import reaches
from suyuan.exposure.kernels.shapes import (
    CLOSE_ELIGIBLE,
    GENERAL_ELIGIBLE,
    NEVER,
    RING_CLOSE,
    RING_COLOCATED,
    RING_GENERAL,
    WEAK,
    Cells,
    Infectors,
    InfectorVisits,
    Ranges,
    Rules,
)
from suyuan.exposure.locate import is_dead
from suyuan.exposure.segment import I32, I64, U8, U32, Segment

UNKNOWN = -1

Table = TypeVar("Table", bound=tuple[Any, ...])


class Sources(NamedTuple):
    """A buffer of meetings: row of ``Ranges``, the other person and their row among the known, start, minutes, ring."""

    task: U32
    person: U32
    known: I32
    start: I32
    together: I32
    lingering: I32
    ring: U8


def empty_sources(capacity: int) -> Sources:
    """Return a buffer for ``capacity`` meetings."""
    columns = (np.uint32, np.uint32, np.int32, np.int32, np.int32, np.int32, np.uint8)
    return Sources(*(np.empty(capacity, dtype) for dtype in columns))


def take_rows(table: Table, which: slice | np.ndarray) -> Table:
    """Choose or order rows of a table of columns."""
    return type(table)(*(column[which] for column in table))


def stack_rows(tables: list[Table]) -> Table:
    """Put tables below each other; there must be one."""
    return type(tables[0])(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))


def reaching_back(rules: Rules) -> Rules:
    """Rules under which ``find_ranges`` finds stays that may have ended before the case came.

    A stay counts with its lingering time, so its end may lie that much earlier than the least minutes ask.
    """
    return rules._replace(
        close_minutes=_earlier(rules.close_minutes, rules.close_lingering),
        general_minutes=_earlier(rules.general_minutes, rules.general_lingering),
    )


def _earlier(minutes: I32, lingering: I32) -> I32:
    answer: I32 = np.where(minutes < NEVER, minutes - lingering, minutes).astype(np.int32)
    return answer


@compiled
def scan_sources(
    segment: Segment,
    cells: Cells,
    rules: Rules,
    found: tuple[Infectors, InfectorVisits, Ranges],
    known: Infectors,
    cursor: I64,
    into: Sources,
) -> int:
    """Read rows from where ``cursor`` stands until the buffer is full or everything is read.

    Parameters
    ----------
    found
        The cases with their exposure windows, their stays in them, and the rows worth reading.
    known
        Who is known to have been infectious and when, sorted by person. Such a person's stays count inside those
        windows only; everybody else's count whole. The buffer must hold more than the rows of one known person.
    cursor
        ``[task, row]``, moved on; a task equal to the number of ranges means the end.

    Returns
    -------
    int
        Number of meetings now in the buffer.
    """
    cases, visits, ranges = found
    minutes, lingering = reaches(rules)
    rows, epoch, dead = segment.cell_rows, segment.epoch, segment.dead_cell
    known_person, known_start, known_end = known.person, known.start, known.end
    n, n_tasks, capacity, n_known = 0, ranges.visit.shape[0], into.person.shape[0], known_person.shape[0]
    task, at = cursor[0], cursor[1]
    while task < n_tasks:
        visit, kind, options = ranges.visit[task], cells.kind[ranges.cell[task]], ranges.options[task]
        a: int = np.int64(visits.start[visit])
        b: int = np.int64(visits.end[visit])
        least: int = minutes[4 * kind + (options & 3)]
        longest: int = lingering[4 * kind + (options & 3)]
        oneself = cases.person[visits.infector[visit]]
        close = rules.close_minutes[kind] if options & CLOSE_ELIGIBLE else NEVER
        general = rules.general_minutes[kind] if options & GENERAL_ELIGIBLE else NEVER
        offered: tuple[int, int, int, int] = close, rules.close_lingering[kind], general, rules.general_lingering[kind]
        at, last = max(np.int64(ranges.first[task]), at), np.int64(ranges.last[task])
        while at < last:
            word = rows[at]
            c: int = epoch + np.int64(word >> np.uint64(48))
            if c > b - least:
                break
            d: int = epoch + np.int64((word >> np.uint64(32)) & np.uint64(0xFFFF))
            person = np.uint32(word & np.uint64(0xFFFFFFFF))
            overlap: int = min(d + longest, b) - max(a, c)
            if overlap >= least and d > c and person != oneself and not is_dead(dead, at):
                row: int = np.searchsorted(known_person, person)
                until: int = row
                while until < n_known and known_person[until] == person:
                    until += 1
                if n + until - row >= capacity:
                    cursor[0], cursor[1] = task, at
                    return n
                if row == until:
                    n = _judge(into, n, (task, person, UNKNOWN, options), (a, b, c, d), offered)
                while row < until:
                    since: int = max(c, np.int64(known_start[row]))
                    stop: int = min(d, np.int64(known_end[row]))
                    if stop > since:
                        n = _judge(into, n, (task, person, np.int32(row), options), (a, b, since, stop), offered)
                    row += 1
            at += 1
        task += 1
        at = 0
    cursor[0], cursor[1] = task, 0
    return n


@inlined
def _judge(
    into: Sources,
    n: int,
    who: tuple[int, int, int, int],
    times: tuple[int, int, int, int],
    offered: tuple[int, int, int, int],
) -> int:
    """Write the meeting of a case's stay [a, b) with an infectious stay [c, d) if a rule counts it."""
    task, person, known, options = who
    a, b, c, d = times
    start = max(a, c)
    counted, ring = min(d + offered[1], b) - start, RING_CLOSE
    if counted < offered[0]:
        counted, ring = min(d + offered[3], b) - start, RING_GENERAL
        if counted < offered[2]:
            ring = 0
    if ring != 0:
        together: int = max(np.int64(0), min(b, d) - start)
        into.task[n], into.person[n], into.known[n], into.start[n] = task, person, known, start
        into.together[n], into.lingering[n] = together, counted - together
        into.ring[n] = RING_COLOCATED if options & WEAK else ring
        n += 1
    return n
