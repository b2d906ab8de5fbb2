"""Text columns as numbers into their unique texts, and the checks that need each text only once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.exposure.log.batch import Coded
from suyuan.gateways.faults import Faults
from suyuan.terms import PLACE_KINDS, BadInput, person_code_fault
from suyuan.terms.identity import RESIDENT_WEIGHTS

Mask = npt.NDArray[np.bool_]

UNKNOWN_KIND, NO_KIND = 255, 254
PERSON_REASONS = ("person_name", "person_telephone", "person_resident_number")
CODE_BYTES = np.zeros(256, np.bool_)
CODE_BYTES[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-")] = True
FIRST_BYTES = CODE_BYTES.copy()
FIRST_BYTES[list(b"_.:-")] = False
DIGIT_BYTES = np.zeros(256, np.bool_)
DIGIT_BYTES[list(b"0123456789")] = True
LONGEST_CODE = 64
ONE, THREE, SIX, EIGHT = b"1368"
CHECK_DIGITS = np.frombuffer(b"10X98765432", np.uint8) & 0xDF
UPPER_CASE = np.uint8(0xDF)  # leaves x and X alike; digits only meet digits bent the same way


class TextColumn(NamedTuple):
    """A column of texts.

    Parameters
    ----------
    coded
        Missing rows point at the text ``""``.
    missing
        Mask, shape (rows,), or None if every row has a text.
    """

    coded: Coded
    missing: Mask | None


class TextShape(NamedTuple):
    """How to read the text columns of a file.

    Parameters
    ----------
    path
        For sentences.
    missing_words
        Texts that stand for "not known" beside the empty one.
    values
        Our column to their value to ours.
    """

    path: str
    missing_words: tuple[str, ...]
    values: dict[str, dict[str, str]]


def read_text_column(column: pa.Array, name: str, shape: TextShape) -> TextColumn:
    """Encode a column, apply the mapping's values, and find the missing rows.

    Raises
    ------
    BadInput
        If the column holds fractions, times or anything else that is no text and no whole number.
    """
    encoded = _encode(column, name, shape.path)
    texts = decodable(encoded.dictionary)
    indices = encoded.indices.cast(pa.int32())
    changes = shape.values.get(name)
    empty = _stands_for_nothing(texts, shape.missing_words)
    if changes or indices.null_count or pc.any(empty).as_py():
        return _with_missing(texts, indices, empty, changes or {})
    return TextColumn(Coded(np.asarray(indices), texts), None)


def _stands_for_nothing(texts: pa.Array, words: tuple[str, ...]) -> pa.Array:
    if words:
        return pc.is_in(texts, pa.array(["", *words], pa.string()))
    return pa.array(np.diff(text_bytes(texts)[1]) == 0)


def constant_text(text: str, rows: int) -> TextColumn:
    """One text in every row."""
    return TextColumn(Coded.constant(text, rows), None if text else np.ones(rows, np.bool_))


def _encode(column: pa.Array, name: str, path: str) -> pa.DictionaryArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        unique = column.dictionary
        if unique.null_count:
            return _encode(column.cast(kind.value_type), name, path)
        return _encode_unique(column, name, path)
    if pa.types.is_null(kind):
        column = column.cast(pa.string())
    return _encode_unique(pc.dictionary_encode(column), name, path)


def _encode_unique(column: pa.DictionaryArray, name: str, path: str) -> pa.DictionaryArray:
    kind = column.type.value_type
    textual = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if textual or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_integer(kind):
        return column
    raise BadInput("reading.column_type", path=path, column=name, found=kind, wanted="text")


def decodable(texts: pa.Array) -> pa.Array:
    """Make a string array whose bytes are sure to be UTF-8; what is not becomes the replacement character."""
    kind = texts.type
    try:
        plain = texts.cast(pa.string())
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            plain.validate(full=True)  # files may hold text columns that are none
    except pa.ArrowInvalid:
        raw = texts.cast(pa.large_binary()).to_pylist()
        return pa.array([None if each is None else each.decode("utf-8", "replace") for each in raw], pa.string())
    return plain


def _with_missing(texts: pa.Array, indices: pa.Array, empty: pa.Array, changes: dict[str, str]) -> TextColumn:
    ours = pc.if_else(empty, "", texts)
    if changes:
        ours = pa.array([changes.get(text, text) for text in ours.to_pylist()], pa.string())
    again = pc.dictionary_encode(pa.concat_arrays([ours, pa.array([""], pa.string())]))
    moved = np.asarray(again.indices)
    codes = moved[np.asarray(indices.fill_null(len(ours)))]
    missing = codes == moved[-1]
    return TextColumn(Coded(codes.astype(np.int32), again.dictionary), missing if missing.any() else None)


def mark_texts(faults: Faults, reason: str, bad_texts: Mask, coded: Coded) -> None:
    """Note a reason for every row whose text is bad; ``bad_texts`` has shape (texts,)."""
    if bad_texts.any():
        faults.mark(reason, bad_texts[coded.codes])


def check_people(faults: Faults, people: TextColumn) -> None:
    """Refuse what is no opaque code: names, telephones, resident numbers (each text looked at once)."""
    if people.missing is not None:
        faults.mark("missing_person", people.missing)
    doubtful = np.flatnonzero(_doubtful_people(people.coded.texts))
    if not len(doubtful):
        return
    found = np.zeros(len(people.coded.texts), np.uint8)
    for place in doubtful:
        fault = person_code_fault(people.coded.texts[int(place)].as_py() or "empty")
        if fault is not None:
            found[place] = 1 + PERSON_REASONS.index(f"person_{fault}")
    for number, reason in enumerate(PERSON_REASONS, 1):
        mark_texts(faults, reason, found == number, people.coded)


def _doubtful_people(texts: pa.Array) -> Mask:
    """Texts that ``person_code_fault`` may refuse; the others it surely passes."""
    data, offsets = text_bytes(texts)
    if not len(data):
        return np.ones(len(texts), np.bool_)
    lengths = np.diff(offsets)
    doubtful: Mask = (lengths == 0) | (lengths > LONGEST_CODE)
    used = data[offsets[0] : offsets[-1]]
    wrong = ~CODE_BYTES[used]
    if wrong.any():
        doubtful[np.searchsorted(offsets[1:], np.flatnonzero(wrong) + offsets[0], side="right")] = True
    first = data[np.minimum(offsets[:-1], len(data) - 1)]
    doubtful |= ~FIRST_BYTES[first]
    # telephones: 1[3-9] and 11 characters, or 86 in front of that; resident numbers: 18, digits but for the last
    second = data[np.minimum(offsets[:-1] + 1, len(data) - 1)]
    doubtful |= (lengths == 11) & (first == ONE) & (second >= THREE)
    doubtful |= ((lengths == 13) | (lengths == 14)) & (first == EIGHT) & (second == SIX)
    numbers = np.flatnonzero((lengths == 18) & DIGIT_BYTES[first] & DIGIT_BYTES[second])
    doubtful[numbers[_check_digit_fits(data, offsets[numbers])]] = True
    return doubtful


def _check_digit_fits(data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int32]) -> Mask:
    """Whether the last of 18 characters is the check digit of a resident number (GB 11643-1999) for the 17 before."""
    total = np.zeros(len(starts), np.int64)
    for place, weight in enumerate(RESIDENT_WEIGHTS):
        total += weight * (data[starts + place].astype(np.int64) - ord("0"))
    fits: Mask = CHECK_DIGITS[total % 11] == (data[starts + 17] & UPPER_CASE)
    return fits


def text_bytes(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Find the bytes of an Arrow string array without nulls, and where each text begins and ends in them."""
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data if data is not None else b"", np.uint8), starts


def check_labels(faults: Faults, labels: TextColumn) -> None:
    """Refuse labels of places and zones that begin or end with a blank: they would count as other places."""
    texts = labels.coded.texts
    bad = np.asarray(pc.not_equal(texts, pc.utf8_trim_whitespace(texts)))
    mark_texts(faults, "blank_around", bad, labels.coded)


def check_decoded(faults: Faults, column: TextColumn) -> None:
    """Refuse texts that hold the mark a decoder leaves where bytes made no sense."""
    data, offsets = text_bytes(column.coded.texts)
    if not len(data) or data[offsets[0] : offsets[-1]].max(initial=0) < 0x80:
        return
    bad = np.asarray(pc.match_substring(column.coded.texts, "\ufffd"))
    mark_texts(faults, "undecodable", bad, column.coded)


def kinds_of(kinds: TextColumn) -> npt.NDArray[np.uint8]:
    """Find each row's place kind as a number: ``NO_KIND`` where it is missing, ``UNKNOWN_KIND`` if none of ours."""
    numbers = {str(kind): number for number, kind in enumerate(PLACE_KINDS)} | {"": NO_KIND}
    by_text = np.array([numbers.get(text, UNKNOWN_KIND) for text in kinds.coded.texts.to_pylist()], np.uint8)
    return by_text[kinds.coded.codes] if len(by_text) else np.zeros(len(kinds.coded.codes), np.uint8)
