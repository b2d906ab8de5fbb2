"""A look through a text file before it is read: its encoding, its quotation marks, its first lines."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import NamedTuple

from suyuan.terms import BadInput

PIECE = 1 << 22
HEAD = 1 << 18
DELIMITERS = (",", "\t", ";", "|")
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Survey(NamedTuple):
    """What a text file looks like.

    Parameters
    ----------
    encoding
        Python's name.
    n_mark_bytes
        Length of the byte-order mark.
    clean
        True if the bytes are valid UTF-8 and can be read as they are.
    quoted
        True if a quotation mark occurs anywhere, so that a value may hold a line end.
    """

    encoding: str
    n_mark_bytes: int
    clean: bool
    quoted: bool


def survey_text(path: str, declared: str | None) -> Survey:
    """Read a file once, in pieces, to learn how it is to be read.

    Raises
    ------
    BadInput
        If it is empty, is no text, or its encoding cannot be told.
    """
    with Path(path).open("rb") as file:
        start = file.read(4)
    if not start:
        raise BadInput("reading.empty", path=path)
    mark = next((mark for mark in MARKS if start.startswith(mark)), b"")
    encoding = declared or MARKS.get(mark)
    if encoding is not None:
        _check_name(path, encoding)
    if encoding is not None and codecs.lookup(encoding).name.startswith("utf-16"):
        return Survey(encoding, len(mark), clean=False, quoted=True)
    quoted, doubtful = _look_through(path)
    if encoding is None:
        encoding = "utf-8" if doubtful is None else _choose(path, doubtful)
    utf8 = codecs.lookup(encoding).name in {"utf-8", "utf-8-sig", "ascii"}
    return Survey("utf-8" if utf8 else encoding, len(mark), clean=utf8 and doubtful is None, quoted=quoted)


def _check_name(path: str, encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as fault:
        raise BadInput("reading.encoding_name", path=path, encoding=encoding) from fault


def _look_through(path: str) -> tuple[bool, bytes | None]:
    """Tell whether quotation marks occur, and the first piece that is no UTF-8."""
    quoted, doubtful, decoder = False, None, codecs.getincrementaldecoder("utf-8")()
    with Path(path).open("rb") as file:
        while piece := file.read(PIECE):
            if b"\0" in piece:
                raise BadInput("reading.not_text", path=path)
            quoted = quoted or b'"' in piece
            if doubtful is None and not (piece.isascii() and not decoder.getstate()[0]):
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    doubtful = piece
        if doubtful is None and decoder.getstate()[0]:
            doubtful = decoder.getstate()[0]
    return quoted, doubtful


def _choose(path: str, piece: bytes) -> str:
    """UTF-8 with some broken lines, or GB18030: whichever reads more of the lines that are not plain ASCII."""
    lines = [line for line in piece.splitlines() if not line.isascii()]
    readable = {name: sum(_reads(line, name) for line in lines) for name in ("utf-8", "gb18030")}
    # Chinese in UTF-8 often passes for (nonsense in) GB18030, never the other way round: UTF-8 wins from a half on
    if readable["utf-8"] * 2 >= len(lines):
        return "utf-8"
    if readable["gb18030"] * 2 >= len(lines):
        return "gb18030"
    raise BadInput("reading.encoding_unknown", path=path)


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def read_head(path: str, survey: Survey) -> str:
    """Decode the first lines of a file."""
    with Path(path).open("rb") as file:
        file.seek(survey.n_mark_bytes)
        raw = file.read(HEAD)
    return codecs.getincrementaldecoder(survey.encoding)("replace").decode(raw)


def choose_delimiter(head: str, names: set[str]) -> str:
    """Choose the sign that splits the first line into the most known names, then into the most parts."""

    def merit(delimiter: str) -> tuple[int, int]:
        cells, _ = first_record(head, delimiter)
        return len(names & set(cells)), len(cells)

    return max(DELIMITERS, key=merit)


def first_record(head: str, delimiter: str) -> tuple[list[str], int]:
    """Read the first record that is not blank and count the lines up to it; blanks around a header mean nothing."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=True)
    cells: list[str] = next((cells for cells in reader if cells), [])
    return [cell.strip() for cell in cells], reader.line_num


class Recoder(io.RawIOBase):
    """A file in another encoding, read as UTF-8; bytes that make no sense become the replacement character.

    Parameters
    ----------
    path, survey
        The file and what is known about it.
    """

    def __init__(self, path: str, survey: Survey) -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115 - closed with this object
        self._file.seek(survey.n_mark_bytes)
        self._decoder = codecs.getincrementaldecoder(survey.encoding)("replace")
        self._ready = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer with UTF-8."""
        while not self._ready:
            raw = self._file.read(PIECE)
            self._ready = self._decoder.decode(raw, final=not raw).encode("utf-8")
            if not raw:
                break
        taken = min(len(buffer), len(self._ready))
        buffer[:taken], self._ready = self._ready[:taken], self._ready[taken:]
        return taken

    def close(self) -> None:
        """Close the file behind."""
        self._file.close()
        super().close()
