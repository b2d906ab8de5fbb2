"""The columns handed to the log."""

from __future__ import annotations

import pyarrow as pa
import pytest

from suyuan.exposure.log.batch import Coded
from suyuan.gateways import batches_from_table

ROW = {"person_id": "P1", "place_id": "S", "t_in": "2022-06-28 08:00", "t_out": "2022-06-28 09:00"}


def test_coding_and_back():
    """Texts survive coding, from plain, coded and chunked columns; taking rows keeps the list."""
    texts = ["b", "a", "b"]
    for column in (texts, pa.array(texts), pa.array(texts).dictionary_encode(), pa.chunked_array([["b"], ["a", "b"]])):
        coded = Coded.of(column)
        assert coded.decode().to_pylist() == texts
        assert coded.take(coded.codes == 0).decode().to_pylist() == ["b", "b"]
    assert Coded.constant("x", 2).decode().to_pylist() == ["x", "x"]


def test_nulls_are_no_texts():
    """A missing text cannot be coded by accident."""
    with pytest.raises(ValueError, match="nulls"):
        Coded.of(pa.array(["a", None]))


def test_texts_are_unique(options):
    """Whatever a table's own coding looks like, a batch lists each text once and in the rows' order."""
    doubled = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.int8()), pa.array(["P1", "P1", "P2"]))
    table = pa.Table.from_pylist([ROW] * 3).set_column(0, "person_id", doubled)
    ((batch, _),) = batches_from_table(table, options())
    assert batch.person.texts.to_pylist() == ["P1", "P2"]
    assert (batch.person.codes.tolist(), len(batch)) == ([0, 0, 1], 3)


def test_whole_numbers_are_codes(options):
    """Whole numbers serve as codes of people and places."""
    table = pa.Table.from_pylist([{**ROW, "person_id": 17, "place_id": 4}])
    ((batch, _),) = batches_from_table(table, options())
    assert (batch.person.decode().to_pylist(), batch.place.decode().to_pylist()) == (["17"], ["4"])
