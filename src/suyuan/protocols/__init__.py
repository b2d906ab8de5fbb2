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
from suyuan.protocols.follow_up import FollowUpPlan, load_follow_up, plan_follow_up
from suyuan.protocols.load import check, load
from suyuan.protocols.plan import ResponsePlan, load_plan, plan_tasks
from suyuan.protocols.plan_files import FaultyPlan
from suyuan.protocols.rights import Rights, load_rights
from suyuan.protocols.schedule import QuarantinePlan, explain_quarantine, plan_quarantine
from suyuan.protocols.tables import names

__all__ = [
    "Bilingual",
    "Change",
    "Clock",
    "ContactRule",
    "Distribution",
    "ExposureWindow",
    "FaultyEdition",
    "FaultyPlan",
    "FollowUpPlan",
    "Infectiousness",
    "PlaceRule",
    "Protocol",
    "QuarantinePlan",
    "QuarantineStep",
    "ReleaseRule",
    "ResponsePlan",
    "Rights",
    "RingRule",
    "Rings",
    "Source",
    "TestDays",
    "TracingWindow",
    "check",
    "explain_changes",
    "explain_quarantine",
    "find_changes",
    "load",
    "load_follow_up",
    "load_plan",
    "load_rights",
    "names",
    "plan_follow_up",
    "plan_quarantine",
    "plan_tasks",
]
