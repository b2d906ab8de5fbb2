"""The packed visit log: one directory, one writer, many readers."""

from suyuan.exposure.kernels.shapes import WEAK_SOURCE, ZONE_UNKNOWN, Cells
from suyuan.exposure.log.batch import Coded, EncounterBatch, VisitBatch
from suyuan.exposure.log.encounters import Encounters
from suyuan.exposure.log.erasure import Erasure
from suyuan.exposure.log.outcome import Outcome, Refusal
from suyuan.exposure.log.packed import PackedLog, open_log
from suyuan.exposure.log.places import PlaceBatch
from suyuan.exposure.log.texts import NO_ONE
from suyuan.exposure.log.writer import LogWriter, create_log

__all__ = [
    "NO_ONE",
    "WEAK_SOURCE",
    "ZONE_UNKNOWN",
    "Cells",
    "Coded",
    "EncounterBatch",
    "Encounters",
    "Erasure",
    "LogWriter",
    "Outcome",
    "PackedLog",
    "PlaceBatch",
    "Refusal",
    "VisitBatch",
    "create_log",
    "open_log",
]
