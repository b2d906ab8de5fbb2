"""`suyuan bench trace` at a size that takes seconds."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from suyuan.cli import bench_packed
from suyuan.cli.bench import bench
from suyuan.cli.bench_city import TimedLog, make_timed_city
from suyuan.cli.bench_trace import _agree
from suyuan.exposure.visit_log import Digest
from suyuan.terms import BadUsage
from suyuan.twin.bench_city import bench_rules

PROMISED = {
    "bytes_per_visit",
    "build_rows_per_s",
    "q1_cpu_ms",
    "q1_cold_ms",
    "two_generations_10_cpu_s",
    "three_generations_10_cpu_s",
    "append_100k_visible_s",
    "open_s",
    "peak_gb",
    "duckdb_q1_cpu_ms",
}


def test_one_object_holds_every_figure(tmp_path):
    """With --json one object holds every promised figure, keyed by the number of cases, and both engines agree."""
    arguments = ["trace", "--visits", "1e5", "--folder", str(tmp_path), "--json", "--quiet"]
    done = CliRunner().invoke(bench, arguments, catch_exceptions=False)
    figures = json.loads(done.stdout)
    assert figures.keys() >= PROMISED
    for name in ("q1_cpu_ms", "q1_cold_ms", "duckdb_q1_cpu_ms"):
        assert list(figures[name]) == ["1", "10", "100", "500"]
        assert all(value > 0 for value in figures[name].values())
    assert figures["answers_equal"]
    assert figures["planted_cluster_rank"] == 1
    assert 16 < figures["bytes_per_visit"] < 17
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_table_speaks_both_languages(lang, tmp_path, monkeypatch):
    """Without --json a table is printed, with progress on stderr, in the language asked for."""
    monkeypatch.setattr("suyuan.cli.bench_trace.measure", lambda _visits, _folder, tell: told(tell))
    done = CliRunner().invoke(bench, ["trace", "--visits", "1e5", "--lang", lang], catch_exceptions=False)
    assert done.exit_code == 0
    assert ("二" in done.stdout or "两代" in done.stdout) == (lang == "zh")
    assert "172" in done.stdout


def told(tell):
    tell("bench.step_city")
    by_k = {str(k): 10.0 for k in (1, 10, 100, 500)}
    ours = {str(k): 10 / 172 for k in (1, 10, 100, 500)}
    names = (
        "contacts_per_case meetings_per_case_day build_rows_per_s bytes_per_visit duckdb_fill_cpu_s open_s peak_gb "
        "two_generations_10_cpu_s three_generations_10_cpu_s duckdb_two_generations_10_cpu_s append_100k_visible_s "
        "append_100k_visible_cpu_s append_log_visits import_rows_per_s delta_100k_visible_s "
        "duckdb_three_generations_10_cpu_s common_exposures_500_cpu_ms base_and_delta_ratio"
    )
    counts = {"visits": 100_000, "people": 1000, "places": 100, "planted_cluster_rank": 1}
    figures = dict.fromkeys(names.split(), 1.0)
    return figures | counts | {"q1_cpu_ms": ours, "q1_cold_ms": by_k, "duckdb_q1_cpu_ms": by_k}


@pytest.mark.parametrize("visits", ["12", "1e12", "nan"])
def test_an_impossible_size_is_refused(visits):
    """Too few or too many visits are refused with a sentence that names the range."""
    with pytest.raises(BadUsage, match="from 50,000 to 2,000,000,000"):
        CliRunner().invoke(bench, ["trace", "--visits", visits], catch_exceptions=False)


def test_engines_that_disagree_stop_the_bench():
    """Different answers are an error, never a figure."""
    one = Digest(1, 2, 3, 4, 5, 6)
    with pytest.raises(RuntimeError, match="disagree"):
        _agree([one], [one._replace(dose=7)])


def test_same_numbers_ask_the_same_people():
    """Both engines get the same groups of cases, and another seed gets others."""
    timed = make_timed_city(60_000, bench_rules())
    one, other, third = (timed.groups(10, 1, seed)[0] for seed in (0, 0, 1))
    assert (one.person == other.person).all()
    assert (one.person != third.person).any()
    assert isinstance(TimedLog((), timed.cells, timed.n_persons).cells.kind, type(one.person))
    assert set(bench_packed.ROUNDS) == {1, 10, 100, 500}
