"""The invented city's areas and people, put into the room in bulk."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from suyuan.store.areas import keep_areas
from suyuan.store.room import open_room
from suyuan.terms import Details, IdentityKind, Person, Vulnerability

AT_ONCE = 2000


def load_city(observed: Path) -> int:
    """Put areas and register of a city into the room, and return the number of people."""
    import polars as pl

    keep_areas(json.loads((observed / "areas.geojson").read_text("utf-8"))["features"])
    register = pl.read_csv(observed / "register.csv", infer_schema=False)
    n = 0
    for part in register.iter_slices(AT_ONCE):
        _keep(part.to_dicts())
        n += len(part)
    return n


def _keep(rows: list[dict[str, Any]]) -> None:
    with open_room() as room:
        kept = room.people.add_all([_person(row) for row in rows])
        room.people.seal_all({person.id: _details(row) for person, row in zip(kept, rows, strict=True)})


def _person(row: dict[str, Any]) -> Person:
    words = [word for word in (row["vulnerabilities"] or "").split(";") if word]
    return Person(
        code=row["person_id"],
        area=row["area_code"] or "",
        sex=row["sex"] or "",
        birth_year=int(row["birth_date"][:4]) if row["birth_date"] else None,
        occupation=row["occupation"] or "",
        household=row["household_id"] or "",
        vulnerabilities=tuple(Vulnerability(word) for word in words),
        language=row["language"] or "zh",
        source="register",
        identified=True,
    )


def _details(row: dict[str, Any]) -> Details:
    return Details(
        name=row["name"] or "",
        identity_kind=IdentityKind(row["identity_kind"] or "none"),
        identity_number=row["identity_number"] or "",
        telephones=(row["telephone"],) if row["telephone"] else (),
        birth_date=date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        address=row["address"] or "",
    )
