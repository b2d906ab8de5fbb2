"""Kill the writer at any moment: every acknowledged deed is there, and the one under way wholly or not at all."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "reference"))

from plain_log import TIMEZONE, PlainLog, assert_same, batch_of, bytes_of, do_plainly, random_row, visits_in

from suyuan.exposure.log import LogWriter, create_log, open_log
from suyuan.exposure.log.change import OURS
from suyuan.terms import BadInput, BadUsage

REFERENCE = Path(__file__).parents[1] / "reference"

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork: killing is tested elsewhere")


@pytest.fixture
def nursery() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(REFERENCE / "log_nursery.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()


def run_and_kill(nursery: subprocess.Popen[str], order: str, after_seconds: float) -> int | None:
    """Start a writer, kill it after some time, and tell the last deed that it acknowledged."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(order + "\n")
    child = int(nursery.stdout.readline().split()[1])
    killer = threading.Timer(after_seconds, os.kill, (child, signal.SIGKILL))
    killer.start()
    last = None
    for line in nursery.stdout:
        if line.startswith("ack"):
            last = int(line.split()[1])
        elif line.startswith("dead"):
            break
        else:
            killer.cancel()
            pytest.fail(line)
    killer.join()
    return last


def kill_often(nursery: subprocess.Popen[str], folder: Path, kills: int, chance: random.Random) -> int:
    """Kill writers one after the other over one log; return how often the deed under way was there in full."""
    seed = chance.randrange(1 << 30)
    create_log(folder, TIMEZONE)
    plain, done, n_whole = PlainLog(), 0, 0
    for _ in range(kills):
        last = run_and_kill(nursery, f"{folder}\t{seed}\t{done}", chance.uniform(0.005, 0.25))
        while last is not None and done <= last:
            do_plainly(done, plain, seed)
            done += 1
        after = plain.copy()
        do_plainly(done, after, seed)
        log = open_log(folder)
        try:
            assert_same(log, plain)
        except AssertionError:
            assert_same(log, after)
            plain, done, n_whole = after, done + 1, n_whole + 1
    return n_whole


@forks
def test_a_killed_writer_loses_no_acknowledged_row(nursery: subprocess.Popen[str], tmp_path: Path) -> None:
    """After forty kills at random moments the log always opens and equals the plain one, up to whole deeds."""
    chance = random.Random(20221111)
    kill_often(nursery, tmp_path / "log", 40, chance)


@forks
@pytest.mark.slow
def test_a_killed_writer_loses_nothing_in_four_hundred_kills(nursery: subprocess.Popen[str], tmp_path: Path) -> None:
    """The same over ten logs of forty kills each, at other moments."""
    for round_ in range(10):
        kill_often(nursery, tmp_path / f"log{round_}", 40, random.Random(round_))


WRITE_MANY = """
import sys
sys.path.insert(0, sys.argv[1])
from plain_log import batch_of, random_row
import random
from suyuan.exposure.log import LogWriter
from suyuan.terms import BadUsage
chance = random.Random(sys.argv[3])
busy = 0
for turn in range(12):
    rows = [random_row(chance)._replace(person=f"W{sys.argv[3]}x{turn}", kind=15) for _ in range(5)]
    try:
        with LogWriter(sys.argv[2], patience_seconds=0.05 * chance.random()) as writer:
            writer.append(batch_of(rows))
        print(f"W{sys.argv[3]}x{turn}", flush=True)
    except BadUsage as problem:
        assert problem.code == "log.busy", problem.code
"""


def test_two_processes_write_in_turn(tmp_path: Path) -> None:
    """Of two processes each write is either acknowledged and there, or refused with a sentence and not there."""
    create_log(tmp_path / "log", TIMEZONE)
    command = [sys.executable, "-c", WRITE_MANY, str(REFERENCE), str(tmp_path / "log")]
    writers = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in ("a", "b")]
    acknowledged = set()
    for writer in writers:
        said, _ = writer.communicate(timeout=120)
        assert writer.returncode == 0
        acknowledged |= set(said.split())
    assert acknowledged
    assert {key[0] for key in visits_in(open_log(tmp_path / "log"))} == acknowledged


def test_a_second_writer_hears_a_sentence(tmp_path: Path) -> None:
    """While one writer is open a second is refused soon, in words, and readers go on reading."""
    create_log(tmp_path / "log", TIMEZONE)
    with LogWriter(tmp_path / "log") as writer:
        begun = time.monotonic()
        with (
            pytest.raises(BadUsage, match="Another process is writing"),
            LogWriter(tmp_path / "log", patience_seconds=0.1),
        ):
            pass
        assert time.monotonic() - begun < 30
        writer.append(batch_of([random_row(random.Random(1))]))
        assert open_log(tmp_path / "log").n_visits == 1


def test_leftovers_of_a_killed_writer_are_swept(tmp_path: Path) -> None:
    """Files that no manifest names go with the next writer; files that are not a log's making stay."""
    folder = tmp_path / "log"
    create_log(folder, TIMEZONE)
    with LogWriter(folder) as writer:
        writer.append(batch_of([random_row(random.Random(1))]))
    before = bytes_of(folder)
    left = ["manifest.json.new", "segment-00000099.bin", "record-00000098.parquet", "dead-00000097.bin"]
    for name in left:
        (folder / name).write_bytes(b"half wri")
    (folder / "staging-00000096").mkdir()
    (folder / "notes.txt").write_text("of the house")
    assert all(OURS.fullmatch(name) for name in left)
    assert open_log(folder).n_visits == 1
    with LogWriter(folder):
        pass
    assert not [name for name in (*left, "staging-00000096") if (folder / name).exists()]
    assert (folder / "notes.txt").read_text() == "of the house"
    (folder / "notes.txt").unlink()
    assert bytes_of(folder) == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("stem", ["segment", "persons", "manifest", "table"])
def test_a_file_cut_off_from_outside_is_named(tmp_path: Path, stem: str, share: float) -> None:
    """A log with a truncated file is refused with a sentence that names the file, never a traceback."""
    folder = tmp_path / "log"
    create_log(folder, TIMEZONE)
    with LogWriter(folder) as writer:
        writer.append(batch_of([random_row(random.Random(i)) for i in range(50)]))
    victim = next(file for file in folder.iterdir() if file.name.startswith(stem))
    size = victim.stat().st_size
    os.truncate(victim, int(size * share))
    with pytest.raises(BadInput) as refused:
        open_log(folder)
    assert victim.name in refused.value.sentence("en")
    assert victim.name in refused.value.sentence("zh")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A log of which a file was deleted by hand is refused with a sentence that names the file."""
    folder = tmp_path / "log"
    create_log(folder, TIMEZONE)
    with LogWriter(folder) as writer:
        writer.append(batch_of([random_row(random.Random(1))]))
    victim = next(folder.glob("persons-*"))
    victim.unlink()
    with pytest.raises(BadInput, match=victim.name):
        open_log(folder)


def test_a_reader_keeps_its_snapshot_while_files_are_replaced(tmp_path: Path) -> None:
    """A log opened before a compaction and a purge shows what it showed; refreshed, it shows the new state."""
    folder = tmp_path / "log"
    create_log(folder, TIMEZONE)
    rows = [random_row(random.Random(i)) for i in range(100)]
    plain = PlainLog()
    plain.add(rows)
    with LogWriter(folder) as writer:
        writer.append(batch_of(rows[:50]))
        writer.append(batch_of(rows[50:]))
        old = open_log(folder)
        assert old.refresh() is old
        writer.compact()
        writer.withdraw(batch_of([rows[0]._replace(kind=15)]), ["mistaken"])
    assert_same(old, plain)
    plain.supersede([rows[0]._replace(kind=15)], None)
    assert_same(old.refresh(), plain)
    shutil.rmtree(folder)
