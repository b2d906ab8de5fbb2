"""Control-plan editions and disease profiles as data, with one typed loader."""

from suyuan.protocols.changes import Change, explain_changes, find_changes
from suyuan.protocols.distribution import Distribution
from suyuan.protocols.edition import (
    Bilingual,
    Clock,
    ContactRule,
    ExposureWindow,
    Infectiousness,
    PlaceRule,
    Protocol,
    QuarantineStep,
    ReleaseRule,
    RingRule,
    Rings,
    Source,
    TestDays,
    TracingWindow,
)
from suyuan.protocols.faults import FaultyEdition
from suyuan.protocols.load import check, load
from suyuan.protocols.tables import names

__all__ = [
    "Bilingual",
    "Change",
    "Clock",
    "ContactRule",
    "Distribution",
    "ExposureWindow",
    "FaultyEdition",
    "Infectiousness",
    "PlaceRule",
    "Protocol",
    "QuarantineStep",
    "ReleaseRule",
    "RingRule",
    "Rings",
    "Source",
    "TestDays",
    "TracingWindow",
    "check",
    "explain_changes",
    "find_changes",
    "load",
    "names",
]
