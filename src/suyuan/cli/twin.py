"""`suyuan twin`: simulated cities with known truth, and scores against that truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from suyuan.cli.options import FILE, Answer, answering, language_option
from suyuan.cli.progress import Progress
from suyuan.terms import say


@click.group()
@language_option
def twin(lang: str) -> None:
    """Simulate cities with known truth; scores / 模拟城市与评分."""


@twin.command()
@click.option("--people", type=int, help="Default: the scenario's / 人数.")
@click.option("--days", type=int, help="Default: the scenario's / 天数.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same city / 随机种子.")
@click.option("--scenario", default="delta-market", show_default=True, help="Name, or a TOML file / 情景.")
@click.option("--out", type=FILE, required=True, metavar="DIR", help="Empty or new folder / 空目录.")
@answering
def make(answer: Answer, **given: Any) -> None:
    """Make a city, let it live, and write truth and observation apart / 生成模拟城市."""
    from suyuan.twin.make import make_twin

    with Progress(answer) as progress:
        about: dict[str, Any] = make_twin(**given, progress=progress_in(progress, answer.lang))
    answer.json(about)
    rows = {name: f"{about['rows'].get(name, 0):,}" for name in ("visits", "cases")}
    words = {"people": f"{about['people']:,}", "days": about["days"], "start": about["start"]}
    answer.text(answer.say("twin_made", path=given["out"], **words, **rows))


@twin.command()
@answering
def scenarios(answer: Answer) -> None:
    """List the scenarios that come with Suyuan / 列出情景."""
    from suyuan.twin.scenario import load_scenario, scenario_names

    plans = [load_scenario(name) for name in scenario_names()]
    told = [
        {"id": plan.id, "name": getattr(plan.name, answer.lang), "story": getattr(plan.story, answer.lang)}
        for plan in plans
    ]
    answer.json(told)
    for each in told:
        answer.text(each["id"] if answer.quiet else answer.say("scenario_line", **each))


@twin.command()
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same people / 随机种子.")
@answering
def register(folder: Path, seed: int, answer: Answer) -> None:
    """Invent names, numbers, addresses and districts for the city DIR / 生成虚构的居民登记与区划."""
    from suyuan.twin.register import write_register

    made = write_register(folder, seed)
    answer.json(made)
    counts = {name: f"{n:,}" for name, n in made.items()}
    answer.text(say("register.made", answer.lang, path=folder, **counts))
    answer.text(say("register.invented", answer.lang))


@twin.command()
@click.argument("folder", type=FILE, metavar="DIR")
@click.argument("result", type=FILE)
@answering
def score(folder: Path, result: Path, answer: Answer) -> None:
    """Score a tracing RESULT (folder) against the truth of the city DIR / 与真相对照评分."""
    from suyuan.twin.score import score as score_result

    found = score_result(folder, result)
    answer.json(found.as_dict())
    for sentence in found.sentences(answer.lang):
        answer.text(sentence)


def progress_in(progress: Progress, lang: str) -> Callable[[str, int, int], None]:
    """Let the twin's progress show in a language."""

    def tell(key: str, done: int, of: int) -> None:
        progress.show(say(f"twin.{key}", lang, day=done, days=of), done, of)

    return tell
