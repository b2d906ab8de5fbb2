"""Fields that several tables share."""

from __future__ import annotations

from typing import Any

from django.db import models

from suyuan.store.models.literals import LiteralExact, LiteralIn, LiteralZero


class StateColumn(models.CharField):  # type: ignore[type-arg]
    """A short code from a closed list. Queries write it as a literal, so that partial indexes serve them."""

    def deconstruct(self) -> Any:
        """Describe itself to migrations as the plain column that it is."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


StateColumn.register_lookup(LiteralExact)
StateColumn.register_lookup(LiteralIn)


class IdColumn(models.BigIntegerField):  # type: ignore[type-arg]
    """The id of another row, 0 for none. Queries write the 0 as a literal, so that partial indexes serve them."""

    def deconstruct(self) -> Any:
        """Describe itself to migrations as the plain column that it is."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BigIntegerField", args, kwargs


IdColumn.register_lookup(LiteralZero)


class Kept(models.Model):
    """A row that maps to a record of ``terms``: its columns bear the record's field names."""

    id = models.BigIntegerField(primary_key=True)
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


def short_code(length: int = 32, **options: object) -> models.CharField[str, str]:
    """Return a column for a short code, empty where there is none."""
    return models.CharField(max_length=length, blank=True, default="", **options)  # type: ignore[arg-type]


def state_code() -> models.CharField[str, str]:
    """Return a column for a state, a word of a closed list."""
    return StateColumn(max_length=16, blank=True, default="")


def area_code() -> models.CharField[str, str]:
    """Return a column for a division code: digits only, so a range of codes is the inside of an area everywhere."""
    return models.CharField(max_length=12, blank=True, default="")


def reference(to: str, **options: object) -> models.ForeignKey[models.Model, models.Model]:
    """Return a reference that keeps what it points to from being deleted."""
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)  # type: ignore[arg-type]


def row_id(**options: object) -> models.BigIntegerField[int, int]:
    """Return a column for the id of another row that may be absent: 0 for none."""
    return IdColumn(default=0, **options)  # type: ignore[arg-type]
