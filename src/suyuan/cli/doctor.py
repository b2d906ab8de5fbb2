"""`suyuan doctor`: is the room well, and what mends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from suyuan.cli.home import database_option, home_option, need_home
from suyuan.cli.options import Answer, answering
from suyuan.terms import Problem, say


@click.command()
@home_option
@database_option
@click.pass_context
@answering
def doctor(context: click.Context, home: Path, database: str, answer: Answer) -> None:
    """Look at everything that can go wrong; exit code 3 where something is bad / 体检."""
    need_home(home, database)
    from suyuan.bootstrap import set_up

    set_up()
    from suyuan.store.checks import BAD, examine

    found = []
    for each in examine(home):
        sentence = told(each.check, each.state, each.values, answer.lang)
        found.append({"check": each.check, "state": each.state, "sentence": sentence})
        word = say(f"doctor_state.{each.state}", answer.lang)
        answer.text(f"{word:6} {sentence}")
    n_bad = sum(each["state"] == BAD for each in found)
    answer.json({"well": not n_bad, "checks": found})
    if n_bad:
        context.exit(3)


def told(check: str, state: str, values: dict[str, Any], lang: str) -> str:
    """Say one finding; a problem that a check met says itself."""
    problem = values.get("problem")
    return problem.sentence(lang) if isinstance(problem, Problem) else say(f"doctor.{check}_{state}", lang, **values)
