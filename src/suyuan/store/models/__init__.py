"""The tables. Only this room imports them."""

from suyuan.store.models.accounts import ApiToken, DutyRow, OfficerRow, RoleRow
from suyuan.store.models.areas import AreaRow, GroupRow
from suyuan.store.models.casework import (
    CaseRow,
    ContactRow,
    FollowUpDayRow,
    FollowUpRow,
    InfectorCandidateRow,
    TracingChangeRow,
    TracingRow,
)
from suyuan.store.models.incidents import IncidentRow, TaskRow
from suyuan.store.models.investigations import InterviewRow, InvestigationRow, ReportVersionRow, TeamRow
from suyuan.store.models.ledger import AnswerRow, AuditRow, DeliveryRow, FactRow, HistoryRow, NumberRow
from suyuan.store.models.orders import ContestRow, OrderRow
from suyuan.store.models.people import DetailsRow, DuplicateFindingRow, MergeRow, PersonKeyRow, PersonRow
from suyuan.store.models.uploads import UploadPartRow, UploadRow

__all__ = [
    "AnswerRow",
    "ApiToken",
    "AreaRow",
    "AuditRow",
    "CaseRow",
    "ContactRow",
    "ContestRow",
    "DeliveryRow",
    "DetailsRow",
    "DuplicateFindingRow",
    "DutyRow",
    "FactRow",
    "FollowUpDayRow",
    "FollowUpRow",
    "GroupRow",
    "HistoryRow",
    "IncidentRow",
    "InfectorCandidateRow",
    "InterviewRow",
    "InvestigationRow",
    "MergeRow",
    "NumberRow",
    "OfficerRow",
    "OrderRow",
    "PersonKeyRow",
    "PersonRow",
    "ReportVersionRow",
    "RoleRow",
    "TaskRow",
    "TeamRow",
    "TracingChangeRow",
    "TracingRow",
    "UploadPartRow",
    "UploadRow",
]
