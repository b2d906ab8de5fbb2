"""Reading the rows worth reading and deciding, by the rules, which of them are meetings."""

from __future__ import annotations

import numpy as np

from suyuan.exposure.compiled import compiled
from suyuan.exposure.kernels.gather import reaches
from suyuan.exposure.kernels.prefetch import prefetch
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
    Meetings,
    Ranges,
    Rules,
)
from suyuan.exposure.locate import is_dead
from suyuan.exposure.segment import I32, I64, Segment

AHEAD = 8
FAR = 24
"""Rows to look ahead where each one needs a line of memory of its own, somewhere in the city."""
BUFFER = 4096


@compiled
def scan_ranges(
    segment: Segment,
    cells: Cells,
    rules: Rules,
    found: tuple[Infectors, InfectorVisits, Ranges],
    cursor: I64,
    into: Meetings,
) -> int:
    """Read rows from where ``cursor`` stands until the buffer is full or everything is read.

    Parameters
    ----------
    cursor
        ``[task, row]``, moved on; a task equal to the number of ranges means the end.

    Returns
    -------
    int
        Number of meetings now in the buffer.
    """
    infectors, visits, ranges = found
    minutes, lingering = reaches(rules)
    persons, infector, starts, ends = infectors.person, visits.infector, visits.start, visits.end
    visit_of, firsts, lasts, cell_of, options_of = ranges.visit, ranges.first, ranges.last, ranges.cell, ranges.options
    kinds, rows, epoch, dead = cells.kind, segment.cell_rows, segment.epoch, segment.dead_cell
    close_minutes, close_lingering = rules.close_minutes, rules.close_lingering
    general_minutes, general_lingering = rules.general_minutes, rules.general_lingering
    n, capacity, n_tasks = 0, into.person.shape[0], visit_of.shape[0]
    task, at = cursor[0], cursor[1]
    while task < n_tasks:
        if task + AHEAD < n_tasks and firsts[task + AHEAD] < lasts[task + AHEAD]:
            prefetch(rows, firsts[task + AHEAD])
        visit, kind, options = visit_of[task], kinds[cell_of[task]], options_of[task]
        a, b = np.int64(starts[visit]), np.int64(ends[visit])
        least = minutes[4 * kind + (options & 3)]
        latest = b + lingering[4 * kind + (options & 3)] - least
        oneself = persons[infector[visit]]
        at = max(np.int64(firsts[task]), at)
        last = np.int64(lasts[task])
        close_at_least = close_minutes[kind] if options & CLOSE_ELIGIBLE else NEVER
        general_at_least = general_minutes[kind] if options & GENERAL_ELIGIBLE else NEVER
        close_until, general_until = b + close_lingering[kind], b + general_lingering[kind]
        while at < last:
            word = rows[at]
            c = epoch + np.int64(word >> np.uint64(48))
            if c > latest:
                break
            d = epoch + np.int64((word >> np.uint64(32)) & np.uint64(0xFFFF))
            start = max(a, c)
            person = np.uint32(word & np.uint64(0xFFFFFFFF))
            counted, ring = min(close_until, d) - start, RING_CLOSE
            if counted < close_at_least:
                counted, ring = min(general_until, d) - start, RING_GENERAL
                if counted < general_at_least:
                    ring = 0
            if ring != 0 and person != oneself and d > c and not is_dead(dead, at):
                if n == capacity:
                    cursor[0], cursor[1] = task, at
                    return n
                together = max(np.int64(0), min(b, d) - start)
                into.task[n], into.person[n], into.start[n] = task, person, start
                into.together[n], into.lingering[n] = together, counted - together
                into.ring[n] = RING_COLOCATED if options & WEAK else ring
                n += 1
            at += 1
        task += 1
        at = 0
    cursor[0], cursor[1] = task, 0
    return n


@compiled
def add_meetings(
    cells: Cells,
    rules: Rules,
    found: tuple[Infectors, InfectorVisits, Ranges],
    meetings: tuple[Meetings, int],
    slots: I32,
    entries: np.ndarray,
    n_entries: int,
) -> int:
    """Add buffered meetings to one entry per person and return how many entries there are now."""
    infectors, visits, ranges = found
    buffer, n = meetings
    persons, tasks, starts = buffer.person, buffer.task, buffer.start
    for i in range(n):
        if i + FAR < n:
            prefetch(slots, persons[i + FAR])
        slot = slots[persons[i]]
        if slot == 0:
            entry = entries[n_entries]
            entry.person, entry.n_meetings, entry.dose = persons[i], 0, 0
            entry.minutes_together, entry.minutes_lingering = 0, 0
            entry.first, entry.last = 2147483647, -2147483648
            n_entries += 1
            slots[persons[i]] = n_entries
        else:
            prefetch(entries, slot - 1)
    onsets, infector, visit_of, cell_of = infectors.onset, visits.infector, ranges.visit, ranges.cell
    kinds, milli, first_minute = cells.kind, rules.milli, np.int64(rules.first_day) * 1440
    together_nano, lingering_nano = rules.together_nano, rules.lingering_nano
    together_of, lingering_of = buffer.together, buffer.lingering
    before, together_hazard, lingering_hazard, day_zero = np.int64(-1), np.int64(0), np.int64(0), np.int64(0)
    span = 1440 * np.int64(milli.shape[0])
    for i in range(n):
        entry = entries[slots[persons[i]] - 1]
        task, start = np.int64(tasks[i]), np.int64(starts[i])
        if task != before:  # meetings come in runs of one stay
            before, kind = task, kinds[cell_of[task]]
            together_hazard, lingering_hazard = together_nano[kind], lingering_nano[kind]
            day_zero = np.int64(onsets[infector[visit_of[task]]]) + first_minute
        together, lingering = np.int64(together_of[i]), np.int64(lingering_of[i])
        entry.n_meetings += 1
        entry.minutes_together += together
        entry.minutes_lingering += lingering
        entry.first = min(entry.first, start)
        entry.last = max(entry.last, np.int32(start + together + lingering))
        since = start - day_zero
        if since >= 0 and since < span:
            hazard = together_hazard * together + lingering_hazard * lingering
            entry.dose += np.uint64(milli[since // 1440] * hazard)
    return n_entries


@compiled
def sum_contacts(
    segment: Segment,
    cells: Cells,
    rules: Rules,
    found: tuple[Infectors, InfectorVisits, Ranges],
    slots: I32,
    state: tuple[Meetings, I64, np.ndarray],
) -> None:
    """Scan and add until everything is read or the entries are nearly full.

    ``state`` is the buffer, ``[task, row, n_entries]``, and the entries.
    """
    buffer, cursor, entries = state
    n_tasks = found[2].visit.shape[0]
    while cursor[0] < n_tasks and cursor[2] + buffer.person.shape[0] <= entries.shape[0]:
        n = scan_ranges(segment, cells, rules, found, cursor, buffer)
        cursor[2] = add_meetings(cells, rules, found, (buffer, n), slots, entries, cursor[2])


@compiled
def clear_slots(slots: I32, entries: np.ndarray, n_entries: int) -> None:
    """Forget which entry a person has, for the next question."""
    for i in range(n_entries):
        if i + FAR < n_entries:
            prefetch(slots, entries[i + FAR].person)
        slots[entries[i].person] = 0
