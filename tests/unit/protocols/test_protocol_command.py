"""`suyuan protocol` from the outside."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from suyuan.cli.protocol import protocol
from suyuan.terms import BadUsage, NothingFound


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(protocol, list(arguments), env=env)


def test_list_names_every_edition():
    """`list` names the editions; --quiet only the names; --json one array."""
    assert "covid19-9" in run("list").output
    assert run("list", "--quiet").output.split()[0] == "covid19-20"
    rows = json.loads(run("list", "--json", "--lang", "zh").output)
    assert {"id": "measles", "name": "麻疹（参照世卫组织做法）", "issued": "2026-11-22"} in rows


def test_show_prints_rules_with_their_sources():
    """`show` prints the rules and the sources in the language asked for."""
    english = run("show", "covid19-9", env={"COLUMNS": "200"}).output
    assert "7 d in a facility; 3 d health monitoring at home" in english
    assert "10.1001/jamanetworkopen.2022.9317" in english
    assert (
        "集中隔离 7 天；居家健康监测 3 天"
        in run("show", "covid19-9", env={"SUYUAN_LANG": "zh", "COLUMNS": "200"}).output
    )


def test_show_as_json_and_quiet():
    """`show --json` is the whole edition; `--quiet` is one tab-separated line a fact."""
    whole = json.loads(run("show", "covid19-9", "--json").output)
    assert whole["rings"]["close"]["quarantine"] == [{"kind": "facility", "days": 7}, {"kind": "monitoring", "days": 3}]
    assert "rings.contact_of_contact.determined\tdetermined" in run("show", "covid19-9", "--quiet").output.splitlines()


def test_diff():
    """`diff` says what changes, as a table, as sentences and as JSON."""
    assert "not determined" in run("diff", "covid19-9", "covid19-20", env={"COLUMNS": "200"}).output
    assert "Contacts of contacts, ring: was determined" in run("diff", "covid19-9", "covid19-20", "--quiet").output
    told = json.loads(run("diff", "covid19-9", "covid19-20", "--json").output)
    assert told["changes"][0]["key"] == "rings.close.quarantine"
    assert told["changes"][4]["after"] is None


def test_diff_of_equal_editions_finds_nothing():
    """No difference is `NothingFound`, which the root command turns into exit code 4."""
    assert isinstance(run("diff", "measles", "measles").exception, NothingFound)
    answer = run("diff", "measles", "measles", "--json")
    assert json.loads(answer.output)["changes"] == []


def test_unknown_edition_is_bad_usage():
    """An unknown name reaches the root command as `BadUsage`."""
    assert isinstance(run("show", "covid19-7").exception, BadUsage)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_check_prints_every_fault(tmp_path: Path, lang: str):
    """`check` prints all faults and ends with 3; a usable file ends with 0."""
    path = tmp_path / "mine.toml"
    path.write_text("changes = 'measles'\n[tracing_window]\ndays_before_onset = -1\n", "utf-8")
    answer = run("check", str(path), "--lang", lang)
    assert answer.exit_code == 3
    assert len(answer.stderr.splitlines()) == 2
    told = json.loads(run("check", str(path), "--json", "--lang", lang).stdout)
    assert not told["usable"]
    assert [fault["code"] for fault in told["faults"]] == ["protocol.override_header", "protocol.out_of_range"]
    fine = run("check", "measles", "--lang", lang)
    assert (fine.exit_code, fine.stderr) == (0, "")
    assert "measles" in fine.stdout
    assert run("check", "measles", "--quiet").output == ""
