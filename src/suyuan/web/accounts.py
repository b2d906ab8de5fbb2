"""Accounts are made by an administrator: nobody signs up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from suyuan.store.queries.officers import password_was_changed


class RoomAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks this installation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Nobody signs up."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Set a password; the duty to change it ends."""
        super().set_password(user, password)
        password_was_changed(user)


def display_name(user: Any) -> str:
    """Return the name shown for an account."""
    return str(user.display_name or user.username)
