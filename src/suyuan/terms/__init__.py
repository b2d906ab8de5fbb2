"""The words every room shares. Standard library only."""

from suyuan.terms.casework import (
    CaseRecord,
    Classification,
    Contact,
    ContactState,
    Course,
    FollowUp,
    FollowUpDay,
    FollowUpState,
    InfectorCandidate,
    Severity,
    Tracing,
    TracingChange,
)
from suyuan.terms.facts import AuditEntry, Fact, HistoryEntry
from suyuan.terms.identity import PersonId, PlaceId, person_code_fault
from suyuan.terms.incidents import Incident, IncidentState, Task, TaskState
from suyuan.terms.investigations import Interview, Investigation, InvestigationState, ReportState, ReportVersion, Team
from suyuan.terms.kinds import LOCATION, PLACE_KINDS, PlaceKind, Quarantine, Ring
from suyuan.terms.meetings import Case, Encounter, Exposure, Visit
from suyuan.terms.officers import Duty, Officer, district_of
from suyuan.terms.orders import BINDING, Contest, ContestState, Order, OrderKind, OrderState
from suyuan.terms.people import Details, DuplicateFinding, FindingState, IdentityKind, Merge, Person, Vulnerability
from suyuan.terms.problems import BadInput, BadUsage, NothingFound, Problem
from suyuan.terms.wording import LANGUAGES, say

__all__ = [
    "BINDING",
    "LANGUAGES",
    "LOCATION",
    "PLACE_KINDS",
    "AuditEntry",
    "BadInput",
    "BadUsage",
    "Case",
    "CaseRecord",
    "Classification",
    "Contact",
    "ContactState",
    "Contest",
    "ContestState",
    "Course",
    "Details",
    "DuplicateFinding",
    "Duty",
    "Encounter",
    "Exposure",
    "Fact",
    "FindingState",
    "FollowUp",
    "FollowUpDay",
    "FollowUpState",
    "HistoryEntry",
    "IdentityKind",
    "Incident",
    "IncidentState",
    "InfectorCandidate",
    "Interview",
    "Investigation",
    "InvestigationState",
    "Merge",
    "NothingFound",
    "Officer",
    "Order",
    "OrderKind",
    "OrderState",
    "Person",
    "PersonId",
    "PlaceId",
    "PlaceKind",
    "Problem",
    "Quarantine",
    "ReportState",
    "ReportVersion",
    "Ring",
    "Severity",
    "Task",
    "TaskState",
    "Team",
    "Tracing",
    "TracingChange",
    "Visit",
    "Vulnerability",
    "district_of",
    "person_code_fault",
    "say",
]
