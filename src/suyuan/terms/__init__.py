"""The words every room shares. Standard library only."""

from suyuan.terms.identity import PersonId, PlaceId, person_code_fault
from suyuan.terms.kinds import LOCATION, PLACE_KINDS, PlaceKind, Quarantine, Ring
from suyuan.terms.meetings import Case, Encounter, Exposure, Visit
from suyuan.terms.problems import BadInput, BadUsage, NothingFound, Problem
from suyuan.terms.wording import LANGUAGES, say

__all__ = [
    "LANGUAGES",
    "LOCATION",
    "PLACE_KINDS",
    "BadInput",
    "BadUsage",
    "Case",
    "Encounter",
    "Exposure",
    "NothingFound",
    "PersonId",
    "PlaceId",
    "PlaceKind",
    "Problem",
    "Quarantine",
    "Ring",
    "Visit",
    "person_code_fault",
    "say",
]
