"""Texts and numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.exposure.log.change import Change
from suyuan.exposure.log.dictionary import Dictionary, GrowingDictionary, dictionary_of, erase_texts, fold_dictionary
from suyuan.exposure.log.manifest import Manifest
from suyuan.exposure.log.texts import NO_ONE, arrow_of, hash_text, texts_of, texts_of_keys


def texts(*words: str):
    return texts_of(pa.array(words, pa.string()))


def saved(folder: Path, *runs: list[str]) -> tuple[Change, Dictionary]:
    change = Change(folder, Manifest(timezone="UTC"))
    for run in runs:
        growing = GrowingDictionary("persons", dictionary_of(change, "persons"))
        growing.numbers(texts(*run))
        growing.save(change)
    return change, dictionary_of(change, "persons")


@given(st.lists(st.lists(st.text(min_size=1, max_size=20), unique=True, max_size=50), max_size=4))
def test_numbers_are_those_of_a_python_dict(batches: list[list[str]]) -> None:
    """New texts get the next numbers in order of appearance, known ones keep theirs."""
    growing, plain = GrowingDictionary("persons", Dictionary()), {}
    for batch in batches:
        expected = [plain.setdefault(word, len(plain)) for word in batch]
        assert growing.numbers(texts(*batch)).tolist() == expected
    assert arrow_of(growing.new_texts).to_pylist() == list(plain)


def test_many_texts_survive_growth() -> None:
    """A table that had to grow many times still knows every text by its number."""
    growing = GrowingDictionary("persons", Dictionary())
    words = [f"P{i}" for i in range(30_000)]
    for first in range(0, len(words), 700):
        growing.numbers(texts(*words[first : first + 700]))
    assert growing.numbers(texts(*words)).tolist() == list(range(30_000))


def test_the_hash_on_disk_never_changes() -> None:
    """Tables are on disk, so the hash of a text is the same for ever."""
    data = np.frombuffer("P000001 上海".encode(), np.uint8)
    assert [int(hash_text(data, 0, n)) for n in (0, 1, 8, len(data))] == [
        10446227562346242640,
        14369884974932933976,
        2517447870944131179,
        4307180624704590740,
    ]


def test_blocks_are_searched_and_written_out_together(tmp_path: Path) -> None:
    """Numbers run on over blocks; unknown texts have none; texts come back in the order asked for."""
    _, dictionary = saved(tmp_path, [f"P{i}" for i in range(40)], ["Q1", "Q2"], ["P3", "R"])
    assert len(dictionary.blocks) > 1
    assert dictionary.count == 43
    assert dictionary.numbers(texts("R", "P39", "nobody", "Q2")).tolist() == [42, 39, NO_ONE, 41]
    assert dictionary.strings(np.array([42, 0, 41, 42], np.uint32)).to_pylist() == ["R", "P0", "Q2", "R"]
    with pytest.raises(IndexError):
        dictionary.strings(np.array([43], np.uint32))


def test_small_blocks_are_folded_as_they_come(tmp_path: Path) -> None:
    """However many appends there are, the blocks stay few, because each is at least twice the next."""
    change, dictionary = saved(tmp_path, *[[f"P{turn}x{i}" for i in range(3)] for turn in range(40)])
    assert dictionary.count == 120
    assert len(change.manifest.dictionaries["persons"]) <= 7
    fold_dictionary(change, "persons")
    assert len(change.manifest.dictionaries["persons"]) == 1
    assert dictionary_of(change, "persons").number("P39x2") == 119


def test_an_erased_text_is_in_no_file_and_never_found(tmp_path: Path) -> None:
    """Erasing blanks the text, keeps all numbers, and does not make the empty text findable."""
    change, _ = saved(tmp_path, [f"P{i}" for i in range(40)], ["secret", "Q2"])
    erase_texts(change, "persons", np.array([40, 3], np.uint32))
    dictionary = dictionary_of(change, "persons")
    assert dictionary.strings(np.array([3, 4, 40, 41], np.uint32)).to_pylist() == ["", "P4", "", "Q2"]
    assert dictionary.numbers(texts("secret", "P3", "", "Q2")).tolist() == [NO_ONE, NO_ONE, NO_ONE, 41]
    for entry in change.manifest.dictionaries["persons"]:
        assert b"secret" not in (tmp_path / entry.file).read_bytes()


def test_arrow_slices_and_kinds_are_read_alike() -> None:
    """Plain, large, viewed and sliced string arrays are the same texts."""
    words = ["a", "", "上海", "d"]
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        whole = pa.array(words, kind)
        assert arrow_of(texts_of(whole)).to_pylist() == words
        assert GrowingDictionary("persons", Dictionary()).numbers(texts_of(whole[2:])).tolist() == [0, 1]
    assert len(texts_of(pa.array([], pa.string())).offsets) == 1


def test_rows_of_numbers_are_texts_of_equal_length() -> None:
    """Cells are numbered by the same tables: place, zone and source are a text of twelve bytes."""
    keys = np.array([[1, 2, 3], [1, 2, 4], [1, 2, 3]], np.uint32)
    growing = GrowingDictionary("cells", Dictionary())
    assert growing.numbers(texts_of_keys(keys)).tolist() == [0, 1, 0]
    assert growing.new_texts.data.view(np.uint32).reshape(-1, 3).tolist() == [[1, 2, 3], [1, 2, 4]]
