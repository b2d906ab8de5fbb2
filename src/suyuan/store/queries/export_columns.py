"""What stands in an exported table: the columns of each kind, named as an import names them, and where they come from.

A cell that an import reads is written as an import reads it, so that what goes out can come in again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from suyuan.terms import Details

RINGS = {1: "close", 2: "contact_of_contact", 3: "general", 4: "colocated"}
PERSONAL = ("name", "identity_kind", "identity_number", "telephones", "birth_date", "address", "workplace")
"""Columns of the sealed details; empty without the right to see them."""

Write = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, the lookup from the row, how its value is written (None: as it is)."""

    name: str
    lookup: str
    write: Write | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of table. ``person`` and ``home`` are the lookups of the person's id and area."""

    kind: str
    columns: tuple[Column, ...]
    person: str = "person_id"
    home: str = "person__area"


def joined(values: Any) -> str:
    """Write several texts as one."""
    return ";".join(values)


def plain(value: Any) -> Any:
    """Write a civil date as ISO 8601."""
    return value.isoformat() if value is not None else None


def reason(because: Any) -> str:
    """Pick the reason somebody typed."""
    return str(because.get("reason", "")) if isinstance(because, dict) else ""


def instant(zone: ZoneInfo) -> Write:
    """Return what writes an instant on the clock of the place, with its offset."""

    def write(value: datetime | None) -> str | None:
        return value.astimezone(zone).isoformat() if value else None

    return write


def personal_cells(details: Details) -> list[Any]:
    """Write the sealed details in the order of ``PERSONAL``."""
    return [
        details.name,
        details.identity_kind.value,
        details.identity_number,
        joined(details.telephones),
        plain(details.birth_date),
        details.address,
        details.workplace,
    ]


def _person(prefix: str, area: str) -> tuple[Column, ...]:
    return (
        Column("person_code", f"{prefix}code"),
        Column("sex", f"{prefix}sex"),
        Column("birth_year", f"{prefix}birth_year"),
        Column("area", area),
        Column("occupation", f"{prefix}occupation"),
        Column("household", f"{prefix}household"),
        Column("vulnerabilities", f"{prefix}vulnerabilities", joined),
        Column("language", f"{prefix}language"),
    )


def sheets(zone: ZoneInfo) -> dict[str, Sheet]:
    """Return the tables that can be exported, by kind."""
    at = instant(zone)
    incident = (Column("id", "id"), Column("incident", "incident__code"))
    someone = _person("person__", "area")
    made = (
        Sheet("people", (Column("id", "id"), *_person("", "area"), Column("source", "source")), "id", "area"),
        Sheet("cases", (*incident, Column("number", "number"), *someone, *_case(at))),
        Sheet("contacts", (*incident, *someone, *_contact(at))),
        Sheet("orders", (*incident, Column("person_code", "person__code"), Column("area", "area"), *_order(at))),
        Sheet("follow-ups", (*incident, Column("person_code", "person__code"), Column("area", "area"), *_visit(at))),
    )
    return {sheet.kind: sheet for sheet in made}


def _case(at: Write) -> tuple[Column, ...]:
    return (
        Column("classification", "classification"),
        Column("course", "course"),
        Column("severity", "severity"),
        Column("date_onset", "onset_at", at),
        Column("date_sampling", "sampled_at", at),
        Column("date_reporting", "reported_at", at),
        Column("date_confirmation", "confirmed_at", at),
        Column("date_isolation", "isolated_at", at),
        Column("date_outcome", "ended_at", at),
        Column("generation", "generation"),
        Column("found_by", "found_by"),
    )


def _contact(at: Write) -> tuple[Column, ...]:
    return (
        Column("infector_code", "infector_case_id"),
        Column("ring", "ring", lambda ring: RINGS.get(ring, "")),
        Column("state", "state"),
        Column("first_exposure", "first_exposure", at),
        Column("last_exposure", "last_exposure", at),
        Column("place", "place"),
        Column("place_kind", "place_kind"),
        Column("minutes", "minutes"),
        Column("n_meetings", "n_meetings"),
        Column("p", "p"),
        Column("quarantine", "quarantine"),
        Column("release_on", "release_on", plain),
        Column("reason", "because", reason),
    )


def _order(at: Write) -> tuple[Column, ...]:
    instants = ("starts_at", "ends_at", "proposed_at", "signed_at", "told_at", "ended_at")
    return (Column("kind", "kind"), Column("state", "state"), *(Column(name, name, at) for name in instants))


def _visit(at: Write) -> tuple[Column, ...]:
    return (
        Column("kind", "kind"),
        Column("state", "state"),
        *(Column(name, name, plain) for name in ("starts_on", "ends_on", "last_seen_on")),
        Column("next_due_at", "next_due_at", at),
        Column("n_missed", "n_missed"),
    )
