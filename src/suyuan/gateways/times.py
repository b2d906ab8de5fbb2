"""A column of times, however it is written, as instants with what is wrong beside each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from suyuan.gateways.civil import ABSENT
from suyuan.gateways.iso import CIVIL, DATE, EMPTY, INSTANT, UNREADABLE, Texts, parse_times
from suyuan.gateways.options import EARLIEST, ReadOptions
from suyuan.gateways.texts import decodable
from suyuan.terms import BadInput

FINE, MISSING, UNPARSABLE, DATE_ONLY, NONEXISTENT, AMBIGUOUS = 0, 1, 2, 3, 4, 5
"""What can be wrong with one time; ``DATE_ONLY`` carries the first instant of its day."""

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
EPOCHS = {"epoch_seconds": 1.0, "epoch_milliseconds": 1_000.0}
NUMBER = r"^\s*-?\d+(\.\d+)?\s*$"


class Times(NamedTuple):
    """Instants of a column.

    Parameters
    ----------
    seconds
        int64, shape (rows,): since 1970 UTC, 0 where the fault leaves none.
    fault
        uint8, shape (rows,), or None if every row is fine.
    """

    seconds: npt.NDArray[np.int64]
    fault: npt.NDArray[np.uint8] | None


class TimeColumn:
    """Reads one column of a file, chunk after chunk; its form is settled once, by the first chunk that shows it.

    Parameters
    ----------
    path, name
        For sentences: the file, and the column's name in it.
    options
        Time zone, the present, and the declared form if there is one.
    """

    def __init__(self, path: str, name: str, options: ReadOptions) -> None:
        self.path, self.name, self.options = path, name, options
        self.form = options.mapping.time.format

    def read(self, column: pa.Array) -> Times:
        """Turn a chunk into instants.

        Raises
        ------
        BadInput
            If the column holds something that is no time, or seconds and milliseconds together.
        """
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
            kind = column.type
        if pa.types.is_timestamp(kind):
            return self._from_timestamps(column)
        if pa.types.is_date(kind):
            midnights = _filled(column.cast(pa.timestamp("s")))
            return _joined(self.options.zone.day_starts(midnights), _where_null(column), DATE_ONLY)
        if pa.types.is_integer(kind) or pa.types.is_floating(kind):
            return self._from_numbers(_as_floats(column))
        if pa.types.is_null(kind):
            return Times(np.zeros(len(column), np.int64), np.full(len(column), MISSING, np.uint8))
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            return self._from_texts(decodable(column))
        raise BadInput("reading.column_type", path=self.path, column=self.name, found=kind, wanted="time")

    def _from_timestamps(self, column: pa.Array) -> Times:
        seconds = _filled(column) // PER_SECOND[column.type.unit]
        missing = _where_null(column)
        if column.type.tz is not None:
            return _joined(seconds, missing, FINE)
        return self._from_civil(seconds, missing)

    def _from_civil(self, civil: npt.NDArray[np.int64], missing: npt.NDArray[np.bool_] | None) -> Times:
        if missing is not None and missing.any():
            civil = np.where(missing, civil.max(initial=0), civil)  # keeps the empty rows off any clock change
        instants, readings = self.options.zone.to_instants(civil)
        times = _joined(instants, missing, FINE)
        if readings is None:
            return times
        fault = np.where(readings == ABSENT, NONEXISTENT, np.where(readings > 0, AMBIGUOUS, FINE)).astype(np.uint8)
        return Times(instants, fault if times.fault is None else np.where(times.fault > 0, times.fault, fault))

    def _from_texts(self, column: pa.Array) -> Times:
        if self.form == "iso":
            return self._from_iso(column)
        missing = np.asarray(pc.equal(pc.utf8_trim_whitespace(column), "").fill_null(True))  # noqa: FBT003
        if self.form is None and not missing.all():
            self.form = self._recognise_text(column.filter(pa.array(~missing)))
        if self.form in EPOCHS:
            numbers = pl.Series(column).str.strip_chars(" ").cast(pl.Float64, strict=False).to_numpy()
            return _with_missing(self._from_numbers(np.array(numbers)), missing)
        if self.form in {None, "iso"}:
            return self._from_iso(column)
        return self._from_pattern(column, missing)

    def _from_iso(self, column: pa.Array) -> Times:
        seconds, shape = parse_times(_texts(column))
        civil = shape == CIVIL
        if civil.all():
            return self._from_civil(seconds, None)
        times = self._from_civil(np.where(civil, seconds, seconds[civil].max(initial=0)), None)
        fault = np.zeros(len(seconds), np.uint8) if times.fault is None else np.where(civil, times.fault, FINE)
        fault[shape == UNREADABLE] = UNPARSABLE
        fault[shape == DATE] = DATE_ONLY
        fault[shape == EMPTY] = MISSING
        instants = np.where(shape == INSTANT, seconds, np.where(civil, times.seconds, 0))
        if (shape == DATE).any():
            instants = np.where(shape == DATE, self.options.zone.day_starts(seconds), instants)
        return Times(instants, fault)

    def _from_pattern(self, column: pa.Array, missing: npt.NDArray[np.bool_]) -> Times:
        timed = "%H" in str(self.form) or "%I" in str(self.form) or "%z" in str(self.form)
        parsed = pl.Series(column).str.strip_chars(" ").str.strptime(pl.Datetime("us"), self.form, strict=False)
        whole = parsed.to_arrow()
        times = self._from_timestamps(whole) if timed else self.read(whole.cast(pa.date32()))
        if times.fault is None:
            return times
        fault = np.where((times.fault == MISSING) & ~missing, UNPARSABLE, times.fault)
        return Times(times.seconds, fault.astype(np.uint8))

    def _from_numbers(self, numbers: npt.NDArray[np.float64]) -> Times:
        if self.form not in EPOCHS:
            self.form = self._recognise_unit(numbers)
        whole = np.isfinite(numbers) & (np.abs(numbers) < 1e15)
        seconds = np.floor(np.where(whole, numbers, 0) / EPOCHS.get(self.form or "", 1.0)).astype(np.int64)
        if self.form is None:
            whole = np.zeros(len(numbers), np.bool_)
        fault = np.where(np.isnan(numbers), MISSING, np.where(whole, FINE, UNPARSABLE)).astype(np.uint8)
        return Times(seconds, fault if fault.any() else None)

    def _recognise_text(self, column: pa.Array) -> str | None:
        sample = column.slice(0, 1000)
        numeric = int(pc.sum(pc.match_substring_regex(sample, NUMBER)).as_py() or 0)
        if numeric * 2 <= len(sample):
            return "iso"
        numbers = pl.Series(sample).str.strip_chars(" ").cast(pl.Float64, strict=False).to_numpy()
        return self._recognise_unit(np.array(numbers))

    def _recognise_unit(self, numbers: npt.NDArray[np.float64]) -> str | None:
        # a believable count of seconds is never a believable count of milliseconds: they lie 1000 times apart
        seen = [form for form, unit in EPOCHS.items() if self._believable(numbers / unit)]
        if len(seen) > 1:
            raise BadInput("reading.epoch_mixed", path=self.path, column=self.name)
        return seen[0] if seen else None

    def _believable(self, seconds: npt.NDArray[np.float64]) -> bool:
        return bool(((seconds >= EARLIEST) & (seconds <= self.options.latest)).any())


def _filled(column: pa.Array) -> npt.NDArray[np.int64]:
    whole = column.cast(pa.int64())
    return np.asarray((whole.fill_null(0) if whole.null_count else whole).to_numpy(zero_copy_only=False))


def _where_null(column: pa.Array) -> npt.NDArray[np.bool_] | None:
    return np.asarray(column.is_null()) if column.null_count else None


def _as_floats(column: pa.Array) -> npt.NDArray[np.float64]:
    # epoch counts stay far below 2**53, so a float keeps them whole; an empty row becomes nan
    return np.asarray(pc.cast(column, pa.float64(), safe=False).fill_null(float("nan")))


def _texts(column: pa.Array) -> Texts:
    column = column.fill_null("") if column.null_count else column
    _, offsets, data = column.buffers()
    starts = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return Texts(np.frombuffer(data if data is not None else b"", np.uint8), starts)


def _joined(seconds: npt.NDArray[np.int64], missing: npt.NDArray[np.bool_] | None, otherwise: int) -> Times:
    if missing is None and otherwise == FINE:
        return Times(seconds, None)
    fault = np.full(len(seconds), otherwise, np.uint8)
    if missing is not None:
        fault[missing] = MISSING
    return Times(seconds, fault)


def _with_missing(times: Times, missing: npt.NDArray[np.bool_]) -> Times:
    if times.fault is None:
        return times
    # what was written but is no number reads as nan, like an empty cell: tell the two apart
    fault = np.where(missing, MISSING, np.where(times.fault == MISSING, UNPARSABLE, times.fault))
    return Times(times.seconds, fault.astype(np.uint8))
