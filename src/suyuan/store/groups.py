"""Bring the plan's working groups into the database, where an installation may rename them and add its own."""

from __future__ import annotations

from suyuan.actions.response_plan import response_plan
from suyuan.store.models import GroupRow


def load_groups() -> int:
    """Add the groups of the plan that are not there yet and return how many; those there stay as they are."""
    there = set(GroupRow.objects.values_list("code", flat=True))
    new = [
        GroupRow(code=code, name_en=group.name.text("en"), name_zh=group.name.text("zh"), place=place)
        for place, (code, group) in enumerate(response_plan().groups.items())
        if code not in there
    ]
    GroupRow.objects.bulk_create(new)
    return len(new)
