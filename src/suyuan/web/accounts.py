"""Accounts are made by an administrator: nobody signs up, and nobody is sent a mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import timezone

from suyuan.store.accounts import note_sign_in
from suyuan.store.queries.officers import password_was_changed
from suyuan.store.second_factor import open_text, seal_text

RECENTLY = timedelta(minutes=5)


class RoomAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks this installation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Nobody signs up."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        """Set a password; the duty to change it ends."""
        super().set_password(user, password)
        password_was_changed(user)
        note_sign_in(user, "change_password")

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Ask for the password again before a change, but not of who signed in a few minutes ago."""
        signed_in_at = self.request.user.last_login
        if signed_in_at is not None and timezone.now() - signed_in_at < RECENTLY:
            return False
        return bool(super().is_reauthentication_required(app=app, **rest))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        """Go on to work."""
        return "/"

    def post_login(self, request: HttpRequest, user: Any, **rest: Any) -> Any:
        """Keep in the audit who signed in."""
        note_sign_in(user, "sign_in")
        return super().post_login(request, user, **rest)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: this installation has no mail."""


class RoomSecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors lie sealed."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return open_text(encrypted_text)


def display_name(user: Any) -> str:
    """Return the name shown for an account."""
    return str(user.display_name or user.username)
