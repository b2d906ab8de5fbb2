"""Files into the log by command: what goes in, what comes back, and with which row number."""

import csv
import json
from pathlib import Path

import pytest

from suyuan.cli.root import run

HEAD = "person_id,place_id,place_kind,zone,t_in,t_out,source\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_log_refuses_with_the_row_of_the_file(here: Path, capsys: pytest.CaptureFixture[str]):
    """A kind that contradicts the record comes back with its row number, behind the rows the reader refused."""
    (here / "a.csv").write_text(HEAD + "P1,X,shop,,2022-07-01 08:00,2022-07-01 09:00,\n")
    (here / "b.csv").write_text(
        HEAD
        + "P2,X,shop,,2022-07-01 08:00,2022-07-01 09:00,\n"
        + "P3,X,shop,,2022-07-01 08:00,2022-07-01 07:00,\n"
        + "P4,X,ward,,2022-07-01 08:00,2022-07-01 09:00,till\n"
    )
    assert run(["log", "import", "--log", "l", "a.csv", "--timezone", "Asia/Shanghai"]) == 0
    assert run(["log", "import", "--log", "l", "b.csv"]) == 3
    assert "bad rows, NOT taken in: 2" in capsys.readouterr().out
    bad = rows_of(here / "b.csv.bad.csv")
    assert [(row["row"], row["reason"]) for row in bad] == [("3", "end_before_start"), ("4", "kind_contradicts")]
    assert bad[1]["person_id"] == "P4"
    assert bad[1]["t_in"] == "2022-07-01T08:00:00+08:00"


def test_blank_lines_leave_the_row_open(here: Path):
    """Where blank lines were left out the row of a refusal is not guessed."""
    (here / "a.csv").write_text(HEAD + "P1,X,shop,,2022-07-01 08:00,2022-07-01 09:00,\n")
    (here / "b.csv").write_text(HEAD + "\n\nP4,X,ward,,2022-07-01 08:00,2022-07-01 09:00,till\n")
    assert run(["log", "import", "--log", "l", "a.csv", "--timezone", "Asia/Shanghai"]) == 0
    assert run(["log", "import", "--log", "l", "b.csv"]) == 3
    assert [row["row"] for row in rows_of(here / "b.csv.bad.csv")] == [""]


def test_json_tells_everything(here: Path, capsys: pytest.CaptureFixture[str]):
    """--json is one object with the counts of each file and the sentences of its bad rows."""
    (here / "b.csv").write_text(HEAD + "P3,X,shop,,2022-07-01 08:00,2022-07-01 07:00,\n")
    words = ["log", "import", "--log", "l", "b.csv", "--timezone", "Asia/Shanghai", "--json", "--bad", "mine.csv"]
    assert run(words) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["files"][0]["n_bad"] == 1
    assert told["files"][0]["bad_rows"] == "mine.csv"
    assert told["files"][0]["reasons"][0]["sentence"].startswith("The end lies before the start")


def test_mended_file_removes_the_error_file(here: Path):
    """When the file is mended and imported again, the error file of the first try is gone."""
    (here / "b.csv").write_text(HEAD + "P3,X,shop,,2022-07-01 08:00,2022-07-01 07:00,\n")
    assert run(["log", "import", "--log", "l", "b.csv", "--timezone", "Asia/Shanghai"]) == 3
    assert (here / "b.csv.bad.csv").exists()
    (here / "b.csv").write_text(HEAD + "P3,X,shop,,2022-07-01 08:00,2022-07-01 08:30,\n")
    assert run(["log", "import", "--log", "l", "b.csv"]) == 0
    assert not (here / "b.csv.bad.csv").exists()


def test_nothing_is_made_where_a_file_cannot_be_read(here: Path):
    """If one of several files cannot be used, no log is made and nothing of the others goes in."""
    (here / "a.csv").write_text(HEAD + "P1,X,shop,,2022-07-01 08:00,2022-07-01 09:00,\n")
    assert run(["log", "import", "--log", "l", "a.csv", "absent.csv", "--timezone", "Asia/Shanghai"]) == 3
    assert not (here / "l").exists()


def test_encounters_and_places_come_in_too(here: Path, capsys: pytest.CaptureFixture[str]):
    """Encounters go in once by file; places fill in kinds; a contradiction of kinds is refused."""
    (here / "e.csv").write_text(
        "person_a,person_b,start,end,setting\nP1,P2,2022-07-01 08:00,2022-07-01 09:00,meeting\n"
    )
    (here / "p.csv").write_text("place_id,place_kind\nX,shop\n")
    (here / "q.csv").write_text("place_id,place_kind\nX,ward\n")
    words = ["log", "import", "--log", "l", "--timezone", "Asia/Shanghai"]
    assert run([*words, "--kind", "encounters", "e.csv"]) == 0
    assert run([*words, "--kind", "encounters", "e.csv"]) == 0
    assert "imported before" in capsys.readouterr().out
    assert run([*words, "--kind", "places", "p.csv"]) == 0
    assert run([*words, "--kind", "places", "q.csv"]) == 3
    assert rows_of(here / "q.csv.bad.csv")[0]["reason"] == "kind_contradicts"
    capsys.readouterr()
    assert run(["log", "history", "P1", "--log", "l"]) == 0
    assert "met P2" in capsys.readouterr().out


def test_append_describes_places_too(here: Path):
    """With --places an append takes the places in, and a bad row among them comes back like any other."""
    (here / "a.csv").write_text(HEAD + "P1,X,,,2022-07-01 08:00,2022-07-01 09:00,\n")
    (here / "p.csv").write_text("place_id,place_kind\nX,shop\nY,cave\n")
    assert run(["log", "append", "--log", "l", "a.csv"]) == 3
    assert run(["log", "import", "--log", "l", "a.csv", "--timezone", "Asia/Shanghai"]) == 0
    assert run(["log", "append", "--log", "l", "a.csv", "--places", "p.csv"]) == 3
    assert rows_of(here / "p.csv.bad.csv")[0]["reason"] == "unknown_kind"
    assert run(["log", "append", "--log", "l", "--kind", "places", "p.csv"]) == 3


def test_a_correction_keeps_what_it_does_not_name(here: Path, capsys: pytest.CaptureFixture[str]):
    """Zone and source stay where only a time is corrected; another place begins without a zone."""
    (here / "a.csv").write_text(
        HEAD
        + "P1,S,classroom,class 3,2022-07-01 08:00,2022-07-01 09:00,class list\n"
        + "P2,S,classroom,class 3,2022-07-01 08:00,2022-07-01 09:00,class list\n"
    )
    (here / "c.csv").write_text(
        "action,person_id,place_id,t_in,t_out,new_t_out,new_place_id,reason\n"
        "correct,P1,S,2022-07-01 08:00,2022-07-01 09:00,2022-07-01 10:00,,went on\n"
        "correct,P2,S,2022-07-01 08:00,2022-07-01 09:00,,T,other school\n"
        "add,P3,S,2022-07-01 08:00,2022-07-01 09:00,,,forgotten\n"
        "correct,P9,S,2022-07-01 08:00,2022-07-01 09:00,,T,nobody\n"
    )
    assert run(["log", "import", "--log", "l", "a.csv", "--timezone", "Asia/Shanghai"]) == 0
    assert run(["log", "append", "--log", "l", "--corrections", "c.csv"]) == 3
    capsys.readouterr()
    assert run(["log", "history", "P1", "--log", "l", "--json"]) == 0
    last = json.loads(capsys.readouterr().out)["visits"][-1]
    assert (last["verb"], last["zone"], last["source"], last["living"]) == ("correct", "class 3", "class list", True)
    assert run(["log", "history", "P2", "--log", "l", "--json"]) == 0
    last = json.loads(capsys.readouterr().out)["visits"][-1]
    assert (last["place_id"], last["zone"], last["source"]) == ("T", "", "class list")
    assert rows_of(here / "c.csv.bad.csv")[0]["person_id"] == "P9"


def test_purge_asks_at_a_terminal(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """At a terminal erasing asks first: no leaves everything, yes erases."""
    (here / "a.csv").write_text(HEAD + "P1,X,shop,,2022-07-01 08:00,2022-07-01 09:00,\n")
    assert run(["log", "import", "--log", "l", "a.csv", "--timezone", "Asia/Shanghai"]) == 0
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for said, exit_code, words in ((False, 130, "Stopped"), (True, 0, "Erased everything")):
        monkeypatch.setattr("click.confirm", lambda *_, said=said, **__: said)
        assert run(["log", "purge", "--log", "l", "--before", "2022-08-01"]) == exit_code
        told = capsys.readouterr()
        assert words in told.out + told.err
