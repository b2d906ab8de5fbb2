"""A table comes in: kept sealed at once, then its parts go in one after another, each in its own transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec

from suyuan.actions.desk import Desk, Office, deed, perform_by_clock
from suyuan.actions.import_cases import take_in_cases, take_in_contacts
from suyuan.actions.import_fields import Row
from suyuan.actions.import_people import Intake, take_in_people
from suyuan.actions.tick import ticks
from suyuan.terms import BadInput, IncomingRow, NothingFound, RefusedRow, Upload, UploadKind, UploadPart, UploadState

PARTS_A_TICK, SECONDS_A_TICK = 40, 3
"""Parts of 500 rows that one tick takes in, and how long at most: the clock must not be kept waiting by a table."""
GIVE_WAY_SECONDS = 0.002
"""Between two parts, so that somebody who waits to write is not passed over again and again."""
MOST_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginUpload:
    """Announce a table. ``digest`` is that of the file: the same file for the same incident goes in once."""

    kind: UploadKind
    area: str
    digest: str
    incident_id: int = 0
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRows:
    """Some rows of an announced table, at most 500; ``part`` counts from 1. ``last`` starts the import."""

    upload_id: int
    part: int
    rows: tuple[IncomingRow, ...] = field(metadata={"personal": True})
    last: bool = False


@deed("import_data", "uploads")
def begin_upload(desk: Desk, command: BeginUpload) -> int:
    """Announce a table and return the id of its upload.

    Raises
    ------
    BadInput
        If cases or contacts come without an incident, the area is none, or the same file went in before.
    """
    if not command.area.isdigit():
        raise BadInput("room.no_area_code", area=command.area)
    desk.require("import_data", command.area)
    if command.kind is not UploadKind.PEOPLE:
        if not command.incident_id:
            raise BadInput("uploads.no_incident")
        incident = desk.room.incidents.get(command.incident_id)
        if not (incident.area.startswith(command.area) or command.area.startswith(incident.area)):
            raise NothingFound("room.no_such", kind="Incident", id=command.incident_id)
    before = desk.room.uploads.find(digest=command.digest, incident_id=command.incident_id, kind=command.kind)
    for each in before:
        if each.state not in (UploadState.OPEN, UploadState.CANCELLED):
            raise BadInput("uploads.same_file", id=each.id)
    upload = desk.room.uploads.add(
        Upload(
            kind=command.kind,
            incident_id=command.incident_id,
            area=command.area,
            officer_id=desk.officer.id,
            digest=command.digest,
            unused=command.unused,
            created_at=desk.now,
        )
    )
    return upload.id


@deed("import_data", "uploads/{upload_id}/rows")
def add_rows(desk: Desk, command: AddRows) -> int:
    """Keep some rows, sealed, and return how many the upload has now."""
    upload = desk.room.uploads.get(command.upload_id)
    desk.require("import_data", upload.area)
    if upload.officer_id != desk.officer.id or upload.state is not UploadState.OPEN:
        raise BadInput("uploads.closed", id=upload.id)
    if len(command.rows) > MOST_ROWS:
        raise BadInput("uploads.too_many_rows", most=MOST_ROWS)
    rows = [msgspec.to_builtins(row) for row in command.rows]
    if rows:
        desk.room.upload_parts.add(UploadPart(upload_id=upload.id, number=command.part, rows=rows))
    state = UploadState.WAITING if command.last else upload.state
    return desk.room.uploads.save(replace(upload, n_rows=upload.n_rows + len(rows), state=state)).n_rows


@ticks
def import_uploads(office: Office) -> int:
    """Take in the next parts of what waits, and return how many rows that was."""
    until = office.clock.now() + timedelta(seconds=SECONDS_A_TICK)
    n = 0
    for _ in range(PARTS_A_TICK):
        done = _next_part(office)
        n += done
        time.sleep(GIVE_WAY_SECONDS)
        if not done or office.clock.now() >= until:
            break
    return n


def _next_part(office: Office) -> int:
    with office.open_room() as room:
        waiting = room.due_ids("upload_waits", office.clock.now(), 1)
    if not waiting:
        return 0
    return perform_by_clock(office, "import_uploads", lambda desk: _take_in(desk, waiting[0]))


def _take_in(desk: Desk, upload_id: int) -> int:
    upload = desk.room.uploads.get(upload_id)
    if upload.state not in (UploadState.WAITING, UploadState.RUNNING):
        return 0
    parts = desk.room.upload_parts.find(upload_id=upload_id, done=False, number=upload.n_parts_done + 1)
    if not parts:
        desk.room.uploads.save(replace(upload, state=UploadState.DONE, done_at=desk.now))
        return 0
    part = parts[0]
    rows = msgspec.convert(part.rows, list[IncomingRow])
    intake = take_in_rows(desk, upload, rows)
    refused = [msgspec.to_builtins(each) for each in sorted(intake.refused, key=lambda each: each.number)]
    desk.room.upload_parts.save(replace(part, done=True, rows=[], refused=refused))
    desk.room.uploads.save(
        replace(
            upload,
            state=UploadState.RUNNING,
            n_parts_done=upload.n_parts_done + 1,
            n_done=upload.n_done + len(rows),
            n_new=upload.n_new + intake.n_new,
            n_known=upload.n_known + intake.n_known,
            n_doubtful=upload.n_doubtful + intake.n_doubtful,
            n_bad=upload.n_bad + len(intake.refused),
        )
    )
    return len(rows)


def take_in_rows(desk: Desk, upload: Upload, rows: Iterable[IncomingRow]) -> Intake:
    """Take in some rows of a table: persons first, then what they are in the incident."""
    zone = ZoneInfo(desk.room.incidents.get(upload.incident_id).timezone if upload.incident_id else "Asia/Shanghai")
    read: Sequence[tuple[IncomingRow, Row]] = [(incoming, Row(incoming.values, zone)) for incoming in rows]
    intake = take_in_people(desk, upload, read)
    if upload.kind is UploadKind.CASES:
        take_in_cases(desk, upload, read, intake)
    elif upload.kind is UploadKind.CONTACTS:
        take_in_contacts(desk, upload, read, intake)
    return intake


def refused_rows(parts: Iterable[UploadPart]) -> Iterable[RefusedRow]:
    """Return the refused rows of an upload's parts, in the order of the file."""
    for part in parts:
        yield from msgspec.convert(part.refused, list[RefusedRow])
