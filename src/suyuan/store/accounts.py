"""Accounts, roles and duties as rows. Nobody gives a right that they do not hold there themselves."""

from __future__ import annotations

import secrets
import tomllib
from datetime import datetime
from importlib.resources import files

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from suyuan.actions.desk import NotAllowed
from suyuan.protocols import load_plan
from suyuan.store.models import DutyRow, GroupRow, OfficerRow, PersonRow, RoleRow
from suyuan.store.queries.officers import officer_of
from suyuan.store.room import open_room
from suyuan.terms import AuditEntry, BadInput, Duty, NothingFound, Officer

PASSWORD_BYTES = 12
OPERATOR = Officer(0, "operator", "operator", duties=(Duty("operator", "", frozenset({"manage_accounts"})),))
"""Whoever has the installation's folder and its command line: stands above every account."""
RIGHT = "manage_accounts"
RESIDENT = "resident"


def load_roles() -> None:
    """Bring the shipped roles into the database; roles that an installation changed stay as they are."""
    shipped = tomllib.loads((files("suyuan.store") / "roles.toml").read_text("utf-8"))
    for name, role in shipped.items():
        texts = role["name"]
        RoleRow.objects.get_or_create(
            name=name, defaults={"name_en": texts["en"], "name_zh": texts["zh"], "rights": role["rights"]}
        )


def load_groups() -> None:
    """Bring the working groups of the response plan into the database; those an installation changed stay."""
    for place, (code, group) in enumerate(load_plan().groups.items()):
        names = {"name_en": group.name.text("en")[:80], "name_zh": group.name.text("zh")[:80], "place": place}
        GroupRow.objects.get_or_create(code=code, defaults=names)


def draw_password() -> str:
    """Draw a password that nobody guesses and somebody can type."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def give_duty(user: OfficerRow, role: str, area: str, ends_at: datetime | None = None) -> DutyRow:
    """Give an officer a role in an area.

    Raises
    ------
    BadInput
        If there is no such role, or the area is no division code.
    """
    _check(role, area)
    duty, _ = DutyRow.objects.update_or_create(officer=user, role_id=role, area=area, defaults={"ends_at": ends_at})
    return duty


def first_administrator(username: str) -> str:
    """Make the first administrator where there is none and return the password; empty if there was one."""
    if DutyRow.objects.filter(role="administrator", area="", officer__is_active=True).exists():
        return ""
    return make_account(OPERATOR, username, (("administrator", ""),))[1]


def make_account(
    by: Officer, username: str, duties: tuple[tuple[str, str], ...], *, person: str = "", **fields: str
) -> tuple[int, str]:
    """Make an account with a drawn password that must be changed at the first sign-in.

    Parameters
    ----------
    by
        Who makes it.
    duties
        Pairs of role and area.
    person
        Number of the person whose own account it is, for a resident.
    fields
        ``display_name``, ``group``, ``language``.

    Returns
    -------
    tuple
        The account's id, and the password, to be told once.

    Raises
    ------
    BadInput
        If the name is taken or cannot be one, or a duty cannot be given, or a person is named for another role.
    NotAllowed
        If ``by`` does not hold the rights, there, that the duties give.
    NothingFound
        If nobody in the areas that ``by`` manages has the person's number.
    """
    name = username.strip()
    if not name or len(name) > 64 or any(character.isspace() for character in name):
        raise BadInput("accounts.bad_name", name=username)
    if not duties:
        raise BadInput("accounts.no_duty", name=name)
    for role, area in duties:
        check_may_give(by, role, area)
    password = draw_password()
    with open_room() as room:
        if OfficerRow.objects.filter(username__iexact=name).exists():
            raise BadInput("accounts.taken", name=name)
        user = OfficerRow(username=name, must_change_password=True, password=make_password(password), **fields)
        user.person_id = _own_person(by, person.strip(), duties)
        user.save()
        for role, area in duties:
            give_duty(user, role, area)
        told: dict[str, object] = {"duties": [list(each) for each in duties], "person_id": user.person_id or 0}
        room.write_audit([_entry(by, "make_account", user.pk, detail=told)])
    return user.pk, password


def set_person(by: Officer, officer_id: int, number: str) -> None:
    """Say whose own account a resident's is.

    Raises
    ------
    BadInput, NothingFound
        As ``make_account`` and ``managed``.
    """
    with open_room() as room:
        user = managed(by, officer_id)
        user.person_id = _own_person(by, number.strip(), tuple(user.duties.values_list("role_id", "area")))
        user.save(update_fields=["person_id"])
        room.write_audit([_entry(by, "set_person", user.pk, detail={"person_id": user.person_id or 0})])


def set_duty(by: Officer, officer_id: int, role: str, area: str, *, held: bool) -> None:
    """Give or take one role in one area.

    Raises
    ------
    NotAllowed, BadInput, NothingFound
        As ``make_account``; nobody takes away the last administrator of everywhere.
    """
    check_may_give(by, role, area)
    with open_room() as room:
        user = managed(by, officer_id)
        if held:
            give_duty(user, role, area)
        else:
            user.duties.filter(role=role, area=area).delete()
            if (role, area) == ("administrator", ""):
                _keep_one_administrator()
        room.write_audit(
            [_entry(by, "give_duty" if held else "take_duty", user.pk, area=area, detail={"role": role, "area": area})]
        )


def set_active(by: Officer, officer_id: int, *, active: bool) -> None:
    """Close an account, or open it again; a closed one is signed out everywhere at once.

    Raises
    ------
    NotAllowed, NothingFound
        As ``managed``.
    BadInput
        If nobody could manage accounts afterwards.
    """
    with open_room() as room:
        user = managed(by, officer_id)
        user.is_active = active
        user.save(update_fields=["is_active"])
        if user.duties.filter(role="administrator", area="").exists():
            _keep_one_administrator()
        room.write_audit([_entry(by, "open_account" if active else "close_account", user.pk)])


def reset_password(by: Officer, officer_id: int, *, second_factor: bool = False) -> str:
    """Draw a new first password, which signs the account out everywhere; with ``second_factor`` also drop that.

    Raises
    ------
    NotAllowed, NothingFound
        As ``managed``.
    """
    from allauth.mfa.models import Authenticator

    password = draw_password()
    with open_room() as room:
        user = managed(by, officer_id)
        user.password, user.must_change_password = make_password(password), True
        user.save(update_fields=["password", "must_change_password"])
        if second_factor:
            Authenticator.objects.filter(user_id=user.pk).delete()
        room.write_audit([_entry(by, "reset_password", user.pk, detail={"second_factor": second_factor})])
    return password


def keep_password(officer_id: int) -> None:
    """Let a drawn password stand: of an account that one person alone has seen and uses, as in a demonstration."""
    OfficerRow.objects.filter(pk=officer_id).update(must_change_password=False)


def managed(by: Officer, officer_id: int) -> OfficerRow:
    """Return an account that ``by`` may manage: every duty of it lies in an area that ``by`` manages.

    Raises
    ------
    NothingFound
        If there is none, or it is somebody else's to manage.
    """
    user = OfficerRow.objects.filter(pk=officer_id).first()
    if user is None or not all(by.may(RIGHT, area) for area in user.duties.values_list("area", flat=True)):
        raise NothingFound("accounts.no_such", name=officer_id)
    return user


def account_id(username: str) -> int:
    """Return the id of an account.

    Raises
    ------
    NothingFound
        If there is none of that name.
    """
    found = OfficerRow.objects.filter(username=username).values_list("pk", flat=True).first()
    if found is None:
        raise NothingFound("accounts.no_such", name=username)
    return found


def check_may_give(by: Officer, role: str, area: str) -> None:
    """Stop unless ``by`` manages the area and, being no administrator of everything there, holds what the role gives.

    Notes
    -----
    An administrator gives every role inside the own area, for that is the work; the role of administrator is given by
    an administrator of an area that contains it. Anybody else with the right to manage accounts gives only what they
    hold themselves.

    Raises
    ------
    NotAllowed
        ``room.not_allowed`` or ``accounts.more_than_own``.
    """
    _check(role, area)
    if not by.may(RIGHT, area):
        raise NotAllowed("room.not_allowed", right=RIGHT, area=area or "–")
    if any(duty.role in ("administrator", "operator") and area.startswith(duty.area) for duty in by.duties):
        return
    missing = [right for right in RoleRow.objects.get(name=role).rights if not by.may(right, area)]
    if missing:
        raise NotAllowed("accounts.more_than_own", role=role, area=area or "–", rights=", ".join(missing))


def note_sign_in(user: OfficerRow, deed: str) -> None:
    """Keep in the audit that somebody signed in, or out, or changed how they do."""
    with open_room() as room:
        room.write_audit([_entry(officer_of(user), deed, user.pk)])


def _own_person(by: Officer, number: str, duties: tuple[tuple[str, str], ...]) -> int | None:
    """Return the person whose own account it will be; the same answer for an unknown number and one elsewhere."""
    if not number:
        return None
    if any(role != RESIDENT for role, _ in duties):
        raise BadInput("own.needs_resident")
    found = PersonRow.objects.filter(code=number).values_list("id", "area").first()
    if found is None or not by.may(RIGHT, found[1]):
        raise NothingFound("by_hand.no_person", number=number)
    return found[0]


def _check(role: str, area: str) -> None:
    if not RoleRow.objects.filter(name=role).exists():
        names = ", ".join(RoleRow.objects.values_list("name", flat=True))
        raise BadInput("room.no_role", role=role, names=names)
    if area and not (area.isdigit() and area.isascii() and len(area) in (2, 4, 6, 9, 12)):
        raise BadInput("room.no_area_code", area=area)


def _keep_one_administrator() -> None:
    if not DutyRow.objects.filter(role="administrator", area="", officer__is_active=True).exists():
        raise BadInput("accounts.last_administrator")


def _entry(
    by: Officer, deed: str, officer_id: int, *, area: str = "", detail: dict[str, object] | None = None
) -> AuditEntry:
    return AuditEntry(
        at=timezone.now(),
        officer_id=by.id,
        deed=deed,
        subject="officer",
        subject_id=officer_id,
        area=area,
        detail=detail or {},
    )
