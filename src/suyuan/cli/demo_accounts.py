"""Accounts of the demonstration: one for every role, with passwords drawn anew at each start."""

from __future__ import annotations

from datetime import datetime

from suyuan.store import accounts
from suyuan.store.queries.officers import officer_named, roles
from suyuan.store.queries.restrictions import list_in_force
from suyuan.terms import NothingFound, Officer

CITY, DISTRICT, COMMUNITY = "9901", "990101", "990101001001"
AREAS = {
    "administrator": "",
    "auditor": "",
    "commander": CITY,
    "duty_officer": CITY,
    "analyst": CITY,
    "dispatcher": CITY,
    "laboratory": CITY,
    "information_officer": CITY,
    "community_worker": COMMUNITY,
}
GROUPS = {
    "commander": "command",
    "duty_officer": "command",
    "investigator": "investigation",
    "analyst": "investigation",
    "dispatcher": "transfer",
    "sampler": "screening",
    "laboratory": "laboratory",
    "hospital": "medical",
    "community_worker": "community",
    "site_head": "sites",
    "information_officer": "communication",
    "auditor": "supervision",
}
SECOND = (("district_commander", "commander", DISTRICT), ("investigator_2", "investigator", "990102"))
"""Accounts beside those named after their role."""


def make_accounts() -> list[dict[str, str]]:
    """Make one account for every role, or draw new passwords for those there are, and return what is told once."""
    found = []
    known = {role.name: role for role in roles()}
    wanted = [(name, name, AREAS.get(name, DISTRICT)) for name in known] + list(SECOND)
    for username, role, area in wanted:
        told = {"username": username, "password": _ready(username, role, area), "role": role}
        names = {"role_en": known[role].name_en, "role_zh": known[role].name_zh}
        found.append({**told, **names, "area": area or "–"})
    return found


def bind_resident(now: datetime) -> None:
    """Let the demonstration's resident be somebody whom an order binds, so that the own page has something to say."""
    bound = list_in_force(demo_officer("commander"), "zh", now).rows
    if bound:
        accounts.set_person(accounts.OPERATOR, accounts.account_id("resident"), bound[-1].person)


def demo_officer(username: str) -> Officer:
    """Return one of the demonstration's officers.

    Raises
    ------
    NothingFound
        If there is no such account.
    """
    officer = officer_named(username)
    if officer is None:
        raise NothingFound("accounts.no_such", name=username)
    return officer


def _ready(username: str, role: str, area: str) -> str:
    try:
        account_id = accounts.account_id(username)
        password = accounts.reset_password(accounts.OPERATOR, account_id)
    except NothingFound:
        fields = {"group": GROUPS.get(role, "")}
        account_id, password = accounts.make_account(accounts.OPERATOR, username, ((role, area),), **fields)
    # nobody but the visitor of the demonstration has seen the password: it need not be changed
    accounts.keep_password(account_id)
    return password
