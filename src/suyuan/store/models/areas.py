"""Areas and working groups."""

from __future__ import annotations

from django.db import models

from suyuan.store.models.fields import short_code


class AreaRow(models.Model):
    """A province, city, district, street or community, by its division code."""

    code = models.CharField(max_length=12, primary_key=True)
    level = models.SmallIntegerField(db_index=True)
    """1 province, 2 city, 3 district, 4 street, 5 community."""
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    population = models.IntegerField(default=0)
    shape = models.JSONField(null=True, blank=True)
    """GeoJSON geometry in longitude and latitude."""


class GroupRow(models.Model):
    """A working group of the response; names and number are data."""

    code = models.CharField(max_length=32, primary_key=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    place = models.SmallIntegerField(default=0)
    lead = short_code()
