"""`suyuan protocol`: print an edition, compare two, check a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from suyuan.cli.options import common_options, language_option
from suyuan.terms import NothingFound, say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from suyuan.protocols import Protocol
    from suyuan.protocols.describe import Fact


@click.group()
@language_option
def protocol(lang: str) -> None:
    """Editions of control plans and disease profiles / 防控方案与疾病参数."""


@protocol.command("list")
@common_options
def list_editions(lang: str, *, as_json: bool, quiet: bool) -> None:
    """List the editions that come with Suyuan / 列出现有方案."""
    from suyuan.protocols import load, names

    editions = [load(name) for name in names()]
    if as_json:
        rows = [{"id": each.id, "name": each.name.text(lang), "issued": str(each.issued)} for each in editions]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if quiet:
        click.echo("\n".join(each.id for each in editions))
        return
    table = _table(lang, "head_id", "head_name", "head_issued")
    for each in sorted(editions, key=lambda each: (each.pathogen, each.issued)):
        table.add_row(each.id, each.name.text(lang), str(each.issued))
    _console().print(table)


@protocol.command()
@click.argument("name")
@common_options
def show(name: str, lang: str, *, as_json: bool, quiet: bool) -> None:
    """Print the edition NAME (or a .toml file) with the source of each rule / 显示一个方案."""
    from suyuan.protocols import load
    from suyuan.protocols.describe import describe

    edition = load(name)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(edition).decode())
        return
    facts = list(describe(edition).values())
    if quiet:
        for fact in facts:
            click.echo(f"{fact.key}\t{fact.value.text(lang)}")
        return
    _print_edition(edition, facts, lang)


@protocol.command()
@click.argument("a")
@click.argument("b")
@common_options
def diff(a: str, b: str, lang: str, *, as_json: bool, quiet: bool) -> None:
    """Say what changes from edition A to edition B / 比较两个方案."""
    from suyuan.protocols import find_changes, load

    changes = find_changes(load(a), load(b))
    if as_json:
        rows = [
            {
                "key": change.key,
                "before": change.before.text(lang) if change.before else None,
                "after": change.after.text(lang) if change.after else None,
                "sentence": change.sentence(lang),
            }
            for change in changes
        ]
        click.echo(json.dumps({"a": a, "b": b, "changes": rows}, ensure_ascii=False))
    if not changes:
        raise NothingFound("protocol.no_difference", a=a, b=b)
    if as_json:
        return
    if quiet:
        click.echo("\n".join(change.sentence(lang) for change in changes))
        return
    table = _table(lang, "head_what", "head_before", "head_after")
    for change in changes:
        before, after = (text.text(lang) if text else "" for text in (change.before, change.after))
        table.add_row(change.label.text(lang), before, after)
    _console().print(table)


@protocol.command()
@click.argument("file")
@click.pass_context
@common_options
def check(context: click.Context, file: str, lang: str, *, as_json: bool, quiet: bool) -> None:
    """Say everything that is wrong with FILE; exit code 3 if anything is / 检查方案文件."""
    from suyuan.protocols import check as find_problems

    problems = find_problems(file)
    if as_json:
        faults = [{"code": each.code, "sentence": each.sentence(lang)} for each in problems]
        click.echo(json.dumps({"file": file, "usable": not faults, "faults": faults}, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(problem.sentence(lang), err=True)
        if not problems and not quiet:
            click.echo(say("protocol.no_fault", lang, file=file))
    if problems:
        context.exit(3)


def _print_edition(edition: Protocol, facts: list[Fact], lang: str) -> None:
    console = _console()
    console.print(f"{edition.name.text(lang)} ({edition.id})", style="bold")
    console.print(f"{edition.issuer}, {edition.issued}. {edition.pathogen}")
    if edition.onset is not None:
        console.print(f"{say('edition.onset_means', lang)}: {edition.onset.text(lang)}")
    for section in dict.fromkeys(fact.section for fact in facts):
        table = _table(lang, "head_what", "head_value", "head_source")
        table.title = say(f"edition.section_{section}", lang)
        for fact in facts:
            if fact.section == section:
                table.add_row(fact.label.text(lang), fact.value.text(lang), fact.source)
        console.print(table)
    console.print(_sources(edition, lang))


def _sources(edition: Protocol, lang: str) -> Table:
    table = _table(lang, "head_source", "head_status", "section_sources")
    for key, source in edition.sources.items():
        where = source.doi or source.clause
        parts = [source.title, f"{source.issuer}, {source.date}", where, source.note]
        table.add_row(key, say(f"edition.status_{source.status}", lang), ". ".join(part for part in parts if part))
    return table


def _table(lang: str, *heads: str) -> Table:
    from rich import box
    from rich.table import Table

    table: Any = Table(box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for head in heads:
        table.add_column(say(f"edition.{head}", lang), overflow="fold")
    return table  # type: ignore[no-any-return]


def _console() -> Console:
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)
