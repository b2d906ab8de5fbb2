"""Files into the log: every row is read, checked and either goes in or comes back with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from suyuan.cli.bad_rows import BadRows
from suyuan.cli.feed import Feed
from suyuan.exposure.log import Coded, LogWriter, Outcome, PlaceBatch, create_log, open_log
from suyuan.gateways import (
    Mapping,
    Places,
    Reading,
    ReadOptions,
    batches_from_table,
    file_digest,
    load_mapping,
    read_encounters,
    read_places,
    read_visits,
)
from suyuan.terms import BadInput, BadUsage

KINDS = ("visits", "encounters", "places")
Tell = Callable[[str, int], None]
"""Called with the name of a file and the rows read so far."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How files are to be imported.

    Parameters
    ----------
    log
        Folder of the log; made if there is none.
    kind
        One of ``KINDS``.
    mapping
        Mapping file, or the name of one that comes with Suyuan.
    timezone
        Of times without offset; None takes the mapping's, else the log's.
    max_stay_days
        Longest stay that is believed.
    places, places_closed
        File of places, and whether it is complete.
    bad
        The error file; None puts it next to the log.
    lang
        Language of the error file.
    """

    log: Path
    kind: str = "visits"
    mapping: str | None = None
    timezone: str | None = None
    max_stay_days: int = 7
    places: Path | None = None
    places_closed: bool = False
    bad: Path | None = None
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file.

    Parameters
    ----------
    n_read, n_bad, n_blank
        Rows read, rows that did not go in, wholly empty lines.
    n_new, n_known
        Rows that are new in the log, and rows equal to one that it held.
    n_joined, n_stay_assumed
        Device records joined to another; visits whose end the mapping assumed.
    already
        Whether this file was imported before, so that nothing was done.
    bad_rows
        The error file, None if there is none.
    reasons
        How many rows for which reason, in sentences.
    """

    file: str
    kind: str
    n_read: int = 0
    n_new: int = 0
    n_known: int = 0
    n_bad: int = 0
    n_blank: int = 0
    n_joined: int = 0
    n_stay_assumed: int = 0
    already: bool = False
    bad_rows: Path | None = None
    reasons: list[tuple[int, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """Give plain values, for JSON."""
        reasons = [{"rows": number, "sentence": sentence} for number, sentence in self.reasons]
        return {**asdict(self), "bad_rows": str(self.bad_rows) if self.bad_rows else None, "reasons": reasons}


def import_files(files: list[Path], plan: ImportPlan, tell: Tell) -> tuple[bool, list[Taken]]:
    """Import files, each once.

    Returns
    -------
    bool
        Whether the log was made.
    list of Taken
        One for each file, the places file first.

    Raises
    ------
    BadUsage
        If no time zone is stated for a new log, or another process is writing.
    BadInput
        If a file cannot be used as a whole; nothing of any file is in the log then.
    """
    options = options_of(plan)
    if plan.kind == "places":
        pairs = [(file, read_places(file, options)) for file in files]
        made = make_log_if_absent(plan.log, options)
        with LogWriter(plan.log) as writer:
            return made, [take_places(writer, plan, file, *found) for file, found in pairs]
    stated = None
    if plan.places:
        stated = read_places(plan.places, options)
        options = options_of(plan, stated[0])
    readings = [(file, _read(plan.kind, file, options)) for file in files]
    made = make_log_if_absent(plan.log, options)
    taken = []
    with LogWriter(plan.log) as writer:
        if plan.places and stated:
            taken.append(take_places(writer, plan, plan.places, *stated))
        for file, reading in readings:
            key = f"{plan.kind}:{file_digest(file, options)}"
            taken.append(take_reading(writer, plan, (reading, key), options, tell))
    return made, taken


def append_files(files: list[Path], plan: ImportPlan, tell: Tell) -> list[Taken]:
    """Add files to a log that is there, without keeping account of which file came when.

    Raises
    ------
    BadInput
        If there is no log, or a file cannot be used as a whole.
    """
    open_log(plan.log)
    if plan.kind == "places":
        return import_files(files, plan, tell)[1]
    stated = read_places(plan.places, options_of(plan)) if plan.places else None
    options = options_of(plan, stated[0] if stated else None)
    readings = [_read(plan.kind, file, options) for file in files]
    if not readings:
        return []
    with LogWriter(plan.log) as writer:
        taken = [take_places(writer, plan, plan.places, *stated)] if plan.places and stated else []
        return taken + [take_reading(writer, plan, (reading, ""), options, tell) for reading in readings]


def import_table(table: Any, plan: ImportPlan) -> Taken:
    """Import visits from an Arrow table, once; see :func:`import_files`.

    Raises
    ------
    BadUsage, BadInput
        As :func:`import_files`.
    """
    options = options_of(plan)
    reading = batches_from_table(table, options)
    make_log_if_absent(plan.log, options)
    with LogWriter(plan.log) as writer:
        return take_reading(writer, plan, (reading, _digest(table, options)), options, lambda _name, _rows: None)


def _digest(table: pa.Table, options: ReadOptions) -> str:
    content = hashlib.sha256(repr((options.zone_name, options.mapping)).encode())
    content.update(table.schema.serialize())
    for batch in table.to_batches():
        content.update(batch.serialize())
    return content.hexdigest()


def options_of(plan: ImportPlan, places: Places | None = None) -> ReadOptions:
    """Gather what a reader has to know; the time zone is the caller's, else the mapping's, else the log's.

    Raises
    ------
    BadUsage
        If no time zone is stated and there is no log that has one.
    """
    mapping = load_mapping(plan.mapping) if plan.mapping else Mapping()
    timezone = plan.timezone
    if timezone is None and mapping.time.timezone is None:
        timezone = _zone_of_log(plan.log)
        if timezone is None:
            raise BadUsage("cli.timezone_needed", path=plan.log)
    return ReadOptions(
        now=datetime.now(UTC),
        timezone=timezone,
        max_stay_days=plan.max_stay_days,
        places=places,
        places_closed=plan.places_closed,
        mapping=mapping,
    )


def _zone_of_log(path: Path) -> str | None:
    try:
        return open_log(path).timezone
    except BadInput as fault:
        if fault.code != "log.absent":
            raise
        return None


def make_log_if_absent(path: Path, options: ReadOptions) -> bool:
    """Make the log in the stated time zone, unless it is there; returns whether it was made."""
    if _zone_of_log(path) is not None:
        return False
    if path.exists() and not path.is_dir():
        raise BadUsage("cli.log_is_file", path=path)
    create_log(path, options.zone_name)
    return True


def _read(kind: str, file: Path, options: ReadOptions) -> Reading[Any]:
    return read_visits(file, options) if kind == "visits" else read_encounters(file, options)


def bad_path(plan: ImportPlan, file: str, kind: str) -> Path:
    """Say where the error file of a file stands: next to the log, so that the input's folder is never written to."""
    if plan.bad and kind == plan.kind:
        return plan.bad
    return plan.log.parent / f"{Path(file).name}.bad.csv"


def take_reading(
    writer: LogWriter, plan: ImportPlan, keyed: tuple[Reading[Any], str], options: ReadOptions, tell: Tell
) -> Taken:
    """Stream one table into the log; with a key of its content it goes in once only."""
    reading, key = keyed
    file = reading.path
    with BadRows(bad_path(plan, file, plan.kind), plan.lang) as bad:
        feed = Feed(reading, bad, options, lambda rows: tell(Path(file).name, rows))
        outcome = _put(writer, plan.kind, feed, key)
    if outcome.already:
        return Taken(file, plan.kind, already=True)
    counts = reading.counts
    return Taken(
        file,
        plan.kind,
        n_read=counts.n_read,
        n_new=outcome.visits,
        n_known=outcome.duplicates,
        n_bad=bad.n_rows,
        n_blank=counts.n_blank,
        n_joined=counts.n_joined,
        n_stay_assumed=counts.n_stay_assumed,
        bad_rows=bad.path if bad.n_rows else None,
        reasons=bad.sentences(),
    )


def _put(writer: LogWriter, kind: str, feed: Feed, key: str) -> Outcome:
    rows: Iterator[Any] = iter(feed)
    if kind == "encounters":
        return writer.add_encounters(rows, ledger_key=key or None, name=feed.name, on_refusal=feed.refused)
    if key:
        return writer.import_batches(rows, key, name=feed.name, on_refusal=feed.refused)
    return writer.append(rows, on_refusal=feed.refused)


def take_places(writer: LogWriter, plan: ImportPlan, file: Path, places: Places, rejects: Any) -> Taken:
    """Put kinds and coordinates of places into the log; a kind that contradicts the record is refused."""
    batch = PlaceBatch(Coded.of(places.codes), places.kind, places.longitude, places.latitude)
    with BadRows(bad_path(plan, str(file), "places"), plan.lang) as bad:
        bad.add(rejects)
        outcome = writer.set_places(batch)
        for refusal in outcome.refused:
            values = {"place_id": places.codes[refusal.row].as_py()}
            bad.refuse(None, (refusal.code, refusal.sentence(plan.lang)), values)
    return Taken(
        str(file),
        "places",
        n_read=len(places) + len(rejects),
        n_new=len(places) - outcome.n_refused,
        n_bad=bad.n_rows,
        bad_rows=bad.path if bad.n_rows else None,
        reasons=bad.sentences(),
    )
