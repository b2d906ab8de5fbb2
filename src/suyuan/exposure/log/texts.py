"""Lists of texts as Arrow keeps them, and a hash table over them, in machine code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from suyuan.exposure.compiled import compiled, inlined
from suyuan.exposure.kernels.prefetch import prefetch

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

NO_ONE = 0xFFFFFFFF
"""The number of a text that has none."""

SEED = np.uint64(0x9E3779B97F4A7C15)
STEP = np.uint64(0xFF51AFD7ED558CCD)
LAST = np.uint64(0xC4CEB9FE1A85EC53)
HALF = np.uint64(32)
BYTE = np.uint64(8)
LOW_HALF = np.uint64(0xFFFFFFFF)
ONE = np.uint64(1)
PASS = 1024


class Texts(NamedTuple):
    """Texts one behind the other: text ``i`` is ``data[offsets[i]:offsets[i + 1]]``, in UTF-8."""

    offsets: I64
    data: U8


class Table(NamedTuple):
    """Texts that can be looked up: each slot is 0 or the hash's upper half, then the text's position plus one."""

    texts: Texts
    slots: U64


class Probes(NamedTuple):
    """Working space for looking up ``PASS`` texts at a time: hashes, and where each text seems to stand."""

    mixed: U64
    position: I64
    start: I64
    length: I64


def texts_of(array: pa.Array) -> Texts:
    """View an Arrow string array (without nulls) as offsets and bytes."""
    if not pa.types.is_string(array.type) and not pa.types.is_large_string(array.type):
        array = array.cast(pa.large_string())
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, places, data = array.buffers()
    if len(array) == 0 or places is None:
        return Texts(_frozen(np.zeros(1, np.int64)), _frozen(np.zeros(0, np.uint8)))
    offsets = np.frombuffer(places, width)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    return Texts(
        _frozen(offsets), np.frombuffer(data, np.uint8) if data is not None else _frozen(np.zeros(0, np.uint8))
    )


def texts_of_keys(keys: U32) -> Texts:
    """View rows of whole numbers, shape (rows, columns), as texts of equal length."""
    flat = np.ascontiguousarray(keys)
    width = flat.shape[1] * flat.itemsize
    return Texts(_frozen(np.arange(len(flat) + 1, dtype=np.int64) * width), _frozen(flat.reshape(-1).view(np.uint8)))


def arrow_of(texts: Texts) -> pa.Array:
    """Turn texts into an Arrow large_string array."""
    buffers = [None, pa.py_buffer(np.ascontiguousarray(texts.offsets)), pa.py_buffer(np.ascontiguousarray(texts.data))]
    return pa.Array.from_buffers(pa.large_string(), len(texts.offsets) - 1, buffers)


def table_size(count: int) -> int:
    """Slots for a number of texts: a power of two, at most two thirds full."""
    return 1 << max(4, (count * 3 // 2).bit_length())


def make_table(texts: Texts, *, skip_empty: bool) -> Table:
    """Build the hash table of a list of unique texts.

    Parameters
    ----------
    skip_empty
        Leave empty texts out, so that an erased text is never found.
    """
    slots = np.zeros(table_size(len(texts.offsets) - 1), np.uint64)
    frozen = Texts(_frozen(texts.offsets), _frozen(texts.data))
    fill_slots(frozen, slots, skip_empty)
    return Table(frozen, _frozen(slots))


@inlined
def hash_text(data: U8, first: int, last: int) -> Any:
    """Hash bytes to 64 bits: eight at a time, xor and multiply, murmur3's finaliser (stable: it is on disk)."""
    mixed = SEED ^ (np.uint64(last - first) * STEP)
    at = first
    while at < last:
        word = np.uint64(0)
        upto = min(at + 8, last)
        for i in range(upto - 1, at - 1, -1):
            word = (word << BYTE) | np.uint64(data[i])
        mixed = (mixed ^ word) * STEP
        mixed ^= mixed >> HALF
        at = upto
    mixed *= LAST
    return mixed ^ (mixed >> HALF)


@inlined
def _same(a: U8, first_a: int, b: U8, first_b: int, length: int) -> bool:
    for i in range(length):  # noqa: SIM110 - the compiler wants the plain loop
        if a[first_a + i] != b[first_b + i]:
            return False
    return True


@compiled
def fill_slots(texts: Texts, slots: U64, skip_empty: bool) -> None:  # noqa: FBT001 - compiled code has no keywords
    """Enter every text into empty slots; the texts are taken to be unique."""
    mask = np.uint64(slots.shape[0] - 1)
    for i in range(texts.offsets.shape[0] - 1):
        first, last = texts.offsets[i], texts.offsets[i + 1]
        if skip_empty and first == last:
            continue
        mixed = hash_text(texts.data, first, last)
        at = mixed & mask
        while slots[at] != 0:
            at = (at + ONE) & mask
        slots[at] = (mixed >> HALF << HALF) | np.uint64(i + 1)


@compiled
def find_slot(table: Table, data: U8, first: int, last: int, mixed: Any) -> Any:
    """Find the slot that holds a text, or the empty slot where it belongs."""
    mask = np.uint64(table.slots.shape[0] - 1)
    at = mixed & mask
    while True:
        slot = table.slots[at]
        if slot == 0:
            break
        if slot >> HALF == mixed >> HALF:
            i = np.int64(slot & LOW_HALF) - 1
            begin = table.texts.offsets[i]
            length = table.texts.offsets[i + 1] - begin
            if length == last - first and _same(table.texts.data, begin, data, first, length):
                break
        at = (at + ONE) & mask
    return np.int64(at)


@compiled
def _probe(table: Table, wanted: Texts, begin: int, end: int, seen: Probes) -> None:
    """Fill ``seen`` for the texts from ``begin`` to ``end``, in passes.

    Each pass makes one memory access per text that does not wait for the one before it, so that the processor
    keeps many in flight: a table of millions lies far outside the cache, and one look-up after the other would
    wait for each of its three accesses in turn.
    """
    mixed, position, starts, lengths = seen.mixed, seen.position, seen.start, seen.length
    slots, offsets, data = table.slots, table.texts.offsets, table.texts.data
    wanted_offsets, wanted_data = wanted.offsets, wanted.data
    mask = np.uint64(slots.shape[0] - 1)
    for i in range(begin, end):
        mixed[i - begin] = hash_text(wanted_data, wanted_offsets[i], wanted_offsets[i + 1])
        prefetch(slots, mixed[i - begin] & mask)
    for k in range(end - begin):
        slot = slots[mixed[k] & mask]
        position[k] = np.int64(slot & LOW_HALF) - 1 if slot >> HALF == mixed[k] >> HALF else -1
        prefetch(offsets, max(position[k], 0))
    for k in range(end - begin):
        at = max(position[k], 0)
        starts[k] = offsets[at]
        lengths[k] = offsets[min(at + 1, offsets.shape[0] - 1)] - starts[k]
        if lengths[k] > 0:
            prefetch(data, starts[k])
    for k in range(end - begin):
        first = wanted_offsets[begin + k]
        length = wanted_offsets[begin + k + 1] - first
        if position[k] >= 0 and (lengths[k] != length or not _same(data, starts[k], wanted_data, first, length)):
            position[k] = -1


@compiled
def _new_probes() -> Probes:
    return Probes(
        np.empty(PASS, np.uint64), np.empty(PASS, np.int64), np.empty(PASS, np.int64), np.empty(PASS, np.int64)
    )


@compiled
def find_texts(table: Table, wanted: Texts, start: int, found: U32) -> None:
    """Fill in the numbers of texts that have none yet and that this table knows.

    Parameters
    ----------
    start
        Number of the table's first text.
    found
        uint32, shape (texts,): read and written; ``NO_ONE`` where still unknown.
    """
    n = wanted.offsets.shape[0] - 1
    seen = _new_probes()
    for begin in range(0, n, PASS):
        end = min(begin + PASS, n)
        _probe(table, wanted, begin, end, seen)
        for i in range(begin, end):
            if found[i] != NO_ONE:
                continue
            at = seen.position[i - begin]
            if at < 0:
                slot = find_slot(table, wanted.data, wanted.offsets[i], wanted.offsets[i + 1], seen.mixed[i - begin])
                at = np.int64(table.slots[slot] & LOW_HALF) - 1
            if at >= 0:
                found[i] = np.uint32(start + at)


@compiled
def add_texts(table: Table, wanted: Texts, start: int, count: int, found: U32) -> int:
    """Give new numbers to texts that have none, into a table that has room for all of them.

    Parameters
    ----------
    start, count
        Number of the table's first text; how many it holds.

    Returns
    -------
    int
        How many texts it holds now.
    """
    n = wanted.offsets.shape[0] - 1
    seen = _new_probes()
    for begin in range(0, n, PASS):
        end = min(begin + PASS, n)
        _probe(table, wanted, begin, end, seen)
        for i in range(begin, end):
            if found[i] != NO_ONE:
                continue
            at = seen.position[i - begin]
            if at < 0:
                at, count = _enter(table, wanted, i, seen.mixed[i - begin], count)
            found[i] = np.uint32(start + at)
    return count


@compiled
def _enter(table: Table, wanted: Texts, i: int, mixed: Any, count: int) -> tuple[Any, int]:
    first, last = wanted.offsets[i], wanted.offsets[i + 1]
    slot = find_slot(table, wanted.data, first, last, mixed)
    if table.slots[slot] == 0:
        end = table.texts.offsets[count]
        for j in range(last - first):
            table.texts.data[end + j] = wanted.data[first + j]
        table.texts.offsets[count + 1] = end + last - first
        count += 1
        table.slots[slot] = (mixed >> HALF << HALF) | np.uint64(count)
    return np.int64(table.slots[slot] & LOW_HALF) - 1, count


@compiled
def gather_texts(texts: Texts, positions: I64) -> tuple[I64, U8]:
    """Copy chosen texts out, in the given order."""
    offsets = np.zeros(positions.shape[0] + 1, np.int64)
    for i in range(positions.shape[0]):
        offsets[i + 1] = offsets[i] + texts.offsets[positions[i] + 1] - texts.offsets[positions[i]]
    data = np.empty(offsets[-1], np.uint8)
    for i in range(positions.shape[0]):
        begin = texts.offsets[positions[i]]
        for j in range(offsets[i + 1] - offsets[i]):
            data[offsets[i] + j] = texts.data[begin + j]
    return offsets, data


def _frozen(array: Any) -> Any:
    view = array.view()
    view.flags.writeable = False
    return view
