"""Areas of an installation: provinces down to communities, by their division codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from suyuan.store.models import AreaRow
from suyuan.store.room import open_room

LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
"""Digits of a code, and the level they stand for: province, city, district, street, community."""


def keep_areas(features: Iterable[dict[str, Any]]) -> int:
    """Keep the areas of a GeoJSON file (``code``, ``name_en``, ``name_zh``, ``population``) and return how many."""
    found = []
    for feature in features:
        about = feature["properties"]
        code = str(about["code"])
        names = {"name_en": about["name_en"], "name_zh": about["name_zh"], "population": about["population"]}
        found.append(AreaRow(code=code, level=LEVELS[len(code)], shape=feature["geometry"], **names))
    with open_room():
        AreaRow.objects.bulk_create(
            found,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["level", "name_en", "name_zh", "population", "shape"],
            batch_size=100,
        )
    return len(found)
