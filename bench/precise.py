"""Score every scenario under every edition that fits it: the table of the README.

    python bench/precise.py --cases 20 --seed 1

Each scenario is made, imported, traced from its first known cases and scored by the command line, as a user would.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

COVID = ("covid19-8", "covid19-9", "covid19-20")
EDITIONS = {
    "delta-market": COVID,
    "omicron-boarding-school": COVID,
    "measles-schools": ("measles",),
    "ebola-ward": ("ebola",),
    "norovirus-canteen": ("norovirus",),
    "false-alarms": COVID,
}
HEAD = (
    "| scenario | edition | close found | second wave found | close contacts | precision | person-days | per infectee |"
)


def suyuan(*words: str | Path) -> dict[str, Any]:
    """Run one command with --json; its standard error is shown when it fails."""
    command = [sys.executable, "-c", "from suyuan.cli import main; main()", *map(str, words), "--json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 4}:
        raise SystemExit(f"{' '.join(map(str, words))} failed: {done.stderr.strip() or done.stdout.strip()}")
    return dict(json.loads(done.stdout)) if done.stdout.strip() else {}


def prepare(scenario: str, seed: int, n_cases: int, folder: Path) -> tuple[Path, Path, Path]:
    """Make and import a scenario, and keep the first known cases; returns city, log and cases."""
    city, log, cases = folder / scenario, folder / f"{scenario}-log", folder / f"{scenario}-cases.csv"
    suyuan("twin", "make", "--scenario", scenario, "--seed", str(seed), "--out", city)
    about = json.loads((city / "about.json").read_text("utf-8"))
    seen = city / "observed"
    suyuan("log", "import", "--log", log, "--timezone", about["timezone"], "--places", seen / "places.csv",
           seen / "visits.parquet")  # fmt: skip
    if (seen / "encounters.parquet").is_file():
        suyuan("log", "import", "--log", log, "--kind", "encounters", seen / "encounters.parquet")
    with (seen / "cases.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))[: n_cases + 1]
    with cases.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)
    return city, log, cases


def line(scenario: str, edition: str, score: dict[str, Any]) -> str:
    """One row of the table."""

    def part(name: str) -> str:
        count = score[name]
        return "–" if count["share"] is None else f"{count['found']}/{count['of']} ({count['share']:.0%})"

    each = score["quarantine_days_per_infectee"]
    precision = score["precision_close"]["share"]
    cells = [
        scenario,
        edition,
        part("close"),
        part("contact_of_contact"),
        f"{score['precision_close']['of']:,}",
        "–" if precision is None else f"{precision:.1%}",
        f"{score['quarantine_person_days']:,.0f}",
        "–" if each is None else f"{each:,.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description="Scores by scenario and edition.")
    parser.add_argument("--cases", type=int, default=20, help="first known cases that are traced")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", choices=sorted(EDITIONS), help="only this one")
    options = parser.parse_args()
    print(HEAD)
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as room:
        for scenario in [options.scenario] if options.scenario else EDITIONS:
            city, log, cases = prepare(scenario, options.seed, options.cases, Path(room))
            for edition in EDITIONS[scenario]:
                result = Path(room) / f"{scenario}-{edition}"
                suyuan("trace", "--log", log, "--cases", cases, "--protocol", edition, "--out", result)
                print(line(scenario, edition, suyuan("twin", "score", city, result)), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
