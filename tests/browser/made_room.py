"""Make the room that browser tests work in: a city of invented people, accounts for every role, a traced incident.

Run as a program with the folder to make; writes ``tests.json`` there, which tells tests how to come in.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PASSWORD = "a long pass phrase"
SECRET = "JBSWY3DPEHPK3PXP"
"""Of the authenticator of every account but the newcomers'."""
CITY, PLACE = "9901", ZoneInfo("Asia/Shanghai")
AREAS = [
    ("99", 1, "Linhai Province", "临海省", None),
    (CITY, 2, "Qingjiang City", "清江市", (0, 0, 3, 1)),
    ("990101", 3, "Dongcheng District", "东城区", (0, 0, 1, 1)),
    ("990102", 3, "Nangang District", "南岗区", (1, 0, 2, 1)),
    ("990103", 3, "Beihu District", "北湖区", (2, 0, 3, 1)),
    *[
        (f"99010{d}001{c:03}", 5, f"Community {d}-{c}", f"第{d}-{c}社区", (d - 1 + (c - 1) / 2, 0, d - 1 + c / 2, 1))
        for d in (1, 2, 3)
        for c in (1, 2)
    ],
]
ALSO = {"night": ("investigator",), "zh": ("investigator",), "en": ("investigator",), "day": ("investigator",)}
"""Officers who are commanders too; the newcomers ``zh`` and ``en`` still have their first password."""
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", ("伟", "芳", "秀英", "磊", "静", "洋", "建国", "桂兰")


def main(home: Path) -> None:
    """Make everything, in the order in which a city would."""
    from suyuan.cli.home import make_home, use_home
    from suyuan.cli.prepare import prepare

    make_home(home)
    use_home(home, "")
    prepare(home, "")
    areas()
    told = {"accounts": accounts(), "password": PASSWORD, "secret": SECRET}
    people()
    for name in ("shift-zh", "shift-en", "shift-keys"):
        write_log(home / "logs" / name, f"{name[6:].upper()}-")
    write_log(home / "logs" / "market", "M-")
    told |= market()
    (home / "tests.json").write_text(json.dumps(told), "utf-8")


def areas() -> None:
    """Districts side by side, two communities in each."""
    from suyuan.store.models import AreaRow

    for code, level, english, chinese, box in AREAS:
        shape = None
        if box:
            west, south, east, north = (edge * 0.1 + start for edge, start in zip(box, (121, 31, 121, 31), strict=True))
            ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            shape = {"type": "Polygon", "coordinates": [ring]}
        AreaRow.objects.create(
            code=code, level=level, name_en=english, name_zh=chinese, population=100_000, shape=shape
        )


def accounts() -> dict[str, dict[str, Any]]:
    """Make an account for every role, and a session for each that has its second factor."""
    from allauth.mfa.totp.internal.auth import TOTP
    from django.contrib.auth.hashers import make_password

    from suyuan.store.accounts import give_duty
    from suyuan.store.models import OfficerRow, RoleRow

    sealed, made = make_password(PASSWORD), {}
    for name in (*RoleRow.objects.values_list("name", flat=True), *ALSO):
        user = OfficerRow.objects.create(
            username=name, password=sealed, must_change_password=name in ("zh", "en"), group="epidemiology"
        )
        for role in ("commander", *ALSO[name]) if name in ALSO else (name,):
            give_duty(user, role, CITY)
        made[name] = {"id": user.pk, "session": ""}
        if name not in ("zh", "en"):
            TOTP.activate(user, SECRET)
            made[name]["session"] = session(user)
    return made


def session(user: Any) -> str:
    """Sign in without a browser."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def people() -> None:
    """Register the people of the market, with names, telephones, addresses."""
    for n in range(1, 31):
        area = f"99010{1 + n % 3}001{1 + n % 2:03}"
        details = {"name": SURNAMES[n % 10] + GIVEN[n % 8], "telephones": (f"139{n:08}",), "address": f"{n}号楼{n}室"}
        act(
            "register_person", "duty_officer", area=area, code=f"M-{n}", details=details,
            birth_year=1950 + n, sex="female" if n % 2 else "male", household=f"H{n // 3}",
        )  # fmt: skip


def write_log(folder: Path, prefix: str) -> None:
    """Write visits of the last days: 1 shares a room with 2 to 12, 2 lives with 13 and 14, 3 with 15."""
    import polars as pl

    import suyuan

    rooms = [(n, "R", "classroom", 5, 8, 12) for n in range(1, 13)]
    homes = [(n, "H2", "home", 4, 19, 23) for n in (2, 13, 14)] + [(n, "H3", "home", 4, 19, 23) for n in (3, 15)]
    lunches = [(n, "L", "restaurant", 2, 12, 13) for n in (2, *range(16, 22))]
    rows = [
        (f"{prefix}{n}", f"{prefix}{place}", kind, _ago(days, begins), _ago(days, ends))
        for n, place, kind, days, begins, ends in rooms + homes + lunches
    ]
    frame = pl.DataFrame(rows, ["person_id", "place_id", "place_kind", "t_in", "t_out"], orient="row")
    suyuan.import_visits(folder, frame, timezone="Asia/Shanghai")


def _ago(days: int, hour: int) -> str:
    there = datetime.now(PLACE) - timedelta(days=days)
    return there.replace(hour=hour, minute=0, second=0, microsecond=0).isoformat(sep=" ")[:16]


def instant(days: int, hour: int = 8) -> datetime:
    """Return an instant some days ago."""
    return datetime.fromisoformat(_ago(days, hour)).replace(tzinfo=PLACE)


def market() -> dict[str, Any]:
    """An incident in response: two cases, contacts decided and waiting, orders signed and waiting, a late task."""
    from suyuan.store.models import CaseRow, ContactRow, FollowUpRow, InvestigationRow, OrderRow, TaskRow

    incident = act(
        "open_incident", "commander", name="清江农贸市场", protocol="covid19-9", area=CITY, visit_log="market",
        emerged_at=instant(6), detected_at=instant(2), reason="市场从业人员筛查阳性",
    )  # fmt: skip
    for state in ("suspected", "response"):
        act("change_incident", "commander", incident_id=incident, state=state, reason="实验室复核阳性")
    me = account_id("investigator")
    act(
        "form_team", "commander", code="T1", name_zh="流调一队", name_en="Team one", area=CITY,
        members=(me, account_id("night"), account_id("zh"), account_id("en")),
    )  # fmt: skip
    case = act(
        "report_case", "commander", incident_id=incident, person_code="M-1", onset_at=instant(3), sampled_at=instant(2),
        found_by="screening",
    )  # fmt: skip
    act("confirm_case", "commander", case_id=case)
    settle()
    act("accept_contacts", "commander", incident_id=incident, everything=True, ring=1)
    settle()
    second = act("report_case", "commander", incident_id=incident, person_code="M-2", onset_at=instant(1))
    act("confirm_case", "commander", case_id=second, severity="mild")
    act("report_case", "commander", incident_id=incident, person_code="M-30", sampled_at=instant(0, 1))
    act("isolate_case", "commander", case_id=case, where="第一医院")
    settle()
    waiting = list(OrderRow.objects.filter(incident_id=incident, state="proposed").order_by("id"))
    half = tuple(order.pk for order in waiting if order.subject_id % 2)
    act("approve_orders", "commander", order_ids=half)
    settle()
    told = OrderRow.objects.filter(state="signed").first()
    act("tell_order", "commander", order_id=told.pk, how=first_way(), contest_explained=True)
    contest = act("contest_order", "commander", order_id=told.pk, words="我当天不在市场，有车票为证。")
    settle()
    late = TaskRow.objects.filter(incident_id=incident, state="open").order_by("due_at").first()
    TaskRow.objects.filter(pk=late.pk).update(due_at=instant(1))
    return {
        "incident": incident,
        "case": case,
        "second": second,
        "contact": ContactRow.objects.filter(incident_id=incident, state="accepted").first().pk,
        "order": told.pk,
        "contest": contest,
        "task": late.pk,
        "person": CaseRow.objects.get(pk=case).person_id,
        "follow_up": getattr(FollowUpRow.objects.first(), "pk", 0),
        "investigation": getattr(InvestigationRow.objects.first(), "pk", 0),
    }


def first_way() -> str:
    """Return a way to tell somebody of an order."""
    from suyuan.actions.tell_order import ToldHow

    return next(iter(ToldHow)).value


def account_id(name: str) -> int:
    from suyuan.store.models import OfficerRow

    return OfficerRow.objects.get(username=name).pk


def act(name: str, username: str, /, **fields: Any) -> Any:
    """Do a deed as an officer."""
    import msgspec

    from suyuan.actions.all_deeds import all_deeds
    from suyuan.actions.desk import perform
    from suyuan.bootstrap import office
    from suyuan.store.models import OfficerRow
    from suyuan.store.queries.officers import officer_of

    deed = all_deeds()[name]
    who = officer_of(OfficerRow.objects.get(username=username))
    command = msgspec.convert(fields, deed.command, strict=False)
    return perform(office(), who, deed, command, key=os.urandom(8).hex())


def settle() -> None:
    """Hand facts on until nothing waits."""
    from suyuan.actions.hearing import hand_on
    from suyuan.bootstrap import office

    while hand_on(office()):
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]))
