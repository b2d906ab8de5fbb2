"""The visit log: what goes in comes out, what is wrong comes back with a reason."""

from __future__ import annotations

import errno
import json
import random
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "reference"))

from plain_log import (
    BEGIN,
    OTHER,
    TIMEZONE,
    Met,
    PlainLog,
    Row,
    assert_same,
    batch_of,
    bytes_of,
    met_batch,
    met_in,
    random_row,
    visits_in,
)

from suyuan.exposure.kernels.shapes import ZONED_PLACE
from suyuan.exposure.log import (
    NO_ONE,
    WEAK_SOURCE,
    ZONE_UNKNOWN,
    Coded,
    EncounterBatch,
    LogWriter,
    PlaceBatch,
    Refusal,
    create_log,
    index,
    open_log,
    record,
    staging,
)
from suyuan.exposure.log.erasure import first_instant
from suyuan.terms import PLACE_KINDS, BadInput, BadUsage, NothingFound, PlaceKind

CLASSROOM, SHOP = PLACE_KINDS.index(PlaceKind.CLASSROOM), PLACE_KINDS.index(PlaceKind.SHOP)
MORNING = BEGIN + 8 * 3600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_log(tmp_path / "log", TIMEZONE)
    return tmp_path / "log"


def stay(
    person: str, place: str = "L1", *, zone: str = "", source: str = "", kind: int = OTHER, days: float = 0
) -> Row:
    t_in = MORNING + int(days * 86400)
    return Row(person, place, zone, source, kind, t_in, t_in + 3600)


def places(names: list[str], kinds: list[int], longitude: list[float], latitude: list[float]) -> PlaceBatch:
    return PlaceBatch(Coded.of(names), np.array(kinds, np.uint8), np.array(longitude), np.array(latitude))


def test_an_empty_log_opens(folder: Path) -> None:
    """A new log has no rows, knows nobody, and can be described."""
    log = open_log(folder)
    assert (log.n_visits, log.n_persons, log.n_places, log.n_encounters, log.segments) == (0, 0, 0, 0, ())
    assert log.person_numbers(["P1"]).tolist() == [NO_ONE]
    assert json.loads(json.dumps(log.describe()))["counts"]["visits"] == 0
    with pytest.raises(NothingFound, match="knows nobody"):
        log.history("P1")


def test_a_log_is_made_once_and_in_a_known_time_zone(folder: Path, tmp_path: Path) -> None:
    """Making a log over another one, or with an unknown time zone, is refused with a sentence."""
    with pytest.raises(BadUsage, match="already"):
        create_log(folder, TIMEZONE)
    with pytest.raises(BadInput, match="Mars/Olympus"):
        create_log(tmp_path / "other", "Mars/Olympus")
    with pytest.raises(BadInput, match="no visit log"):
        open_log(tmp_path / "other")


def test_a_newer_or_foreign_log_is_named(folder: Path) -> None:
    """A manifest of a later format, and one that is no manifest, are refused with a sentence each."""
    (folder / "manifest.json").write_text('{"timezone": "UTC", "format": 9}')
    with pytest.raises(BadInput, match="newer edition"):
        open_log(folder)
    (folder / "manifest.json").write_text('{"timezone": 3}')
    with pytest.raises(BadInput, match="cannot be understood"):
        open_log(folder)


def test_cells_tell_place_zone_and_weak_sources(folder: Path) -> None:
    """A cell knows its place's kind, whether its zone is known and its source weak, and its siblings in a ring."""
    with LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1", kind=CLASSROOM), stay("P2", zone="A"), stay("P3", "L2", source="location")]))
        writer.append(batch_of([stay("P1", zone="B")]))
    log = open_log(folder)
    assert log.place_codes(log.cells.place) == ["L1", "L1", "L2", "L1"]
    assert log.cells.kind.tolist() == [CLASSROOM, CLASSROOM, OTHER, CLASSROOM]
    assert log.cells.flags.tolist() == [
        ZONE_UNKNOWN | ZONED_PLACE,
        ZONED_PLACE,
        ZONE_UNKNOWN | WEAK_SOURCE,
        ZONED_PLACE,
    ]
    assert log.cell_zones(np.arange(4, dtype=np.uint32)) == ["", "A", "", "B"]
    assert log.cell_sources(np.arange(4, dtype=np.uint32)) == ["", "", "location", ""]
    ring, cell = [], 0
    for _ in range(3):
        ring.append(cell)
        cell = int(log.cells.sibling[cell])
    assert (sorted(ring), cell) == ([0, 1, 3], 0)


def test_the_same_file_twice_changes_nothing(folder: Path) -> None:
    """A second import of a digest says so and leaves every byte as it is."""
    rows = [stay("P1"), stay("P2")]
    with LogWriter(folder) as writer:
        assert writer.import_batches([batch_of(rows)], "digest", name="visits.csv").visits == 2
        before = bytes_of(folder)
        outcome = writer.import_batches([batch_of(rows)], "digest", name="visits.csv")
    assert outcome.already
    assert bytes_of(folder) == before
    ledger = open_log(folder).describe()["imports"]
    assert [(entry["name"], entry["rows"], entry["visits"]) for entry in ledger] == [("visits.csv", 2, 2)]


def test_an_equal_visit_is_recorded_twice_and_indexed_once(folder: Path) -> None:
    """Visits equal to the minute are duplicates, within a batch, across segments, and again after a rebuild."""
    first, again = stay("P1"), stay("P1")._replace(t_in=MORNING + 30)
    with LogWriter(folder) as writer:
        assert writer.import_batches([batch_of([first, again])], "a").duplicates == 1
        assert writer.append(batch_of([first, stay("P2")])).duplicates == 1
        assert writer.import_batches([batch_of([first] * 50)], "b").duplicates == 50
    log = open_log(folder)
    assert len(visits_in(log)) == log.n_visits == 2
    assert log.describe()["counts"]["versions"] == 54
    assert log.history("P1")["living"].to_list().count(True) == 1


def test_rows_that_cannot_stand_come_back_with_a_reason(folder: Path) -> None:
    """End before start, too long a stay, an absurd year and a contradicted kind are refused; the rest goes in."""
    rows = [
        stay("P1", kind=CLASSROOM),
        stay("P2")._replace(t_out=MORNING - 1),
        stay("P3")._replace(t_out=MORNING + 18 * 86400),
        stay("P4")._replace(t_in=MORNING * 1000, t_out=MORNING * 1000 + 1),
        stay("P5", kind=SHOP),
        stay("P6"),
    ]
    told: list[Refusal] = []
    with LogWriter(folder) as writer:
        outcome = writer.append([batch_of(rows[:2]), batch_of(rows[2:])], on_refusal=told.append)
    assert (outcome.rows, outcome.visits, outcome.n_refused, outcome.refused) == (6, 2, 4, ())
    assert {refusal.row: refusal.code.split(".")[1] for refusal in told} == {
        1: "ends_before_start",
        2: "stay_too_long",
        3: "instant_absurd",
        4: "kind_contradicts",
    }
    assert "L1 is a classroom on record" in told[-1].sentence()
    assert all(refusal.sentence("zh") for refusal in told)
    log = open_log(folder)
    assert {key[0] for key in visits_in(log)} == {"P1", "P6"}
    assert log.person_numbers(["P2", "P5"]).tolist() == [NO_ONE, NO_ONE]


def test_a_kind_said_later_is_learnt_and_changed_only_on_request(folder: Path) -> None:
    """``other`` says nothing; the first kind said stands until a places file is told to replace kinds."""
    with LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1")]))
        writer.append(batch_of([stay("P2", kind=SHOP)]))
        assert open_log(folder).cells.kind.tolist() == [SHOP]
        batch = places(["L1", "L9"], [CLASSROOM, CLASSROOM], [121.5, 121.6], [31.2, 31.3])
        refused = writer.set_places(batch).refused
        assert [(refusal.row, refusal.code) for refusal in refused] == [(0, "log.kind_contradicts")]
        assert np.isnan(open_log(folder).place_coordinates(np.array([0], np.uint32))).all()
        assert not writer.set_places(batch, replace_kinds=True).refused
    log = open_log(folder)
    assert log.cells.kind.tolist() == [CLASSROOM]
    assert log.place_coordinates(log.place_numbers(["L9", "L1"])).tolist() == [[121.6, 31.3], [121.5, 31.2]]


def test_coordinates_off_the_globe_are_refused_and_unknown_ones_are_nan(folder: Path) -> None:
    """A latitude of 91 is refused; a place without coordinates keeps those it had."""
    with LogWriter(folder) as writer:
        outcome = writer.set_places(places(["L1", "L2"], [OTHER, OTHER], [10, 10], [91, 20]))
        assert [refusal.code for refusal in outcome.refused] == ["log.off_the_globe"]
        writer.set_places(places(["L2"], [SHOP], [np.nan], [np.nan]))
        writer.append(batch_of([stay("P1", "L3")]))
    log = open_log(folder)
    assert log.place_coordinates(log.place_numbers(["L2"])).tolist() == [[10, 20]]
    assert np.isnan(log.place_coordinates(log.place_numbers(["L3"]))).all()


def test_a_correction_keeps_every_version(folder: Path) -> None:
    """After a correction and a withdrawal the index shows what is true and the history all that was said."""
    now = iter(range(100, 200))
    right = stay("P1", "L2", days=1)
    with LogWriter(folder, clock=lambda: next(now)) as writer:
        writer.append(batch_of([stay("P1"), stay("P2")]))
        assert writer.correct(batch_of([stay("P1")]), batch_of([right]), ["wrong day"]).superseded == 1
        assert writer.withdraw(batch_of([right]), ["not there at all"]).superseded == 1
    log = open_log(folder)
    assert {key[0] for key in visits_in(log)} == {"P2"}
    history = log.history("P1")
    assert history["verb"].to_list() == ["add", "replace", "correct", "withdraw"]
    assert history["reason"].to_list() == [None, "wrong day", "wrong day", "not there at all"]
    assert history["place_id"].to_list() == ["L1", "L1", "L2", "L2"]
    assert history["supersedes"].to_list() == [None, None, history["row"][1], None]
    assert not history["living"].any()
    assert history["recorded_at"].to_list()[0] == datetime.fromtimestamp(100, UTC)
    assert history["t_in"].dtype.time_zone == TIMEZONE


def test_a_correction_that_names_no_visit_or_several_comes_back(folder: Path) -> None:
    """Unknown person, wrong minute, a visit already ended, and a row that fits two zones are refused."""
    with LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1", zone="A"), stay("P1", zone="B"), stay("P2", zone="A")]))
        rows = [
            stay("nobody"),
            stay("P2", zone="A")._replace(t_in=MORNING + 60),
            stay("P1"),
            stay("P2"),
            stay("P2", zone="A"),
            stay("P2", "nowhere"),
        ]
        before = open_log(folder).version
        outcome = writer.withdraw(batch_of(rows), ["x"] * len(rows))
        codes = {refusal.row: refusal.code for refusal in outcome.refused}
        assert codes == {2: "log.visit_ambiguous", **dict.fromkeys((0, 1, 4, 5), "log.visit_unknown")}
        assert open_log(folder).version == before + 1
        writer.withdraw(batch_of(rows[:2]), ["x"] * 2)
        assert open_log(folder).version == before + 1, "nothing changed, so nothing is written"


def test_a_correction_whose_new_version_is_refused_leaves_the_old_one(folder: Path) -> None:
    """A new version that contradicts a place's kind comes back, and the old visit stands."""
    with LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1"), stay("P2", "L2", kind=SHOP)]))
        outcome = writer.correct(batch_of([stay("P1")]), batch_of([stay("P1", "L2", kind=CLASSROOM)]), ["x"])
    assert (outcome.superseded, outcome.n_refused) == (0, 1)
    assert "P1" in {key[0] for key in visits_in(open_log(folder))}


def test_encounters_are_found_from_both_sides(folder: Path) -> None:
    """An encounter is indexed once per side, duplicates once, and a withdrawal is on record."""
    met = [Met("P2", "P1", 100, 400), Met("P1", "P2", 100, 400), Met("P1", "P3", 50, 60)]
    bad = [Met("P1", "P1", 1, 2), Met("P1", "P2", 5, 4), Met("P1", "P2", 5, 2**40)]
    with LogWriter(folder) as writer:
        outcome = writer.add_encounters(met_batch(met + bad))
        assert (outcome.visits, outcome.duplicates, outcome.n_refused) == (2, 1, 3)
        log = open_log(folder)
        first = int(np.searchsorted(log.encounters.person_keys, log.person_numbers(["P1"])[0]))
        mine = slice(int(log.encounters.offsets[first]), int(log.encounters.offsets[first + 1]))
        assert log.person_codes(log.encounters.other[mine]) == ["P3", "P2"]
        assert log.encounters.start[mine].tolist() == [50, 100]
        assert met_in(log) == {Met("P1", "P2", 100, 400), Met("P1", "P3", 50, 60)}
        outcome = writer.withdraw_encounters(met_batch([met[0], Met("P1", "P9", 1, 2)]), ["a", "b"])
        assert (outcome.superseded, outcome.n_refused) == (1, 1)
    log = open_log(folder)
    assert log.n_encounters == 1
    history = log.encounter_history("P2")
    assert history["verb"].to_list() == ["add", "add", "withdraw"]
    assert not history["living"].any()
    assert history["source"].to_list() == ["device"] * 3


def test_a_file_of_encounters_is_imported_once(folder: Path) -> None:
    """A second import of an encounter file's digest says so and puts nothing on record."""
    with LogWriter(folder) as writer:
        batch = met_batch([Met("P1", "P2", 100, 400)])
        assert writer.add_encounters(batch, ledger_key="k", name="met.csv").visits == 1
        assert writer.add_encounters(batch, ledger_key="k", name="met.csv").already
    assert open_log(folder).describe()["counts"]["encounter_versions"] == 1


def test_a_purge_leaves_no_byte_of_the_expired(folder: Path) -> None:
    """Codes of persons and places, reasons and rows of expired visits are in no file; what is left is unharmed."""
    old, young = stay("EXPIRED-PERSON", "EXPIRED-PLACE", zone="EXPIRED-ZONE"), stay("P2", "L2", zone="B", days=9)
    both = [stay("P3"), stay("P3", days=9)]
    plain = PlainLog()
    with LogWriter(folder) as writer:
        writer.import_batches([batch_of([old, young, *both])], "key", name="visits.csv")
        writer.append(batch_of([stay("EXPIRED-LATE", "EXPIRED-PLACE", days=1)]))
        writer.withdraw(batch_of([stay("EXPIRED-LATE", "EXPIRED-PLACE", days=1)]), ["EXPIRED-REASON"])
        writer.add_encounters(
            met_batch([Met("EXPIRED-MET", "P2", MORNING, MORNING + 60), Met("P2", "P4", 2**31, 2**31)])
        )
        day = date(2023, 8, 31)
        before = bytes_of(folder)
        foreseen = writer.purge(day, dry_run=True)
        assert bytes_of(folder) == before
        assert not foreseen.done
        erasure = writer.purge(day)
    assert (erasure.visits, erasure.versions, erasure.encounters, erasure.persons, erasure.places) == (2, 5, 1, 3, 1)
    assert (erasure.done, foreseen.persons, foreseen.files) == (True, 3, erasure.files)
    assert b"EXPIRED" not in bytes_of(folder)
    plain.add([young, both[1]])
    plain.met = {Met("P2", "P4", 2**31, 2**31)}
    assert_same(open_log(folder), plain)
    counts = open_log(folder).describe()["counts"]
    assert (counts["persons"], counts["places"], counts["zones"]) == (3, 2, 1)
    with LogWriter(folder) as writer:
        assert writer.import_batches([batch_of([old])], "key").already, "an erased file is not imported again"


def test_a_purge_counts_civil_dates_of_the_place(folder: Path) -> None:
    """A visit that ends a second before local midnight goes; one that ends at midnight stays."""
    midnight = first_instant(date(2023, 8, 28), TIMEZONE)
    assert datetime.fromtimestamp(midnight, UTC).hour == 16
    rows = [
        stay("P1")._replace(t_in=midnight - 60, t_out=midnight - 1),
        stay("P2")._replace(t_in=midnight - 60, t_out=midnight),
    ]
    with LogWriter(folder) as writer:
        writer.append(batch_of(rows))
        writer.purge(date(2023, 8, 28))
    assert {key[0] for key in visits_in(open_log(folder))} == {"P2"}


def test_compaction_folds_and_loses_nothing(folder: Path) -> None:
    """After a compaction there is one base per era, one record file, one block per dictionary, and the same rows."""
    plain, chance = PlainLog(), random.Random(3)
    with LogWriter(folder) as writer:
        for _ in range(12):
            rows = [random_row(chance) for _ in range(30)]
            plain.add(rows)
            writer.append(batch_of(rows))
        writer.compact()
        manifest = writer._state
    assert_same(open_log(folder), plain)
    assert len(manifest.records) == 1
    assert all(entry.base and not entry.dead for entry in manifest.segments)
    assert {len(blocks) for blocks in manifest.dictionaries.values()} == {1}


def test_many_appends_keep_files_few(folder: Path) -> None:
    """Deltas, dead lists and record files are folded as they come, so that a thousand appends are no thousand files."""
    plain, chance = PlainLog(), random.Random(4)
    base = [random_row(chance, 2000) for _ in range(3000)]
    plain.add(base)
    with LogWriter(folder) as writer:
        writer.import_batches([batch_of(base)], "base")
        for turn in range(40):
            rows = [stay(f"Q{turn}x{i}", days=turn / 10) for i in range(10)]
            plain.add(rows)
            writer.append(batch_of(rows))
            writer.withdraw(batch_of(rows[:1]), ["x"])
            plain.supersede(rows[:1], None)
        manifest = writer._state
    assert_same(open_log(folder), plain)
    for era in {entry.era for entry in manifest.segments}:
        assert sum(entry.era == era and not entry.base for entry in manifest.segments) <= 3
    assert len(manifest.records) < 20
    assert len(list(folder.iterdir())) < 60


def test_a_large_import_spills_to_files_and_rebuilds_eras(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With little memory allowed, rows go through files; a second import as large as the first rebuilds the bases."""
    monkeypatch.setattr(staging, "ROWS_IN_MEMORY", 100)
    monkeypatch.setattr(index, "CHUNK_ROWS", 70)
    monkeypatch.setattr(record, "GROUP_ROWS", 150)
    plain, chance = PlainLog(), random.Random(5)
    with LogWriter(folder) as writer:
        for name in ("first", "second"):
            rows = [random_row(chance, 500, 60) for _ in range(1000)]
            plain.add(rows)
            writer.import_batches((batch_of(rows[i : i + 64]) for i in range(0, 1000, 64)), name)
        manifest = writer._state
    assert_same(open_log(folder), plain)
    assert all(entry.base for entry in manifest.segments)
    assert len(manifest.segments) == 3
    assert not list(folder.glob("staging-*"))
    assert pq.read_metadata(folder / manifest.records[0].file).num_row_groups > 1


def test_a_failed_import_leaves_nothing(folder: Path) -> None:
    """When the reader breaks down in the middle, no row is there and no file is left."""

    def broken():
        yield batch_of([stay("P1")])
        raise BadInput("file.absent", path="x")

    before = bytes_of(folder)
    with LogWriter(folder) as writer:
        with pytest.raises(BadInput):
            writer.import_batches(broken(), "key")
        assert bytes_of(folder) == before
        assert writer.import_batches([batch_of([stay("P1")])], "key").visits == 1


def test_a_batch_of_many_combinations_is_numbered_alike(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking cells up once per combination or once per row gives the same log."""
    monkeypatch.setattr("suyuan.exposure.log.numbering.MOST_SPOTS", 0)
    plain, chance = PlainLog(), random.Random(6)
    rows = [random_row(chance) for _ in range(5)]
    plain.add(rows)
    with LogWriter(folder) as writer:
        writer.append(batch_of(rows))
    assert_same(open_log(folder), plain)


def test_texts_that_no_row_uses_get_no_number(folder: Path) -> None:
    """A batch cut out of a larger one brings only its own persons."""
    batch = batch_of([stay("P1"), stay("P2"), stay("P3")]).take(np.array([1]))
    with LogWriter(folder) as writer:
        writer.append(batch)
    log = open_log(folder)
    assert log.n_persons == 1
    assert log.person_numbers(["P1", "P2", "P3"]).tolist() == [NO_ONE, 0, NO_ONE]


def test_an_old_snapshot_tells_the_latest_history(folder: Path) -> None:
    """After the record's files were replaced, a snapshot's history and description are those of the latest state."""
    with LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1")]))
        writer.add_encounters(met_batch([Met("P1", "P2", 100, 400)]))
        writer.append(batch_of([stay("P1", days=1)]))
        writer.add_encounters(met_batch([Met("P1", "P2", 500, 600)]))
        old = open_log(folder)
        writer.compact()
        assert old.history("P1").height == 2
        assert old.encounter_history("P2").height == 2
        assert old.describe()["version"] == old.version + 1
        for record_file in folder.glob("*.parquet"):
            record_file.unlink()
    with pytest.raises(BadInput, match="is missing"):
        open_log(folder).history("P1")


def test_a_foreign_file_under_a_known_name_is_named(folder: Path) -> None:
    """A dictionary file that is something else is refused by name, and the failed writer lets go of the lock."""
    with LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1")]))
    victim = next(folder.glob("persons-*"))
    victim.write_bytes(b"something else entirely, of some length")
    with pytest.raises(BadInput, match="not what its name says"):
        open_log(folder)
    with pytest.raises(BadInput, match="not what its name says"), LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1")]))
    with LogWriter(folder, patience_seconds=0.1):
        pass


def test_sources_of_encounters_are_at_most_65536(folder: Path) -> None:
    """A file that writes a number of its own into every row's source is refused with a sentence."""
    rows = 70_000
    batch = met_batch([Met("P1", "P2", 1, 2)])
    many = EncounterBatch(
        person_a=Coded.constant("P1", rows),
        person_b=Coded.constant("P2", rows),
        source=Coded.of([f"device {i}" for i in range(rows)]),
        setting=np.zeros(rows, np.uint8),
        start=np.full(rows, batch.start[0]),
        end=np.full(rows, batch.end[0]),
    )
    with LogWriter(folder) as writer, pytest.raises(BadInput, match="65536"):
        writer.add_encounters(many)
    assert open_log(folder).n_persons == 0


def test_a_purge_rewrites_only_what_holds_expired_rows(folder: Path) -> None:
    """An era that begins after the date keeps its file; an era that ended long before goes without being read."""
    rows = [stay("P1", days=-90), stay("P2"), stay("P3", days=10)]
    with LogWriter(folder) as writer:
        writer.append(batch_of(rows))
        names = {entry.era: entry.file for entry in writer._state.segments}
        assert len(names) == 3
        writer.purge(date(2023, 8, 28))
        left = {entry.era: entry.file for entry in writer._state.segments}
        assert left == {max(names): names[max(names)]}
        writer.purge(date(2023, 8, 1))
        assert {entry.era: entry.file for entry in writer._state.segments} == left


def test_a_full_disk_is_said_and_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the change is refused with a sentence, nothing is there, and the writer goes on."""

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with LogWriter(folder) as writer:
        writer.append(batch_of([stay("P1")]))
        with monkeypatch.context() as patch:
            patch.setattr("suyuan.exposure.log.index.build_segment", full)
            with pytest.raises(BadUsage, match="is full"):
                writer.append(batch_of([stay("P2")]))
        with monkeypatch.context() as patch:
            patch.setattr("suyuan.exposure.log.manifest.os.fsync", full)
            with pytest.raises(BadUsage, match="is full"):
                writer.append(batch_of([stay("P2")]))
        assert {key[0] for key in visits_in(open_log(folder))} == {"P1"}
        assert writer.append(batch_of([stay("P3")])).visits == 1
    assert {key[0] for key in visits_in(open_log(folder))} == {"P1", "P3"}


def test_a_failure_after_the_rename_keeps_the_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When only the last step fails, the manifest stands already: its files must stay, and the writer knows."""
    forced: list[Path] = []

    def fail_second(path: Path) -> None:
        forced.append(path)
        if len(forced) == 2:
            raise OSError(errno.EIO, "Input/output error")

    with LogWriter(folder) as writer:
        with monkeypatch.context() as patch:
            patch.setattr("suyuan.exposure.log.manifest.force_to_disk", fail_second)
            with pytest.raises(OSError, match="Input/output"):
                writer.append(batch_of([stay("P1")]))
        assert {key[0] for key in visits_in(open_log(folder))} == {"P1"}
        writer.append(batch_of([stay("P2")]))
    assert {key[0] for key in visits_in(open_log(folder))} == {"P1", "P2"}


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Making a log where a file stands is refused with a sentence."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadUsage, match="cannot be written"):
        create_log(tmp_path / "file" / "log", TIMEZONE)


def test_a_closed_writer_says_so(folder: Path) -> None:
    """Writing outside the with block is refused with a sentence."""
    writer = LogWriter(folder)
    with pytest.raises(BadUsage, match="is closed"):
        writer.append(batch_of([stay("P1")]))
