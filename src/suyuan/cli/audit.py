"""`suyuan audit`: whether the chain holds, and what stands in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from suyuan.cli.home import database_option, home_option, need_home
from suyuan.cli.options import Answer, answering, language_option
from suyuan.terms import BadInput, say


@click.group()
@language_option
def audit(lang: str) -> None:
    """Verify and read the audit / 审计."""


@audit.command("verify")
@home_option
@database_option
@answering
def verify(home: Path, database: str, answer: Answer) -> None:
    """Walk the chain from its beginning; exit code 3 where it does not hold / 校验."""
    _ready(home, database)
    from suyuan.store.audit import verify_audit
    from suyuan.store.retention import cut_digest

    found, cut = verify_audit(), cut_digest()[0]
    answer.json(
        {"n_entries": found.n_entries, "broken_at": found.broken_at, "digest": found.last_digest, "cut_up_to": cut}
    )
    if found.broken_at:
        raise BadInput("audit.broken", number=found.broken_at)
    answer.text(say("audit.whole", answer.lang, n=f"{found.n_entries:,}", digest=found.last_digest[:16]))
    if cut:
        answer.text(say("audit.cut", answer.lang, n=f"{cut:,}"))


@audit.command("show")
@click.option("--officer", "username", default="", help="Who / 人员.")
@click.option("--deed", default="", help="What / 操作.")
@click.option("--person", "person_code", default="", help="Who looked at this person / 谁查看过此人.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Day / 日期.")
@click.option("--lines", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many / 条数.")
@home_option
@database_option
@answering
def show(home: Path, database: str, answer: Answer, *, lines: int, day: datetime | None, **asked: Any) -> None:
    """Print the newest lines / 查看."""
    _ready(home, database)
    from suyuan.store.queries.audit import Question, audit_lines

    question = Question(day=day.date() if day else None, **asked)
    found: list[Any] = []
    cursor = ""
    while len(found) < lines:
        page = audit_lines(_auditor(), question, cursor)
        found += page.rows
        cursor = page.following
        if not cursor:
            break
    shown = found[:lines]
    answer.json([{**_plain(line), "people": line.people, "detail": line.detail} for line in shown])
    for line in shown:
        answer.text(
            f"{line.id:>9}  {line.at:%Y-%m-%d %H:%M:%S}  {line.username or '–':16} {line.deed:20} "
            f"{line.subject} {line.subject_id or ''} {line.area}  {line.n_people or ''}  {line.purpose}"
        )


def _plain(line: Any) -> dict[str, Any]:
    names = ("id", "at", "username", "deed", "subject", "subject_id", "area", "purpose", "n_people")
    return {name: getattr(line, name) for name in names}


def _auditor() -> Any:
    from suyuan.terms import Duty, Officer

    return Officer(0, "operator", duties=(Duty("operator", "", frozenset({"see_audit"})),))


def _ready(home: Path, database: str) -> None:
    need_home(home, database)
    from suyuan.bootstrap import set_up

    set_up()
