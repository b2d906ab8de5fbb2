"""The report part of the demonstration: a city, an outbreak, its tracing and its score in about a minute."""

from __future__ import annotations

import json
import shutil
import time
import webbrowser
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from suyuan.cli.options import Answer
from suyuan.cli.progress import Progress
from suyuan.terms import BadUsage, NothingFound

if TYPE_CHECKING:
    from suyuan.exposure.result import TraceResult
    from suyuan.terms import Case
    from suyuan.twin.score import Score

SCENARIO, PROTOCOL = "delta-market", "covid19-9"
DAYS_AFTER_FIRST_POSITIVE = 3
MARK = "demo.json"
PARTS = ("city", "city.log", "result", "room", "scenario.toml", MARK)


def make_report(people: int, out: Path, seed: int, answer: Answer, *, show: bool) -> None:
    """Make a city, let an outbreak run, trace it, score the tracing, and name the report."""
    begun = time.monotonic()
    clear(out, people, seed, answer)
    with Progress(answer) as progress:
        make_city(out, people, seed, answer, progress)
        answer.text(answer.say("demo_import"))
        import_city(out / "city", out / "city.log", answer, progress)
        result = _trace(out, answer, progress)
        score = _score(out, result, answer)
    report, seconds = out / "result" / "report.html", time.monotonic() - begun
    answer.json({**result.summary(), "score": score.as_dict(), "report": str(report), "seconds": round(seconds, 1)})
    answer.text(answer.say("demo_done", path=report, seconds=f"{seconds:.0f}"))
    if show:
        webbrowser.open(report.absolute().as_uri())


def clear(out: Path, people: int, seed: int, answer: Answer) -> None:
    """Make room: an earlier demo goes, anything else stays and stops this one."""
    if (out / MARK).is_file():
        answer.note(answer.say("demo_again", path=out))
        for name in PARTS:
            path = out / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadUsage("cli.demo_taken", path=out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text(json.dumps({"people": people, "seed": seed, "scenario": SCENARIO}) + "\n", "utf-8")


def make_city(out: Path, people: int, seed: int, answer: Answer, progress: Progress) -> None:
    """Make the scenario's city."""
    from suyuan.cli.twin import progress_in
    from suyuan.twin.make import make_twin

    answer.text(answer.say("demo_begin", people=f"{people:,}", scenario=SCENARIO, seed=seed))
    make_twin(people, None, seed, SCENARIO, out / "city", progress_in(progress, answer.lang))


def import_city(city: Path, log: Path, answer: Answer, progress: Progress) -> None:
    """Put what was observed of a city into a visit log."""
    from suyuan.cli.intake import ImportPlan, import_files

    observed = city / "observed"
    timezone = json.loads((city / "about.json").read_text("utf-8"))["timezone"]
    for kind, names in (("places", ["places.csv"]), ("visits", VISIT_FILES), ("encounters", ["encounters.parquet"])):
        plan = ImportPlan(log=log, kind=kind, timezone=timezone, lang=answer.lang)
        files = [observed / name for name in names if (observed / name).is_file()]
        taken = import_files(files, plan, lambda name, rows: progress.show(answer.say("reading", file=name), rows))[1]
        for each in taken:
            _tell(each.kind, each.n_new, each.n_bad, answer)


VISIT_FILES = ["visits.parquet", "late_visits.parquet"]


def _tell(kind: str, n_new: int, n_bad: int, answer: Answer) -> None:
    answer.text("  " + answer.say(f"demo_took_{kind}", new=f"{n_new:,}", bad=f"{n_bad:,}"))


def _trace(out: Path, answer: Answer, progress: Progress) -> TraceResult:
    from suyuan.cli.casework import case_options
    from suyuan.cli.outcome import write_result
    from suyuan.cli.summary import trace_lines
    from suyuan.exposure.log import open_log
    from suyuan.exposure.trace import trace
    from suyuan.gateways import read_cases
    from suyuan.protocols import load

    log, edition = open_log(out / "city.log"), load(PROTOCOL)
    cases, _ = read_cases(out / "city" / "observed" / "cases.csv", case_options(log.timezone))
    day, known = _first_known(cases, out)
    answer.text(answer.say("demo_trace", n=f"{len(known):,}", day=day, protocol=edition.name.text(answer.lang)))
    progress.show(answer.say("tracing"))
    result = trace(log, known, edition, n_generations=5)
    progress.show(answer.say("writing"))
    write_result(result, out / "result", answer.lang, datetime.now(UTC))
    for line in trace_lines(result, answer):
        answer.text("  " + line)
    return result


def _first_known(cases: list[Case], out: Path) -> tuple[date, list[Case]]:
    """Keep the cases of the first days: a team traces long before the last case is known."""
    days = sorted(case.sampled.date() for case in cases if case.sampled)
    if not days:
        raise NothingFound("cli.demo_no_case", path=out)
    last = days[0] + timedelta(days=DAYS_AFTER_FIRST_POSITIVE)
    return last, [case for case in cases if case.sampled and case.sampled.date() <= last]


def _score(out: Path, result: TraceResult, answer: Answer) -> Score:
    from suyuan.twin.score import score

    answer.text(answer.say("demo_score"))
    found = score(out / "city", result)
    for sentence in found.sentences(answer.lang):
        answer.text("  " + sentence)
    return found
