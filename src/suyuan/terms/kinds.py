"""Closed lists of the field: kinds of place, rings, kinds of quarantine."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class PlaceKind(StrEnum):
    """What a place is used for; the rules of an edition are written per kind."""

    HOME = "home"
    DORMITORY = "dormitory"
    WORKPLACE = "workplace"
    CLASSROOM = "classroom"
    CANTEEN = "canteen"
    RESTAURANT = "restaurant"
    SHOP = "shop"
    MARKET = "market"
    VEHICLE = "vehicle"
    LIFT = "lift"
    WARD = "ward"
    CLINIC = "clinic"
    LEISURE = "leisure"
    MEETING = "meeting"
    OUTDOOR = "outdoor"
    OTHER = "other"


PLACE_KINDS: tuple[PlaceKind, ...] = tuple(PlaceKind)
"""The kinds in the order of their number in the visit log (append only: numbers are stored on disk)."""


LOCATION = "location"
"""Source of a visit or encounter that is location data only: telephone signalling, satellite fixes."""


class Ring(IntEnum):
    """How near to a case; smaller is nearer. Decided by the edition's rules, never by a probability."""

    CLOSE = 1
    CONTACT_OF_CONTACT = 2
    GENERAL = 3
    COLOCATED = 4


class Quarantine(StrEnum):
    """Separation of the exposed. Isolation is for cases and is another word."""

    FACILITY = "facility"
    HOME = "home"
    MONITORING = "monitoring"
