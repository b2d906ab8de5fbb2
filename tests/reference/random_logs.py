"""Small random logs, nasty on purpose, as plain stays and as packed segments."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from slow_exposure import SlowCell, SlowRule, SlowRules, Stay

from suyuan.exposure.kernels.shapes import NEVER, Cells, Infectors, Rules
from suyuan.exposure.locate import locate_rows
from suyuan.exposure.rules import SCOPES
from suyuan.exposure.segment import ERA_MINUTES, ArrivalRows, DeadRows, Segment, SegmentShape, make_segment
from suyuan.exposure.segment_build import segment_in_memory

KINDS = 3
FIRST_ERA = 1000 * ERA_MINUTES


class PackedFake(NamedTuple):
    """The least a log must offer to be matched."""

    segments: tuple[Segment, ...]
    cells: Cells
    n_persons: int


@st.composite
def random_rules(draw):
    def offers():
        return {
            kind: SlowRule(
                draw(st.integers(1, 40)),
                draw(st.sampled_from([0, 0, 5, 30])),
                draw(st.sampled_from(["zone", "known_zone", "place"])),
            )
            for kind in range(KINDS)
            if draw(st.integers(0, 9)) > 1
        }

    numbers = st.integers(0, 5000)
    return SlowRules(
        close=offers(),
        general=offers(),
        together_nano={kind: draw(numbers) for kind in range(KINDS)},
        lingering_nano={kind: draw(numbers) for kind in range(KINDS)},
        first_day=draw(st.integers(-4, 0)),
        milli=draw(st.lists(st.integers(0, 1000), min_size=1, max_size=12)),
    )


@st.composite
def random_cells(draw):
    cells, kind_of = [], {}
    for _ in range(draw(st.integers(1, 7))):
        place = draw(st.integers(0, 3))
        kind = kind_of.setdefault(place, draw(st.integers(0, KINDS - 1)))
        cells.append(SlowCell(place, draw(st.integers(0, 2)), kind, draw(st.integers(0, 5)) == 0))
    return cells


@st.composite
def random_stays(draw, n_persons, n_cells):
    """Ties, touching and empty stays, nights, the border between two eras, and copies of a stay."""
    moment = st.one_of(st.integers(0, 60), st.integers(0, 4000), st.integers(ERA_MINUTES - 200, ERA_MINUTES + 200))
    length = st.one_of(st.integers(-3, 3), st.integers(0, 120), st.sampled_from([1440, 6000]))
    stays = []
    for _ in range(draw(st.integers(0, 40))):
        start = FIRST_ERA + draw(moment)
        stays.append(
            Stay(
                draw(st.integers(0, n_persons - 1)),
                draw(st.integers(0, n_cells - 1)),
                start,
                max(start, start + draw(length)),
            )
        )
    return list(dict.fromkeys(stays))  # the log keeps identical stays once


@st.composite
def random_infectors(draw, n_persons):
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        start = FIRST_ERA + draw(st.integers(-50, 3000))
        onset = start + draw(st.integers(-3000, 3000))
        rows.append((draw(st.integers(0, n_persons - 1)), start, start + draw(st.integers(0, 50_000)), onset))
    return rows


def packed_infectors(rows):
    person, start, end, onset = zip(*rows, strict=True)
    return Infectors(np.array(person, np.uint32), *(np.array(column, np.int32) for column in (start, end, onset)))


def packed_cells(cells):
    n = len(cells)
    sibling = np.arange(n)
    for place in {cell.place for cell in cells}:
        members = [i for i, cell in enumerate(cells) if cell.place == place]
        for i, member in enumerate(members):
            sibling[member] = members[(i + 1) % len(members)]
    zoned = {cell.place for cell in cells if cell.zone != 0}
    flags = [(cell.zone == 0) + 2 * cell.weak + 4 * (cell.place in zoned) for cell in cells]
    return Cells(
        np.array([cell.place for cell in cells], np.uint32),
        np.array([cell.zone for cell in cells], np.uint32),
        np.array([cell.kind for cell in cells], np.uint8),
        np.array(flags, np.uint8),
        sibling.astype(np.uint32),
    )


def packed_rules(rules):
    def column(by_kind, field, missing, dtype):
        return np.array([getattr(by_kind[k], field) if k in by_kind else missing for k in range(KINDS)], dtype)

    def scopes(by_kind):
        return np.array([SCOPES[by_kind[k].scope] if k in by_kind else 0 for k in range(KINDS)], np.uint8)

    return Rules(
        column(rules.close, "minutes", NEVER, np.int32),
        column(rules.close, "lingering", 0, np.int32),
        scopes(rules.close),
        column(rules.general, "minutes", NEVER, np.int32),
        column(rules.general, "lingering", 0, np.int32),
        scopes(rules.general),
        np.array([rules.together_nano[k] for k in range(KINDS)], np.int64),
        np.array([rules.lingering_nano[k] for k in range(KINDS)], np.int64),
        rules.first_day,
        np.array(rules.milli, np.int64),
    )


def packed_segment(stays, epoch, n_persons, n_cells, *, dense):
    rows = ArrivalRows(
        np.array([stay.person for stay in stays], np.uint32),
        np.array([stay.cell for stay in stays], np.uint32),
        np.array([stay.t_in - epoch for stay in stays], np.uint16),
        np.array([stay.t_out - epoch for stay in stays], np.uint16),
    )
    return segment_in_memory(rows, SegmentShape(epoch, n_persons, n_cells, dense)), rows


def packed_log(stays, cells, n_persons, split, withdrawn):
    """Spread stays over a dense base and a sparse delta per era; ``withdrawn`` ones are in the base, but dead."""
    segments = []
    for era in (0, 1):
        epoch = FIRST_ERA + era * ERA_MINUTES
        mine = [stay for stay in stays if (stay.t_in - FIRST_ERA) // ERA_MINUTES == era]
        gone = [s for s in withdrawn if (s.t_in - FIRST_ERA) // ERA_MINUTES == era and s not in stays]
        base, delta = mine[: split % (len(mine) + 1)], mine[split % (len(mine) + 1) :]
        dense, _ = packed_segment(base + gone, epoch, n_persons, len(cells), dense=True)
        if gone:
            _, rows = packed_segment(gone, epoch, n_persons, len(cells), dense=False)
            dead = DeadRows(*locate_rows(dense, rows))
            arrays = {
                name: getattr(dense, name)
                for name in dense._fields
                if name not in ("epoch", "cell_present", "dead_person", "dead_cell")
            }
            dense = make_segment(epoch, arrays, dead)
        segments.append(dense)
        if delta:
            segments.append(packed_segment(delta, epoch, n_persons, len(cells), dense=False)[0])
    return PackedFake(tuple(segments), packed_cells(cells), n_persons)


@st.composite
def random_log(draw):
    """Draw stays, cells, the number of persons, and the packed log of them, with deltas and superseded rows."""
    cells = draw(random_cells())
    n_persons = draw(st.integers(2, 9))
    stays = draw(random_stays(n_persons, len(cells)))
    withdrawn = draw(random_stays(n_persons, len(cells)))
    return stays, cells, n_persons, packed_log(stays, cells, n_persons, draw(st.integers(0, 40)), withdrawn)
