"""Who somebody is and what they may do today; and the accounts that somebody manages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from suyuan.store.models import DutyRow, GroupRow, OfficerRow, PersonRow, RoleRow
from suyuan.store.queries.paging import Page, page_of
from suyuan.store.queries.reach import inside
from suyuan.terms import Duty, NothingFound, Officer

RIGHT = "manage_accounts"
MOST_MERGES = 8
"""How far a chain of merged records is followed."""


def officer_of(user: Any) -> Officer:
    """Return the officer of an account with the duties that hold now."""
    now = timezone.now()
    held = DutyRow.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), officer_id=user.pk).select_related("role")
    duties = tuple(Duty(duty.role_id, duty.area, frozenset(duty.role.rights)) for duty in held.order_by("id"))
    return Officer(user.pk, user.username, user.display_name, user.group, duties, _person_of(user))


def _person_of(user: Any) -> int:
    """Return the person whose own account it is, under the number that holds today if records were merged."""
    found, following = 0, user.person_id or 0
    for _ in range(MOST_MERGES):
        if not following:
            break
        found = following
        following = PersonRow.objects.filter(id=found).values_list("merged_into", flat=True).first() or 0
    return found


def officer_named(username: str) -> Officer | None:
    """Return the officer with this user name, if there is an active one."""
    user = OfficerRow.objects.filter(username=username, is_active=True).first()
    return officer_of(user) if user else None


def password_was_changed(user: Any) -> None:
    """End the duty to change the password."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its administrator sees it."""

    id: int
    username: str
    display_name: str
    group: str
    active: bool
    second_factor: bool
    last_login: datetime | None
    duties: tuple[tuple[str, str], ...]
    person: str = ""
    """Number of the person whose own account it is."""


def accounts_of(officer: Officer, *, search: str = "", cursor: str = "") -> Page[Account]:
    """Accounts whose every duty lies where the officer manages accounts, by user name."""
    rows = _managed(officer)
    if search:
        rows = rows.filter(username__istartswith=search)
    found, following = page_of(rows, ("username",), cursor)
    return Page(_accounts(found), following)


def account_of(officer: Officer, officer_id: int) -> Account:
    """Return one account.

    Raises
    ------
    NothingFound
        If there is none, or it is not the officer's to manage.
    """
    found = list(_managed(officer).filter(pk=officer_id))
    if not found:
        raise NothingFound("accounts.no_such", name=officer_id)
    return _accounts(found)[0]


def usernames(ids: set[int]) -> dict[int, str]:
    """User names by id."""
    return dict(OfficerRow.objects.filter(pk__in=ids).values_list("pk", "username"))


def roles() -> list[RoleRow]:
    """Every role, by name."""
    return list(RoleRow.objects.order_by("name"))


def groups() -> list[GroupRow]:
    """Every working group, in order."""
    return list(GroupRow.objects.order_by("place", "code"))


def _managed(officer: Officer) -> QuerySet[OfficerRow]:
    areas = officer.areas(RIGHT)
    if not areas:
        return OfficerRow.objects.none()
    if areas == ("",):
        return OfficerRow.objects.all()
    reach = Q()
    for area in areas:
        reach |= inside(area, districts=False)
    mine = DutyRow.objects.filter(officer=OuterRef("pk"))
    return OfficerRow.objects.filter(Exists(mine)).exclude(Exists(mine.exclude(reach)))


def _accounts(rows: list[OfficerRow]) -> list[Account]:
    from allauth.mfa.models import Authenticator

    ids = [row.pk for row in rows]
    duties: dict[int, list[tuple[str, str]]] = {}
    for officer_id, role, area in (
        DutyRow.objects.filter(officer_id__in=ids).order_by("id").values_list("officer_id", "role_id", "area")
    ):
        duties.setdefault(officer_id, []).append((role, area))
    own = {row.person_id for row in rows if row.person_id}
    codes = dict(PersonRow.objects.filter(id__in=own).values_list("id", "code")) if own else {}
    secured = set(Authenticator.objects.filter(user_id__in=ids, type="totp").values_list("user_id", flat=True))
    return [
        Account(
            id=row.pk,
            username=row.username,
            display_name=row.display_name,
            group=row.group,
            active=row.is_active,
            second_factor=row.pk in secured,
            last_login=row.last_login,
            duties=tuple(duties.get(row.pk, ())),
            person=codes.get(row.person_id or 0, ""),
        )
        for row in rows
    ]
