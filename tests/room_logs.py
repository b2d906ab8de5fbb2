"""A small visit log of one incident for tests of the room: rows as a person would write them down."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.exposure.log import Coded, LogWriter, VisitBatch, create_log
from suyuan.terms import PLACE_KINDS, PlaceKind

ZONE = "Asia/Shanghai"

CLASSROOM = ("P-ROOM", "classroom")
FIRST_VISITS = [
    ("P1", *CLASSROOM, "07-04 08:00", "07-04 12:00"),
    ("P2", *CLASSROOM, "07-04 08:00", "07-04 12:00"),
    ("P3", *CLASSROOM, "07-04 09:00", "07-04 12:00"),
    ("P4", "P-HOME4", "home", "07-05 19:00", "07-06 07:00"),
    ("P2", "P-HOME4", "home", "07-05 19:00", "07-06 07:00"),
]
"""P1 falls ill on 6 July; P2 and P3 sat in class with P1; P4 lives with P2."""


def there(text: str) -> datetime:
    """``07-04 08:30`` in July 2022, in Shanghai."""
    return datetime.strptime(f"2022-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE))


def _batch(rows: list[tuple[str, str, str, str, str]]) -> VisitBatch:
    person, place, kind, t_in, t_out = (list(column) for column in zip(*rows, strict=True))
    return VisitBatch(
        person=Coded.of(person),
        place=Coded.of(place),
        zone=Coded.constant("", len(rows)),
        source=Coded.constant("check-in", len(rows)),
        kind=np.array([PLACE_KINDS.index(PlaceKind(name)) for name in kind], np.uint8),
        t_in=np.array([int(there(text).timestamp()) for text in t_in], np.int64),
        t_out=np.array([int(there(text).timestamp()) for text in t_out], np.int64),
        confidence=np.ones(len(rows), np.float32),
    )


def write_visits(folder: Path, rows: list[tuple[str, str, str, str, str]], now: datetime) -> None:
    """Append visits to the log in a folder, making it if need be; they are recorded at ``now``."""
    if not folder.exists():
        create_log(folder, ZONE)
    with LogWriter(folder, clock=now.timestamp) as writer:
        writer.append(_batch(rows))
