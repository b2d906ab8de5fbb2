"""`suyuan log`: import, look, append, correct, erase."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from suyuan.cli.options import FILE, Answer, answering, language_option
from suyuan.terms import BadUsage, NothingFound

if TYPE_CHECKING:
    from suyuan.cli.intake import ImportPlan, Taken

Command = Callable[..., Any]
LOG = click.option("--log", "path", type=FILE, required=True, metavar="L", help="Folder of the visit log / 日志目录.")


@click.group()
@language_option
def log(lang: str) -> None:
    """Keep the visit log: import, look, append, correct, erase / 到访日志."""


def reading_options(command: Command) -> Command:
    """Give a command the options that say how files are to be read."""
    for option in (
        click.option("--bad", type=FILE, metavar="FILE", help="Where bad rows go / 错误行文件."),
        click.option("--places-closed", is_flag=True, help="A place not in --places makes a bad row / 地点表完整."),
        click.option("--places", type=FILE, metavar="FILE", help="Kinds and coordinates of places / 地点表."),
        click.option(
            "--max-stay-days", type=int, default=7, show_default=True, help="Longest stay believed / 最长停留."
        ),
        click.option("--timezone", metavar="TZ", help="Of times without offset, e.g. Asia/Shanghai / 时区."),
        click.option("--mapping", metavar="M", help="Mapping file, or a name such as sociopatterns / 列映射."),
        click.option(
            "--kind", type=click.Choice(["visits", "encounters", "places"]), default="visits", show_default=True
        ),
    ):
        command = option(command)
    return command


@log.command("import")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@LOG
@reading_options
@answering
@click.pass_context
def import_(context: click.Context, /, files: tuple[Path, ...], path: Path, answer: Answer, **given: Any) -> None:
    """Import CSV, Parquet or Excel FILEs; makes the log if there is none / 导入文件."""
    from suyuan.cli.intake import import_files
    from suyuan.cli.progress import Progress

    plan = _plan(path, files, answer, given)
    with Progress(answer) as progress:
        made, taken = import_files(
            list(files), plan, lambda name, rows: progress.show(answer.say("reading", file=name), rows)
        )
    if made:
        answer.text(answer.say("log_made", path=path))
    _finish(context, path, taken, answer)


@log.command()
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE...]")
@LOG
@click.option("--corrections", type=FILE, metavar="FILE", help="Corrections and withdrawals / 更正与撤回.")
@reading_options
@answering
@click.pass_context
def append(
    context: click.Context,
    /,
    files: tuple[Path, ...],
    path: Path,
    corrections: Path | None,
    answer: Answer,
    **given: Any,
) -> None:
    """Add FILEs to a log, or apply --corrections; visible at once / 追加或更正."""
    from suyuan.cli.intake import append_files
    from suyuan.cli.progress import Progress

    if not files and corrections is None:
        raise BadUsage("cli.nothing_to_append")
    plan = _plan(path, files, answer, given)
    with Progress(answer) as progress:
        taken = append_files(
            list(files), plan, lambda name, rows: progress.show(answer.say("reading", file=name), rows)
        )
    if corrections is None:
        _finish(context, path, taken, answer)
    else:
        _amend(context, corrections, plan, taken, answer)


@log.command()
@LOG
@answering
def info(path: Path, answer: Answer) -> None:
    """Say what a log holds / 查看日志."""
    from suyuan.exposure.log import open_log

    told = open_log(path).describe()
    answer.json(told)
    counts, span = told["counts"], told["span"]
    answer.text(answer.say("info_title", path=path, timezone=told["timezone"], version=told["version"]))
    for name in ("visits", "encounters", "persons", "places", "zones"):
        answer.text(f"  {answer.say('info_' + name)}: {counts[name]:,}")
    if span["first"]:
        answer.text(f"  {answer.say('info_span')}: {span['first']} – {span['last']}")
    answer.text(
        f"  {answer.say('info_bytes')}: {told['bytes']['total']:,} ({answer.say('info_parts', **_parts(told))})"
    )
    for entry in told["imports"]:
        when = datetime.fromtimestamp(entry["recorded_at"]).astimezone().strftime("%Y-%m-%d %H:%M")
        line = {"file": entry["name"], "when": when, "rows": f"{entry['rows']:,}", "new": f"{entry['visits']:,}"}
        answer.text(f"  {answer.say('info_import', **line)}")


@log.command()
@click.argument("person")
@LOG
@answering
def history(person: str, path: Path, answer: Answer) -> None:
    """Show every version of PERSON's visits and encounters on record / 查看某人全部记录版本."""
    from suyuan.exposure.log import open_log

    snapshot = open_log(path)
    visits, met = snapshot.history(person), snapshot.encounter_history(person)
    answer.json({"person_id": person, "visits": visits.to_dicts(), "encounters": met.to_dicts()})
    if not visits.height and not met.height:
        raise NothingFound("cli.no_history", person=person, path=path)
    for row in visits.iter_rows(named=True):
        place = " / ".join(part for part in (row["place_id"], row["zone"]) if part)
        answer.text(_version(answer, row, f"{_span(row['t_in'], row['t_out'])}  {place}"))
    for row in met.iter_rows(named=True):
        other = row["person_b"] if row["person_a"] == person else row["person_a"]
        answer.text(_version(answer, row, f"{_span(row['start'], row['end'])}  {answer.say('met', person=other)}"))


@log.command()
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day to keep / 保留起始日期.")
@click.option("--dry-run", is_flag=True, help="Only count / 只统计.")
@click.option("--yes", is_flag=True, help="Do not ask / 不再询问.")
@LOG
@answering
def purge(path: Path, before: datetime, answer: Answer, *, dry_run: bool, yes: bool) -> None:
    """Erase what ended before a date, from every file / 清除到期记录."""
    from suyuan.exposure.log import LogWriter

    day = before.date()
    if not (dry_run or yes):
        _ask(day, path, answer)
    with LogWriter(path) as writer:
        erasure = writer.purge(day, dry_run=dry_run)
    told = asdict(erasure)
    answer.json(told)
    words = {name: f"{value:,}" for name, value in told.items() if isinstance(value, int)}
    answer.text(answer.say("purged" if erasure.done else "would_purge", day=day, **words))


@log.command()
@LOG
@answering
def compact(path: Path, answer: Answer) -> None:
    """Fold small pieces of the log into large ones / 整理日志."""
    from suyuan.exposure.log import LogWriter, open_log

    before = open_log(path).describe()
    with LogWriter(path) as writer:
        writer.compact()
    after = open_log(path).describe()
    told = {
        "segments_before": len(before["segments"]),
        "segments_after": len(after["segments"]),
        "bytes_before": before["bytes"]["total"],
        "bytes_after": after["bytes"]["total"],
    }
    answer.json(told)
    answer.text(answer.say("compacted", **{name: f"{value:,}" for name, value in told.items()}))


def _plan(path: Path, files: tuple[Path, ...], answer: Answer, given: dict[str, Any]) -> ImportPlan:
    from suyuan.cli.intake import ImportPlan

    if given["bad"] and len(files) > 1:
        raise BadUsage("cli.one_bad_file")
    if given["places_closed"] and not given["places"]:
        raise BadUsage("cli.closed_without_places")
    return ImportPlan(log=path, lang=answer.lang, **given)


def _finish(context: click.Context, path: Path, taken: list[Taken], answer: Answer) -> None:
    answer.json({"log": str(path), "files": [each.as_dict() for each in taken]})
    for each in taken:
        _tell(each, answer)
    if any(each.n_bad for each in taken):
        context.exit(3)


def _tell(taken: Taken, answer: Answer) -> None:
    if taken.already:
        answer.text(answer.say("already", file=taken.file))
        return
    words = {"file": taken.file, "read": f"{taken.n_read:,}", "new": f"{taken.n_new:,}", "known": f"{taken.n_known:,}"}
    answer.text(answer.say(f"taken_{taken.kind}", **words))
    if taken.n_joined:
        answer.text("  " + answer.say("joined", n=f"{taken.n_joined:,}"))
    if taken.n_stay_assumed:
        answer.text("  " + answer.say("stay_assumed", n=f"{taken.n_stay_assumed:,}"))
    _tell_bad(taken.n_bad, taken.bad_rows, taken.reasons, answer)


def _tell_bad(n_bad: int, path: Path | None, reasons: list[tuple[int, str]], answer: Answer) -> None:
    if not n_bad:
        return
    answer.text("  " + answer.say("bad_rows", n=f"{n_bad:,}", path=path))
    for number, sentence in reasons:
        answer.text(f"    {number:,} × {sentence}")


def _amend(context: click.Context, file: Path, plan: ImportPlan, taken: list[Taken], answer: Answer) -> None:
    from suyuan.cli.amend import amend_log

    done = amend_log(file, plan)
    reasons = [{"rows": number, "sentence": sentence} for number, sentence in done.reasons]
    amended = {**asdict(done), "bad_rows": str(done.bad_rows) if done.bad_rows else None, "reasons": reasons}
    answer.json({"log": str(plan.log), "files": [each.as_dict() for each in taken], "corrections": amended})
    for each in taken:
        _tell(each, answer)
    words = {name: f"{value:,}" for name, value in asdict(done).items() if isinstance(value, int)}
    answer.text(answer.say("amended", file=file, **words))
    _tell_bad(done.n_bad, done.bad_rows, done.reasons, answer)
    if done.n_bad or any(each.n_bad for each in taken):
        context.exit(3)


def _ask(day: date, path: Path, answer: Answer) -> None:
    """Let a person at a terminal confirm; a script must say --yes."""
    if not sys.stdin.isatty():
        raise BadUsage("cli.purge_needs_yes", day=day)
    if not click.confirm(answer.say("purge_question", day=day, path=path), err=True):
        raise click.Abort


def _parts(told: dict[str, Any]) -> dict[str, str]:
    return {name: f"{told['bytes'][name]:,}" for name in ("index", "record", "dictionaries")}


def _span(begin: datetime, end: datetime) -> str:
    return f"{begin:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M}"


def _version(answer: Answer, row: dict[str, Any], what: str) -> str:
    living = answer.say("holds" if row["living"] else "ended")
    reason = f"  ({row['reason']})" if row["reason"] else ""
    return f"{answer.say('verb_' + row['verb'])}  {what}  {living}{reason}"
