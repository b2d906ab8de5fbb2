"""`suyuan trace`: who was exposed to the cases; with --backward, where they may have caught it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from suyuan.cli.options import FILE, Answer, answering
from suyuan.terms import BadInput, BadUsage, NothingFound

if TYPE_CHECKING:
    from suyuan.cli.bad_rows import BadRows
    from suyuan.exposure.log import PackedLog
    from suyuan.protocols import Protocol
    from suyuan.terms import Case

CHANGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the log."""

    path: Path
    cases: Path
    protocol: str
    out: Path
    backward: bool
    generations: int
    since: Path | None
    mapping: str | None


@click.command()
@click.option("--log", "path", type=FILE, required=True, metavar="L", help="Folder of the visit log / 日志目录.")
@click.option("--cases", type=FILE, required=True, metavar="FILE", help="Line list: CSV, Parquet or Excel / 病例表.")
@click.option("--protocol", default="covid19-9", show_default=True, metavar="NAME|FILE", help="Edition / 方案.")
@click.option("--out", type=FILE, required=True, metavar="DIR", help="Where the answer is written / 结果目录.")
@click.option("--backward", is_flag=True, help="Where did the cases catch it / 溯源.")
@click.option("--generations", type=click.IntRange(1), default=2, show_default=True, help="Depth of the tree / 代数.")
@click.option("--since", type=FILE, metavar="DIR", help="Say what changed since an earlier answer / 与以前结果比较.")
@click.option("--mapping", metavar="M", help="Mapping file for the line list / 病例表列映射.")
@answering
@click.pass_context
def trace(context: click.Context, /, answer: Answer, **given: Any) -> None:
    """Say who was exposed to the cases, how, how badly and since when / 密接排查.

    Writes contacts (Parquet, CSV, Excel), evidence, epicontacts tables, GeoJSON and one self-contained HTML report.
    """
    from suyuan.cli.bad_rows import BadRows
    from suyuan.cli.casework import case_options
    from suyuan.exposure.log import open_log
    from suyuan.gateways import read_cases
    from suyuan.protocols import load

    asked = Question(**given)
    if asked.backward and asked.since:
        raise BadUsage("cli.since_backward")
    edition, log = load(asked.protocol), open_log(asked.path)
    options = case_options(log.timezone, asked.mapping)
    bad_path = asked.out / f"{asked.cases.name}.bad.csv"
    with BadRows(bad_path, answer.lang) as bad:
        cases, rejects = read_cases(asked.cases, options)
        bad.add(rejects)
    if not cases:
        _refuse_all(asked, bad)
    found = (_trace_back if asked.backward else _trace_forward)(asked, (log, cases, edition), bad, answer)
    if bad.n_rows:
        answer.text(answer.say("cases_bad", n=bad.n_rows, file=asked.cases, path=bad_path))
        for number, sentence in bad.sentences():
            answer.text(f"    {number:,} × {sentence}")
        context.exit(3)
    if not found:
        raise NothingFound("cli.no_candidate" if asked.backward else "cli.no_contact", path=asked.out / "report.html")


def _refuse_all(asked: Question, bad: BadRows) -> None:
    if not bad.n_rows:
        raise BadInput("trace.no_cases")
    raise BadInput("cli.no_case_left", n=bad.n_rows, file=asked.cases, bad=bad.path)


def _trace_forward(
    asked: Question, matter: tuple[PackedLog, list[Case], Protocol], bad: BadRows, answer: Answer
) -> bool:
    from suyuan.cli.outcome import need_earlier, tell_changes, write_result
    from suyuan.cli.progress import Progress
    from suyuan.cli.summary import isolated_early, silent_cases, trace_lines
    from suyuan.exposure.trace import trace as trace_forward

    if asked.since:
        need_earlier(asked.since)
    with Progress(answer) as progress:
        progress.show(answer.say("tracing"))
        result = trace_forward(*matter, n_generations=asked.generations)
        progress.show(answer.say("writing"))
        files = write_result(result, asked.out, answer.lang, datetime.now(UTC))
    silent, early = silent_cases(result), isolated_early(result)
    told = {
        **result.summary(),
        "cases_without_visits": silent,
        "cases_isolated_early": early,
        "files": [str(path) for path in files],
    }
    changes = tell_changes(asked.since, asked.out, result, matter[0]) if asked.since else None
    answer.json({**told, **_bad(bad), **({} if changes is None else {"changes": changes})})
    for line in trace_lines(result, answer):
        answer.text(line)
    if early:
        answer.text(answer.say("cases_early", n=len(early), examples=", ".join(early[:5])))
    if silent:
        answer.text(answer.say("cases_silent", n=len(silent), examples=", ".join(silent[:5])))
    if changes is not None:
        _tell_changes(asked, changes, answer)
    answer.text(answer.say("report", path=asked.out / "report.html"))
    return result.contacts.height > 0


def _tell_changes(asked: Question, changes: list[dict[str, Any]], answer: Answer) -> None:
    answer.text(answer.say("changed_title" if changes else "unchanged", path=asked.since, n=f"{len(changes):,}"))
    for change in changes[:CHANGES_SHOWN]:
        answer.text(f"  {change[f'sentence_{answer.lang}']}")
    if len(changes) > CHANGES_SHOWN:
        left = len(changes) - CHANGES_SHOWN
        answer.text("  " + answer.say("more_changes", n=f"{left:,}", path=asked.out / "changes.csv"))


def _trace_back(asked: Question, matter: tuple[PackedLog, list[Case], Protocol], bad: BadRows, answer: Answer) -> bool:
    from suyuan.cli.progress import Progress
    from suyuan.cli.summary import backward_lines
    from suyuan.exposure.trace_back import trace_backward
    from suyuan.reporting import write_backward

    with Progress(answer) as progress:
        progress.show(answer.say("tracing"))
        result = trace_backward(*matter)
        progress.show(answer.say("writing"))
        files = write_backward(result, asked.out, answer.lang, datetime.now(UTC))
    told = {
        "n_cases": len(matter[1]),
        "n_candidates": result.candidates["candidate_id"].n_unique(),
        "n_common": result.common.height,
    }
    answer.json({**told, "files": [str(path) for path in files], **_bad(bad)})
    for line in backward_lines(result, len(matter[1]), answer):
        answer.text(line)
    answer.text(answer.say("report", path=asked.out / "report.html"))
    return bool(result.candidates.height or result.places.height)


def _bad(bad: BadRows) -> dict[str, object]:
    return {"n_bad_rows": bad.n_rows, "bad_rows": str(bad.path) if bad.n_rows else None}
