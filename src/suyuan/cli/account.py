"""`suyuan account`: accounts from the command line of the machine, for whoever holds its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from suyuan.cli.home import database_option, home_option, need_home
from suyuan.cli.options import Answer, answering, language_option
from suyuan.terms import BadInput, say


def _duty(text: str) -> tuple[str, str]:
    role, _, area = text.partition(":")
    if not role:
        raise BadInput("accounts.bad_duty", duty=text)
    return role, area


def _ready(home: Path, database: str) -> Any:
    need_home(home, database)
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.store import accounts

    return accounts


@click.group()
@language_option
def account(lang: str) -> None:
    """Accounts: make, list, change duties, close, reset / 账号."""


@account.command("add")
@click.argument("name")
@click.option("--duty", "duties", multiple=True, required=True, metavar="ROLE[:AREA]", help="May be repeated / 职责.")
@click.option("--display-name", default="", help="Shown name / 显示名.")
@click.option("--group", default="", help="Working group / 工作组.")
@click.option("--person", default="", help="Number of the person whose own account it is / 本人的人员编号.")
@home_option
@database_option
@answering
def add(name: str, duties: tuple[str, ...], home: Path, database: str, answer: Answer, **given: str) -> None:
    """Make an account; its first password is shown once / 新建账号."""
    accounts = _ready(home, database)
    made = accounts.make_account(accounts.OPERATOR, name, tuple(map(_duty, duties)), **given)
    answer.json({"id": made[0], "name": name, "password": made[1]})
    answer.text(say("accounts.made", answer.lang, name=name, password=made[1]))


@account.command("list")
@home_option
@database_option
@answering
def list_(home: Path, database: str, answer: Answer) -> None:
    """List accounts with their duties / 列出账号."""
    accounts = _ready(home, database)
    from suyuan.store.queries.officers import accounts_of

    found: list[Any] = []
    cursor = ""
    while True:
        page = accounts_of(accounts.OPERATOR, cursor=cursor)
        found += page.rows
        cursor = page.following
        if not cursor:
            break
    answer.json([{"name": each.username, "active": each.active, "duties": each.duties} for each in found])
    for each in found:
        duties = ", ".join(f"{role}:{area}" if area else role for role, area in each.duties)
        state = say("accounts.active" if each.active else "accounts.closed", answer.lang)
        answer.text(f"{each.username:24} {state:8} {duties}")


@account.command("role")
@click.argument("name")
@click.option("--give", multiple=True, metavar="ROLE[:AREA]", help="Give / 授予.")
@click.option("--take", multiple=True, metavar="ROLE[:AREA]", help="Take away / 收回.")
@home_option
@database_option
@answering
def role(name: str, give: tuple[str, ...], take: tuple[str, ...], home: Path, database: str, answer: Answer) -> None:
    """Give or take roles in areas / 授予或收回职责."""
    accounts = _ready(home, database)
    officer_id = accounts.account_id(name)
    for held, duties in ((True, give), (False, take)):
        for each in duties:
            accounts.set_duty(accounts.OPERATOR, officer_id, *_duty(each), held=held)
    answer.json({"name": name, "given": give, "taken": take})
    answer.text(say("accounts.changed", answer.lang, name=name))


@account.command("disable")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Open it again / 重新启用.")
@home_option
@database_option
@answering
def disable(name: str, home: Path, database: str, answer: Answer, *, undo: bool) -> None:
    """Close an account: it is signed out everywhere at once / 停用账号."""
    accounts = _ready(home, database)
    accounts.set_active(accounts.OPERATOR, accounts.account_id(name), active=undo)
    answer.json({"name": name, "active": undo})
    answer.text(say("accounts.changed", answer.lang, name=name))


@account.command("password")
@click.argument("name")
@click.option("--second-factor", is_flag=True, help="Forget the second factor too / 同时清除第二因素.")
@home_option
@database_option
@answering
def password(name: str, home: Path, database: str, answer: Answer, *, second_factor: bool) -> None:
    """Draw a new first password, shown once / 重置密码."""
    accounts = _ready(home, database)
    drawn = accounts.reset_password(accounts.OPERATOR, accounts.account_id(name), second_factor=second_factor)
    answer.json({"name": name, "password": drawn})
    answer.text(say("accounts.made", answer.lang, name=name, password=drawn))


@account.command("token")
@click.argument("name")
@click.option("--program", required=True, help="Which program holds it / 由哪个程序持有.")
@click.option("--scope", "scopes", multiple=True, required=True, metavar="RIGHT", help="May be repeated / 权限.")
@click.option("--days", default=90, show_default=True, help="How long it holds / 有效天数.")
@home_option
@database_option
@answering
def token(name: str, home: Path, database: str, answer: Answer, **given: Any) -> None:
    """Make a token with which a program acts as an account, shown once / 为账号新建程序令牌."""
    accounts = _ready(home, database)
    from suyuan.store.queries.tokens import issue_token
    from suyuan.store.room import StoreRoom

    who = StoreRoom().officer(accounts.account_id(name))
    if who is None:
        raise BadInput("api.no_officer", name=name)
    made = issue_token(who, given["program"], given["scopes"], given["days"])
    answer.json({"name": name, "program": given["program"], "token": made})
    answer.text(say("api.token_made", answer.lang, name=name, token=made))
