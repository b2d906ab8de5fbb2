"""From infectors to their visits, and from visits to the rows worth reading."""

from __future__ import annotations

import numpy as np

from suyuan.exposure.compiled import compiled, inlined
from suyuan.exposure.kernels.prefetch import prefetch
from suyuan.exposure.kernels.shapes import (
    CLOSE_ELIGIBLE,
    GENERAL_ELIGIBLE,
    NEVER,
    SCOPE_KNOWN_ZONE,
    SCOPE_PLACE,
    WEAK,
    WEAK_SOURCE,
    ZONE_UNKNOWN,
    ZONED_PLACE,
    Cells,
    Infectors,
    InfectorVisits,
    Ranges,
    Rules,
)
from suyuan.exposure.locate import is_dead, key_range
from suyuan.exposure.segment import I32, U8, U32, U64, Segment

AHEAD = 8
GROUP = 32
"""Binary searches that run side by side, each asking for memory while the others wait for theirs."""


@compiled
def gather_visits(segment: Segment, infectors: Infectors) -> InfectorVisits:
    """Collect the stays of infectors in one segment, clipped to their windows, empty ones left out."""
    persons, starts, ends = infectors.person, infectors.start, infectors.end
    keys, offsets, rows = segment.person_keys, segment.person_offsets, segment.person_rows
    dead, epoch = segment.dead_person, segment.epoch
    firsts, lasts = np.empty(persons.shape[0], np.int64), np.empty(persons.shape[0], np.int64)
    total = 0
    for i in range(persons.shape[0]):
        firsts[i], lasts[i] = key_range(keys, offsets, persons[i])
        if lasts[i] > firsts[i]:
            prefetch(rows, firsts[i])
        total += lasts[i] - firsts[i]
    cell, infector = np.empty(total, np.uint32), np.empty(total, np.uint32)
    start, end = np.empty(total, np.int32), np.empty(total, np.int32)
    n = 0
    for i in range(persons.shape[0]):
        for at in range(firsts[i], lasts[i]):
            word = rows[at]
            t_in = epoch + np.int64(word >> np.uint64(48))
            if t_in >= ends[i]:
                break
            a = max(t_in, np.int64(starts[i]))
            b = min(epoch + np.int64((word >> np.uint64(32)) & np.uint64(0xFFFF)), np.int64(ends[i]))
            if b <= a or is_dead(dead, at):
                continue
            cell[n], infector[n], start[n], end[n] = np.uint32(word & np.uint64(0xFFFFFFFF)), i, a, b
            n += 1
    return InfectorVisits(cell[:n], start[:n], end[:n], infector[:n])


@compiled
def join_visits(one: InfectorVisits, other: InfectorVisits) -> InfectorVisits:
    """Put the visits found in two segments into one table."""
    return InfectorVisits(
        np.concatenate((one.cell, other.cell)),
        np.concatenate((one.start, other.start)),
        np.concatenate((one.end, other.end)),
        np.concatenate((one.infector, other.infector)),
    )


@inlined
def _options(flags: int, kind: int, same_zone: bool, bits: U8) -> int:
    """Say what a meeting may become: ``bits`` is what the kind's rules offer, by zone; 0 for nothing."""
    offered = bits[3 * kind + zone_case(flags, same_zone)]
    if offered and flags & WEAK_SOURCE:
        return offered | WEAK
    return offered


@inlined
def zone_case(flags: int, same_zone: bool) -> int:
    """0 in one zone, 1 in two zones, 2 where a zone is not known in a place that notes zones."""
    if flags & ZONE_UNKNOWN:
        return 2 if flags & ZONED_PLACE else 0
    return 0 if same_zone else 1


@compiled
def offered_bits(rules: Rules, wanted: int) -> U8:
    """Tabulate per kind what its rules offer in each ``zone_case``: index ``3 * kind + case``."""
    n_kinds = rules.close_minutes.shape[0]
    bits = np.zeros(3 * n_kinds, np.uint8)
    for kind in range(n_kinds):
        if rules.close_minutes[kind] < NEVER:
            _offer(bits, kind, rules.close_scope[kind], CLOSE_ELIGIBLE & wanted)
        if rules.general_minutes[kind] < NEVER:
            _offer(bits, kind, rules.general_scope[kind], GENERAL_ELIGIBLE & wanted)
    return bits


@inlined
def _offer(bits: U8, kind: int, scope: int, bit: int) -> None:
    bits[3 * kind] |= bit
    if scope == SCOPE_PLACE:
        bits[3 * kind + 1] |= bit
    if scope != SCOPE_KNOWN_ZONE:
        bits[3 * kind + 2] |= bit


@compiled
def pair_cells(cells: Cells, bits: U8, visits: InfectorVisits, wanted: int) -> tuple[U32, U32, U8]:
    """List, for every visit, the cells of its place that a rule looks into, and what may come of it."""
    zone, kinds, flags, sibling = cells.zone, cells.kind, cells.flags, cells.sibling
    own_cell = visits.cell
    capacity = max(16, own_cell.shape[0])
    visit, cell = np.empty(capacity, np.uint32), np.empty(capacity, np.uint32)
    options = np.empty(capacity, np.uint8)
    n = 0
    for i in range(own_cell.shape[0]):
        own = own_cell[i]
        if i + AHEAD < own_cell.shape[0]:
            prefetch(sibling, own_cell[i + AHEAD])
            prefetch(flags, own_cell[i + AHEAD])
            prefetch(kinds, own_cell[i + AHEAD])
        other = own
        while True:
            same_zone = other == own or zone[other] == zone[own]
            option = _options(flags[own] | flags[other], kinds[own], same_zone, bits)
            if option and not (option & WEAK and not wanted & WEAK):
                if n == visit.shape[0]:
                    visit, cell = np.append(visit, visit), np.append(cell, cell)
                    options = np.append(options, options)
                visit[n], cell[n], options[n] = i, other, option
                n += 1
            other = sibling[other]
            if other == own:
                break
    return visit[:n], cell[:n], options[:n]


@compiled
def reaches(rules: Rules) -> tuple[I32, I32]:
    """Tabulate least minutes and longest lingering per kind and eligibility: index ``4 * kind + options``."""
    n_kinds = rules.close_minutes.shape[0]
    minutes, lingering = np.full(4 * n_kinds, NEVER, np.int32), np.zeros(4 * n_kinds, np.int32)
    for kind in range(n_kinds):
        for options in range(1, 4):
            at = 4 * kind + options
            if options & CLOSE_ELIGIBLE:
                minutes[at], lingering[at] = rules.close_minutes[kind], rules.close_lingering[kind]
            if options & GENERAL_ELIGIBLE:
                minutes[at] = min(minutes[at], rules.general_minutes[kind])
                lingering[at] = max(lingering[at], rules.general_lingering[kind])
    return minutes, lingering


@compiled
def find_ranges(segment: Segment, cells: Cells, rules: Rules, visits: InfectorVisits, wanted: int) -> Ranges:
    """For every visit, find the rows of its place in one segment that may overlap it.

    Parameters
    ----------
    wanted
        Bits of eligibility asked for: 1 close, 2 general, 4 weak sources too.
    """
    visit, cell, options = pair_cells(cells, offered_bits(rules, wanted), visits, wanted)
    first, last = np.empty(cell.shape[0], np.uint32), np.empty(cell.shape[0], np.uint32)
    stays = np.empty(cell.shape[0], np.int32)
    _cell_rows(segment, cell, first, last, stays)
    minutes, _ = reaches(rules)
    words = np.empty(cell.shape[0], np.uint64)
    kinds, starts, epoch = cells.kind, visits.start, segment.epoch
    for i in range(cell.shape[0]):
        least = minutes[4 * kinds[cell[i]] + (options[i] & 3)]
        earliest = np.int64(starts[visit[i]]) + least - stays[i] - epoch
        words[i] = np.uint64(min(max(earliest, 0), 65535)) << np.uint64(48)
        if earliest > 65535:
            words[i] = np.uint64(0xFFFFFFFFFFFFFFFF)
    _search_in_groups(segment.cell_rows, words, first, last)
    return Ranges(visit, cell, first, last, options)


@compiled
def _cell_rows(segment: Segment, cell: U32, first: U32, last: U32, stays: I32) -> None:
    keys, offsets, max_stay = segment.cell_keys, segment.cell_offsets, segment.cell_max_stay
    n_cells = max_stay.shape[0]
    present, sparse = segment.cell_present, keys.shape[0] > 0
    for i in range(cell.shape[0]):
        at = np.int64(cell[i])
        if sparse:
            if at >> 3 < present.shape[0] and (present[at >> 3] >> (at & 7)) & 1:
                at = np.searchsorted(keys, cell[i])
            else:
                at = n_cells
        elif i + GROUP < cell.shape[0] and cell[i + GROUP] < n_cells:
            prefetch(offsets, cell[i + GROUP])
            prefetch(max_stay, cell[i + GROUP])
        if at >= n_cells:
            first[i], last[i], stays[i] = 0, 0, 0
        else:
            first[i], last[i], stays[i] = offsets[at], offsets[at + 1], max_stay[at]


@compiled
def _search_in_groups(rows: U64, words: U64, first: U32, last: U32) -> None:
    highs = np.empty(GROUP, np.int64)
    n = words.shape[0]
    for group in range(0, n, GROUP):
        size = min(GROUP, n - group)
        searching = False
        for j in range(size):
            low, high = np.int64(first[group + j]), np.int64(last[group + j])
            highs[j] = high
            if low < high:
                prefetch(rows, (low + high) >> 1)
                searching = True
        while searching:
            searching = False
            for j in range(size):
                low, high = np.int64(first[group + j]), highs[j]
                if low >= high:
                    continue
                middle = (low + high) >> 1
                if rows[middle] < words[group + j]:
                    low = middle + 1
                else:
                    high = middle
                first[group + j], highs[j] = low, high
                if low < high:
                    prefetch(rows, (low + high) >> 1)
                    searching = True
