"""What happened to the visit log since an instant, for the people whom a tracing saw change."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from suyuan.exposure.log.packed import PackedLog
from suyuan.terms import NothingFound

LOOKED_UP = 60
"""People whose record is looked up; beyond that a difference is put down to the meeting itself, not to one visit."""


def visits_since(log: PackedLog, changes: pl.DataFrame, since: datetime) -> pl.DataFrame | None:
    """Visits of the people in ``changes`` that were recorded, corrected or withdrawn since an instant, if any."""
    people = sorted({*changes["person_id"], *changes["infector_id"].drop_nulls()})
    after = since.replace(microsecond=0).astimezone(ZoneInfo(log.timezone))
    parts = []
    for person in people[:LOOKED_UP]:
        with suppress(NothingFound):  # a case the log knows nothing of
            versions = log.history(person).filter(pl.col("recorded_at") >= after)
            parts.append(versions.select("place_id", "verb", "t_in", "t_out", person_id=pl.lit(person)))
    if not parts:
        return None
    return pl.concat(parts).with_columns(pl.col("verb").replace("replace", "correct"))
