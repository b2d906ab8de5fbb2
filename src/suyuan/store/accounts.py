"""Accounts, roles and duties as rows."""

from __future__ import annotations

import tomllib
from datetime import datetime
from importlib.resources import files

from suyuan.store.models import DutyRow, OfficerRow, RoleRow
from suyuan.terms import BadInput


def load_roles() -> None:
    """Bring the shipped roles into the database; roles that an installation changed stay as they are."""
    shipped = tomllib.loads((files("suyuan.store") / "roles.toml").read_text("utf-8"))
    for name, role in shipped.items():
        texts = role["name"]
        RoleRow.objects.get_or_create(
            name=name, defaults={"name_en": texts["en"], "name_zh": texts["zh"], "rights": role["rights"]}
        )


def give_duty(user: OfficerRow, role: str, area: str, ends_at: datetime | None = None) -> DutyRow:
    """Give an officer a role in an area.

    Raises
    ------
    BadInput
        If there is no such role, or the area is no division code.
    """
    if not RoleRow.objects.filter(name=role).exists():
        names = ", ".join(RoleRow.objects.values_list("name", flat=True))
        raise BadInput("room.no_role", role=role, names=names)
    if area and not (area.isdigit() and len(area) <= 12):
        raise BadInput("room.no_area_code", area=area)
    duty, _ = DutyRow.objects.update_or_create(officer=user, role_id=role, area=area, defaults={"ends_at": ends_at})
    return duty
