"""Texts and their numbers: mapped tables for the readers, a growing table in memory for the writer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import pyarrow as pa

from suyuan.exposure.log.arrays import map_arrays, write_arrays
from suyuan.exposure.log.change import Change
from suyuan.exposure.log.manifest import BlockFile
from suyuan.exposure.log.texts import (
    I64,
    NO_ONE,
    U8,
    U32,
    Table,
    Texts,
    add_texts,
    arrow_of,
    fill_slots,
    find_texts,
    gather_texts,
    make_table,
    table_size,
    texts_of,
)

KEEPS_EMPTY = frozenset({"zones", "sources"})
"""Dictionaries in which the empty text means "not known" and has the number 0."""


class Block(NamedTuple):
    """A run of numbers from ``first`` on, with its table."""

    first: int
    table: Table

    @property
    def n_texts(self) -> int:
        """Texts in the block, erased ones included."""
        return len(self.table.texts.offsets) - 1


class Dictionary:
    """Numbers of texts and texts of numbers, straight from mapped files."""

    def __init__(self, blocks: Sequence[Block] = ()) -> None:
        self.blocks = tuple(blocks)

    @classmethod
    def open(cls, path: Path, entries: Sequence[BlockFile]) -> Self:
        """Map the blocks that a manifest names."""
        blocks = []
        for entry in entries:
            arrays = map_arrays(path / entry.file)
            blocks.append(Block(entry.first, Table(Texts(arrays["offsets"], arrays["text"]), arrays["slots"])))
        return cls(blocks)

    @property
    def count(self) -> int:
        """Numbers given out."""
        return self.blocks[-1].first + self.blocks[-1].n_texts if self.blocks else 0

    @property
    def n_written(self) -> int:
        """Texts that are not empty: erased ones do not count."""
        return sum(int(np.count_nonzero(np.diff(block.table.texts.offsets))) for block in self.blocks)

    def numbers(self, wanted: Texts) -> U32:
        """Look texts up.

        Returns
        -------
        uint32, shape (texts,)
            ``NO_ONE`` where a text is unknown.
        """
        found = np.full(len(wanted.offsets) - 1, NO_ONE, np.uint32)
        for block in self.blocks:
            find_texts(block.table, wanted, block.first, found)
        return found

    def number(self, text: str) -> int:
        """Look one text up; ``NO_ONE`` where it is unknown."""
        return int(self.numbers(texts_of(pa.array([text], pa.string())))[0])

    def texts(self, numbers: U32) -> Texts:
        """Write out the texts of numbers, in their order; an erased text is empty.

        Raises
        ------
        IndexError
            If a number was never given out.
        """
        positions = np.asarray(numbers, np.int64)
        if positions.size and int(positions.max()) >= self.count:
            raise IndexError(f"The number {int(positions.max())} was never given out.")
        if len(self.blocks) == 1:
            return Texts(*gather_texts(self.blocks[0].table.texts, positions))
        return self._from_blocks(positions)

    def _from_blocks(self, positions: I64) -> Texts:
        starts = np.array([block.first for block in self.blocks], np.int64)
        home = np.searchsorted(starts, positions, side="right") - 1
        parts, order = [], []
        for i, block in enumerate(self.blocks):
            mine = np.flatnonzero(home == i)
            order.append(mine)
            parts.append(Texts(*gather_texts(block.table.texts, positions[mine] - block.first)))
        back: I64 = np.empty(len(positions), np.int64)
        if order:
            back[np.concatenate(order)] = np.arange(len(positions))
        return Texts(*gather_texts(join_texts(parts), back))

    def strings(self, numbers: U32) -> pa.Array:
        """Write out the texts of numbers as an Arrow large_string array."""
        return arrow_of(self.texts(numbers))


class GrowingDictionary:
    """A dictionary that gives new numbers to new texts; they live in memory until :meth:`save`."""

    def __init__(self, name: str, known: Dictionary) -> None:
        self.name = name
        self.known = known
        self.first = known.count
        self.n_new = 0
        self._offsets: I64 = np.zeros(1 << 10, np.int64)
        self._data: U8 = np.zeros(1 << 14, np.uint8)
        self._slots = np.zeros(1 << 10, np.uint64)

    @property
    def count(self) -> int:
        """Numbers given out, new ones included."""
        return self.first + self.n_new

    @property
    def new_texts(self) -> Texts:
        """The texts that have no file yet."""
        end = int(self._offsets[self.n_new])
        return Texts(self._offsets[: self.n_new + 1], self._data[:end])

    def numbers(self, wanted: Texts) -> U32:
        """Find the numbers of texts and give some to new ones; each text costs once, however many rows it has."""
        found = self.known.numbers(wanted)
        n_missing = int(np.count_nonzero(found == NO_ONE))
        if n_missing:
            self._make_room(n_missing, int(wanted.offsets[-1] - wanted.offsets[0]))
            table = Table(Texts(self._offsets, self._data), self._slots)
            self.n_new = add_texts(table, wanted, self.first, self.n_new, found)
        return found

    def save(self, change: Change) -> None:
        """Write the new texts as a block, together with earlier blocks that are not much larger."""
        if not self.n_new:
            return
        entries = change.manifest.dictionaries.setdefault(self.name, [])
        parts = [self.new_texts]
        blocks = list(self.known.blocks)
        total = self.n_new
        while blocks and blocks[-1].n_texts <= 2 * total:
            block = blocks.pop()
            entries.pop()
            parts.insert(0, block.table.texts)
            total += block.n_texts
        first = self.count - total
        entries.append(write_block(change, self.name, first, join_texts(parts)))

    def _make_room(self, n_texts: int, n_bytes: int) -> None:
        count = self.n_new + n_texts
        end = int(self._offsets[self.n_new]) + n_bytes
        if count + 1 > len(self._offsets):
            self._offsets = _grown(self._offsets, count + 1)
        if end > len(self._data):
            self._data = _grown(self._data, end)
        if table_size(count) > len(self._slots):
            self._slots = np.zeros(table_size(count), np.uint64)
            # views of one read-only kind, so that the compiler makes a single version
            made = Texts(*(_read_only(part) for part in self.new_texts))
            fill_slots(made, self._slots, False)  # noqa: FBT003 - compiled code has no keywords


def dictionary_of(change: Change, name: str) -> Dictionary:
    """Map a dictionary, once for all changes of a writer."""
    entries = list(change.manifest.dictionaries.get(name, []))
    if not entries:
        return Dictionary()
    return change.open_once(tuple(entry.file for entry in entries), lambda: Dictionary.open(change.path, entries))


def write_block(change: Change, name: str, first: int, texts: Texts) -> BlockFile:
    """Write a run of texts with its table.

    Returns
    -------
    BlockFile
        The manifest's line for it.
    """
    table = make_table(texts, skip_empty=name not in KEEPS_EMPTY)
    path = change.new_file(name)
    write_arrays(path, {"offsets": table.texts.offsets, "text": table.texts.data, "slots": table.slots})
    return BlockFile(path.name, first, len(texts.offsets) - 1)


def fold_dictionary(change: Change, name: str) -> None:
    """Make one block of all."""
    entries = change.manifest.dictionaries.get(name, [])
    if len(entries) > 1:
        whole = Dictionary.open(change.path, entries)
        texts = join_texts([block.table.texts for block in whole.blocks])
        change.manifest.dictionaries[name] = [write_block(change, name, 0, texts)]


def erase_texts(change: Change, name: str, erased: U32) -> None:
    """Blank texts in every block that holds one; the numbers stay given out."""
    entries = change.manifest.dictionaries.get(name, [])
    for i, entry in enumerate(entries):
        mine = erased[(erased >= entry.first) & (erased < entry.first + entry.count)]
        if not mine.size:
            continue
        texts = map_arrays(change.path / entry.file)
        lengths = np.diff(texts["offsets"])
        gone = np.zeros(entry.count, bool)
        gone[mine - np.uint32(entry.first)] = True
        data = texts["text"][~np.repeat(gone, lengths)]
        lengths[gone] = 0
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        entries[i] = write_block(change, name, entry.first, Texts(offsets, data))


def join_texts(parts: Sequence[Texts]) -> Texts:
    """Put lists of texts one behind the other."""
    if len(parts) == 1 and parts[0].offsets[0] == 0:
        return parts[0]
    offsets = [np.zeros(1, np.int64)]
    end = 0
    for part in parts:
        offsets.append(part.offsets[1:] - part.offsets[0] + end)
        end += int(part.offsets[-1] - part.offsets[0])
    data = [part.data[part.offsets[0] : part.offsets[-1]] for part in parts]
    return Texts(np.concatenate(offsets), np.concatenate(data) if data else np.zeros(0, np.uint8))


def _grown(array: np.ndarray, least: int) -> np.ndarray:
    larger = np.zeros(max(2 * len(array), least + least // 2), array.dtype)
    larger[: len(array)] = array
    return larger


def _read_only(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view
