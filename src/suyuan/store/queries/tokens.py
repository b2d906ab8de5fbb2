"""Tokens of programs: what one may do is what its officer may do, within its scopes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from suyuan.store.models import ApiToken
from suyuan.store.queries.officers import officer_of
from suyuan.store.room import open_room
from suyuan.terms import AuditEntry, BadInput, Duty, Officer

MARK = "suyuan_"
MOST_DAYS, MOST_NAME = 366, 64


def issue_token(officer: Officer, name: str, scopes: tuple[str, ...], days: int) -> str:
    """Make a token that acts as the officer and return it; only its digest is kept, so it is shown once.

    Parameters
    ----------
    scopes
        Rights the token may use, each of them one the officer holds somewhere.
    days
        How long it holds, 1 to 366.

    Raises
    ------
    BadInput
        If a scope is not the officer's own, or the days are out of range.
    """
    foreign = [scope for scope in scopes if not officer.areas(scope)]
    if foreign or not scopes:
        raise BadInput("api.scopes_not_yours", scopes=", ".join(foreign) or "–")
    if not 1 <= len(name) <= MOST_NAME:
        raise BadInput("api.token_name", most=MOST_NAME)
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("api.token_days", days=days, most=MOST_DAYS)
    token = MARK + secrets.token_urlsafe(32)
    held = sorted(set(scopes))
    with open_room() as room:
        made = ApiToken.objects.create(
            officer_id=officer.id,
            name=name,
            digest=_digest(token),
            scopes=held,
            expires_at=timezone.now() + timedelta(days=days),
        )
        room.write_audit([_entry(officer, "issue_token", made.pk, {"scopes": held, "days": days})])
    return token


def officer_of_token(token: str, now: datetime) -> Officer | None:
    """Return the officer a token acts as, with the rights of its scopes only; None if it does not hold."""
    found = ApiToken.objects.select_related("officer").filter(digest=_digest(token), revoked=False).first()
    if found is None or found.expires_at <= now or not found.officer.is_active:
        return None
    if found.last_used_on != now.date():
        ApiToken.objects.filter(pk=found.pk).update(last_used_on=now.date())
    whole, scopes = officer_of(found.officer), frozenset(found.scopes)
    duties = tuple(Duty(duty.role, duty.area, duty.rights & scopes) for duty in whole.duties)
    return Officer(whole.id, whole.username, whole.display_name, whole.group, duties)


def revoke_token(owner: Officer, token_id: int) -> bool:
    """End one of an officer's own tokens; False if it has none of that number."""
    with open_room() as room:
        found = bool(ApiToken.objects.filter(pk=token_id, officer_id=owner.id).update(revoked=True))
        room.write_audit([_entry(owner, "revoke_token", token_id, {})] if found else [])
    return found


def _entry(officer: Officer, deed: str, token_id: int, detail: dict[str, object]) -> AuditEntry:
    return AuditEntry(
        at=timezone.now(), officer_id=officer.id, deed=deed, subject="token", subject_id=token_id, detail=detail
    )


def tokens_of(owner: Officer) -> list[dict[str, object]]:
    """List an officer's tokens, newest first, without what would open the door."""
    fields = ("id", "name", "scopes", "expires_at", "created_at", "last_used_on", "revoked")
    return list(ApiToken.objects.filter(officer_id=owner.id).order_by("-id").values(*fields))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
