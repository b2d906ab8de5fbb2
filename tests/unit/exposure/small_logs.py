"""Cases and rows of a small log as a person would write them down."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from suyuan.exposure.log import Coded, EncounterBatch, VisitBatch
from suyuan.terms import PLACE_KINDS, Case, PersonId, PlaceKind

ZONE = "Asia/Shanghai"


def at(text: str) -> datetime:
    """``07-04 08:30`` in July 2022 and so on, in Shanghai."""
    return datetime.strptime(f"2022-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(ZONE))


def day(text: str) -> datetime:
    return at(f"{text} 00:00")


def case(person, onset=None, sampled=None, isolated=None):
    return Case(
        PersonId(person),
        day(onset) if onset else None,
        day(sampled) if sampled else None,
        at(isolated) if isolated else None,
    )


def seconds(texts):
    return np.array([int(at(text).timestamp()) for text in texts], np.int64)


def visit_batch(rows):
    """Rows of (person, place, kind, t_in, t_out[, zone[, source]])."""
    rows = [(*row, *("", "check-in")[len(row) - 5 :]) for row in rows]
    person, place, kind, t_in, t_out, zone, source = (list(column) for column in zip(*rows, strict=True))
    return VisitBatch(
        person=Coded.of(person),
        place=Coded.of(place),
        zone=Coded.of(zone),
        source=Coded.of(source),
        kind=np.array([PLACE_KINDS.index(PlaceKind(name)) for name in kind], np.uint8),
        t_in=seconds(t_in),
        t_out=seconds(t_out),
        confidence=np.ones(len(rows), np.float32),
    )


def encounter_batch(rows):
    """Rows of (person_a, person_b, setting, start, end)."""
    a, b, setting, start, end = (list(column) for column in zip(*rows, strict=True))
    return EncounterBatch(
        person_a=Coded.of(a),
        person_b=Coded.of(b),
        source=Coded.constant("device", len(rows)),
        setting=np.array([PLACE_KINDS.index(PlaceKind(name)) for name in setting], np.uint8),
        start=seconds(start),
        end=seconds(end),
    )
