"""Give the refused rows of an upload back to be mended; they say who people are, so the reading is in the audit."""

from __future__ import annotations

from suyuan.actions.desk import Office
from suyuan.actions.import_upload import refused_rows
from suyuan.terms import AuditEntry, NothingFound, Officer, RefusedRow, Upload


def read_refused(office: Office, officer: Officer, upload_id: int) -> tuple[Upload, list[RefusedRow]]:
    """Return an upload and its refused rows in the order of the file.

    Not a deed: an answer that identifies somebody must not be kept for replays.

    Raises
    ------
    NothingFound
        If there is no such upload within reach.
    """
    with office.open_room() as room:
        upload = room.uploads.get(upload_id)
        if not officer.may("import_data", upload.area):
            raise NothingFound("room.no_such", kind="Upload", id=upload_id)
        found = list(refused_rows(sorted(room.upload_parts.find(upload_id=upload_id), key=lambda part: part.number)))
        entry = AuditEntry(
            at=office.clock.now(), officer_id=officer.id, deed="read_refused", subject="upload", subject_id=upload.id,
            area=upload.area, purpose="mend refused rows", detail={"rows": len(found)},
        )  # fmt: skip
        room.write_audit([entry])
    return upload, found
