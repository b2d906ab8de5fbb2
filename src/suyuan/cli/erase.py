"""`suyuan erase`: what has come to the end of its term goes, and the audit proves it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from suyuan.cli.home import database_option, home_option, need_home
from suyuan.cli.options import Answer, answering
from suyuan.terms import BadUsage, say


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count / 只统计.")
@click.option("--yes", is_flag=True, help="Do not ask / 不再询问.")
@home_option
@database_option
@answering
def erase(home: Path, database: str, answer: Answer, *, dry_run: bool, yes: bool) -> None:
    """Erase what has come to the end of its term; --dry-run counts it first / 到期删除."""
    need_home(home, database)
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.protocols import load_rights
    from suyuan.store import retention
    from suyuan.store.queries.closed_logs import closed_logs

    now = datetime.now(UTC)
    terms = load_rights().retention
    found = retention.plan_erasure(now)
    if not dry_run and any(each.n for each in found):
        _confirm(sum(each.n for each in found), answer, yes=yes)
        found = retention.erase(now)
    logs = closed_logs(now, terms["itineraries"].days)
    answer.json({"dry_run": dry_run, "kinds": [asdict(each) for each in found], "visit_logs": logs})
    for each in found:
        values = {"name": terms[each.kind].name.text(answer.lang), "n": f"{each.n:,}", "day": f"{each.before:%Y-%m-%d}"}
        answer.text(say("erase.would" if dry_run else "erase.done", answer.lang, **values))
    if not found:
        answer.text(say("erase.nothing", answer.lang))
    for name, day in logs.items():
        answer.text(say("erase.log", answer.lang, path=home / "logs" / name, day=day))


def _confirm(n: int, answer: Answer, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadUsage("erase.needs_yes", n=f"{n:,}")
    if not click.confirm(say("erase.sure", answer.lang, n=f"{n:,}"), err=True):
        raise click.Abort
