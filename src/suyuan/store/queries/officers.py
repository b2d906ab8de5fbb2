"""Who somebody is and what they may do today."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from suyuan.store.models import DutyRow, OfficerRow
from suyuan.terms import Duty, Officer


def officer_of(user: Any) -> Officer:
    """Return the officer of an account with the duties that hold now."""
    now = timezone.now()
    held = DutyRow.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), officer_id=user.pk).select_related("role")
    duties = tuple(Duty(duty.role_id, duty.area, frozenset(duty.role.rights)) for duty in held.order_by("id"))
    return Officer(user.pk, user.username, user.display_name, user.group, duties)


def officer_named(username: str) -> Officer | None:
    """Return the officer with this user name, if there is an active one."""
    user = OfficerRow.objects.filter(username=username, is_active=True).first()
    return officer_of(user) if user else None


def password_was_changed(user: Any) -> None:
    """End the duty to change the password."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
