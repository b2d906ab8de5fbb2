"""A tracing's tables as one piece of bytes, so that the next tracing can say what it changed."""

from __future__ import annotations

import io

import msgspec
import polars as pl

from suyuan.exposure.changed import Answer
from suyuan.exposure.result import TraceResult
from suyuan.terms import Tracing

TABLES = ("cases", "contacts", "evidence", "itinerary", "places")


class Archive(msgspec.Struct, frozen=True):
    """Tables of a tracing as compressed Arrow streams, with what they were made from.

    ``inputs`` differs when the log, the cases or the edition differ; ``log_version`` is the log's own number.
    """

    inputs: str
    log_version: int
    timezone: str
    tables: dict[str, bytes]


def pack_tables(result: TraceResult, inputs: str, log_version: int) -> bytes:
    """Write a result's tables into one piece."""
    tables = {name: _written(getattr(result, name)) for name in TABLES}
    return msgspec.msgpack.encode(Archive(inputs, log_version, result.timezone, tables))


def open_archive(tracing: Tracing) -> Archive:
    """Open the archive of a tracing; its tables stay compressed until one is read."""
    return msgspec.msgpack.decode(tracing.answer, type=Archive)


def read_table(archive: Archive, name: str) -> pl.DataFrame:
    """Read one table of an archive."""
    return pl.read_ipc(io.BytesIO(archive.tables[name]))


def answer_of(archive: Archive, protocol_id: str) -> Answer:
    """Return the tables that are compared with a later tracing."""
    cases, contacts, evidence = (read_table(archive, name) for name in ("cases", "contacts", "evidence"))
    return Answer(cases, contacts, evidence, protocol_id)


def _written(table: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.write_ipc(stream, compression="zstd")
    return stream.getvalue()
