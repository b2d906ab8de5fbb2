"""Accounts: officers, roles as data, duties, tokens of programs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from suyuan.store.models.fields import area_code, short_code


class OfficerManager(BaseUserManager["OfficerRow"]):
    """Makes accounts with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> OfficerRow:
        """Make an account."""
        officer = self.model(username=self.model.normalize_username(username), **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class OfficerRow(AbstractBaseUser):
    """Somebody who can sign in."""

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    group = short_code()
    language = models.CharField(max_length=2, default="zh")
    person_id = models.BigIntegerField(null=True, blank=True)
    """The person a resident's account belongs to."""
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[OfficerManager] = OfficerManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.username


class RoleRow(models.Model):
    """A role and the rights it gives."""

    name = models.CharField(max_length=32, primary_key=True)
    name_en = models.CharField(max_length=64)
    name_zh = models.CharField(max_length=64)
    rights = models.JSONField(default=list)


class DutyRow(models.Model):
    """One role of one officer in one area."""

    officer = models.ForeignKey(OfficerRow, on_delete=models.CASCADE, related_name="duties")
    role = models.ForeignKey(RoleRow, on_delete=models.PROTECT, related_name="duties")
    area = area_code()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["officer", "role", "area"], name="duty_once")]


class ApiToken(models.Model):
    """A token of a program: acts as an officer, within its scopes only. Only its digest is kept."""

    officer = models.ForeignKey(OfficerRow, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True, blank=True)
    revoked = models.BooleanField(default=False)
