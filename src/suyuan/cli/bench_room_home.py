"""An installation for the benchmark: database, city, and officers of several roles with their second factor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ADMIN = "bench-admin"
ROLES = (
    ("commander", ("9901", "9901")),
    ("duty_officer", ("990103", "990107", "990111", "990115")),
    ("investigator", ("990103", "990107", "990111", "990115")),
    ("community_worker", ("990103004005", "990107002003", "990111001001", "990115010010")),
    ("dispatcher", ("9901",)),
    ("auditor", ("9901",)),
)
"""Sixteen officers: a city's commander sees everything, a community worker a two-thousandth of it."""
N_SAMPLES = 40


def make_ready(home: Path, people: int, cases: int, contacts: int, tasks: int) -> dict[str, Any]:
    """Bring the database up to date, fill it, and make the officers; the settings' environment must be set.

    Returns
    -------
    dict
        ``filled``: what ``fill`` says; ``officers``: role, user name, password and secret of the second factor of
        each; ``samples``: what somebody types to find some of the invented people.
    """
    from suyuan.cli.prepare import prepare

    prepare(home, ADMIN)
    from suyuan.cli.bench_room_data import fill

    return {"filled": fill(home, people, cases, contacts, tasks), "officers": _officers(), "samples": _samples()}


def _officers() -> list[dict[str, str]]:
    """Make the officers, or give those there new passwords and second factors."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth import get_user_model

    from suyuan.store.accounts import OPERATOR, draw_password, make_account

    told: list[dict[str, str]] = []
    users: Any = get_user_model()._default_manager
    for role, areas in ROLES:
        for number, area in enumerate(areas):
            name, password, secret = f"{role}-{number}", draw_password(), generate_totp_secret()
            user = users.filter(username=name).first()
            user = user or users.get(pk=make_account(OPERATOR, name, ((role, area),))[0])
            user.set_password(password)
            user.must_change_password, user.group = False, "community" if role == "community_worker" else ""
            user.save()
            Authenticator.objects.filter(user=user).delete()
            TOTP.activate(user, secret)
            told.append({"role": role, "username": name, "password": password, "secret": secret})
    return told


def _samples() -> list[dict[str, str]]:
    """Return what identifies some people, as somebody would type it into the search box."""
    from pypinyin import lazy_pinyin

    from suyuan.store.room import StoreRoom

    room: Any = StoreRoom
    first = room.people.find(code=[f"B{number:08d}" for number in range(1, N_SAMPLES * 25, 25)])
    codes, details = {person.id: person.code for person in first}, room.people.details([each.id for each in first])
    return [
        {
            "code": codes[person_id],
            "name": each.name,
            "pinyin": " ".join([*lazy_pinyin(each.name[:1]), "".join(lazy_pinyin(each.name[1:]))]),
            "telephone": "".join(each.telephones[:1]),
            "tail": f"{each.name[:1]} {each.telephones[0][-4:]}" if each.telephones else "",
            "identity": each.identity_number,
        }
        for person_id, each in details.items()
    ]
